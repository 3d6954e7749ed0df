// The registry (distribution) with the access controller of this project in place of the stock ones, and the storage in use.
package main

import (
	"os"

	"github.com/distribution/distribution/v3/registry"
	_ "github.com/distribution/distribution/v3/registry/storage/driver/filesystem"
	_ "github.com/distribution/distribution/v3/registry/storage/driver/inmemory"
	_ "github.com/distribution/distribution/v3/registry/storage/driver/s3-aws"

	_ "dockyard/lab/images/registry/access"
)

func main() {
	if registry.RootCmd.Execute() != nil {
		os.Exit(1)
	}
}
