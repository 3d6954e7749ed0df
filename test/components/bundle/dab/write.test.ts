import * as fc from "fast-check";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { readCompose } from "../../../../components/bundle/compose/read";
import { applicationOf } from "../../../../components/bundle/dab/application";
import type { Bundlefile } from "../../../../components/bundle/dab/bundlefile";
import { printBundle } from "../../../../components/bundle/dab/print";
import { readBundle } from "../../../../components/bundle/dab/read";
import { bundleOf } from "../../../../components/bundle/dab/write";
import type { Application } from "../../../../components/bundle/model";
import { planApplication } from "../../../../components/bundle/plan";

const anyImage = { resolveImage: (image: string) => ({ kind: "digest" as const, reference: image }) };
const reread = (bundle: Bundlefile): Application => applicationOf(readBundle(Buffer.from(printBundle(bundle))));

const text = fc.string({ maxLength: 6 });
const member = text.filter((name) => name !== "__proto__");
const bundles: fc.Arbitrary<Bundlefile> = fc
  .dictionary(
    member,
    fc.record({
      image: text,
      command: fc.array(text, { maxLength: 2 }),
      args: fc.array(text, { maxLength: 2 }),
      env: fc.array(fc.oneof(text, fc.constant("A={{.x}}"), fc.constant("A=b")), { maxLength: 3 }),
      labels: fc.dictionary(member, text, { maxKeys: 2 }).map((labels) => new Map(Object.entries(labels))),
      ports: fc.array(fc.record({ port: fc.nat(4294967295), protocol: fc.constantFrom("tcp", "udp", "sctp") }), { maxLength: 2 }),
      workingDir: fc.option(text, { nil: undefined }),
      user: fc.option(text, { nil: undefined }),
      networks: fc.array(member, { maxLength: 2 }),
    }),
    { maxKeys: 3 },
  )
  .map((services) => ({ version: "0.1", services: new Map(Object.entries(services)) }));

test("from bundle to application to bundle and back nothing changes, and settings have nothing to add", () => {
  fc.assert(
    fc.property(bundles, (bundle) => {
      const application = applicationOf(readBundle(Buffer.from(printBundle(bundle))));
      const written = bundleOf(application);
      expect(printBundle(written.bundle)).toBe(printBundle(bundle));
      expect(reread(written.bundle)).toEqual(application);
      expect(written.remainder).toEqual({});
    }),
    { numRuns: 200 },
  );
});

test("every real bundle is written as the same application", () => {
  const folder = join(__dirname, "../../../fixtures/dab");
  const files = readdirSync(folder).filter((name) => /\.d[as]b$/.test(name));
  expect(files).toHaveLength(12);
  for (const file of files) {
    const application = applicationOf(readBundle(readFileSync(join(folder, file))));
    expect(reread(bundleOf(application).bundle)).toEqual(application);
  }
});

const COMPOSE = `
  services:
    web:
      image: w
      entrypoint: /e
      command: [a, b]
      user: "1"
      environment: { NODE: "{{.Node.Hostname}}", A: "1", GONE: }
      labels: { c: l }
      ports: ["8080:80", 81]
      expose: [82]
      networks: { front: { aliases: [www] }, back: }
      volumes: [data:/data, /anonymous, "/srv:/srv:ro"]
      secrets: [{ source: token, target: t, mode: 0400 }]
      configs: [settings, shared]
      healthcheck: { test: x, interval: 5s }
      depends_on: { migrate: { condition: service_completed_successfully }, db: { condition: service_healthy } }
      deploy: { replicas: 3, labels: { s: l }, resources: { limits: { memory: 64M } }, update_config: { order: start-first } }
    migrate: { image: m, depends_on: [db], restart: "no" }
    db: { image: d, networks: [back], deploy: { mode: global } }
  networks: { front: { external: true, name: platform }, back: { internal: true, labels: { n: l } } }
  volumes: { data: { driver: nfs, name: full, labels: { v: l } } }
  secrets: { token: { environment: TOKEN }, unused: { file: u } }
  configs: { settings: { content: "a=1" }, shared: { external: true } }`;

test("what a bundle has no words for is in the settings, and both together give the same plan", () => {
  const { application } = readCompose([{ path: "compose.yaml", text: COMPOSE }], { variables: { TOKEN: { environment: "TOKEN" } } });
  const { bundle, remainder } = bundleOf(application);
  expect(planApplication("s", reread(bundle), remainder, anyImage)).toEqual(planApplication("s", application, {}, anyImage));
  expect(Object.keys(remainder)).toEqual(["services", "networks", "secrets", "configs", "order"]);
  expect(remainder).toMatchObject({
    services: { web: { environment: { NODE: "{{.Node.Hostname}}" }, initialReplicas: 3 }, migrate: { job: true }, db: { mode: "global" } },
    networks: { front: { external: "platform" }, back: { internal: true } },
    secrets: { token: { source: { kind: "environment", variable: "TOKEN" } } },
    order: { web: ["migrate", "db"], migrate: ["db"] },
  });
  expect(remainder.secrets).not.toHaveProperty("unused");
});
