// Command tfgen-aws writes schema.json and bridge-metadata.json.
package main

import (
	"context"

	"github.com/pulumi/pulumi-terraform-bridge/v3/pkg/pf/tfgen"
	"example.org/dockyard/toolchain/plugins-aws/aws"
)

func main() { tfgen.MainWithMuxer("aws", aws.Provider(context.Background(), nil)) }
