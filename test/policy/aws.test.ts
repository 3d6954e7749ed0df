import { encryptedVolumes, metadataTokens, noOpenPorts, privateBuckets, tagged } from "../../policy/rules/aws";
import type { StackResource } from "../../policy/rules/rule";
import { findings, resource as resourceOf } from "./support";

describe("a security group", () => {
  it.each([
    { cidrIpv4: "0.0.0.0/0", ipProtocol: "tcp", fromPort: 443, toPort: 443 },
    { cidrIpv4: "10.0.0.0/8", ipProtocol: "tcp", fromPort: 22, toPort: 22 },
    { referencedSecurityGroupId: "sg-1", ipProtocol: "-1" },
    { type: "egress", cidrBlocks: ["0.0.0.0/0"], protocol: "-1", fromPort: 0, toPort: 0 },
    { ingress: [{ cidrBlocks: ["10.0.0.0/8"], protocol: "tcp", fromPort: 22, toPort: 22 }], egress: [{ cidrBlocks: ["0.0.0.0/0"] }] },
    {},
  ])("may let in %j", (rule) => expect(findings(noOpenPorts, rule)).toEqual([]));
  it.each([
    { cidrIpv4: "0.0.0.0/0", ipProtocol: "tcp", fromPort: 22, toPort: 22 },
    { cidrIpv6: "::/0", ipProtocol: "tcp", fromPort: 2375, toPort: 2375 },
    { cidrIpv4: "0.0.0.0/0", ipProtocol: "tcp", fromPort: 443, toPort: 8443 },
    { cidrIpv4: "0.0.0.0/0", ipProtocol: "-1" },
    { type: "ingress", cidrBlocks: ["10.0.0.0/8", "0.0.0.0/0"], protocol: "tcp", fromPort: 5000, toPort: 5000 },
    { ingress: [{ cidrBlocks: ["0.0.0.0/0"], protocol: "-1", fromPort: 0, toPort: 0 }] },
  ])("may not let in %j", (rule) => expect(findings(noOpenPorts, rule)).toHaveLength(1));
  it("may let everybody in on a port that is allowed", () => expect(findings(noOpenPorts, { cidrIpv4: "0.0.0.0/0", ipProtocol: "tcp", fromPort: 8443, toPort: 8443 }, "8443")).toEqual([]));
});

describe("an instance", () => {
  const metadata = (metadataOptions?: object) => findings(metadataTokens, { metadataOptions });
  it.each([{ httpTokens: "required" }, { httpTokens: "required", httpPutResponseHopLimit: 1 }, { httpEndpoint: "disabled" }])("may have %j", (options) => expect(metadata(options)).toEqual([]));
  it.each([undefined, {}, { httpTokens: "optional" }, { httpTokens: "required", httpPutResponseHopLimit: 2 }])("may not have %j", (options) => expect(metadata(options)).toHaveLength(1));

  it("has encrypted disks, and so is every other", () => {
    expect(findings(encryptedVolumes, { rootBlockDevice: { encrypted: true }, ebsBlockDevices: [{ encrypted: true }] })).toEqual([]);
    expect(findings(encryptedVolumes, {})).toEqual([expect.stringContaining("rootBlockDevice")]);
    expect(findings(encryptedVolumes, { rootBlockDevice: { encrypted: true }, ebsBlockDevices: [{ encrypted: true }, {}] })).toEqual([expect.stringContaining("ebsBlockDevices[1]")]);
    const volume = (more: object) => findings(encryptedVolumes, { availabilityZone: "eu-west-1a", ...more } as object);
    expect(volume({ encrypted: true })).toEqual([]);
    expect([volume({}), volume({ encrypted: false })].map(({ length }) => length)).toEqual([1, 1]);
  });
});

const resource = (type: string, name: string, props: object) => resourceOf(`aws:${type}`, name, props as Record<string, unknown>);

describe("a bucket", () => {
  const CLOSED = { blockPublicAcls: true, blockPublicPolicy: true, ignorePublicAcls: true, restrictPublicBuckets: true };
  const bucket = resource("s3/bucket:Bucket", "images", { id: "b", bucket: "b" });
  const block = (more: object = {}) => resource("s3/bucketPublicAccessBlock:BucketPublicAccessBlock", "images-private", { bucket: "b", ...CLOSED, ...more });
  const policy = (statement: object) => resource("s3/bucketPolicy:BucketPolicy", "images-policy", { bucket: "b", policy: JSON.stringify({ Statement: [statement] }) });
  const open = (...resources: StackResource[]) => [...privateBuckets.checkAll(resources, [])].map((line) => line.split(":")[0]);

  it("is closed to the public all four ways", () => {
    expect(open(bucket, block())).toEqual([]);
    expect(open(bucket)).toEqual(["images"]);
    for (const way of Object.keys(CLOSED)) expect(open(bucket, block({ [way]: false }))).toEqual(["images-private"]);
  });
  it("has no policy that allows everybody", () => {
    expect(open(bucket, block(), policy({ Effect: "Allow", Principal: "*", Action: "s3:GetObject" }))).toEqual(["images-policy"]);
    expect(open(bucket, block(), policy({ Effect: "Allow", Principal: { AWS: ["*"] } }))).toEqual(["images-policy"]);
    expect(open(bucket, block(), policy({ Effect: "Deny", Principal: "*" }), policy({ Effect: "Allow", Principal: { AWS: "arn:aws:iam::1:role/r" } }))).toEqual([]);
  });
  it("may be excepted by name", () => expect([...privateBuckets.checkAll([bucket], ["images"])]).toEqual([]));
});

describe("tags", () => {
  const TAGS = { project: "shop", owner: "me", "cost-center": "1", "dockyard.stack": "prod" };
  const missing = (...resources: StackResource[]) => [...tagged.checkAll(resources, [])];
  it("are on everything that can have them", () => {
    expect(missing(resource("ec2/instance:Instance", "m1", { tags: TAGS }), resource("ec2/route:Route", "r", {}), resource("ec2/routeTableAssociation:RouteTableAssociation", "a", {}))).toEqual([]);
    expect(missing(resource("ec2/vpc:Vpc", "vpc", {}))).toEqual(["vpc: there is no project, owner, cost-center, dockyard.stack among its tags"]);
    expect(missing(resource("s3/bucket:Bucket", "b", { tags: { ...TAGS, owner: "" } }))).toEqual(["b: there is no owner among its tags"]);
  });
  it("may be missing where that is allowed", () => expect([...tagged.checkAll([resource("ec2/vpc:Vpc", "vpc", {})], ["vpc"])]).toEqual([]));
});
