import { rangeProblem } from "./addresses";
import type { ResourceRule, StackResource, StackRule } from "./rule";

/*
 * Rules on resources of @pulumi/aws. They hold for whatever a program makes, not for this platform's own hosts alone.
 */

const INSTANCE = "aws:ec2/instance:Instance";
const TEMPLATE = "aws:ec2/launchTemplate:LaunchTemplate";
const BUCKET = "aws:s3/bucket:Bucket";
const PUBLIC_ACCESS_BLOCK = "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock";
const BUCKET_POLICY = "aws:s3/bucketPolicy:BucketPolicy";

/** One rule of a security group, in the words of the resources that hold one. */
interface Ingress {
  readonly cidrIpv4?: string;
  readonly cidrIpv6?: string;
  readonly cidrBlocks?: readonly string[];
  readonly ipv6CidrBlocks?: readonly string[];
  readonly prefixListId?: string;
  readonly prefixListIds?: readonly string[];
  readonly ipProtocol?: string;
  readonly protocol?: string;
  readonly fromPort?: number;
  readonly toPort?: number;
  readonly type?: string;
  readonly ingress?: readonly Ingress[];
}

export const noOpenPorts: ResourceRule<Ingress> = {
  name: "aws-no-open-ports",
  description: "Security groups let everybody, or a range so wide that it is as good as that, in on the ports of the edge alone: whatever else is open to the internet is tried within minutes, SSH and engines first (CIS AWS Foundations 5.2 and 5.3).",
  level: "mandatory",
  types: ["aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule", "aws:ec2/securityGroupRule:SecurityGroupRule", "aws:ec2/securityGroup:SecurityGroup", "aws:ec2/defaultSecurityGroup:DefaultSecurityGroup"],
  allow: 'a port besides 80 and 443, "8443"',
  *check(props, allowed) {
    if (props.type === "egress") return;
    for (const rule of props.ingress ?? [props]) {
      const open = peers(rule).flatMap((peer) => {
        const problem = peer.startsWith("pl-") ? "is a list whose addresses are not known here" : rangeProblem(peer);
        return problem === undefined ? [] : [`${peer} ${problem}`];
      });
      if (open.length === 0) continue;
      const port = onePort(rule);
      if (port === undefined || !["80", "443", ...allowed].includes(port)) {
        yield `${open.join(", ")}, and may come in on ${port === undefined ? "many ports" : `port ${port}`}; write the ranges that need it, or allow the port in the pack's configuration`;
      }
    }
  },
};

function peers({ cidrIpv4, cidrIpv6, cidrBlocks = [], ipv6CidrBlocks = [], prefixListId, prefixListIds = [] }: Ingress): string[] {
  return [cidrIpv4, cidrIpv6, ...cidrBlocks, ...ipv6CidrBlocks, prefixListId, ...prefixListIds].filter((peer) => peer !== undefined);
}

/** The one port of TCP or UDP, by name or by number, that a rule is for. */
function onePort({ fromPort, toPort, ipProtocol, protocol }: Ingress): string | undefined {
  const ofPorts = ["tcp", "udp", "6", "17"].includes((ipProtocol ?? protocol ?? "").toLowerCase());
  return ofPorts && fromPort !== undefined && fromPort === toPort ? String(fromPort) : undefined;
}

export const metadataTokens: ResourceRule<{ readonly metadataOptions?: { readonly httpTokens?: string; readonly httpEndpoint?: string; readonly httpPutResponseHopLimit?: number } }> = {
  name: "aws-metadata-tokens",
  description: "Instances give their credentials for a token alone (IMDSv2), which does not get further than the instance: with IMDSv1 any request that somebody can make a server send returns the role's keys.",
  level: "mandatory",
  types: [INSTANCE, TEMPLATE],
  *check({ metadataOptions: { httpTokens, httpEndpoint, httpPutResponseHopLimit = 1 } = {} }) {
    if (httpEndpoint === "disabled") return;
    if (httpTokens !== "required") yield `metadataOptions.httpTokens: ${httpTokens ?? "left out"}; write "required"`;
    if (httpPutResponseHopLimit > 1) yield `metadataOptions.httpPutResponseHopLimit: ${httpPutResponseHopLimit} lets containers get at the instance's credentials; write 1`;
  },
};

interface Disk {
  readonly encrypted?: boolean | string;
}

export const encryptedVolumes: ResourceRule<Disk & { readonly rootBlockDevice?: Disk; readonly ebsBlockDevices?: readonly Disk[] }> = {
  name: "aws-encrypted-volumes",
  description: "Disks are encrypted: they hold the cluster's keys, secrets and images, and a snapshot of one is easily shared by mistake (CIS AWS Foundations 2.2.1).",
  level: "mandatory",
  types: [INSTANCE, "aws:ebs/volume:Volume"],
  *check({ encrypted, rootBlockDevice, ebsBlockDevices, ...others }) {
    const isVolume = "availabilityZone" in others && !("instanceType" in others);
    if (isVolume) {
      if (encrypted !== true) yield "encrypted: the volume is not; write encrypted: true";
      return;
    }
    if (rootBlockDevice?.encrypted !== true) yield "rootBlockDevice.encrypted: the instance's own disk is not; write encrypted: true";
    for (const [place, disk] of (ebsBlockDevices ?? []).entries()) if (disk.encrypted !== true) yield `ebsBlockDevices[${place}].encrypted: it is not; write encrypted: true`;
  },
};

export const privateBuckets: StackRule = {
  name: "aws-private-buckets",
  description: "Buckets are closed to the public, all four ways, and their policies let nobody in by name of everybody: what is in them was never meant for more than one platform (CIS AWS Foundations 2.1.4).",
  level: "mandatory",
  allow: "the logical name of a bucket",
  *checkAll(resources, allowed) {
    const blocks = resources.filter(({ type }) => type === PUBLIC_ACCESS_BLOCK);
    for (const { name, props } of blocks) {
      const open = ["blockPublicAcls", "blockPublicPolicy", "ignorePublicAcls", "restrictPublicBuckets"].filter((key) => props[key] !== true);
      if (open.length > 0 && !allowed.includes(name)) yield `${name}: ${open.join(", ")} is not true; write all four, or allow the resource in the pack's configuration`;
    }
    for (const { name, props } of resources.filter(({ type }) => type === BUCKET_POLICY)) {
      if (!allowed.includes(name) && letsEverybodyIn(props["policy"])) yield `${name}: the policy allows everybody; name the roles that need it`;
    }
    // At a preview that makes them the buckets' ids are not known yet: the rule ends here then.
    const closed = blocks.map(({ props }) => props["bucket"]);
    for (const { name, props } of resources.filter(({ type }) => type === BUCKET)) {
      if (!closed.includes(props["id"]) && !closed.includes(props["bucket"]) && !allowed.includes(name)) yield `${name}: nothing closes it to the public; add a BucketPublicAccessBlock`;
    }
  },
};

function letsEverybodyIn(policy: unknown): boolean {
  const { Statement = [] } = (typeof policy === "string" ? JSON.parse(policy) : policy) as { Statement?: unknown };
  return [Statement].flat().some((statement) => {
    const { Effect, Principal, Condition } = statement as { Effect?: string; Principal?: unknown; Condition?: unknown };
    const named = typeof Principal === "object" && Principal !== null ? Object.values(Principal).flat() : [Principal];
    return Effect === "Allow" && named.includes("*") && Condition === undefined;
  });
}

/** The tags by which costs are charged and owners found. */
const TAGS = ["project", "owner", "cost-center", "dockyard.stack"];

export const tagged: StackRule = {
  name: "aws-tags",
  description: `Whatever can have tags in AWS has ${TAGS.join(", ")}: by them costs are charged, owners found, and what is left of a stack whose state was lost.`,
  level: "mandatory",
  allow: "the logical name of a resource",
  *checkAll(resources, allowed) {
    for (const { name, props } of resources.filter(canHaveTags)) {
      if (allowed.includes(name)) continue;
      const tags = (props["tags"] ?? {}) as Record<string, string>;
      const missing = TAGS.filter((tag) => !tags[tag]);
      if (missing.length > 0) yield `${name}: there is no ${missing.join(", ")} among its tags`;
    }
  },
};

/** Kinds that are known to take tags. AWS has a thousand; these are what a platform is made of. */
const TAGGABLE =
  /^aws:(ec2\/(vpc:Vpc|subnet:|internetGateway:|natGateway:|routeTable:|vpcEndpoint:|securityGroup:|instance:|eip:|keyPair:|flowLog:|launchTemplate:)|vpc\/securityGroup|ebs\/volume:|iam\/(role:|instanceProfile:|policy:)|lb\/(loadBalancer:|targetGroup:|listener:)|s3\/bucket:|kms\/key:|cloudwatch\/(logGroup:|metricAlarm:)|acm\/certificate:|route53\/zone:)/;

function canHaveTags({ type }: StackResource): boolean {
  return TAGGABLE.test(type);
}
