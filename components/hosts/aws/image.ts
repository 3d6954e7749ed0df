import * as ec2 from "@pulumi/aws/ec2";
import * as pulumi from "@pulumi/pulumi";
import type { AwsHosts } from "../../config/awsSchema";

/** Who publishes images under which names: Debian and Canonical, by the numbers of their accounts. */
const PUBLISHERS = {
  "debian-12": { owner: "136693071363", name: { arm64: "debian-12-arm64-*", x86_64: "debian-12-amd64-*" } },
  "debian-13": { owner: "136693071363", name: { arm64: "debian-13-arm64-*", x86_64: "debian-13-amd64-*" } },
  "ubuntu-22.04": { owner: "099720109477", name: { arm64: "ubuntu/images/hvm-ssd/ubuntu-jammy-22.04-arm64-server-*", x86_64: "ubuntu/images/hvm-ssd/ubuntu-jammy-22.04-amd64-server-*" } },
  "ubuntu-24.04": { owner: "099720109477", name: { arm64: "ubuntu/images/hvm-ssd-gp3/ubuntu-noble-24.04-arm64-server-*", x86_64: "ubuntu/images/hvm-ssd-gp3/ubuntu-noble-24.04-amd64-server-*" } },
} as const;

/** The image that machines are made from: the pinned one, or the newest there is now. Machines that exist keep theirs. */
export function machineImage({ ami, newest, architecture }: AwsHosts["machineImage"], opts: pulumi.InvokeOutputOptions): pulumi.Output<string> {
  if (ami !== undefined) return pulumi.output(ami);
  const { owner, name } = PUBLISHERS[newest!];
  const filters = [
    { name: "name", values: [name[architecture]] },
    { name: "architecture", values: [architecture] },
    { name: "virtualization-type", values: ["hvm"] },
    { name: "root-device-type", values: ["ebs"] },
  ];
  return ec2.getAmiOutput({ mostRecent: true, owners: [owner], filters }, opts).id;
}
