import fc from "fast-check";
import { parseConfiguration } from "../../../components/config";
import { HOST_KEY, problemsOf } from "./samples";

type Tree = Record<string, unknown>;
type Path = (string | number)[];

const word = fc.stringMatching(/^[a-z][a-z0-9]{0,8}$/);
const optional = <T>(key: string, value: fc.Arbitrary<T>) =>
  fc.option(value, { nil: undefined }).map((found) => (found === undefined ? {} : { [key]: found }));
const merged = (...parts: fc.Arbitrary<object>[]) => fc.tuple(...parts).map((list) => Object.assign({}, ...list) as Tree);

/** What a host of either source may have beside its name and address. */
const common = merged(
  optional("zone", word),
  optional(
    "labels",
    fc.dictionary(
      word.map((name) => `l-${name}`),
      fc.oneof(word, fc.boolean(), fc.nat(99)),
      { maxKeys: 3 },
    ),
  ),
  optional("availability", fc.constantFrom("active", "pause")),
);
const roles = fc
  .tuple(fc.integer({ min: 0, max: 2 }), fc.nat(4))
  .map(([pairs, workers]) => [
    ...Array.from({ length: 2 * pairs + 1 }, () => "manager"),
    ...Array.from({ length: workers }, () => "worker"),
  ]);

const hosts = fc
  .tuple(fc.constantFrom("lab", "bare"), roles, fc.array(common, { minLength: 9, maxLength: 9 }))
  .map(([source, list, more]): Tree => ({
    source,
    hosts: list.map((role, index) => ({
      ...more[index],
      // The registry stays on the first one.
      ...(index === 0 && { availability: "active" }),
      name: `h${index}`,
      role,
      address: source === "lab" ? `10.213.0.${11 + index}` : `10.0.${index}.7`,
      ...(source === "bare" && { hostKey: HOST_KEY, port: 22 + index }),
    })),
  }));
const swarm = merged(
  optional("subnetSize", fc.integer({ min: 20, max: 28 })),
  optional("taskHistory", fc.nat(10)),
  optional("loadBalancing", fc.constantFrom("vip", "dnsrr")),
  optional("timeouts", optional("boot", fc.constant("90s"))),
);
const networks = fc
  .uniqueArray(word, { maxLength: 4 })
  .map((list) => list.map((name, index) => ({ name: `n-${name}`, subnet: `10.99.${index}.0/24`, attachable: true })));
const applications = fc
  .uniqueArray(word, { maxLength: 3 })
  .map((list) => list.map((name) => ({ name: `a-${name}`, bundle: `bundles/${name}.dab` })));

const configurations = fc
  .tuple(hosts, swarm, networks, applications)
  .map(([hosts, swarm, networks, applications]): Tree => ({
    hosts,
    engine: { package: "docker", daemon: { debug: true } },
    swarm,
    registry: { node: "h0", port: 5001, users: ["ci"] },
    networks,
    applications,
  }));

/** Every value of a tree with its path; what is below `daemon` is the engine's to judge. */
function paths(value: unknown, path: Path = []): Path[] {
  if (path.at(-1) === "daemon" || typeof value !== "object" || value === null) return [path];
  const below = Array.isArray(value)
    ? value.map((item, index) => paths(item, [...path, index]))
    : Object.entries(value).map(([key, item]) => paths(item, [...path, key]));
  return [...(path.length > 0 ? [path] : []), ...below.flat()];
}

function changed(tree: Tree, path: Path, change: (parent: Record<string | number, unknown>, key: string | number) => void): Tree {
  const copy = structuredClone(tree);
  change(
    path.slice(0, -1).reduce<Record<string | number, unknown>>((at, part) => at[part] as Record<string | number, unknown>, copy),
    path.at(-1)!,
  );
  return copy;
}

const text = (path: Path) =>
  `dockyard:${path.map((part, index) => (typeof part === "number" ? `[${part}]` : `${index > 0 ? "." : ""}${/^[\w-]+$/.test(part) ? part : JSON.stringify(part)}`)).join("")}`;
const refusals = (tree: Tree) => problemsOf(() => parseConfiguration(tree, "dev"));

describe("whatever the configuration", () => {
  it("one that is right is taken, with each host's name, role and address", () => {
    fc.assert(
      fc.property(configurations, (tree) => {
        const parsed = parseConfiguration(tree, "dev");
        const written = (tree["hosts"] as { hosts: Tree[] }).hosts;
        expect(parsed.hosts.map(({ name, role, advertiseAddress }) => [name, role, advertiseAddress])).toEqual(
          written.map(({ name, role, address }) => [name, role, address]),
        );
        expect(parsed.networks).toHaveLength((tree["networks"] as unknown[]).length);
      }),
    );
  });

  it("a value of an impossible kind is refused by its path", () => {
    // No key takes a number with a fraction, and none an object in place of it either.
    fc.assert(
      fc.property(configurations, fc.nat(), fc.constantFrom<unknown>(1.5, null, [[1.5]]), (tree, which, wrong) => {
        const all = paths(tree);
        const path = all[which % all.length]!;
        const problems = refusals(changed(tree, path, (parent, key) => (parent[key] = wrong)));
        const at = text(path);
        expect(problems.some((line) => line.startsWith(`${at}: `) || line.startsWith(`${at}[0]`))).toBe(true);
      }),
      { numRuns: 300 },
    );
  });

  it("an unknown key is refused by its path, and nothing else with it", () => {
    fc.assert(
      fc.property(configurations, fc.nat(), (tree, which) => {
        const mappings = paths(tree).filter((path) => {
          const value = path.reduce<unknown>((at, part) => (at as Tree)[part], tree);
          return typeof value === "object" && !Array.isArray(value) && !["labels", "daemon"].includes(String(path.at(-1)));
        });
        const path = [...mappings[which % mappings.length]!, "zzzzzzzzzz"];
        const problems = refusals(changed(tree, path, (parent, key) => (parent[key] = "secret")));
        expect(problems).toHaveLength(1);
        expect(problems[0]).toMatch(/: unknown key; take it out, or write one of /);
        expect(problems[0]!.startsWith(`${text(path)}: `)).toBe(true);
        expect(problems[0]).not.toContain('"secret"');
      }),
      { numRuns: 200 },
    );
  });

  it("a copied host is refused by its name and its address", () => {
    fc.assert(
      fc.property(configurations, fc.nat(), (tree, which) => {
        const list = (tree["hosts"] as { hosts: Tree[] }).hosts;
        const copied = { ...list[which % list.length], role: "worker" };
        const problems = refusals(changed(tree, ["hosts", "hosts"], (parent, key) => (parent[key] = [...list, copied])));
        expect(problems.map((line) => line.split(":", 2).join(":"))).toEqual([
          `dockyard:hosts.hosts[${list.length}].name`,
          `dockyard:hosts.hosts[${list.length}].address`,
        ]);
      }),
    );
  });
});
