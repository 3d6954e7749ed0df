/* eslint-disable @typescript-eslint/no-require-imports -- components are loaded once more for every run */
import { createHash } from "node:crypto";
import { join } from "node:path";
import { type Application, type ApplicationPlan, planApplication, type Service, type Settings } from "../../components/bundle";
import { type Graph, record } from "../support/mocks";
import { Workspace } from "../support/program";
import { texts } from "../support/wire";

/** One application with all that a bundle and its settings can ask for. */

jest.setTimeout(120_000);
const workspace = new Workspace();
afterAll(() => workspace.remove());

const DIGEST = `example/app@sha256:${"a".repeat(64)}`;
const PASSWORD = "PRIVATE of the database";

const service = (key: string, more: Partial<Service> = {}): Service => ({
  key,
  image: DIGEST,
  command: [],
  args: [],
  environment: [],
  labels: {},
  containerLabels: {},
  exposes: [],
  networks: [],
  run: {},
  ...more,
});

/** "web" waits for the migration, the migration for the database; in the order of the alphabet it is the other way around. */
const shop: Application = {
  services: [
    service("api", {
      networks: ["back"],
      dependsOn: [{ service: "migrate", condition: "completed" }],
      run: { replicas: 2, secrets: [{ source: "password", target: "db-password", mode: 0o400 }], configs: [{ source: "motd" }, { source: "limits", target: "/etc/limits" }] },
    }),
    service("database", { networks: ["back"], run: { secrets: [{ source: "password" }] } }),
    service("migrate", { networks: ["back"], dependsOn: [{ service: "database", condition: "healthy" }], run: { job: true } }),
    service("web", { networks: ["back", "shared"], run: { initialReplicas: 3 } }),
  ],
  networks: [
    { kind: "own", key: "back", internal: true, subnet: "10.99.0.0/24" },
    { kind: "external", key: "shared", network: "platform" },
  ],
  secrets: [
    { key: "password", source: { kind: "fromConfig", key: "shopPassword" } },
    { key: "unused", source: { kind: "file", path: "no such file" } },
  ],
  configs: [
    { key: "limits", source: { kind: "file", path: "limits.conf" } },
    { key: "motd", source: { kind: "inline", content: "welcome" } },
  ],
};

const plan = (application = shop, settings: Settings = {}) => planApplication("shop", application, settings);

/** Makes the application beside a stand-in for the registry's service and with one platform network. */
async function deploy(planned: ApplicationPlan, password = PASSWORD): Promise<Graph> {
  workspace.write("limits.conf", "soft 10\n");
  const program = async (pulumi: typeof import("@pulumi/pulumi")) => {
    const { Application: Deployed } = require("../../components/bundle/application") as typeof import("../../components/bundle/application");
    const { OverlayNetwork } = require("../../components/network/overlay") as typeof import("../../components/network/overlay");
    const registry = { address: "registry.example:5000", login: "mark", service: new pulumi.ComponentResource("dockyard:components:Registry", "registry") };
    const networks = { platform: new OverlayNetwork("platform", { cluster: "c1", name: "platform" }) };
    new Deployed("shop", { cluster: "c1", plan: planned, registry, networks });
  };
  const stack = { config: { "dockyard:shopPassword": password }, secretKeys: ["dockyard:shopPassword"] };
  return (await workspace.within(() => record(program, stack))).graph;
}

const sorted = ({ all }: Graph) => [...all].sort((a, b) => (a.urn < b.urn ? -1 : 1)).map(({ urn, wire, dependencies }) => ({ urn, wire, dependencies: [...dependencies].sort() }));
const before = (graph: Graph, kind: string, name: string) =>
  [...graph.before(graph.one(kind, name))].filter(({ type }) => /:(Service|Job)$/.test(type)).map(({ name: other }) => other).sort();

let graph: Graph;
beforeAll(async () => {
  graph = await deploy(plan());
});

test("a job is a Job, and everything else a Service", () => {
  expect(graph.ofType("swarm:Job").map(({ name }) => name)).toEqual(["shop-migrate"]);
  expect(graph.ofType("swarm:Service").map(({ name }) => name).sort()).toEqual(["shop-api", "shop-database", "shop-web"]);
});

test("services wait for what they depend on, and for nothing else", () => {
  expect(before(graph, "swarm:Service", "shop-api")).toEqual(["shop-database", "shop-migrate"]);
  expect(before(graph, "swarm:Job", "shop-migrate")).toEqual(["shop-database"]);
  expect(before(graph, "swarm:Service", "shop-database")).toEqual([]);
  expect(before(graph, "swarm:Service", "shop-web")).toEqual([]);
});

test("what each service is given is what the plan says", () => {
  for (const { key, name, spec, job, initialReplicas } of plan().services) {
    const { cluster, image, networks: _networks, secrets: _secrets, configs: _configs, ...rest } = graph.one(job ? "swarm:Job" : "swarm:Service", `shop-${key}`).inputs;
    expect({ cluster, image }).toEqual({ cluster: "c1", image: DIGEST });
    expect(rest).toEqual(JSON.parse(JSON.stringify({ ...spec, initialReplicas, name })));
  }
  expect(graph.one("swarm:Service", "shop-web").inputs).toMatchObject({ initialReplicas: 3 });
});

test("networks are the application's own or the platform's", () => {
  expect(graph.one("swarm:Network", "shop-back").inputs).toEqual({
    cluster: "c1", name: "shop_back", subnet: "10.99.0.0/24", internal: true, attachable: false, labels: { "com.docker.stack.namespace": "shop" },
  });
  expect(graph.ofType("swarm:Network")).toHaveLength(2);
  expect(graph.one("swarm:Service", "shop-web").inputs["networks"]).toEqual([
    { id: "shop-back.Network", aliases: ["web"] },
    { id: "platform.Network", aliases: ["web"] },
  ]);
});

test("mounted secrets and configs name the objects that are made", () => {
  const { secrets, configs } = graph.one("swarm:Service", "shop-api").inputs;
  const made = (kind: string, name: string) => ({ id: graph.one(kind, name).id, name: graph.one(kind, name).inputs["name"], uid: "0", gid: "0" });
  expect(secrets).toEqual([{ ...made("swarm:Secret", "shop-secret-password"), target: "db-password", mode: 0o400 }]);
  expect(configs).toEqual([
    { ...made("swarm:Config", "shop-config-limits"), target: "/etc/limits", mode: 0o444 },
    { ...made("swarm:Config", "shop-config-motd"), target: "motd", mode: 0o444 },
  ]);
  expect(graph.one("swarm:Service", "shop-web").inputs).not.toHaveProperty("secrets");
});

test("only what is mounted is made, once for all who mount it", () => {
  expect(graph.ofType("swarm:Secret").map(({ name }) => name)).toEqual(["shop-secret-password"]);
  expect(graph.one("swarm:Secret").inputs).toMatchObject({ cluster: "c1", data: PASSWORD, labels: { "com.docker.stack.namespace": "shop" } });
  expect(graph.one("swarm:Config", "shop-config-limits").inputs["data"]).toBe("soft 10\n");
});

test("a secret's data is secret also where it comes from a plain file", async () => {
  const fromFile = await deploy(plan({ ...shop, secrets: [{ key: "password", source: { kind: "file", path: "limits.conf" } }] }));
  expect(fromFile.one("swarm:Secret")).toMatchObject({ inputs: { data: "soft 10\n" }, masked: { data: "[secret]" } });
});

test("a config's data is secret in the state, wherever it comes from, and its name stays what it was", () => {
  const configs = graph.ofType("swarm:Config").map(({ inputs, masked }) => [inputs["name"], masked["data"]]);
  const hash = (content: string) => createHash("sha256").update(content).digest("hex").slice(0, 12);
  expect(configs.sort()).toEqual([[`shop_limits-${hash("soft 10\n")}`, "[secret]"], [`shop_motd-${hash("welcome")}`, "[secret]"]]);
});

test("a secret's data is nowhere in the clear", () => {
  expect(graph.one("swarm:Secret").masked["data"]).toBe("[secret]");
  expect(graph.all.flatMap(({ masked, outputs }) => texts([masked, outputs])).filter((text) => text.includes(PASSWORD))).toEqual([]);
});

test("other content is another object, and a change of those who mount it alone", async () => {
  const after = await deploy(plan(), "another password");
  const name = (of: Graph) => of.one("swarm:Secret").inputs["name"] as string;
  expect(name(graph)).toMatch(/^shop_password-[0-9a-f]{12}$/);
  expect(name(after)).toMatch(/^shop_password-[0-9a-f]{12}$/);
  expect(name(after)).not.toBe(name(graph));
  const changed = graph.all.filter(({ urn, wire }) => JSON.stringify(wire) !== JSON.stringify(after.all.find((other) => other.urn === urn)!.wire));
  expect(changed.map((resource) => resource.name).sort()).toEqual(["shop-api", "shop-database", "shop-secret-password"]);
});

test("a plan in another order gives the same", async () => {
  const { services, networks, secrets, configs, stack } = plan();
  const reversed = <T>(list: readonly T[]) => [...list].reverse();
  const other = { stack, services: reversed(services), networks: reversed(networks), secrets: reversed(secrets), configs: reversed(configs) };
  expect(sorted(await deploy(other))).toEqual(sorted(graph));
});

test("images from archives are pushed once per repository, after the registry is there", async () => {
  const archive = join(workspace.folder, ".dockyard/images/standin.tar");
  const relocate = { [DIGEST]: { archive, repository: "shop/app" } };
  const relocated = await deploy(plan(shop, { relocate }));
  const image = relocated.one("registry:Image");
  expect(image).toMatchObject({ name: "shop-shop/app", inputs: { source: { archive }, repository: "shop/app", registry: "registry.example:5000" } });
  const users = [...relocated.ofType("swarm:Service"), ...relocated.ofType("swarm:Job")];
  expect(users.map(({ inputs }) => inputs["image"])).toEqual(users.map(() => `registry.example:5000/shop/app@sha256:${image.inputs["content"]}`));
  expect(users.map((user) => relocated.before(user).has(image))).toEqual([true, true, true, true]);

  workspace.write(".dockyard/images/standin.tar", "another build");
  expect((await deploy(plan(shop, { relocate }))).one("registry:Image").inputs["content"]).not.toBe(image.inputs["content"]);
});

test("a secret from outside keeps its name and is given no content", async () => {
  const external = await deploy(plan({ ...shop, secrets: [{ key: "password", source: { kind: "external", name: "theirs" } }] }));
  expect(external.one("swarm:Secret").inputs).toEqual({ cluster: "c1", name: "theirs", external: true });
  expect(external.one("swarm:Service", "shop-database").inputs["secrets"]).toMatchObject([{ name: "theirs", id: external.one("swarm:Secret").id }]);
});

describe("is refused, with where to put it right:", () => {
  const withSecret = (source: NonNullable<Application["secrets"]>[number]["source"]) => plan({ ...shop, secrets: [{ key: "password", source }] });

  test.each([
    ["a file that is not there", { kind: "file" as const, path: "no/such" }, "its file no/such cannot be read (ENOENT); put it there, or name another"],
    ["a variable that is not set", { kind: "environment" as const, variable: "NOT_SET_ANYWHERE" }, "the environment has no variable NOT_SET_ANYWHERE"],
    ["a variable that the run logs in with", { kind: "environment" as const, variable: "AWS_SECRET_ACCESS_KEY" }, "hold the run's own access, and no application gets them"],
    ["a key that the stack does not have", { kind: "fromConfig" as const, key: "other" }, "pulumi config set --secret other"],
  ])("%s", async (_what, source, says) => {
    const attempt = deploy(withSecret(source));
    await expect(attempt).rejects.toThrow("secret password of application shop");
    await expect(attempt).rejects.toThrow(says);
  });
});
