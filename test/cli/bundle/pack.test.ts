import * as fc from "fast-check";
import { join } from "node:path";
import { loadApplication, planApplication, type Application, type Relocation } from "../../../components/bundle";
import { packedApplication } from "../../../cli/bundle/pack";
import type { Pin } from "../../../cli/bundle/pins";
import { readCompose } from "../../../components/bundle/compose/read";
import { temporaryFolder, written } from "./archives";

const folder = temporaryFolder();
const hash = "a".repeat(64);

/** The plan of the packed files, read from the disk as a deployment reads them. */
function planOfPacked(stack: string, application: Application, pins: ReadonlyMap<string, Pin>) {
  const { bundle, settings } = packedApplication(stack, application, pins);
  written(folder, { "packed.dab": bundle, "packed.yaml": settings ?? "" });
  const loaded = loadApplication(stack, { bundle: join(folder, "packed.dab"), settings: join(folder, "packed.yaml") });
  return planApplication(stack, loaded.application, loaded.settings);
}

/** The plan of the application itself, with its images pinned in the place where it names them. */
function planPinned(stack: string, application: Application, pins: ReadonlyMap<string, Pin>) {
  const services = application.services.map((service) => {
    const { to } = pins.get(service.image)!;
    return { ...service, image: to.kind === "digest" ? to.reference : service.image };
  });
  const archives = [...pins].flatMap(([image, { to }]): [string, Relocation][] => (to.kind === "archive" ? [[image, { archive: to.archive, repository: to.repository }]] : []));
  return planApplication(stack, { ...application, services }, { relocate: Object.fromEntries(archives) });
}

const imagesOf = ({ services }: Application): string[] => [...new Set(services.map(({ image }) => image))];

const digestOf = (image: string): Pin => ({ from: "engine", to: { kind: "digest", reference: `${image}@sha256:${hash}` } });
const archiveOf = (image: string): Pin => ({ from: "archive", to: { kind: "archive", archive: `${image}.tar`, repository: image } });

test("the shop, packed, is planned as its Compose file", () => {
  written(folder, { "names.yaml": "variables: { SHOP_API_KEY: { environment: SHOP_API_KEY } }" });
  const { application } = loadApplication("shop", { bundle: join(__dirname, "../../../bundles/shop/compose.yaml"), settings: join(folder, "names.yaml") });
  for (const pin of [digestOf, archiveOf]) {
    const pins = new Map(imagesOf(application).map((image) => [image, pin(image)]));
    expect(planOfPacked("shop", application, pins)).toEqual(planPinned("shop", application, pins));
  }
});

const word = fc.stringMatching(/^[a-z]{1,5}$/);
const value = fc.oneof(fc.string({ maxLength: 6 }), fc.constantFrom("yes", "1.10", "{{.Node.Hostname}}", "é", "a$b: #c", "line\n"));
const service = fc.record(
  {
    image: fc.constantFrom("one", "two", "three"),
    command: fc.array(value, { minLength: 1, maxLength: 3 }),
    environment: fc.dictionary(fc.stringMatching(/^[A-Z]{1,3}$/), value, { maxKeys: 3 }),
    labels: fc.dictionary(word, value, { maxKeys: 2 }),
    user: fc.constantFrom("1", "1000:1000"),
    working_dir: fc.constant("/w"),
    networks: fc.uniqueArray(fc.constantFrom("front", "back"), { minLength: 1 }),
    expose: fc.array(fc.integer({ min: 1, max: 65535 }), { maxLength: 2 }),
    volumes: fc.uniqueArray(fc.constantFrom("data:/data", "/anonymous", "/srv:/srv:ro"), { maxLength: 3 }),
    secrets: fc.constant([{ source: "token", mode: 0o400 }]),
    configs: fc.constant(["motd"]),
    read_only: fc.boolean(),
    stop_grace_period: fc.constantFrom("90s", "1m30s", "500ms"),
    healthcheck: fc.record({ test: fc.constantFrom("x", ["CMD", "/p", "-q"], ["NONE"]), interval: fc.constantFrom("5s", "1m") }),
    sysctls: fc.constant({ "net.core.somaxconn": "1024" }),
    ulimits: fc.constant({ nofile: { soft: 10, hard: 20 }, nproc: 5 }),
    deploy: fc.record(
      {
        replicas: fc.nat(5),
        labels: fc.dictionary(word, value, { maxKeys: 2 }),
        resources: fc.record({ limits: fc.record({ cpus: fc.constantFrom("0.5", "0.000000001", "2"), memory: fc.constantFrom("64M", "1000", "1.5G") }) }),
        update_config: fc.record({ order: fc.constantFrom("start-first", "stop-first"), parallelism: fc.nat(3), max_failure_ratio: fc.constantFrom(0, 0.3) }),
        restart_policy: fc.record({ condition: fc.constantFrom("any", "on-failure"), delay: fc.constant("2s"), max_attempts: fc.nat(3) }),
        placement: fc.record({ constraints: fc.constant(["node.labels.zone == a"]), preferences: fc.constant([{ spread: "node.labels.zone" }]), max_replicas_per_node: fc.nat(2) }),
      },
      { requiredKeys: [] },
    ),
  },
  { requiredKeys: ["image"] },
);
const compose = fc.dictionary(word, service, { minKeys: 1, maxKeys: 4 }).map((services) => ({
  // Each waits for the one before it.
  services: Object.fromEntries(Object.entries(services).map(([key, each], index, all) => [key, index === 0 ? each : { ...each, depends_on: [all[index - 1]![0]] }])),
  networks: { front: { internal: true }, back: { external: true, name: "platform" } },
  volumes: { data: { labels: { v: "l" } } },
  secrets: { token: { environment: "TOKEN" } },
  configs: { motd: { content: "Welcome: #1\n" } },
}));

test("whatever a Compose file says, its bundle and settings are planned alike", () => {
  fc.assert(
    fc.property(compose, (file) => {
      const { application } = readCompose([{ path: "compose.yaml", text: JSON.stringify(file).replaceAll("$", "$$$$") }], { variables: { TOKEN: { environment: "TOKEN" } } });
      const pins = new Map(imagesOf(application).map((image) => [image, image === "two" ? archiveOf(image) : digestOf(image)]));
      expect(planOfPacked("s", application, pins)).toEqual(planPinned("s", application, pins));
    }),
    { numRuns: 60 },
  );
});

test("no settings when a bundle says it all", () => {
  const { application } = readCompose([{ path: "compose.yaml", text: "services: { web: { image: one } }" }]);
  expect(packedApplication("s", application, new Map([["one", digestOf("one")]])).settings).toBeUndefined();
});

test("what cannot be deployed is not packed", () => {
  const { application } = readCompose([{ path: "compose.yaml", text: "services: { a: { image: one, depends_on: [b] }, b: { image: one, depends_on: [a] } }" }]);
  expect(() => packedApplication("s", application, new Map([["one", digestOf("one")]]))).toThrow(/application s: .*wait/s);
});
