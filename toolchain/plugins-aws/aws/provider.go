// Package aws describes a reduced AWS provider to the Pulumi bridge.
package aws

import (
	"context"
	"strings"
	"unicode"

	"github.com/hashicorp/terraform-provider-aws/shim"
	pf "github.com/pulumi/pulumi-terraform-bridge/v3/pkg/pf/tfbridge"
	"github.com/pulumi/pulumi-terraform-bridge/v3/pkg/tfbridge"
	sdkv2 "github.com/pulumi/pulumi-terraform-bridge/v3/pkg/tfshim/sdk-v2"
	"github.com/pulumi/pulumi/pkg/v3/codegen/schema"
	"github.com/pulumi/pulumi/sdk/v3/go/common/tokens"
)

// document is the type of IAM policies that are given as objects.
const document = "aws:iam/documents:PolicyDocument"

// Version is that of the npm package @pulumi/aws which the plugin serves.
const Version = "7.48.0"

// resources gives module and type of each resource, as the npm package has them.
var resources = map[string]string{
	"aws_cloudwatch_log_group":            "cloudwatch LogGroup",
	"aws_cloudwatch_metric_alarm":         "cloudwatch MetricAlarm",
	"aws_default_security_group":          "ec2 DefaultSecurityGroup",
	"aws_ebs_volume":                      "ebs Volume",
	"aws_eip":                             "ec2 Eip",
	"aws_eip_association":                 "ec2 EipAssociation",
	"aws_flow_log":                        "ec2 FlowLog",
	"aws_iam_instance_profile":            "iam InstanceProfile",
	"aws_iam_policy":                      "iam Policy",
	"aws_iam_role":                        "iam Role",
	"aws_iam_role_policy":                 "iam RolePolicy",
	"aws_iam_role_policy_attachment":      "iam RolePolicyAttachment",
	"aws_instance":                        "ec2 Instance",
	"aws_internet_gateway":                "ec2 InternetGateway",
	"aws_key_pair":                        "ec2 KeyPair",
	"aws_kms_alias":                       "kms Alias",
	"aws_kms_key":                         "kms Key",
	"aws_launch_template":                 "ec2 LaunchTemplate",
	"aws_lb":                              "lb LoadBalancer",
	"aws_lb_listener":                     "lb Listener",
	"aws_lb_listener_rule":                "lb ListenerRule",
	"aws_lb_target_group":                 "lb TargetGroup",
	"aws_lb_target_group_attachment":      "lb TargetGroupAttachment",
	"aws_nat_gateway":                     "ec2 NatGateway",
	"aws_route":                           "ec2 Route",
	"aws_route53_record":                  "route53 Record",
	"aws_route53_zone":                    "route53 Zone",
	"aws_route_table":                     "ec2 RouteTable",
	"aws_route_table_association":         "ec2 RouteTableAssociation",
	"aws_s3_bucket":                       "s3 Bucket",
	"aws_s3_bucket_policy":                "s3 BucketPolicy",
	"aws_s3_bucket_public_access_block":   "s3 BucketPublicAccessBlock",
	"aws_s3_bucket_ownership_controls":    "s3 BucketOwnershipControls",
	"aws_s3_bucket_versioning":            "s3 BucketVersioning",
	"aws_security_group":                  "ec2 SecurityGroup",
	"aws_security_group_rule":             "ec2 SecurityGroupRule",
	"aws_ssm_parameter":                   "ssm Parameter",
	"aws_subnet":                          "ec2 Subnet",
	"aws_volume_attachment":               "ec2 VolumeAttachment",
	"aws_vpc":                             "ec2 Vpc",
	"aws_vpc_endpoint":                    "ec2 VpcEndpoint",
	"aws_vpc_security_group_egress_rule":  "vpc SecurityGroupEgressRule",
	"aws_vpc_security_group_ingress_rule": "vpc SecurityGroupIngressRule",
	"aws_s3_bucket_lifecycle_configuration":              "s3 BucketLifecycleConfiguration",
	"aws_s3_bucket_object_lock_configuration":            "s3 BucketObjectLockConfiguration",
	"aws_s3_bucket_server_side_encryption_configuration": "s3 BucketServerSideEncryptionConfiguration",
}

var dataSources = map[string]string{
	"aws_ami":                 "ec2 getAmi",
	"aws_availability_zones":  "index getAvailabilityZones",
	"aws_caller_identity":     "index getCallerIdentity",
	"aws_iam_policy_document": "iam getPolicyDocument",
	"aws_partition":           "index getPartition",
	"aws_region":              "index getRegion",
	"aws_subnets":             "ec2 getSubnets",
	"aws_vpc":                 "ec2 getVpc",
}

// token turns "ec2 Vpc" into aws:ec2/vpc:Vpc.
func token(s string) string {
	mod, name, _ := strings.Cut(s, " ")
	r := []rune(name)
	r[0] = unicode.ToLower(r[0])
	return "aws:" + mod + "/" + string(r) + ":" + name
}

// Provider describes the provider; metadata is what tfgen wrote, or nil.
func Provider(ctx context.Context, metadata []byte) tfbridge.ProviderInfo {
	sdk, framework, err := shim.New(ctx)
	if err != nil {
		panic(err)
	}
	info := tfbridge.ProviderInfo{
		P:            pf.MuxShimWithDisjointgPF(ctx, sdkv2.NewProvider(sdk), framework),
		Name:         "aws",
		Version:      Version,
		MetadataInfo: tfbridge.NewProviderMetadata(metadata),
		Config: map[string]*tfbridge.SchemaInfo{
			"region":                      {Default: &tfbridge.DefaultInfo{EnvVars: []string{"AWS_REGION", "AWS_DEFAULT_REGION"}}},
			"skip_credentials_validation": {Default: &tfbridge.DefaultInfo{Value: false}},
			"skip_region_validation":      {Default: &tfbridge.DefaultInfo{Value: true}},
			"skip_metadata_api_check":     {Type: "boolean"},
		},
		Resources:   map[string]*tfbridge.ResourceInfo{},
		DataSources: map[string]*tfbridge.DataSourceInfo{},
		ExtraTypes: map[string]schema.ComplexTypeSpec{
			document: {ObjectTypeSpec: schema.ObjectTypeSpec{Type: "object", Properties: map[string]schema.PropertySpec{
				"Id":        {TypeSpec: schema.TypeSpec{Type: "string"}},
				"Version":   {TypeSpec: schema.TypeSpec{Type: "string"}},
				"Statement": {TypeSpec: schema.TypeSpec{Type: "array", Items: &schema.TypeSpec{Ref: "pulumi.json#/Any"}}},
			}}},
		},

		EnableZeroDefaultSchemaVersion: true,
	}
	for k, v := range resources {
		fields := map[string]*tfbridge.SchemaInfo{}
		if r := info.P.ResourcesMap().Get(k); r != nil {
			if _, ok := r.Schema().GetOk("tags_all"); ok {
				fields["tags_all"] = &tfbridge.SchemaInfo{MarkAsComputedOnly: tfbridge.True()}
			}
		}
		info.Resources[k] = &tfbridge.ResourceInfo{Tok: tokens.Type(token(v)), Fields: fields}
	}
	for k, v := range dataSources {
		info.DataSources[k] = &tfbridge.DataSourceInfo{Tok: tokens.ModuleMember(token(v))}
	}
	field := func(res string, s *tfbridge.SchemaInfo, props ...string) {
		for _, p := range props {
			info.Resources[res].Fields[p] = s
		}
	}
	// Names that AWS limits, or that are not called "name".
	field("aws_s3_bucket", tfbridge.AutoNameTransform("bucket", 63, strings.ToLower), "bucket")
	field("aws_cloudwatch_metric_alarm", tfbridge.AutoName("name", 255, "-"), "alarm_name")
	field("aws_key_pair", tfbridge.AutoName("keyName", 255, "-"), "key_name")
	field("aws_iam_role", tfbridge.AutoName("name", 64, "-"), "name")
	field("aws_launch_template", tfbridge.AutoName("name", 125, "-"), "name")
	field("aws_lb", tfbridge.AutoName("name", 32, "-"), "name")
	field("aws_lb_target_group", tfbridge.AutoName("name", 32, "-"), "name")
	field("aws_route53_record", &tfbridge.SchemaInfo{Name: "name"}, "name")
	// Names and shapes that the npm package keeps from older versions.
	field("aws_security_group", &tfbridge.SchemaInfo{Name: "ingress"}, "ingress")
	field("aws_security_group", &tfbridge.SchemaInfo{Name: "egress"}, "egress")
	field("aws_route53_record", &tfbridge.SchemaInfo{MaxItemsOne: tfbridge.False()}, "alias",
		"failover_routing_policy", "geolocation_routing_policy", "latency_routing_policy", "weighted_routing_policy")
	field("aws_lb_target_group", &tfbridge.SchemaInfo{Type: "integer"}, "deregistration_delay")
	// JSON documents may be given as objects.
	json := func() *tfbridge.SchemaInfo {
		return &tfbridge.SchemaInfo{
			Type: "string", Transform: tfbridge.TransformJSONDocument, AltTypes: []tokens.Type{document},
		}
	}
	field("aws_iam_role", json(), "assume_role_policy")
	for _, r := range []string{"aws_iam_policy", "aws_iam_role_policy", "aws_kms_key", "aws_s3_bucket_policy", "aws_vpc_endpoint"} {
		field(r, json(), "policy")
	}
	info.SetAutonaming(255, "-")
	return info
}
