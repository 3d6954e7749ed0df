import { stringify } from "yaml";
import { RESOURCE_RULES, STACK_RULES } from "../../policy/rules";
import { checkInputs } from "../../provider/check";
import { changesBetween } from "../../provider/diff";
import { checkConfiguration } from "../../provider/configuration";
import { kinds } from "../../provider/kinds";
import { fromWire } from "../../provider/wire";
import type { Graph, Registration } from "../support/mocks";
import { devConfiguration, Workspace } from "../support/program";
import { texts, withSecrets, comparable } from "../support/wire";
import { example, existing, full, smallest, type Written } from "./hosts/aws/samples";

/** The whole program with hosts in AWS, by the examples: the smallest platform, one with everything, and one in a VPC that is there. */

jest.setTimeout(240_000);
const workspace = new Workspace();
afterAll(() => workspace.remove());

async function graphOf(hosts: Written, registry: Written, more: Written = {}): Promise<Graph> {
  const { graph } = await workspace.run({ ...devConfiguration(), hosts, registry, applications: [], ...more }, { stack: "prod" });
  return graph;
}
const REGISTRY = { smallest: example("smallest", "registry"), full: example("production", "registry"), existing: example("existing-vpc", "registry") };

const graphs: Record<string, Graph> = {};
beforeAll(async () => {
  graphs["smallest"] = await graphOf(smallest(), REGISTRY.smallest);
  graphs["full"] = await graphOf(full(), REGISTRY.full);
  graphs["existing"] = await graphOf(existing(), REGISTRY.existing);
});

const names = (resources: Iterable<Registration>) => [...resources].map(({ name }) => name).sort();
const ofAws = ({ all }: Graph) => all.filter(({ type }) => type.startsWith("aws:"));
const instances = (graph: Graph) => graph.ofType("Instance");
const tagsOf = ({ inputs }: Registration) => inputs["tags"] as Record<string, string>;

describe.each(["smallest", "full", "existing"])("a platform in AWS (%s)", (which) => {
  let graph: Graph;
  beforeAll(() => {
    graph = graphs[which]!;
  });

  test("lets clients in at the edge alone; nothing else is open to everybody", () => {
    const open = graph.ofType("SecurityGroupIngressRule").filter(({ inputs }) => inputs["cidrIpv4"] === "0.0.0.0/0");
    const edge = graph.ofType("SecurityGroup").filter(({ name }) => /-(edge|balancer)$/.test(name)).map(({ id }) => id);
    expect(open.filter(({ inputs }) => !edge.includes(inputs["securityGroupId"]))).toEqual([]);
    for (const { inputs } of graph.ofType("SecurityGroup")) expect([inputs["ingress"], inputs["egress"]]).toEqual([undefined, undefined]);
  });

  test("opens exactly the Swarm's ports, the registry's and SSH, to members and those who were named", () => {
    const [members, managers] = ["members", "managers"].map((group) => graph.one("SecurityGroup", `aws-security-${group}`).id);
    const rules = graph.ofType("SecurityGroupIngressRule").filter(({ inputs }) => [members, managers].includes(inputs["securityGroupId"]));
    const ssh = which === "full" ? ["sg-0123456789abcdef0"] : which === "existing" ? ["10.0.0.0/8"] : ["203.0.113.0/24"];
    const found = rules.map(({ inputs: { securityGroupId, ipProtocol, fromPort, toPort, cidrIpv4, referencedSecurityGroupId } }) => {
      expect(toPort).toBe(fromPort);
      return `${securityGroupId === managers ? "managers" : "members"} ${ipProtocol}/${fromPort} from ${cidrIpv4 ?? (referencedSecurityGroupId === members ? "members" : referencedSecurityGroupId)}`;
    });
    expect(found.sort()).toEqual(
      ["managers tcp/2377 from members", "members tcp/7946 from members", "members udp/7946 from members", "members udp/4789 from members", "members tcp/5000 from members", "members 50/undefined from members", ...ssh.map((peer) => `members tcp/22 from ${peer}`)].sort(),
    );
  });

  test("keeps instances' credentials from whoever can only send requests, and from containers", () => {
    for (const { inputs } of instances(graph)) expect(inputs["metadataOptions"]).toMatchObject({ httpTokens: "required", httpPutResponseHopLimit: 1 });
  });

  test("encrypts every disk and every bucket", () => {
    const key = which === "full" ? "arn:aws:kms:eu-central-1:123456789012:key/1a2b3c4d" : undefined;
    for (const { inputs } of instances(graph)) {
      expect(inputs["rootBlockDevice"]).toMatchObject({ encrypted: true, volumeType: "gp3" });
      expect(inputs["rootBlockDevice"].kmsKeyId).toBe(key);
      expect(inputs["ebsBlockDevices"]).toBeUndefined();
    }
    for (const { inputs } of graph.ofType("Volume")) expect([inputs["encrypted"], inputs["type"], inputs["kmsKeyId"]]).toEqual([true, "gp3", key]);
    const encrypted = graph.ofType("BucketServerSideEncryptionConfiguration").map(({ inputs }) => inputs["bucket"]);
    expect(encrypted.sort()).toEqual(graph.ofType("Bucket").map(({ id }) => id).sort());
  });

  test("has private buckets with versions, spoken to over TLS alone", () => {
    for (const { id } of graph.ofType("Bucket")) {
      const of = (type: string) => graph.ofType(type).filter(({ inputs }) => inputs["bucket"] === id);
      const [closed] = of("BucketPublicAccessBlock");
      expect(closed!.inputs).toMatchObject({ blockPublicAcls: true, blockPublicPolicy: true, ignorePublicAcls: true, restrictPublicBuckets: true });
      expect(of("BucketVersioning").map(({ inputs }) => inputs["versioningConfiguration"].status)).toEqual(["Enabled"]);
      expect(of("BucketOwnershipControls").map(({ inputs }) => inputs["rule"].objectOwnership)).toEqual(["BucketOwnerEnforced"]);
      expect(of("BucketLifecycleConfiguration")).toHaveLength(1);
      const [policy] = of("BucketPolicy");
      expect(JSON.parse(policy!.inputs["policy"]).Statement.map(({ Effect, Condition }: { Effect: string; Condition: object }) => [Effect, Condition])).toContainEqual(["Deny", { Bool: { "aws:SecureTransport": "false" } }]);
      expect(JSON.parse(policy!.inputs["policy"]).Statement.filter(({ Effect }: { Effect: string }) => Effect === "Allow")).toEqual([]);
    }
  });

  test("tags whatever can be tagged", () => {
    const untaggable = /(Route|RouteTableAssociation|VolumeAttachment|RolePolicy|RolePolicyAttachment|TargetGroupAttachment|Record|CertificateValidation|Bucket[A-Z]\w+)$/;
    const wanted = { project: "shop", owner: "platform@example.net", "cost-center": "4711", "dockyard.stack": "prod", ...(which === "full" && { team: "web" }) };
    const resources = ofAws(graph).filter(({ type }) => !untaggable.test(type));
    expect(resources.length).toBeGreaterThan(10);
    for (const resource of resources) expect([resource.urn, tagsOf(resource)]).toEqual([resource.urn, expect.objectContaining(wanted)]);
    for (const { inputs } of instances(graph)) expect(inputs["rootBlockDevice"].tags).toMatchObject(wanted);
  });

  test("spreads managers over the zones, each host in the subnet of its own", () => {
    const zones = instances(graph).filter(({ inputs }) => inputs["disableApiTermination"]).map(({ inputs }) => inputs["subnetId"]);
    const counts = [...new Set(zones)].map((zone) => zones.filter((other) => other === zone).length);
    if (zones.length > 1) expect(Math.max(...counts)).toBeLessThanOrEqual(zones.length / 2);
    for (const disk of graph.ofType("Volume")) {
      const [attachment] = graph.ofType("VolumeAttachment").filter(({ inputs }) => inputs["volumeId"] === disk.id);
      const instance = instances(graph).find(({ id }) => id === attachment!.inputs["instanceId"])!;
      const letter = disk.inputs["availabilityZone"].at(-1);
      expect(instance.inputs["subnetId"]).toMatch(new RegExp(`(${disk.inputs["availabilityZone"]}\\.Subnet|subnet-0000000${letter})$`));
    }
  });

  test("protects managers from this program and from the console, and no worker", () => {
    for (const { name, protect, inputs } of instances(graph)) {
      const manager = /^aws-hosts-m\d-/.test(name);
      expect([name, protect, inputs["disableApiTermination"]]).toEqual([name, manager, manager]);
    }
  });

  test("never makes a machine anew for a newer image, another login or another script", () => {
    for (const { ignoreChanges, deleteBeforeReplace } of instances(graph)) {
      expect([...ignoreChanges].sort()).toEqual(["ami", "keyName", "userData"]);
      expect(deleteBeforeReplace).toBe(false);
    }
  });

  test("has a machine there, with its disk and its way in, before the host is looked at", () => {
    for (const host of graph.ofType("hosts:Host")) {
      const before = graph.before(host);
      const [instance] = instances(graph).filter(({ name }) => name.startsWith(`aws-hosts-${host.name}-`) && name.length === `aws-hosts-${host.name}-`.length + 6);
      const attachment = graph.one("VolumeAttachment", `${instance!.name}-data`);
      expect(before).toContain(instance);
      expect(before).toContain(attachment);
      expect(attachment.deletedWith).toBe(instance!.urn);
      expect(host.inputs["instance"]).toBe(instance!.id);
      for (const rule of graph.ofType("SecurityGroupIngressRule")) expect(before).toContain(rule);
      for (const route of graph.ofType("Route")) expect(before).toContain(route);
    }
  });

  test("deletes an instance before its disk, and the engine's undoing is left out with the machine", () => {
    for (const instance of instances(graph)) expect(graph.before(instance)).toContain(graph.one("Volume", `${instance.name}-data`));
    for (const engine of graph.ofType("hosts:Engine")) expect(instances(graph).map(({ urn }) => urn)).toContain(engine.deletedWith);
  });

  test("pins a key of its own for each machine, which the machine gets at its first boot", () => {
    const keys = graph.ofType("hosts:Host").map(({ inputs }) => inputs["connection"].hostKey);
    expect(new Set(keys).size).toBe(keys.length);
    for (const host of graph.ofType("hosts:Host")) {
      const instance = instances(graph).find(({ id }) => id === host.inputs["instance"])!;
      expect(instance.inputs["userData"]).toContain(`ed25519_public: ${host.inputs["connection"].hostKey} ${host.name}`);
      expect(host.inputs["connection"].user).toBe("dockyard");
      expect(host.inputs["addresses"]).toEqual([instance.inputs["privateIp"]]);
    }
  });

  test("keeps the hosts' keys secret wherever they stand", () => {
    for (const { masked } of instances(graph)) expect(masked["userData"]).toBe("[secret]");
    const open = graph.all.flatMap(({ urn, masked, outputs }) => texts([masked, withSecrets(outputs, () => "")]).map((text) => ({ urn, text })));
    expect(open.filter(({ text }) => text.includes("PRIVATE"))).toEqual([]);
  });

  test("gives each group's role what its hosts do, named action by action", () => {
    const statements = graph.ofType("RolePolicy").flatMap(({ name, inputs }) => JSON.parse(inputs["policy"]).Statement.map((statement: object) => ({ name, ...statement })));
    for (const { Action } of statements) expect([Action].flat().filter((action: string) => action.includes("*"))).toEqual([]);
    expect([...new Set(statements.map(({ name }: { name: string }) => name))].sort()).toEqual(
      which === "full"
        ? ["aws-roles-data-metrics", "aws-roles-managers-key", "aws-roles-managers-metrics", "aws-roles-managers-registry", "aws-roles-web-metrics", "aws-watch-flow-logs"]
        : [],
    );
    for (const { inputs } of graph.ofType("Role")) expect(inputs["path"]).toBe("/dockyard/prod/");
  });

  test("asks of the platform's own provider what that takes", () => {
    const failures = graph.all.filter(({ type }) => /^dockyard:(hosts|swarm|registry):/.test(type)).flatMap(({ type, name, wire }) => {
      const kind = kinds.find((each) => each.type === type)!;
      const struct = { toJavaScript: () => wire } as unknown as Parameters<typeof fromWire>[0];
      return checkInputs(kind, fromWire(struct)).map((failure) => `${type} ${name}: ${failure.property} ${failure.reason}`);
    });
    expect(failures).toEqual([]);
    expect(checkConfiguration(graph.one("providers:dockyard").inputs)).toEqual([]);
  });

  test("breaks no rule of the policy pack", () => {
    const resources = graph.all.map(({ type, name, protect, inputs, id }) => ({ type, name, protect, props: { ...inputs, id }, uses: () => [] }));
    const broken = [
      ...RESOURCE_RULES.filter(({ level }) => level === "mandatory").flatMap((rule) => resources.filter(({ type }) => rule.types.includes(type)).flatMap(({ props }) => [...rule.check(props as never, [])])),
      ...STACK_RULES.flatMap((rule) => [...rule.checkAll(resources, [])]),
    ];
    // The mocks know no digests of images.
    expect(broken.filter((finding) => !finding.startsWith("image:"))).toEqual([]);
  });

  test("makes everything in AWS through the provider for its region", () => {
    const { urn, id, inputs } = graph.one("providers:aws");
    expect(inputs["region"]).toBe(which === "existing" ? "eu-west-1" : "eu-central-1");
    expect(ofAws(graph).filter(({ provider }) => provider !== `${urn}::${id}`)).toEqual([]);
  });

  test("as a whole (a picture to review, not a rule)", () => {
    const picture = Object.fromEntries(
      ofAws(graph)
        .map(({ type, name, masked, protect }) => [`${type.split(":").at(-1)} ${name}`, { ...masked, ...(protect && { protect }) }] as const)
        .sort(([a], [b]) => (a < b ? -1 : 1)),
    );
    expect(stringify(picture, { lineWidth: 0, aliasDuplicateObjects: false })).toMatchSnapshot();
  });
});

describe("the network", () => {
  test.each([["none", 0, 2], ["one", 1, 2], ["zone", 3, 3]])("has NAT gateways as asked for: %s", async (nat, gateways, zones) => {
    const letters = ["a", "b", "c"].slice(0, zones);
    const graph = await graphOf(smallest({ network: { nat }, zones: letters.map((letter) => `eu-central-1${letter}`) }), REGISTRY.smallest);
    expect(graph.ofType("NatGateway")).toHaveLength(gateways);
    expect(graph.ofType("Route").filter(({ inputs }) => inputs["natGatewayId"])).toHaveLength(gateways === 0 ? 0 : zones);
  });

  test("sends what goes to S3 past them", () => {
    const [endpoint] = graphs["full"]!.ofType("VpcEndpoint");
    expect(endpoint!.inputs).toMatchObject({ serviceName: "com.amazonaws.eu-central-1.s3", vpcEndpointType: "Gateway" });
    expect(endpoint!.inputs["routeTableIds"]).toHaveLength(4);
  });

  test("of somebody else stays as it is", () => {
    const made = ofAws(graphs["existing"]!).filter(({ type }) => /ec2\/(vpc|subnet|route|natGateway|internetGateway)/.test(type));
    expect(made).toEqual([]);
    for (const { inputs } of graphs["existing"]!.ofType("SecurityGroup")) expect(inputs["vpcId"]).toBe("vpc-0123456789abcdef0");
  });

  test("gives public addresses to the hosts that are reached by them, one by one", () => {
    const [address] = graphs["smallest"]!.ofType("Eip");
    expect(graphs["smallest"]!.one("hosts:Host").inputs["connection"].address).toBe(`192.0.2.${address!.name.length}`);
    for (const graph of Object.values(graphs)) for (const { inputs } of graph.ofType("Subnet")) expect(inputs["mapPublicIpOnLaunch"]).toBe(false);
    expect(graphs["full"]!.ofType("Eip").every(({ name }) => name.includes("-nat-"))).toBe(true);
  });
});

describe("the edge", () => {
  const targets = (graph: Graph) => graph.ofType("TargetGroup").map(({ inputs }) => inputs);

  test("passes the clients' addresses on as asked for", () => {
    expect(targets(graphs["full"]!).map(({ preserveClientIp, proxyProtocolV2 }) => [preserveClientIp, proxyProtocolV2])).toEqual([["true", false], ["true", false]]);
    expect(targets(graphs["existing"]!).map(({ preserveClientIp, proxyProtocolV2 }) => [preserveClientIp, proxyProtocolV2])).toEqual([["false", true]]);
  });
  test("asks each host whether it is well", () => {
    expect(targets(graphs["full"]!).map(({ port, healthCheck }) => [port, healthCheck.protocol, healthCheck.path])).toEqual([[80, "HTTP", "/healthz"], [8443, "HTTP", "/healthz"]]);
    expect(targets(graphs["existing"]!).map(({ healthCheck }) => healthCheck.protocol)).toEqual(["TCP"]);
  });
  test("leads to the hosts of its groups, which alone it may reach", () => {
    const hosts = graphs["full"]!.ofType("TargetGroupAttachment").map(({ inputs }) => inputs["targetId"].replace(/^aws-hosts-(.*)-\w{6}\.Instance$/, "$1"));
    expect([...new Set(hosts)].sort()).toEqual(["web-1", "web-2", "web-3"]);
    const edge = graphs["full"]!.one("SecurityGroup", "aws-security-edge").id;
    expect(names(instances(graphs["full"]!).filter(({ inputs }) => inputs["vpcSecurityGroupIds"].includes(edge))).map((name) => name.slice(0, -7))).toEqual(["aws-hosts-web-1", "aws-hosts-web-2", "aws-hosts-web-3"]);
  });
  test("ends TLS with a certificate that records in the zone prove", () => {
    const graph = graphs["full"]!;
    const listeners = graph.ofType("Listener").map(({ inputs }) => [inputs["port"], inputs["protocol"], inputs["certificateArn"] !== undefined]);
    expect(listeners).toEqual([[80, "TCP", false], [443, "TLS", true]]);
    expect(graph.ofType("Record").map(({ inputs }) => [inputs["type"], inputs["name"]]).sort()).toEqual([
      ["A", "shop.example.net"], ["A", "www.shop.example.net"], ["CNAME", "_x.shop.example.net"], ["CNAME", "_x.www.shop.example.net"],
    ]);
  });
  test("is a balancer within the VPC where there is no public subnet for it", async () => {
    const network = { existing: { ...(existing()["network"] as { existing: object }).existing, edgeSubnets: [] } };
    const [inside, outside] = [await graphOf(existing({ network }), REGISTRY.existing), graphs["existing"]!].map((graph) => graph.one("LoadBalancer").inputs["internal"]);
    expect([inside, outside]).toEqual([true, false]);
  });
});

describe("what watches", () => {
  test("tells of each host that is down, each disk that fills up, and each manager that sees no leader", () => {
    const alarms = graphs["full"]!.ofType("MetricAlarm");
    const of = (metric: string) => alarms.filter(({ inputs }) => inputs["metricName"] === metric);
    expect([of("StatusCheckFailed"), of("DataDiskUsed"), of("SeesQuorum")].map(({ length }) => length)).toEqual([8, 8, 3]);
    for (const { inputs } of alarms) expect(inputs).toMatchObject({ treatMissingData: "breaching", alarmActions: ["arn:aws:sns:eu-central-1:123456789012:oncall"] });
  });
  test("keeps flow logs for as long as asked for, or longer", () => {
    expect(graphs["full"]!.one("LogGroup").inputs["retentionInDays"]).toBe(30);
    expect(graphs["full"]!.one("FlowLog").inputs["trafficType"]).toBe("ALL");
    expect(graphs["existing"]!.ofType("FlowLog")).toEqual([]);
  });
  test("lets no host at the backups", () => {
    const full = graphs["full"]!;
    for (const { inputs } of full.ofType("RolePolicy")) expect(inputs["policy"]).not.toContain("backups");
  });
  test("leaves AWS's own group of a VPC that is made here without a rule, and one that is there alone", () => {
    for (const which of ["full", "smallest"]) {
      const { inputs } = graphs[which]!.one("DefaultSecurityGroup");
      expect(inputs).toMatchObject({ ingress: [], egress: [], vpcId: graphs[which]!.one("Vpc").id });
    }
    expect(graphs["existing"]!.ofType("DefaultSecurityGroup")).toEqual([]);
  });
  test("lets nothing be written to others' buckets by the VPC's own way to S3", () => {
    const { Statement } = JSON.parse(graphs["full"]!.one("VpcEndpoint").inputs["policy"] as string) as { Statement: object[] };
    expect(Statement).toEqual([
      expect.objectContaining({ Action: "s3:*", Condition: { StringEquals: { "aws:ResourceAccount": ["123456789012"] } } }),
      expect.objectContaining({ Action: "s3:GetObject", Resource: "*" }),
    ]);
  });
  test("locks backups for as long as asked for", () => {
    expect(graphs["full"]!.one("Bucket", "aws-storage-backups").inputs["objectLockEnabled"]).toBe(true);
    expect(graphs["full"]!.one("BucketObjectLockConfiguration").inputs["rule"].defaultRetention).toEqual({ mode: "GOVERNANCE", days: 14 });
    // On the way down the lock has to go while there are versions.
    expect(graphs["full"]!.before(graphs["full"]!.one("BucketObjectLockConfiguration"))).toContain(graphs["full"]!.one("BucketVersioning", "aws-storage-backups-versions"));
  });
});

describe("a change", () => {
  /** Kind and host of what is there before or after only, and of what is asked for something else. */
  const changes = async (hosts: Written) => {
    const after = await graphOf(hosts, REGISTRY.full);
    const wires = ({ all }: Graph) => new Map(all.map(({ urn, type, name, wire }) => [urn, { label: `${type.split(":").at(-1)} ${name}`, wire: JSON.stringify(comparable(wire)) }]));
    const [old, now] = [wires(graphs["full"]!), wires(after)];
    const urns = [...new Set([...old.keys(), ...now.keys()])].filter((urn) => old.get(urn)?.wire !== now.get(urn)?.wire);
    return urns.map((urn) => `${old.has(urn) ? (now.has(urn) ? "~" : "-") : "+"} ${(old.get(urn) ?? now.get(urn))!.label}`.replace(/-[0-9a-f]{6}(?=-|$)/, "")).sort();
  };
  const workers = full()["workers"] as object[];

  test("of the type is another machine beside the old one, and that host's membership, and nothing that runs on the platform", async () => {
    const found = await changes(full({ workers: [workers[0], { ...workers[1], type: "r7g.2xlarge", count: 2 }] }));
    const machine = (sign: string, host: string) => ["Instance", "MetricAlarm", "Volume", "VolumeAttachment"].map((kind) => `${sign} ${kind} ${kind === "MetricAlarm" ? `aws-watch-down-${host}` : `aws-hosts-${host}${kind.startsWith("Volume") ? "-data" : ""}`}`);
    const member = (host: string) => ["Access", "Engine", "Host", "Node", "Trust"].map((kind) => `~ ${kind} ${host}`);
    expect(found).toEqual(["data-1", "data-2"].flatMap((host) => [...machine("-", host), ...machine("+", host), ...member(host)]).sort());
  });

  test("of the count is hosts more", async () => {
    const found = await changes(full({ workers: [workers[0], { ...workers[1], count: 3 }] }));
    expect(found.every((line) => line.startsWith("+ ") && line.includes("data-3"))).toBe(true);
    expect(found).toContain("+ Instance aws-hosts-data-3");
    expect(found).toContain("+ Node data-3");
  });

  test("of the login key's generation is a key more, let in on every host, and no other machine", async () => {
    const found = await changes(full({ loginGeneration: 2 }));
    const hosts = instances(graphs["full"]!).map(({ name }) => name.replace(/^aws-hosts-/, "").replace(/-[0-9a-f]{6}$/, ""));
    expect(found).toEqual(["+ PrivateKey aws-hosts-login-2", "~ dockyard dockyard", ...hosts.map((host) => `+ Login ${host}`)].sort());
  });

  test("of a disk's size grows it where it is", async () => {
    const found = await changes(full({ workers: [workers[0], { ...workers[1], dataDisk: "300G" }] }));
    expect(found).toEqual(["~ Volume aws-hosts-data-1-data", "~ Volume aws-hosts-data-2-data"]);
  });
});

test("the SDK for AWS is loaded for hosts in AWS, and for no others: it takes longer than the rest of a preview", async () => {
  for (const part of ["provider", "getCallerIdentity", "ec2"]) {
    jest.doMock(`@pulumi/aws/${part}`, () => {
      throw new Error("the SDK for AWS was loaded");
    });
  }
  await expect(workspace.run(devConfiguration())).resolves.toBeDefined();
  await expect(graphOf(smallest(), REGISTRY.smallest)).rejects.toThrow("the SDK for AWS was loaded");
  for (const part of ["provider", "getCallerIdentity", "ec2"]) jest.dontMock(`@pulumi/aws/${part}`);
});

describe("a command that leads to the hosts", () => {
  const COMMAND = ["ssh", "-W", "%h:%p", "bastion.example.net"];
  const reached = () => graphs["full"]!.all.filter(({ type, inputs }) => type.startsWith("dockyard:") && JSON.stringify(inputs).includes('"proxy":"access"'));

  test("stands in the provider's configuration, and in no resource, which names it", () => {
    const holders = graphs["full"]!.all.filter(({ inputs }) => JSON.stringify(inputs).includes("bastion.example.net"));
    expect(holders.map(({ type }) => type)).toEqual(["pulumi:providers:dockyard"]);
    expect(JSON.parse(holders[0]!.inputs["proxies"] as string)).toEqual({ access: COMMAND });
    expect(new Set(reached().map(({ type }) => type)).size).toBeGreaterThan(4);
  });

  test("leaves a state that still has it without a replacement", () => {
    const former = (value: unknown): unknown => {
      if (Array.isArray(value)) return value.map(former);
      if (typeof value !== "object" || value === null) return value;
      return Object.fromEntries(Object.entries(value).map(([key, inner]) => (key === "proxy" && inner === "access" ? ["proxyCommand", COMMAND] : [key, former(inner)])));
    };
    for (const { type, inputs: wanted } of reached()) {
      const kind = kinds.find((each) => each.type === type)!;
      const old = { inputs: former(wanted) as object, outputs: {} };
      const changes = kind.diff?.(old, wanted, []) ?? changesBetween(old.inputs as Record<string, unknown>, wanted);
      expect([type, changes.filter(({ replace }) => replace)]).toEqual([type, []]);
      expect(checkInputs(kind, old.inputs as Record<string, unknown>)).toEqual([]);
    }
  });
});
