import * as fc from "fast-check";
import { stringify } from "yaml";
import { readCompose } from "../../../../components/bundle/compose/read";
import { planApplication, PlanOptions } from "../../../../components/bundle/plan";
import { parseSettings } from "../../../../components/bundle/settings/parse";
import { ServiceInputs } from "../../../../provider/swarm/service/inputs";
import { problemsOf } from "./reading";

const anyImage: PlanOptions = { resolveImage: (image) => ({ kind: "digest", reference: image }) };
const plan = (text: string, settings = "") => planApplication("demo", readCompose([{ path: "c.yaml", text }], { variables: { S2: { environment: "S2" } } }).application, parseSettings(settings, "s.yaml"), anyImage);

const name = fc.stringMatching(/^[a-z][a-z0-9]{0,4}$/);
const environment = fc.dictionary(name, fc.oneof(fc.string({ maxLength: 5 }).map((text) => text.replaceAll("$", "$$$$")), fc.integer(), fc.boolean(), fc.constant(null)), { maxKeys: 4 });

const service = fc.record(
  {
    image: fc.constant("i"),
    environment,
    labels: fc.dictionary(name, name, { maxKeys: 3 }),
    expose: fc.uniqueArray(fc.integer({ min: 1, max: 9 }), { maxLength: 3 }),
    ports: fc.uniqueArray(fc.integer({ min: 1, max: 65535 }), { maxLength: 3 }),
    volumes: fc.uniqueArray(fc.constantFrom("data:/a", "/b", "/srv:/c:ro"), { maxLength: 3 }),
    tmpfs: fc.uniqueArray(fc.constantFrom("/t", "/u:size=1m"), { maxLength: 2 }),
    networks: fc.uniqueArray(fc.constantFrom("front", "back"), { maxLength: 2 }),
    secrets: fc.uniqueArray(fc.constantFrom("s1", "s2"), { maxLength: 2 }),
    cap_add: fc.uniqueArray(fc.constantFrom("NET_ADMIN", "sys_time"), { maxLength: 2 }),
    sysctls: fc.dictionary(name, name, { maxKeys: 2 }),
    extra_hosts: fc.dictionary(name, fc.constant("10.0.0.1"), { maxKeys: 2 }),
    deploy: fc.record({ replicas: fc.nat(5), labels: fc.dictionary(name, name, { maxKeys: 2 }), placement: fc.record({ constraints: fc.uniqueArray(fc.constantFrom("node.role==worker", "node.labels.a==1"), { maxLength: 2 }) }) }, { requiredKeys: [] }),
  },
  { requiredKeys: ["image"] },
);
const files = fc.dictionary(name, service, { minKeys: 1, maxKeys: 5 }).map((services) => ({
  services,
  networks: { front: {}, back: { internal: true } },
  volumes: { data: {} },
  secrets: { s1: { file: "f1" }, s2: { environment: "S2" } },
}));

/** Blocks and lists the other way round; none of the lists above has a meaning in its order. */
function reversed(value: unknown): unknown {
  if (Array.isArray(value)) return [...value].reverse().map(reversed);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).reverse().map(([key, item]) => [key, reversed(item)]));
}

/** Lists of names and values instead of blocks. */
function told(value: unknown): unknown {
  const pairs = (block: Record<string, unknown>) => Object.entries(block).map(([key, item]) => (item === null ? key : `${key}=${String(item)}`));
  const { services, ...rest } = value as { services: Record<string, Record<string, unknown>> };
  const short = Object.entries(services).map(([key, item]) => [key, { ...item, ...(item["environment"] !== undefined && { environment: pairs(item["environment"] as Record<string, unknown>) }) }]);
  return { ...rest, services: Object.fromEntries(short) as unknown };
}

test("a file in another order, or in its other form, gives the same plan, to the byte, in the words of the provider", () => {
  fc.assert(
    fc.property(files, (file) => {
      const planned = plan(stringify(file));
      expect(JSON.stringify(plan(stringify(reversed(file))))).toBe(JSON.stringify(planned));
      expect(JSON.stringify(plan(stringify(told(file))))).toBe(JSON.stringify(planned));
      for (const { spec } of planned.services) ServiceInputs.parse({ ...spec, cluster: "c", image: "i" });
    }),
    { numRuns: 100 },
  );
});

test("everything of a service reaches the Swarm", () => {
  const { services, networks } = plan(`
    services:
      web:
        image: i
        tty: true
        stdin_open: true
        networks: { front: { aliases: [www, web] } }
        volumes: [data:/data, { type: volume, target: /v, volume: { labels: { own: x } } }]
    networks: { front: { name: shared-front, labels: { n: l }, driver_opts: { com.docker.network.driver.mtu: "1400" } } }
    volumes: { data: { name: full, driver: nfs, driver_opts: { share: /x }, labels: { v: l } } }`);
  const stack = { "com.docker.stack.namespace": "demo" };
  expect(networks).toEqual([{ kind: "own", key: "front", name: "shared-front", labels: { n: "l", ...stack }, attachable: false, internal: false, mtu: 1400 }]);
  expect(services[0]!.networks).toEqual([{ network: "front", aliases: ["web", "www"] }]);
  expect(services[0]!.spec).toMatchObject({
    tty: true,
    openStdin: true,
    mounts: [
      { type: "volume", target: "/data", source: "full", volumeDriver: "nfs", volumeDriverOptions: { share: "/x" }, volumeLabels: { v: "l", ...stack } },
      { type: "volume", target: "/v", volumeLabels: { own: "x" } },
    ],
  });
});

test("the settings go over a Compose file as over a bundle", () => {
  const compose = 'services: { web: { image: "demo/web:1", environment: { A: file, B: file }, ports: ["80:80"], deploy: { update_config: { order: start-first } } } }';
  const settings = `
    services: { web: { environment: { A: settings }, ports: [{ target: 80, published: 8080, mode: host }], update: { delay: 5s } } }
    relocate: { "demo/web:1": { archive: web.tar, repository: demo/web } }`;
  const { application } = readCompose([{ path: "c.yaml", text: compose }]);
  const { spec, image } = planApplication("demo", application, parseSettings(settings, "s.yaml")).services[0]!;
  expect(image).toEqual({ kind: "archive", archive: "web.tar", repository: "demo/web" });
  expect(spec.env).toEqual(["A=settings", "B=file"]);
  expect(spec.ports).toEqual([{ target: 80, published: 8080, protocol: "tcp", mode: "host" }]);
  expect(spec.updateConfig).toEqual({ failureAction: "rollback", order: "start-first", delay: "5s" });
});

test("a folder of the developer's machine is refused, unless the settings mount something else", () => {
  const compose = 'services: { web: { image: i, volumes: ["./conf:/etc/app"] } }';
  expect(problemsOf(() => plan(compose))).toEqual(['services.web.mounts[0].source: found "./conf", which is no path on the hosts; write one that begins with /, or use a volume, or a config for a file']);
  expect(plan(compose, "services: { web: { mounts: [{ type: bind, source: /srv/conf, target: /etc/app }] } }").services[0]!.spec.mounts).toHaveLength(1);
});
