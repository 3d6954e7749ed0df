// Command pulumi-resource-aws is a reduced Pulumi resource plugin for AWS.
package main

import (
	"context"
	_ "embed"

	pf "github.com/pulumi/pulumi-terraform-bridge/v3/pkg/pf/tfbridge"
	"example.org/dockyard/toolchain/plugins-aws/aws"
)

// Both files are written by tfgen-aws before this is compiled.
var (
	//go:embed schema.json
	schema []byte
	//go:embed bridge-metadata.json
	metadata []byte
)

func main() {
	ctx := context.Background()
	pf.MainWithMuxer(ctx, "aws", aws.Provider(ctx, metadata), schema)
}
