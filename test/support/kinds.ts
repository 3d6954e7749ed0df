/** What a resource is asked for, without any marks of secrets. */
type Inputs = Readonly<Record<string, unknown>>;

const key = (name: string) => ({ privateKeyPem: `PRIVATE pem ${name}`, privateKeyOpenssh: `PRIVATE openssh ${name}`, publicKeyOpenssh: `ssh-ed25519 ${name}` });
const nothing = () => ({});
const arn = (name: string) => ({ arn: `arn:aws:test::123456789012:${name}`, name });

/** A root as the provider takes it, valid for a hundred years; its key is nowhere. */
export const ROOT = `-----BEGIN CERTIFICATE-----
MIIBiDCCAS2gAwIBAgIUawG9Ej9AAwGewFs79tmEX7/I9g4wCgYIKoZIzj0EAwIw
GDEWMBQGA1UEAwwNRG9ja3lhcmQgdGVzdDAgFw0yNjExMjExMTIwNDlaGA8yMTI2
MTAyODExMjA0OVowGDEWMBQGA1UEAwwNRG9ja3lhcmQgdGVzdDBZMBMGByqGSM49
AgEGCCqGSM49AwEHA0IABO/+5r7V1lFPENuwGCRF83MBuF784e7XS04Tx+1kO7Vk
JOSqNGBGXs/wqeGbXaqeBof0MTowpGT6HEVFbVIt6GqjUzBRMB0GA1UdDgQWBBTp
y1QHQaC5RH7E2Rlul7pu9agr8zAfBgNVHSMEGDAWgBTpy1QHQaC5RH7E2Rlul7pu
9agr8zAPBgNVHRMBAf8EBTADAQH/MAoGCCqGSM49BAMCA0kAMEYCIQCYUD3gazAb
28Zh3iLfDi98JDpK2HI+dQOy21hvMK+PHAIhAKXErQ0wHGNK0ZH/0UZtEbOvAxxe
P4UOHJK/K2llG1OM
-----END CERTIFICATE-----
`;

/** The platform's owner, which a program makes at random. */
export const OWNER = { id: "0123456789abcdef", begunOn: "desk" };

/** What each kind of resource knows beyond its inputs, by type token. Whatever is not in here the program must not make. */
export const CUSTOM: Readonly<Record<string, (name: string, inputs: Inputs) => Record<string, unknown>>> = {
  "pulumi:providers:dockyard": nothing,
  "pulumi:index:Stash": () => ({ input: OWNER, output: OWNER }),
  "tls:index/privateKey:PrivateKey": key,
  "tls:index/selfSignedCert:SelfSignedCert": () => ({ certPem: ROOT, validityEndTime: "2036-11-23T22:00:00Z" }),
  "tls:index/certRequest:CertRequest": (name) => ({ certRequestPem: `request ${name}` }),
  "tls:index/locallySignedCert:LocallySignedCert": (name) => ({ certPem: `certificate ${name}`, validityEndTime: "2027-02-23T22:00:00Z" }),
  "docker:index/network:Network": nothing,
  "docker:index/volume:Volume": nothing,
  "docker:index/container:Container": nothing,
  ...Object.fromEntries(
    [
      ...["ec2/vpc:Vpc", "ec2/subnet:Subnet", "ec2/internetGateway:InternetGateway", "ec2/natGateway:NatGateway", "ec2/routeTable:RouteTable", "ec2/route:Route"],
      ...["ec2/routeTableAssociation:RouteTableAssociation", "ec2/vpcEndpoint:VpcEndpoint", "ec2/securityGroup:SecurityGroup", "ec2/defaultSecurityGroup:DefaultSecurityGroup", "ec2/instance:Instance", "ec2/flowLog:FlowLog"],
      ...["ec2/volumeAttachment:VolumeAttachment", "ebs/volume:Volume", "vpc/securityGroupIngressRule:SecurityGroupIngressRule", "vpc/securityGroupEgressRule:SecurityGroupEgressRule"],
      ...["iam/rolePolicy:RolePolicy", "iam/rolePolicyAttachment:RolePolicyAttachment", "lb/listener:Listener", "lb/targetGroupAttachment:TargetGroupAttachment"],
      ...["s3/bucketPublicAccessBlock:BucketPublicAccessBlock", "s3/bucketOwnershipControls:BucketOwnershipControls", "s3/bucketVersioning:BucketVersioning", "s3/bucketPolicy:BucketPolicy"],
      ...["s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration", "s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration"],
      ...["s3/bucketObjectLockConfiguration:BucketObjectLockConfiguration", "cloudwatch/metricAlarm:MetricAlarm", "acm/certificateValidation:CertificateValidation"],
    ].map((type) => [`aws:${type}`, nothing]),
  ),
  "pulumi:providers:aws": nothing,
  "aws:ec2/eip:Eip": (name) => ({ publicIp: `192.0.2.${name.length}` }),
  "aws:ec2/keyPair:KeyPair": (name) => ({ keyName: name }),
  "aws:iam/role:Role": arn,
  "aws:iam/instanceProfile:InstanceProfile": arn,
  "aws:lb/loadBalancer:LoadBalancer": (name) => ({ ...arn(name), dnsName: `${name}.elb.example`, zoneId: "Z1" }),
  "aws:lb/targetGroup:TargetGroup": arn,
  "aws:route53/record:Record": (_name, { name }) => ({ fqdn: name }),
  "aws:s3/bucket:Bucket": (_name, { bucket }) => ({ arn: `arn:aws:s3:::${String(bucket)}` }),
  "aws:cloudwatch/logGroup:LogGroup": arn,
  "aws:acm/certificate:Certificate": (name, { domainName, subjectAlternativeNames = [] }) => ({
    ...arn(name),
    domainValidationOptions: [domainName, ...(subjectAlternativeNames as unknown[])].map((domain) => ({ domainName: domain, resourceRecordName: `_x.${String(domain)}`, resourceRecordType: "CNAME", resourceRecordValue: "_y.acm" })),
  }),
  "dockyard:hosts:Host": (_name, { name }) => ({ hostname: name, features: ["overlay", "vxlan", "ip_vs", "esp"] }),
  "dockyard:hosts:Engine": () => ({ version: "28.5.2" }),
  "dockyard:hosts:Login": () => ({}),
  "dockyard:hosts:Trust": () => ({ file: "/etc/docker/certs.d/registry/dockyard-0.crt" }),
  "dockyard:swarm:Cluster": () => ({ createdAt: "2026-01-01T00:00:00Z" }),
  "dockyard:swarm:Node": nothing,
  "dockyard:swarm:Network": nothing,
  "dockyard:swarm:Secret": nothing,
  "dockyard:swarm:Config": nothing,
  "dockyard:swarm:Service": nothing,
  "dockyard:swarm:Job": nothing,
  "dockyard:swarm:Rebalance": nothing,
  "dockyard:registry:Access": nothing,
  "dockyard:registry:Image": (_name, { registry, repository, content }) => ({ reference: `${registry ? `${registry}/` : ""}${repository}@sha256:${content}` }),
};

/** What each function answers, by token. Whatever is not in here the program must not ask. */
export const FUNCTIONS: Readonly<Record<string, (args: Inputs) => Record<string, unknown>>> = {
  "aws:index/getCallerIdentity:getCallerIdentity": () => ({ accountId: "123456789012" }),
  "aws:ec2/getAmi:getAmi": ({ owners }) => ({ id: `ami-newest-of-${String(owners)}` }),
};

const AWS_COMPONENTS = ["Aws", ...["Network", "Security", "Storage", "Roles", "Instances", "Edge", "Watch"].map((part) => `Aws${part}`)];

export const COMPONENTS: readonly string[] = ["Lab", ...AWS_COMPONENTS, "CertificateAuthority", "Machines", "Swarm", "Registry", "OverlayNetwork", "Application"].map(
  (kind) => `dockyard:components:${kind}`,
);
