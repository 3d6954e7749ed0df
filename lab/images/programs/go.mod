module dockyard/lab/images/programs

go 1.26.0
