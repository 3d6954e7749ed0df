import { AwsHosts } from "../../../../components/config/awsSchema";
import { planAws } from "../../../../components/hosts/aws/plan";

/** Settings below `hosts`, as they are written. */
export type Written = Record<string, unknown>;

export const TAGS = { project: "shop", owner: "platform@example.net", costCenter: "4711" };

/** The smallest platform: one host with a public address. */
export function smallest(more: Written = {}): Written {
  return {
    source: "aws",
    region: "eu-central-1",
    zones: ["eu-central-1a", "eu-central-1b"],
    tags: TAGS,
    network: { nat: "none" },
    access: { ssh: ["203.0.113.0/24"], address: "public" },
    machineImage: { architecture: "arm64", newest: "debian-13" },
    managers: { count: 1, type: "t4g.small" },
    ...more,
  };
}

/** Everything that can be asked for. */
export function full(more: Written = {}): Written {
  return {
    source: "aws",
    region: "eu-central-1",
    zones: ["eu-central-1a", "eu-central-1b", "eu-central-1c"],
    tags: { ...TAGS, other: { team: "web" } },
    network: { cidr: "10.90.0.0/16", nat: "zone" },
    access: { bastion: "sg-0123456789abcdef0", proxyCommand: ["ssh", "-W", "%h:%p", "bastion.example.net"], systemsManager: true },
    machineImage: { architecture: "arm64", ami: "ami-0123456789abcdef0" },
    managers: { count: 3, type: "m7g.large", labels: { registry: true } },
    workers: [
      { name: "web", count: 3, type: "c7g.large", market: "spot" },
      { name: "data", count: 2, type: "r7g.xlarge", dataDisk: "200G", labels: { storage: "ssd" } },
    ],
    kmsKey: "arn:aws:kms:eu-central-1:123456789012:key/1a2b3c4d",
    edge: {
      ports: [{ port: 80 }, { port: 443, target: 8443, protocol: "tls" }],
      groups: ["web"],
      healthPath: "/healthz",
      dns: { zone: "Z0123456789ABC", names: ["shop.example.net", "www.shop.example.net"], certificate: true },
    },
    backups: { keep: 30, lock: 14 },
    flowLogs: 30,
    alarms: "arn:aws:sns:eu-central-1:123456789012:oncall",
    ...more,
  };
}

/** In a VPC that is there. */
export function existing(more: Written = {}): Written {
  const subnet = (letter: string, third: number) => ({ id: `subnet-0000000${letter}`, zone: `eu-west-1${letter}`, cidr: `10.20.${third}.0/24`, hosts: `10.20.${third}.128/25` });
  return {
    source: "aws",
    region: "eu-west-1",
    zones: ["eu-west-1a", "eu-west-1b", "eu-west-1c"],
    tags: TAGS,
    network: {
      existing: {
        vpc: "vpc-0123456789abcdef0",
        subnets: [subnet("a", 1), subnet("b", 2), subnet("c", 3)],
        edgeSubnets: [{ id: "subnet-1000000a", zone: "eu-west-1a" }, { id: "subnet-1000000b", zone: "eu-west-1b" }],
      },
    },
    access: { ssh: ["10.0.0.0/8"], publicKey: "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIGPJrrLrp2VY0ocVyg+2NHW4vrlTqhzq5YoN3ArkHQnE ops", keyFile: "~/.ssh/aws" },
    machineImage: { architecture: "x86_64", newest: "ubuntu-24.04" },
    managers: { count: 5, type: "m7i.large", availability: "drain" },
    workers: [{ name: "app", count: 4, type: "m7i.xlarge" }],
    edge: { ports: [{ port: 443 }], from: ["198.51.100.0/24"], clientAddress: "proxyProtocol" },
    ...more,
  };
}

/** The plan of settings that are right in shape. @throws when they are not */
export function planned(written: Written, stack = "prod") {
  return planAws(AwsHosts.parse(written), stack);
}
