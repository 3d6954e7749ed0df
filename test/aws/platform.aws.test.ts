import { full, type Written } from "../components/hosts/aws/samples";
import { LocalAws } from "./support/localAws";
import { AwsStack, type Step } from "./support/stack";

/**
 * A whole life of a platform's hosts in AWS: the real CLI, the real AWS provider, a local API. The tests of this file are steps of
 * one story and need those before them.
 */

jest.setTimeout(600_000);
let aws: LocalAws;
let stack: AwsStack;
let zone: string;

beforeAll(async () => {
  aws = await LocalAws.start();
  zone = await aws.hostedZone("example.net");
  stack = new AwsStack(aws.url);
  await stack.init();
});
afterAll(async () => {
  stack?.remove();
  await aws?.stop();
});

const WEB = { name: "web", count: 2, type: "c7g.large" };
const DATA = { name: "data", count: 1, type: "r7g.xlarge", dataDisk: "200G" };
const MANAGERS = { count: 3, type: "m7g.large", labels: { registry: true } };

/**
 * Everything that can be asked for, but what the local API cannot do: a certificate of ACM, alarms (CloudWatch speaks another protocol
 * by now), a rule for ESP, which has no ports, spot instances, which it
 * makes as others, and a key of one's own.
 */
function configure(more: Written = {}): void {
  const edge = { ports: [{ port: 80 }, { port: 443, target: 8443 }], groups: ["web"], healthPath: "/healthz", dns: { zone, names: ["shop.example.net"] } };
  const { access: _1, kmsKey: _2, alarms: _3, ...rest } = full({ machineImage: { architecture: "arm64", newest: "debian-13" }, managers: MANAGERS, workers: [WEB, DATA], edge, ...more });
  const hosts = { ...rest, access: { ssh: ["10.0.0.0/8"], systemsManager: true } };
  stack.configure({ hosts, registry: { node: "registry=true", storage: "s3" } });
}

let broken: string | undefined;

/** A step of the story. After one that failed there is no sense in the rest, which takes minutes. */
function step(name: string, work: () => Promise<void>): void {
  test(name, async () => {
    if (broken !== undefined) throw new Error(`not tried: the step "${broken}" failed`);
    try {
      await work();
    } catch (error) {
      broken = name;
      throw error;
    }
  });
}

/** "create Instance aws-hosts-web-3", without what tells machines of one host apart. */
const told = (steps: readonly Step[]) => steps.map(({ op, type, name }) => `${op} ${type.split(":").at(-1)} ${name.replace(/-[0-9a-f]{6}(?=-|$)/, "")}`).sort();
const values = (xml: string, tag: string) => [...xml.matchAll(new RegExp(`<${tag}>([^<]*)</${tag}>`, "g"))].map(([, value]) => value!);
const running = () => aws.ask("ec2", "DescribeInstances", { "Filter.1.Name": "instance-state-name", "Filter.1.Value.1": "running" });

step("comes up", async () => {
  configure();
  await stack.up();
  // The local API overlooks tags that a bucket is made with, and termination protection that an instance is: the second time they are set.
  expect(told(await stack.preview())).toEqual(["Bucket aws-storage-backups", "Bucket aws-storage-registry", "Instance aws-hosts-m1", "Instance aws-hosts-m2", "Instance aws-hosts-m3"].map((each) => `update ${each}`));
  await stack.up();
  expect(values(await running(), "instanceType").sort()).toEqual(["c7g.large", "c7g.large", "m7g.large", "m7g.large", "m7g.large", "r7g.xlarge"]);
});

step("leaves nothing to do, as far as the provider sees", async () => {
  expect(told(await stack.preview())).toEqual([]);
});

step("has instances as they were planned", async () => {
  const instances = await running();
  const planned = ((await stack.outputs())["addresses"] as string[]).map((line) => line.split(" ")[1]!);
  expect([...new Set(values(instances, "privateIpAddress"))].sort()).toEqual([...planned].sort());
  expect(new Set(values(instances, "httpTokens"))).toEqual(new Set(["required"]));
  expect(new Set(values(instances, "httpPutResponseHopLimit"))).toEqual(new Set(["1"]));
  expect(new Set(values(instances, "imageId"))).toEqual(new Set(["ami-00000000000000001"]));
  const volumes = await aws.ask("ec2", "DescribeVolumes");
  // Six data disks; the local API makes the systems' disks as well.
  expect(values(volumes, "encrypted").filter((value) => value === "true").length).toBeGreaterThanOrEqual(6);
});

step("tells how to reach each host, with the key that it will show", async () => {
  const connections = (await stack.outputs())["connections"] as { name: string; address: string; user: string; hostKey: string }[];
  expect(connections.map(({ name }) => name)).toEqual(["m1", "m2", "m3", "web-1", "web-2", "data-1"]);
  expect(new Set(connections.map(({ hostKey }) => hostKey)).size).toBe(6);
  for (const { hostKey, user } of connections) expect([hostKey, user]).toEqual([expect.stringMatching(/^ssh-ed25519 AAAA/), "dockyard"]);
});

step("keeps every private key out of the state", async () => {
  const { text, resources } = await stack.state();
  expect(resources.length).toBeGreaterThan(90);
  expect(text).not.toContain("PRIVATE KEY");
});

step("lets the balancer lead to the hosts of the edge alone", async () => {
  const groups = values(await aws.ask("elasticloadbalancing", "DescribeTargetGroups"), "TargetGroupArn");
  expect(groups).toHaveLength(2);
  for (const group of groups) expect(values(await aws.ask("elasticloadbalancing", "DescribeTargetHealth", { TargetGroupArn: group }), "Id")).toHaveLength(2);
});

step("keeps its machines when Debian publishes another image", async () => {
  await aws.publishImage("debian-13-arm64-20260201-2");
  expect(told(await stack.preview())).toEqual([]);
});

step("grows a group by one host, and by nothing else", async () => {
  configure({ workers: [{ ...WEB, count: 3 }, DATA] });
  expect(told(await stack.preview())).toEqual([
    "create Instance aws-hosts-web-3",
    "create TargetGroupAttachment aws-edge-port-443-web-3",
    "create TargetGroupAttachment aws-edge-port-80-web-3",
    "create Volume aws-hosts-web-3-data",
    "create VolumeAttachment aws-hosts-web-3-data",
  ]);
  await stack.up();
  expect(told(await stack.preview())).toEqual([]);
  // The new one has the image that is the newest now.
  expect(values(await running(), "imageId").sort().at(-1)).toBe("ami-00000000000000002");
});

step("changes a type by making the other machine first", async () => {
  const before = values(await running(), "instanceId");
  configure({ workers: [{ ...WEB, count: 3 }, { ...DATA, type: "r7g.2xlarge" }] });
  const machine = ["Instance aws-hosts-data-1", "Volume aws-hosts-data-1-data", "VolumeAttachment aws-hosts-data-1-data"];
  const steps = await stack.preview();
  expect(told(steps)).toEqual([...machine.map((each) => `create ${each}`), ...machine.map((each) => `delete ${each}`)]);
  const order = steps.map(({ op }) => op);
  expect(order.lastIndexOf("create")).toBeLessThan(order.indexOf("delete"));
  await stack.up();
  const after = values(await running(), "instanceType");
  expect(after.filter((type) => type.startsWith("r7g"))).toEqual(["r7g.2xlarge"]);
  expect(values(await running(), "instanceId").filter((id) => before.includes(id))).toHaveLength(before.length - 1);
  expect(told(await stack.preview())).toEqual([]);
});

step("grows a disk where it is", async () => {
  configure({ workers: [{ ...WEB, count: 3 }, { ...DATA, type: "r7g.2xlarge", dataDisk: "250G" }] });
  expect(told(await stack.preview())).toEqual(["update Volume aws-hosts-data-1-data"]);
});

step("does not let go of managers that are protected", async () => {
  configure({ generations: { m2: 2 }, workers: [{ ...WEB, count: 3 }, { ...DATA, type: "r7g.2xlarge" }] });
  await expect(stack.preview()).rejects.toThrow(/protect/);
});

step("goes, once they are not", async () => {
  configure({ managers: { ...MANAGERS, protect: false }, workers: [{ ...WEB, count: 3 }, { ...DATA, type: "r7g.2xlarge" }] });
  await stack.up();
  await stack.run("destroy", "--yes", "--skip-preview", "--stack", "test", "--parallel", "64");
  expect(values(await running(), "instanceId")).toEqual([]);
  expect(values(await aws.ask("ec2", "DescribeVpcs", { "Filter.1.Name": "tag:dockyard.stack", "Filter.1.Value.1": "test" }), "vpcId")).toEqual([]);
  expect((await stack.state()).resources ?? []).toHaveLength(0);
});
