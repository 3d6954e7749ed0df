import { parseConfiguration } from "../../../components/config";
import { slotAt, slotOfName, parseSubnet } from "../../../provider/swarm/subnet";
import { bare, lab, problemsOf } from "./samples";

const refusals = (raw: Record<string, unknown>) => problemsOf(() => parseConfiguration(raw, "dev"));
const manager = (name: string, address: string, more: object = {}) => ({ name, role: "manager", address: `10.213.0.${address}`, ...more });
const worker = (name: string, address: string, more: object = {}) => ({ name, address: `10.213.0.${address}`, ...more });
const inSubnet = (subnet: string) => ({ ...lab(), hosts: { ...(lab()["hosts"] as object), subnet } });
const daemon = (keys: object) => lab({ engine: { daemon: keys } });

/** Two names that hash to one slot of the default pool. */
function namesOfOneSlot(): [string, string] {
  const first = new Map<number, string>();
  for (let n = 0; ; n += 1) {
    const [name, slot] = [`net${n}`, slotOfName(`net${n}`, 4096)];
    if (first.has(slot)) return [first.get(slot)!, name];
    first.set(slot, name);
  }
}
const [one, other] = namesOfOneSlot();
const slot = slotAt(parseSubnet("10.144.0.0/12"), 24, slotOfName(one, 4096)).text;

type Case = [string, Record<string, unknown>, string[]];

describe("hosts", () => {
  it.each<Case>([
    [
      "two of one name",
      lab({ hosts: [manager("m1", "11"), worker("m1", "12")] }),
      ['dockyard:hosts.hosts[1].name: found "m1", which hosts[0] has already; give each host its own name'],
    ],
    [
      "two at one address",
      lab({ hosts: [manager("m1", "11"), worker("w1", "11")] }),
      ['dockyard:hosts.hosts[1].address: found "10.213.0.11", which "m1" has already; give each host its own address'],
    ],
    [
      "the bridge's own address",
      lab({ hosts: [manager("m1", "1")] }),
      ['dockyard:hosts.hosts[0].address: found "10.213.0.1", which is the subnet\'s gateway; write another address of 10.213.0.0/24'],
    ],
    [
      "the subnet's first address",
      lab({ hosts: [manager("m1", "0")] }),
      [
        'dockyard:hosts.hosts[0].address: found "10.213.0.0", which is the name of the subnet 10.213.0.0/24 itself; write another address of 10.213.0.0/24',
      ],
    ],
    [
      "the broadcast address",
      lab({ hosts: [manager("m1", "255")] }),
      [
        'dockyard:hosts.hosts[0].address: found "10.213.0.255", which is the broadcast address of 10.213.0.0/24; write another address of 10.213.0.0/24',
      ],
    ],
    [
      "an address elsewhere",
      lab({ hosts: [{ ...manager("m1", "11"), address: "10.0.0.11" }] }),
      [
        'dockyard:hosts.hosts[0].address: found "10.0.0.11", which is outside the hosts\' subnet 10.213.0.0/24; write another address of 10.213.0.0/24',
      ],
    ],
    [
      "no manager",
      lab({ hosts: [worker("w1", "11")] }),
      ["dockyard:hosts.hosts: found no manager; give one host, or three, role: manager"],
    ],
    [
      "two managers",
      lab({ hosts: [manager("m1", "11"), manager("m2", "12")] }),
      ["dockyard:hosts.hosts: found 2 managers (m1, m2), which bear no more losses than 1; make it 1 or 3"],
    ],
    [
      "a zone said twice",
      lab({ hosts: [manager("m1", "11", { labels: { zone: "a" } })] }),
      ['dockyard:hosts.hosts[0].labels.zone: the label "zone" is made from the host\'s zone; write it there: zone: …'],
    ],
    [
      "one SSH server behind two hosts",
      bare({ address: "10.0.0.12", port: 2222 }),
      ['dockyard:hosts.hosts[1].address: found "10.0.0.12", which "m1" has already; give each host its own address, or its own port'],
    ],
    [
      "one private address",
      bare({}, { privateAddress: "10.0.0.11" }),
      ['dockyard:hosts.hosts[1].privateAddress: found "10.0.0.11", which "m1" has already; give each host its own address'],
    ],
    [
      "a host among the engines' bridges",
      bare({ privateAddress: "172.18.4.1" }),
      [
        'dockyard:hosts.hosts[0].privateAddress: found "172.18.4.1", which overlaps the engines\' own bridges (172.18.0.0/16); move the bridges by engine.daemon.default-address-pools, or the host',
      ],
    ],
  ])("%s", (_, raw, expected) => {
    expect(refusals(raw)).toEqual(expected);
  });

  it("behind a name need an address that Swarm can advertise", () => {
    expect(refusals(bare({}, { address: "w1.example.net" }))).toEqual([
      'dockyard:hosts.hosts[1].privateAddress: is missing; Swarm takes no name such as "w1.example.net": write the IPv4 address that the other hosts reach it at',
    ]);
  });

  it("may share an address when SSH ports and private addresses tell them apart", () => {
    expect(
      refusals(bare({ address: "203.0.113.1", port: 2201 }, { address: "203.0.113.1", port: 2202, privateAddress: "10.0.0.12" })),
    ).toEqual([]);
  });

  it("may stand in a home network or AWS's, and among bridges that have been moved away", () => {
    expect(refusals(bare({ privateAddress: "192.168.1.10" }, { address: "172.31.5.6" }))).toEqual([]);
    expect(
      refusals(
        bare(
          { privateAddress: "172.17.0.5" },
          {},
          { engine: { daemon: { "default-address-pools": [{ base: "100.64.0.0/16", size: 24 }] } } },
        ),
      ),
    ).toEqual([]);
  });
});

describe("addresses", () => {
  it.each<Case>([
    [
      "Swarm's pool over the hosts, and the default one beside it",
      lab({ swarm: { addressPool: ["10.0.0.0/8"] } }),
      [
        'dockyard:swarm.addressPool[0]: found "10.0.0.0/8", which overlaps the hosts\' subnet (10.213.0.0/24 at dockyard:hosts.subnet, by default); write a range that nobody else uses',
        'dockyard:swarm.networkPool: is "10.144.0.0/12" by default, which overlaps Swarm\'s address pool (10.0.0.0/8 at dockyard:swarm.addressPool[0]); write a range that nobody else uses',
      ],
    ],
    [
      "hosts in a default pool",
      bare({}, { address: "10.150.0.12" }),
      [
        'dockyard:swarm.networkPool: is "10.144.0.0/12" by default, which overlaps host "w1" (10.150.0.12 at dockyard:hosts.hosts[1].address); write a range that nobody else uses',
      ],
    ],
    [
      "pools that overlap each other",
      lab({ swarm: { addressPool: ["10.32.0.0/12", "10.40.0.0/16"] } }),
      [
        'dockyard:swarm.addressPool[1]: found "10.40.0.0/16", which overlaps Swarm\'s address pool (10.32.0.0/12 at dockyard:swarm.addressPool[0]); write a range that nobody else uses',
      ],
    ],
    [
      "a pool over the engines' bridges",
      lab({ swarm: { networkPool: "192.168.64.0/18" } }),
      [
        'dockyard:swarm.networkPool: found "192.168.64.0/18", which overlaps the engines\' own bridges (192.168.0.0/16); write another range, or move the bridges by engine.daemon.default-address-pools',
      ],
    ],
    [
      "a pool over bridges that were moved there",
      { ...daemon({ bip: "10.130.0.1/24" }) },
      [
        'dockyard:swarm.addressPool: is "10.128.0.0/12" by default, which overlaps the engines\' own bridges (10.130.0.0/24); write another range, or move the bridges by engine.daemon.default-address-pools',
      ],
    ],
    [
      "a lab where the engine puts its bridges",
      {
        ...inSubnet("172.17.5.0/24"),
        hosts: { source: "lab", subnet: "172.17.5.0/24", hosts: [{ name: "m1", role: "manager", address: "172.17.5.9" }] },
        registry: { node: "m1" },
      },
      [
        'dockyard:hosts.subnet: found "172.17.5.0/24", which overlaps the engines\' own bridges (172.17.0.0/16); move the bridges by engine.daemon.default-address-pools, or the host',
      ],
    ],
    [
      "a pool that is smaller than one subnet",
      lab({ swarm: { networkPool: "10.144.0.0/25" } }),
      [
        'dockyard:swarm.networkPool: found "10.144.0.0/25", which has no room for subnets of length /24; write a larger pool, or a longer swarm.subnetSize',
      ],
    ],
    [
      "networks over each other",
      lab({
        networks: [
          { name: "a", subnet: "10.99.0.0/16" },
          { name: "b", subnet: "10.99.7.0/24" },
        ],
      }),
      [
        'dockyard:networks[1].subnet: found "10.99.7.0/24", which overlaps network "a" (10.99.0.0/16); write a free one, such as "10.144.0.0/24"',
      ],
    ],
    [
      "a network in Swarm's own pool",
      lab({ networks: [{ name: "a", subnet: "10.128.3.0/24" }] }),
      [
        'dockyard:networks[0].subnet: found "10.128.3.0/24", which overlaps Swarm\'s address pool (10.128.0.0/12); write a free one, such as "10.144.0.0/24"',
      ],
    ],
    [
      "a network over the hosts",
      lab({ networks: [{ name: "a", subnet: "10.213.0.128/25" }] }),
      [
        'dockyard:networks[0].subnet: found "10.213.0.128/25", which overlaps the hosts\' subnet (10.213.0.0/24); write a free one, such as "10.144.0.0/24"',
      ],
    ],
    [
      "two names of one slot",
      lab({ networks: [{ name: one }, { name: other }] }),
      [
        `dockyard:networks[1].subnet: is missing, and the one that the name "${other}" leads to, ${slot}, overlaps network "${one}" (${slot}); write a free one, such as "10.144.0.0/24"`,
      ],
    ],
  ])("%s", (_, raw, expected) => {
    expect(refusals(raw)).toEqual(expected);
  });
});

describe("names of networks and applications", () => {
  const application = (name: string) => ({ name, bundle: "x.dab" });
  it.each<Case>([
    [
      "a network that Swarm refuses",
      lab({ networks: [{ name: "front.end" }] }),
      [
        'dockyard:networks[0].name: found "front.end" is no name for Swarm, which takes ASCII letters, digits, - and _, the first and the last a letter or a digit; write "front-end" instead',
      ],
    ],
    [
      "a network of the engine",
      lab({ networks: [{ name: "ingress" }] }),
      ['dockyard:networks[0].name: found "ingress", which is a network of the engine itself; write another name'],
    ],
    [
      "a network that looks like an application's",
      lab({ networks: [{ name: "demo_front" }], applications: [application("demo")] }),
      [
        'dockyard:networks[0].name: found "demo_front", which would pass for a network of application "demo"; write a name that does not begin with "demo_"',
      ],
    ],
    [
      "two networks of one name",
      lab({ networks: [{ name: "a" }, { name: "a" }] }),
      ['dockyard:networks[1].name: found "a", which networks[0] has already; give each its own name'],
    ],
    [
      "two applications of one name",
      lab({ applications: [application("demo"), application("demo")] }),
      ['dockyard:applications[1].name: found "demo", which applications[0] has already; give each its own name'],
    ],
    [
      "an application whose services get no name",
      lab({ applications: [application("a".repeat(62))] }),
      [
        `dockyard:applications[0].name: found "${"a".repeat(62)}", which leaves no room for the names of its services (NAME_service, at most 63 characters); write a shorter one`,
      ],
    ],
    [
      "an application named like the platform",
      lab({ applications: [application("dockyard")] }),
      ['dockyard:applications[0].name: found "dockyard", which is the stack of the platform\'s own services; write another name'],
    ],
  ])("%s", (_, raw, expected) => {
    expect(refusals(raw)).toEqual(expected);
  });
});

describe("the registry", () => {
  const registry = (keys: object) => lab({ registry: { node: "m1", ...keys } });
  it.each<Case>([
    [
      "on no host",
      registry({ node: "m2" }),
      ['dockyard:registry.node: found "m2", which is no host; write "m1" or "w1", or a label as "name=value"'],
    ],
    [
      "on a label that nobody has",
      registry({ node: "disk=ssd" }),
      [
        'dockyard:registry.node: found "disk=ssd", a label that no host has; write it into the labels of the host that is to keep the images',
      ],
    ],
    [
      "on two hosts",
      lab({
        hosts: [manager("m1", "11", { labels: { r: true } }), worker("w1", "12", { labels: { r: "true" } })],
        registry: { node: "r=true" },
      }),
      ['dockyard:registry.node: found "r=true", which "m1" and "w1" have; its images stay on one host, so give the label to one of them'],
    ],
    [
      "on a host without tasks",
      lab({ hosts: [manager("m1", "11", { availability: "drain" })] }),
      ['dockyard:registry.node: found "m1", but m1 takes no tasks (availability: drain); make it active, or choose another host'],
    ],
    [
      "on Swarm's port",
      registry({ port: 2377 }),
      ["dockyard:registry.port: found 2377, which is in use by Swarm's managers; write another port, such as 5000"],
    ],
    [
      "on the port of SSH",
      registry({ port: 22 }),
      ["dockyard:registry.port: found 22, which is in use by SSH; write another port, such as 5000"],
    ],
    [
      "with one user twice",
      registry({ users: ["a", "b", "a"] }),
      ['dockyard:registry.users[2]: found "a" a second time; take one of the two out'],
    ],
    [
      "with one user twice, in both spellings",
      registry({ users: ["a", { name: "b", role: "pull" }, { name: "a" }, "b"] }),
      ["dockyard:registry.users[2]", "dockyard:registry.users[3]"].map((path, index) => `${path}: found "${"ab"[index]}" a second time; take one of the two out`),
    ],
    [
      "with the user that hosts pull as",
      registry({ users: ["a", "dockyard-pull", { name: "dockyard-pull", role: "push" }] }),
      [1, 2].map((index) => `dockyard:registry.users[${index}]: found "dockyard-pull", whom hosts pull as; take it out, or write another name`),
    ],
    [
      "whose first user only pulls",
      registry({ users: [{ name: "a", role: "pull" }, "b"] }),
      ['dockyard:registry.users[0].role: found "pull" for the first one, whom the platform pushes as; write one with role push before it'],
    ],
    [
      "with a name in capitals",
      registry({ name: "Registry" }),
      ['dockyard:registry.name: found "Registry"; write a DNS name in lower case, such as "registry.example.internal"'],
    ],
    [
      "a data path on the gossip's port",
      lab({ swarm: { dataPathPort: 7946 } }),
      ["dockyard:swarm.dataPathPort: found 7946, which is in use by Swarm's gossip; write another port, such as 4789"],
    ],
  ])("%s", (_, raw, expected) => {
    expect(refusals(raw)).toEqual(expected);
  });
});

describe("daemon.json", () => {
  it.each<[object, RegExp]>([
    [{ "live-restore": true }, /^dockyard:engine\.daemon\.live-restore: found true; .*Swarm.*leave it out$/],
    [{ iptables: false }, /^dockyard:engine\.daemon\.iptables: found false; .*leave it out$/],
    [{ "ip-forward": false }, /^dockyard:engine\.daemon\.ip-forward: found false; .*leave it out$/],
    [{ "firewall-backend": "nftables" }, /^dockyard:engine\.daemon\.firewall-backend: found "nftables"; .*iptables/],
    [{ hosts: ["tcp://0.0.0.0:2375"] }, /^dockyard:engine\.daemon\.hosts: found a list; .*over SSH.*leave it out$/],
    [{ tlsverify: true }, /^dockyard:engine\.daemon\.tlsverify: found true; .*over SSH.*leave it out$/],
    [{ "insecure-registries": ["x"] }, /^dockyard:engine\.daemon\.insecure-registries: found a list; .*leave it out$/],
    [{ "swarm-default-advertise-addr": "eth0" }, /^dockyard:engine\.daemon\.swarm-default-advertise-addr: found "eth0"; .*leave it out$/],
    [{ "log-driver": null }, /^dockyard:engine\.daemon\.log-driver: found nothing; .*leave the key out/],
  ])("refuses %j", (keys, expected) => {
    expect(refusals(daemon(keys))).toEqual([expect.stringMatching(expected)]);
  });

  it("takes other keys as they are", () => {
    const keys = {
      "log-driver": "local",
      "log-opts": { "max-size": "10m" },
      "no-new-privileges": true,
      "live-restore": false,
      labels: ["a=b"],
    };
    expect(parseConfiguration(daemon(keys), "dev").engine.daemon).toEqual(keys);
  });
});

describe("backups", () => {
  const backup = (section: object) => lab({ backup: section });
  it("have the place that is written, and none by default", () => {
    expect(parseConfiguration(lab(), "dev").backup).toEqual({ keep: 7, maxAge: 86_400_000 });
    expect(parseConfiguration(backup({ directory: "/b", keep: 2, maxAge: "1h" }), "dev").backup).toEqual({ place: { kind: "directory", path: "/b" }, keep: 2, maxAge: 3_600_000 });
    expect(parseConfiguration(backup({ s3: { bucket: "b-1", endpoint: "http://s3" } }), "dev").backup.place).toEqual({ kind: "s3", bucket: "b-1", prefix: "", endpoint: "http://s3" });
  });
  it.each([
    [{ directory: "/b", s3: { bucket: "b-1" } }, 'dockyard:backup.directory: found beside "s3"; write one of the two'],
    [{ s3: {} }, "dockyard:backup.s3.bucket: is missing; write the bucket's name"],
    [{ keep: 0 }, "dockyard:backup.keep: found 0; write a whole number from 1 to 10000"],
    [{ maxAge: "1 day" }, 'dockyard:backup.maxAge: found "1 day"; write a duration of at least "1m", such as "24h" or "168h"'],
    [{ dir: "/b" }, 'dockyard:backup.dir: unknown key; take it out, or write one of "directory", "s3", "keep" or "maxAge"'],
  ])("%j", (section, problem) => expect(problemsOf(() => parseConfiguration(backup(section), "dev"))).toEqual([problem]));
});
