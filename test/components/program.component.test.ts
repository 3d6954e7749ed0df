import { stringify } from "yaml";
import { loadPlan } from "../../components/bundle";
import { detectCgroup, hostContainerOptions } from "../../lab/hostContainer";
import { checkInputs } from "../../provider/check";
import { checkConfiguration, type RegistryLogin } from "../../provider/configuration";
import { kinds } from "../../provider/kinds";
import { fromWire } from "../../provider/wire";
import { ROOT } from "../support/kinds";
import { type Graph, type Registration } from "../support/mocks";
import { devConfiguration, type StackConfiguration, withWorkers, Workspace } from "../support/program";
import { texts, withSecrets } from "../support/wire";
import { HOST_KEY } from "./config/samples";

/** The whole program, index.ts, with the configuration of a stack. */

jest.setTimeout(120_000);
const workspace = new Workspace();
afterAll(() => workspace.remove());

/** Machines of one's own; the registry's host has another address among the hosts than for SSH. */
function bare(): StackConfiguration {
  return {
    ...devConfiguration(),
    hosts: {
      source: "bare",
      hosts: [
        { name: "m1", role: "manager", address: "192.0.2.11", privateAddress: "10.9.0.11", user: "admin", keyFile: "/keys/m1", hostKey: HOST_KEY, labels: { registry: "true", storage: "true" } },
        { name: "w1", role: "worker", address: "192.0.2.12", privateAddress: "10.9.0.12", hostKey: HOST_KEY },
      ],
    },
  };
}

const REGISTRY = "registry.dev.dockyard.internal:5000";

let lab: Graph;
let ofBare: Graph;
beforeAll(async () => {
  ({ graph: lab } = await workspace.run(withWorkers()));
  ({ graph: ofBare } = await workspace.run(bare()));
});

const isOurs = ({ type }: Registration) => /^dockyard:(hosts|swarm|registry):/.test(type);
const names = (resources: Iterable<Registration>) => [...resources].map(({ name }) => name).sort();

describe("what the program asks the provider for", () => {
  test.each([["lab", () => lab], ["bare", () => ofBare]])("is what the provider takes (%s)", (_source, graph) => {
    const ours = graph().all.filter(isOurs);
    expect(ours.length).toBeGreaterThan(20);
    const failures = ours.flatMap(({ type, name, wire }) => {
      const kind = kinds.find((each) => each.type === type)!;
      const struct = { toJavaScript: () => wire } as unknown as Parameters<typeof fromWire>[0];
      return checkInputs(kind, fromWire(struct)).map((failure) => `${type} ${name}: ${failure.property} ${failure.reason}`);
    });
    expect(failures).toEqual([]);
    expect(checkConfiguration(graph().one("providers:dockyard").inputs)).toEqual([]);
  });

  test("goes through the explicit provider, all of it", () => {
    const { urn, id } = lab.one("providers:dockyard");
    expect(lab.all.filter((resource) => isOurs(resource) && resource.provider !== `${urn}::${id}`)).toEqual([]);
  });

  test("is left to the provider's own word on the order of replacement", () => {
    expect(lab.all.filter(isOurs).filter(({ deleteBeforeReplace }) => deleteBeforeReplace !== undefined)).toEqual([]);
  });

  test("goes to the managers only, in the order of the configuration, with the registry's login", () => {
    const { inputs } = lab.one("providers:dockyard");
    expect(JSON.parse(inputs["managers"]).map(({ address }: { address: string }) => address)).toEqual(["10.213.0.11", "10.213.0.12", "10.213.0.13"]);
    expect(JSON.parse(inputs["registries"])).toEqual({
      [REGISTRY]: { username: "dockyard-pull", password: expect.stringMatching(/^[\w-]{43}$/), push: { username: "dockyard", password: expect.stringMatching(/^[\w-]{43}$/) } },
    });
    expect(JSON.parse(ofBare.one("providers:dockyard").inputs["managers"])).toEqual([{ name: "m1", address: "192.0.2.11", port: 22, user: "admin", keyFile: "/keys/m1", hostKey: HOST_KEY }]);
  });
});

describe("the owner", () => {
  const OWNER = { id: "0123456789abcdef", name: "dockyard/dev@desk" };

  test.each([["lab", () => lab], ["bare", () => ofBare]])("is made once, before anything of ours, and kept (%s)", (_source, graph) => {
    const kept = graph().one("index:Stash");
    expect(kept).toMatchObject({ name: "owner", dependencies: [], ignoreChanges: ["input"] });
    const provider = graph().one("providers:dockyard");
    expect(graph().before(provider)).toContain(kept);
    expect(graph().all.filter(isOurs).filter((resource) => resource.provider !== `${provider.urn}::${provider.id}`)).toEqual([]);
  });

  test.each([["lab", () => lab], ["bare", () => ofBare]])("stands in the provider's configuration, and in what makes the Swarm (%s)", (_source, graph) => {
    expect(JSON.parse(graph().one("providers:dockyard").inputs["owner"])).toEqual(OWNER);
    expect(graph().one("swarm:Cluster").inputs["owner"]).toEqual(OWNER);
  });

  test("is no secret, and the program tells it", async () => {
    const { outputs } = await workspace.run(bare());
    expect(outputs).toMatchObject({ owner: OWNER });
  });

  test.each([["lab", () => lab], ["bare", () => ofBare]])("is asked for at every host before one is changed (%s)", (_source, graph) => {
    const hosts = graph().ofType("hosts:Host");
    const changing = [...graph().ofType("hosts:Login"), ...graph().ofType("hosts:Trust"), ...graph().ofType("hosts:Engine"), ...graph().ofType("registry:Access"), ...graph().ofType("swarm:Cluster"), ...graph().ofType("swarm:Node")];
    for (const resource of changing) expect([...graph().before(resource)]).toEqual(expect.arrayContaining(hosts));
  });
});

describe("secrets", () => {
  test.each([["lab", () => lab], ["bare", () => ofBare]])("stand on the wire as secrets wherever they stand (%s)", (_source, graph) => {
    const marked = graph().all.flatMap(({ wire }) => collect(wire));
    // A document with a secret in it (the registry's configuration, a login) is one secret; its parts are no less.
    const { password, push } = JSON.parse(graph().one("providers:dockyard").inputs["registries"])[REGISTRY] as RegistryLogin;
    expect(push!.password).not.toBe(password);
    const secrets = new Set([...marked, password, push!.password].filter((text) => text.length > 8));
    expect(secrets.size).toBeGreaterThan(5);
    const open = graph().all.flatMap(({ urn, masked, outputs }) => texts([masked, withSecrets(outputs, () => "")]).map((text) => ({ urn, text })));
    expect(open.filter(({ text }) => text.includes("PRIVATE") || [...secrets].some((secret) => text.includes(secret)))).toEqual([]);
  });

  test("are the data of Swarm secrets, the provider's key and logins", () => {
    const data = lab.ofType("swarm:Secret").map(({ masked }) => masked["data"]);
    expect(data).toEqual(data.map(() => "[secret]"));
    expect(lab.one("providers:dockyard").masked).toMatchObject({ privateKey: "[secret]", registries: "[secret]", managers: expect.stringContaining("hostKey") });
  });

  test("are not in the names of what holds them, which a preview shows", () => {
    const named = [...lab.ofType("swarm:Secret"), ...lab.ofType("swarm:Config")];
    expect(named.map(({ masked }) => masked["name"])).toEqual(named.map(() => expect.stringMatching(/^dockyard-registry-(tls-key|htpasswd|config-yml|tls-crt)-[0-9a-f]{12}$/)));
  });

  function collect(value: unknown): string[] {
    const found: string[] = [];
    withSecrets(value, (secret) => found.push(...texts(secret)));
    return found;
  }
});

describe("the authority", () => {
  test("is protected where machines outlive the stack, and not in the laboratory", () => {
    const root = ["ca-key", "ca-root"];
    expect(names(ofBare.all.filter(({ protect }) => protect))).toEqual(root);
    expect(names(lab.all.filter(({ protect }) => protect))).toEqual([]);
  });

  test("signs servers alone, no further authority; a root of an earlier version is not made anew for it", () => {
    expect(lab.one("SelfSignedCert")).toMatchObject({ inputs: { isCaCertificate: true, maxPathLength: 0 }, ignoreChanges: ["maxPathLength"] });
    expect(lab.one("LocallySignedCert").inputs["isCaCertificate"]).toBeUndefined();
  });

  test("is trusted by every engine for exactly the registry's address, whose name leads to the registry's host", () => {
    const [engines, trusting] = [lab.ofType("hosts:Engine"), lab.ofType("hosts:Trust")];
    expect(names(engines)).toEqual(["m1", "m2", "m3", "w1", "w2"]);
    expect(names(trusting)).toEqual(names(engines));
    for (const { inputs } of trusting) expect(inputs).toMatchObject({ registry: REGISTRY, certificate: ROOT });
    for (const { inputs } of engines) expect(inputs["names"]).toEqual({ "registry.dev.dockyard.internal": "10.213.0.11" });
    for (const { inputs } of ofBare.ofType("hosts:Engine")) expect(inputs["names"]).toEqual({ "registry.dev.dockyard.internal": "10.9.0.11" });
  });

  test("signs the registry's certificate for the registry's name", () => {
    expect(lab.one("CertRequest").inputs["dnsNames"]).toEqual(["registry.dev.dockyard.internal"]);
    expect(lab.one("LocallySignedCert").inputs).toMatchObject({ caCertPem: ROOT, caPrivateKeyPem: "PRIVATE pem ca-key", certRequestPem: "request ca-registry-request" });
  });
});

describe("the laboratory", () => {
  test("runs containers with the options that a host needs", () => {
    const options = hostContainerOptions(detectCgroup());
    expect(lab.ofType("Container")).toHaveLength(5);
    for (const { inputs, name } of lab.ofType("Container")) {
      const host = name.replace("lab-", "");
      expect(inputs).toMatchObject(options);
      expect(inputs["volumes"]).toEqual([{ containerPath: "/var/lib/docker", volumeName: `dockyard-dev-${host}` }]);
      expect(inputs).toMatchObject({ name: `dockyard-dev-${host}`, hostname: host, labels: [{ label: "dockyard.stack", value: "dev" }] });
      expect(inputs["privileged"]).toBeUndefined();
    }
  });

  test("leaves hosts that are there as they were made: another capability or profile would be another container", () => {
    for (const { ignoreChanges } of lab.ofType("Container")) expect([...ignoreChanges].sort()).toEqual(["capabilities", "cgroupnsMode", "securityOpts", "volumes"]);
  });

  test("replaces its bridge and its containers by deleting first: their names and addresses exist once", () => {
    const first = lab.all.filter(({ deleteBeforeReplace }) => deleteBeforeReplace === true);
    expect(new Set(first.map(({ type }) => type))).toEqual(new Set(["docker:index/network:Network", "docker:index/container:Container"]));
    expect(first).toHaveLength(6);
  });

  test("keeps its hosts' keys apart", () => {
    const keys = lab.ofType("Container").map(({ inputs }) => inputs["uploads"][0].content);
    expect(new Set(keys).size).toBe(5);
    expect(new Set(lab.ofType("hosts:Host").map(({ inputs }) => inputs["connection"].hostKey)).size).toBe(5);
  });

  test("is told apart from other machines at the same address by its container", () => {
    for (const { inputs, name } of lab.ofType("hosts:Host")) expect(inputs["instance"]).toBe(lab.one("Container", `lab-${name}`).id);
    for (const { inputs } of ofBare.ofType("hosts:Host")) expect(inputs["instance"]).toBeUndefined();
  });

  test("takes engines along with their machines; other hosts get back what was their own", () => {
    for (const { deletedWith, name } of lab.ofType("hosts:Engine")) expect(deletedWith).toBe(lab.one("Container", `lab-${name}`).urn);
    expect(ofBare.all.filter(({ deletedWith }) => deletedWith !== "")).toEqual([]);
  });

  test("leaves nothing of itself in a stack of bare machines", () => {
    expect(ofBare.all.filter(({ type }) => /docker:index|:Lab$/.test(type))).toEqual([]);
    expect(ofBare.one("providers:dockyard").inputs["privateKey"]).toBeUndefined();
  });
});

describe("state", () => {
  test("holds no arguments of components", () => {
    const components = lab.all.filter(({ custom }) => !custom);
    expect(components.length).toBeGreaterThan(8);
    expect(components.map(({ wire }) => wire)).toEqual(components.map(() => ({})));
    expect(components.filter(({ outputs }) => outputs === undefined)).toEqual([]);
  });

  test("holds every resource below a component, but for the provider, its owner and the seed of passwords", () => {
    const outside = lab.all.filter(({ custom, parent }) => custom && parent === "");
    expect(names(outside)).toEqual(["dockyard", "owner", "registry-passwords"]);
  });

  test("names children after their parents, hosts' resources after the host", () => {
    const hosts = withWorkers()["hosts"].hosts.map(({ name }: { name: string }) => name);
    const stray = lab.all.filter(({ name, parent }) => parent !== "" && !hosts.includes(name) && !name.startsWith(parent.split("::").at(-1)!));
    expect(names(stray)).toEqual([]);
  });
});

test("services carry the plan's specification as it is", async () => {
  const plans = await workspace.within(async () =>
    ["demo", "voting"].map((name) => loadPlan(name, { bundle: `bundles/${name}/${name}.dab`, settings: `bundles/${name}/settings.dev.yaml` }, { endpointMode: "dnsrr" })),
  );
  const planned = plans.flatMap(({ stack, services }) => services.map((service) => ({ ...service, resource: `${stack}-${service.key}` })));
  expect(planned).toHaveLength(8);
  for (const { resource, name, spec } of planned) {
    const { cluster, image, networks, secrets: _secrets, configs: _configs, ...rest } = lab.one("swarm:Service", resource).inputs;
    const labels = { ...spec.labels, "dockyard.registry-login": expect.stringMatching(/^[0-9a-f]{16}$/) };
    expect(rest).toEqual({ ...JSON.parse(JSON.stringify({ ...spec, name })), labels });
    expect(image).toMatch(new RegExp(`^${REGISTRY}/.+@sha256:[0-9a-f]{64}$`));
    expect(cluster).toBe(lab.one("swarm:Cluster").id);
    const known = lab.ofType("swarm:Network").map(({ id }) => id);
    expect(networks.filter(({ id }: { id: string }) => !known.includes(id))).toEqual([]);
    expect(networks).not.toHaveLength(0);
  }
});

/** To read in a review: what a change of the program changes for the stack "dev". Behaviour is held by the tests above. */
test("all of the stack \"dev\"", async () => {
  const { graph, outputs } = await workspace.run(devConfiguration());
  const resources = graph.all
    .filter(({ custom }) => custom)
    .map(({ type, name, masked, protect, deleteBeforeReplace, deletedWith }) => {
      const after = deletedWith.split("::").slice(2).join(" ");
      const options = { ...(protect && { protect }), ...(deleteBeforeReplace !== undefined && { deleteBeforeReplace }), ...(after && { deletedWith: after }) };
      return [`${type} ${name}`, { inputs: onAnyMachine(type, masked), ...options }] as const;
    })
    .sort(([a], [b]) => (a < b ? -1 : 1));
  expect(stringify({ outputs, resources: Object.fromEntries(resources) }, { lineWidth: 160, sortMapEntries: true, aliasDuplicateObjects: false })).toMatchSnapshot();
});

/** How a container boots, and which calls of the kernel it may make, depend on the control groups of the machine that runs it. */
function onAnyMachine(type: string, inputs: Record<string, unknown>): Record<string, unknown> {
  return type.endsWith(":Container") ? { ...inputs, command: "(see lab/hostContainer.ts)", securityOpts: "(see lab/hostContainer.ts)" } : inputs;
}
