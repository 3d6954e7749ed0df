module dockyard/bundles/demo

go 1.26.0
