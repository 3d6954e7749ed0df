import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import { ConfigurationError, parseConfiguration } from "../../components/config";
import { ConfigurationSchema } from "../../components/config/schema";
import { schemaKeys } from "../../components/config/structure";
import { bare, lab, problemsOf } from "./config/samples";

const ROOT = join(__dirname, "../..");
const read = (path: string) => readFileSync(join(ROOT, path), "utf8");
const keysOf = (yaml: string) =>
  Object.fromEntries(
    Object.entries((parse(yaml) as { config: Record<string, unknown> }).config).map(([key, value]) => [
      key.replace("dockyard:", ""),
      value,
    ]),
  );

describe("a configuration that is right", () => {
  it("gives hosts, source and settings with every default", () => {
    expect(parseConfiguration(lab(), "Dev_1")).toEqual({
      stack: "Dev_1",
      source: { kind: "lab", image: "dockyard/lab-host", subnet: "10.213.0.0/24", gateway: "10.213.0.1", prefix: "dockyard-Dev_1-", loginGeneration: 1 },
      hosts: [
        {
          name: "m1",
          role: "manager",
          availability: "active",
          labels: { registry: "true" },
          address: "10.213.0.11",
          advertiseAddress: "10.213.0.11",
        },
        { name: "w1", role: "worker", availability: "active", labels: {}, address: "10.213.0.12", advertiseAddress: "10.213.0.12" },
      ],
      requirements: { diskFree: 2 ** 30, clockSkew: 2000, features: ["overlay", "vxlan", "ip_vs"] },
      engine: { package: { source: "distribution" }, daemon: {}, workersAtOnce: 1 },
      pki: { generation: 1, renewBefore: 720 },
      swarm: {
        addressPool: ["10.128.0.0/12"],
        networkPool: "10.144.0.0/12",
        subnetSize: 24,
        dataPathPort: 4789,
        taskHistory: 5,
        certificateExpiry: "2160h",
        autolock: false,
        rotation: { ca: 1, joinTokens: 1, unlockKey: 1 },
        rebalance: { count: 0, pause: "5s" },
        loadBalancing: "vip",
        encryptNetworks: false,
      },
      timeouts: { provider: { connect: 10, command: 600, engine: 120, membership: 60, drain: 120, removal: 60, lease: 60, rotation: 300, convergence: 300 }, boot: "120s" },
      registry: {
        name: "registry.dev-1.dockyard.internal",
        port: 5000,
        users: [{ name: "dockyard", role: "push" }],
        passwordGeneration: 1,
        archive: ".dockyard/images/registry.tar",
        volume: "dockyard-registry",
        storage: "volume",
        hosts: ["m1"],
        constraint: "node.labels.registry == true",
      },
      networks: [],
      mayEncrypt: false,
      applications: [],
      backup: { keep: 7, maxAge: 86_400_000 },
      pools: ["10.128.0.0/12", "10.144.0.0/12"],
    });
  });

  it("gives bare hosts the same shape, and their connections apart", () => {
    const { hosts, source, requirements, registry } = parseConfiguration(bare(), "prod");
    expect(hosts).toEqual([
      {
        name: "m1",
        role: "manager",
        availability: "active",
        labels: { zone: "a" },
        address: "m1.example.net",
        advertiseAddress: "10.0.0.11",
      },
      {
        name: "w1",
        role: "worker",
        availability: "active",
        labels: { storage: "ssd" },
        address: "10.0.0.12",
        advertiseAddress: "10.0.0.12",
      },
    ]);
    expect(source).toEqual({
      kind: "bare",
      connections: {
        m1: { address: "m1.example.net", port: 22, user: "admin", hostKey: expect.stringMatching(/^ssh-ed25519 /), keyFile: "/keys/m1" },
        w1: { address: "10.0.0.12", port: 2222, user: "root", hostKey: expect.stringMatching(/^ssh-ed25519 /) },
      },
    });
    expect(requirements.diskFree).toBe(5 * 2 ** 30);
    expect(registry).toMatchObject({ hosts: ["w1"], constraint: "node.hostname == w1" });
  });

  it("asks of the kernel what it will use", () => {
    const features = (more: Record<string, unknown>) => parseConfiguration(lab(more), "dev").requirements.features;
    expect(features({ swarm: { loadBalancing: "dnsrr" } })).toEqual(["overlay", "vxlan"]);
    expect(features({ networks: [{ name: "back", encrypted: true }] })).toEqual(["overlay", "vxlan", "ip_vs", "esp"]);
  });

  const application = { name: "shop", bundle: "shop.dab" };
  const back = { networks: [{ name: "back" }] };
  const asked = (encryptNetworks: boolean, more: object = {}) => bare({}, {}, { swarm: { encryptNetworks }, ...more });
  it.each<[string, Record<string, unknown>, { esp: boolean; may: boolean }]>([
    ["no network at all", bare(), { esp: false, may: false }],
    ["a network that says nothing", bare({}, {}, back), { esp: false, may: true }],
    ["an application, which brings networks of its own", bare({}, {}, { applications: [application] }), { esp: false, may: true }],
    ["networks that are all in the clear", bare({}, {}, { networks: [{ name: "back", encrypted: false }] }), { esp: false, may: false }],
    ["a network that asks for it", bare({}, {}, { networks: [{ name: "back", encrypted: true }] }), { esp: true, may: true }],
    ["the platform in the clear", asked(false, { ...back, applications: [application] }), { esp: false, may: false }],
    ["the platform in the clear but for one network", asked(false, { networks: [{ name: "back", encrypted: true }] }), { esp: true, may: true }],
    ["a platform that asks for it, without a network", asked(true), { esp: false, may: false }],
    ["a platform that asks for it", asked(true, back), { esp: true, may: true }],
    ["a platform that asks for it, with an application", asked(true, { applications: [application] }), { esp: true, may: true }],
    ["a platform that asks for it, its networks all in the clear", asked(true, { networks: [{ name: "back", encrypted: false }] }), { esp: false, may: false }],
    ["a lab", lab(back), { esp: false, may: false }],
    ["a lab that asks for it", lab({ ...back, swarm: { encryptNetworks: true } }), { esp: true, may: true }],
  ])("hosts have to have ESP only where it is asked for: %s", (_what, raw, { esp, may }) => {
    const { requirements, mayEncrypt } = parseConfiguration(raw, "prod");
    expect({ esp: requirements.features.includes("esp"), may: mayEncrypt }).toEqual({ esp, may });
  });

  it.each<[string, Record<string, unknown>, unknown]>([
    ["a lab leaves it open", lab({ networks: [{ name: "back" }] }), undefined],
    ["elsewhere a new one is encrypted", bare({}, {}, { networks: [{ name: "back" }] }), "new"],
    ["what is written holds", bare({}, {}, { networks: [{ name: "back", encrypted: false }] }), false],
    ["the platform's own word", lab({ swarm: { encryptNetworks: true }, networks: [{ name: "back" }] }), "new"],
    ["and the other way round", bare({}, {}, { swarm: { encryptNetworks: false }, networks: [{ name: "back" }] }), undefined],
  ])("networks are encrypted by default when they are made: %s", (_what, raw, encrypted) => {
    expect(parseConfiguration(raw, "prod").networks[0]!.encrypted).toBe(encrypted);
  });

  it.each<[string, Record<string, unknown>, boolean]>([
    ["not in a lab", lab(), false],
    ["on machines of one's own", bare(), true],
    ["not where it is turned off", bare({}, {}, { swarm: { autolock: false } }), false],
    ["in a lab that asks for it", lab({ swarm: { autolock: true } }), true],
  ])("managers are locked: %s", (_where, raw, autolock) => expect(parseConfiguration(raw, "prod").swarm.autolock).toBe(autolock));

  it("names every range that hosts must have no route into, without a change for one more planned network", () => {
    const pools = (networks: object[]) => parseConfiguration(lab({ networks }), "dev").pools;
    expect(pools([{ name: "front" }, { name: "back", subnet: "10.144.9.0/24" }])).toEqual(pools([]));
    expect(pools([{ name: "far", subnet: "10.99.0.0/24" }])).toEqual([...pools([]), "10.99.0.0/24"]);
  });

  it("takes a host out of service and finds a zone as a label", () => {
    const configuration = parseConfiguration(
      lab({
        hosts: [
          { name: "m1", role: "manager", address: "10.213.0.11", zone: "a" },
          { name: "w1", address: "10.213.0.12", availability: "drain" },
        ],
        registry: { node: "zone=a" },
      }),
      "dev",
    );
    expect(configuration.hosts[1]!.availability).toBe("drain");
    expect(configuration.registry).toMatchObject({ hosts: ["m1"], constraint: "node.labels.zone == a" });
  });
});

describe("the registry's users", () => {
  const users = (list: unknown) => parseConfiguration(lab({ registry: { node: "m1", users: list } }), "dev").registry.users;
  it("push unless their role is another", () => {
    const longest = "a".repeat(128);
    expect(users(["a", { name: "b.c-d_e" }, { name: "f", role: "pull" }, { name: longest, role: "push" }])).toEqual([
      { name: "a", role: "push" },
      { name: "b.c-d_e", role: "push" },
      { name: "f", role: "pull" },
      { name: longest, role: "push" },
    ]);
  });

  const others = ["", "-a", "a:b", "a b", "ä", "a\n", "a\0", "../a", "a".repeat(129), 7, null, ["a"], {}, { role: "pull" }, { name: "a", role: "PULL" }, { name: "a", role: "delete" }, { name: "a", role: ["pull"] }];
  it("have no other keys", () => {
    const problems = problemsOf(() => users(["first", { name: "a", password: "hunter2", rol: "pull" }]));
    expect(problems).toEqual(['dockyard:registry.users[1].password: unknown key; take it out, or write one of "name" or "role"', 'dockyard:registry.users[1].rol: unknown key; did you mean "role"?']);
  });
  it.each(others.map((user) => [JSON.stringify(user).slice(0, 40), user]))("%s is none", (_, user) => {
    const problems = problemsOf(() => users(["first", user]));
    expect(problems).toHaveLength(1);
    expect(problems[0]).toMatch(/^dockyard:registry\.users\[1\].*; write a login name of up to 128 letters, digits, "\.", "_" and "-", or \{ name: NAME, role: pull \}$/);
  });
});

describe("files that users start from", () => {
  it("Pulumi.dev.yaml is right", () => {
    const configuration = parseConfiguration(keysOf(read("Pulumi.dev.yaml")), "dev");
    expect(configuration.hosts.map(({ name, role }) => `${name} ${role}`)).toEqual(["m1 manager", "m2 manager", "m3 manager"]);
    expect(configuration.applications.map(({ name }) => name)).toEqual(["demo", "voting"]);
  });

  const documentation = read("docs/configuration.md");

  it.each(["lab", "bare", "aws"] as const)("the example for %s in the documentation is right", (source) => {
    const [, yaml] = new RegExp(`\`\`\`yaml ${source}\n([^]*?)\`\`\``).exec(documentation)!;
    expect(parseConfiguration(keysOf(yaml!), "dev").source.kind).toBe(source);
  });

  it("the documentation has a row for every key, and for no other", () => {
    const rows = [...documentation.matchAll(/^\| `([^`]+)` \|/gm)].map(([, key]) => key);
    const all = schemaKeys(ConfigurationSchema).filter((key) => /[.\]]./.test(key));
    const keys = all.filter((key) => !all.some((other) => other.startsWith(`${key}.`)));
    expect(rows.sort()).toEqual(keys.sort());
  });

  it("Pulumi.yaml declares every key, with type and description", () => {
    const declared = (parse(read("Pulumi.yaml")) as { config: Record<string, { type: string; description: string }> }).config;
    const keys = [...Object.keys(ConfigurationSchema.shape), "registryPasswords", "backupPassphrase"].map((key) => `dockyard:${key}`);
    expect(Object.keys(declared).sort()).toEqual(keys.sort());
    for (const { type, description } of Object.values(declared)) {
      expect(["object", "array", "string"]).toContain(type);
      expect(description).toMatch(/\w.{20,}\.$/);
    }
  });
});

describe("the error", () => {
  it("tells all mistakes at once, section by section, without a stack trace", () => {
    const attempt = () =>
      parseConfiguration(
        {
          bogus: 1,
          applications: [{ name: "a", bundle: "" }],
          registry: { node: "m9" },
          hosts: { source: "lab", hosts: [{ name: "m1", address: "10.213.0.11", rol: "manager" }] },
        },
        "dev",
      );
    expect(attempt).toThrow(ConfigurationError);
    expect(problemsOf(attempt)).toEqual([
      'dockyard:hosts.hosts[0].rol: unknown key; did you mean "role"?',
      "dockyard:hosts.hosts: found no manager; give one host, or three, role: manager",
      'dockyard:registry.node: found "m9", which is no host; write "m1", or a label as "name=value"',
      'dockyard:applications[0].bundle: found ""; write the path of a .dab file or of a Compose file, or a list of Compose files',
      'dockyard:bogus: unknown key; take it out, or write one of "hosts", "engine", "pki", "swarm", "registry", "networks", "applications" or "backup"',
    ]);
    try {
      attempt();
    } catch (error) {
      expect((error as Error).stack).toBeUndefined();
      expect((error as Error).message).toMatch(/^the stack's configuration is refused, for 5 reasons:\n {2}dockyard:/);
    }
  });

  it("never repeats what lists and mappings hold, where a secret may have slipped in", () => {
    const problems = problemsOf(() =>
      parseConfiguration(lab({ registry: { node: "m1", users: [{ name: "admin", password: "hunter2" }], pasword: "hunter2" } }), "dev"),
    );
    expect(problems).toHaveLength(2);
    expect(problems.join()).not.toContain("hunter2");
  });
});
