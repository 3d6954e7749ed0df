import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import { ApplicationPlan, loadPlan, loadSettings, publishedPortClashes } from "../../../components/bundle";
import { ServiceInputs } from "../../../provider/swarm/service/inputs";
import { failureOf } from "./failure";

const bundles = join(__dirname, "../../../bundles");
const example = (name: string): ApplicationPlan =>
  loadPlan(name, { bundle: join(bundles, name, `${name}.dab`), settings: join(bundles, name, "settings.dev.yaml") });
const published = ({ services }: ApplicationPlan): string[] =>
  services.flatMap(({ key, spec }) => (spec.ports ?? []).map((port) => `${key} ${port.published}->${port.target} ${port.mode}`));

test("the demo", () => {
  const plan = example("demo");
  expect(plan.networks.map((network) => network.key)).toEqual(["app"]);
  expect(plan.services.map(({ name, spec, image }) => [name, spec.replicas, image])).toEqual([
    ["demo_api", 2, { kind: "archive", archive: ".dockyard/images/demo-api.tar", repository: "demo/api" }],
    ["demo_store", 1, { kind: "archive", archive: ".dockyard/images/demo-store.tar", repository: "demo/store" }],
    ["demo_web", 2, { kind: "archive", archive: ".dockyard/images/demo-web.tar", repository: "demo/web" }],
  ]);
  expect(published(plan)).toEqual(["web 8080->8080 host"]);
  expect(plan.services[1]!.spec).toMatchObject({ placement: { constraints: ["node.labels.storage == true"] }, mounts: [{ source: "demo_data", target: "/data" }] });
});

test("exactly one host of the stack dev takes the demo's store", () => {
  const stack = parse(readFileSync(join(__dirname, "../../../Pulumi.dev.yaml"), "utf8")) as { config: { "dockyard:hosts": { hosts: { labels?: { storage?: string } }[] } } };
  expect(stack.config["dockyard:hosts"].hosts.filter((host) => host.labels?.storage === "true")).toHaveLength(1);
});

test("the voting application, with stand-ins", () => {
  const plan = example("voting");
  const archive = ".dockyard/images/standin.tar";
  expect(plan.services.map(({ name, image }) => [name, image])).toEqual(
    ["db", "redis", "result", "vote", "worker"].map((key) => [`voting_${key}`, { kind: "archive", archive, repository: `voting/${key}` }]),
  );
  expect(published(plan)).toEqual(["result 5001->80 host", "vote 5002->80 host"]);
});

test("the shop, from its Compose file", () => {
  const notices: string[] = [];
  const files = { bundle: join(bundles, "shop/compose.yaml"), settings: join(bundles, "shop/settings.dev.yaml") };
  const plan = loadPlan("shop", files, { environment: {}, notice: (line) => notices.push(line) });
  expect(plan.services.map(({ key, job, dependsOn }) => [key, job, dependsOn])).toEqual([
    ["api", false, ["migrate"]],
    ["mail", false, []],
    ["migrate", true, ["store"]],
    ["store", false, []],
    ["web", false, ["api"]],
  ]);
  expect(published(plan)).toEqual(["mail 8091->80 host", "web 8090->8080 host"]);
  // Nothing in an example is there to be ignored.
  expect(notices.filter((line) => !line.startsWith("Loading") && !line.includes("deploy.replicas"))).toEqual([]);
  expect(publishedPortClashes([plan, example("demo"), example("voting")])).toEqual([]);
});

test("both run beside each other and the platform's registry, without IP_VS", () => {
  const plans = [example("demo"), example("voting")];
  const registry = { stack: "dockyard", services: [{ key: "registry", spec: { ports: [{ target: 5000, published: 5000, mode: "host" as const }] } }] };
  expect(publishedPortClashes([...plans, registry])).toEqual([]);
  for (const { spec } of plans.flatMap((plan) => plan.services)) {
    expect(spec.endpointMode).toBe("dnsrr");
    ServiceInputs.parse({ ...spec, cluster: "c", image: "i" });
  }
});

test("the voting bundle is the published one, to the byte", () => {
  const fixture = join(__dirname, "../../fixtures/dab/kompose-voting.dab");
  expect(readFileSync(join(bundles, "voting/voting.dab")).equals(readFileSync(fixture))).toBe(true);
});

test("a settings file that is not there", () => {
  expect(failureOf(() => loadSettings("no/settings.yaml"))).toBe("settings no/settings.yaml: there is no such file; write one, or correct the path");
});
