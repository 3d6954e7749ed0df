import * as fc from "fast-check";
import { parseSettings } from "../../../components/bundle/settings/parse";
import { printSettings } from "../../../components/bundle/settings/print";
import type { Settings } from "../../../components/bundle/settings/schema";

const again = (settings: Settings): Settings => parseSettings(printSettings(settings), "printed.yaml");

const key = fc.stringMatching(/^[a-z]{1,8}$/);
const odd = fc.oneof(fc.string({ minLength: 1, maxLength: 8 }), fc.constantFrom("yes", "null", "1.10", "0777", "a: b", "# no", " x ", "~", "2026-11-21", "line\nline\n", "{{.Node.ID}}"));
const texts = fc.dictionary(fc.constantFrom("a", "mode", "memory", "cpus", "source", "nanoseconds", "10"), odd, { maxKeys: 4 });
const duration = fc.record({ nanoseconds: fc.nat({ max: 2 ** 50 }) });
const mode = fc.nat({ max: 0o7777 });
const mounted = fc.record({ source: key, target: odd, mode }, { requiredKeys: ["source"] });
const service = fc.record(
  {
    mode: fc.constantFrom("replicated" as const, "global" as const),
    replicas: fc.nat(),
    environment: fc.dictionary(fc.constantFrom("A", "mode", "secrets"), fc.option(odd), { maxKeys: 3 }),
    labels: texts,
    args: fc.array(fc.string({ maxLength: 5 }), { maxLength: 3 }),
    secrets: fc.array(mounted, { maxLength: 3 }),
    mounts: fc.array(fc.record({ type: fc.constant("tmpfs" as const), target: fc.constant("/t"), tmpfsMode: mode, tmpfsSize: fc.integer({ min: 1, max: 2 ** 45 }) }), { maxLength: 2 }),
    resources: fc.record({ limits: fc.record({ cpus: fc.integer({ min: 1, max: 4e9 }).map((nano) => nano / 1e9), memory: fc.oneof(fc.integer({ min: 1, max: 2 ** 40 }), fc.constant(64 * 1024 ** 2)) }) }),
    healthcheck: fc.record({ test: fc.array(odd, { minLength: 1, maxLength: 3 }).map((words) => ["CMD", ...words]), interval: duration, retries: fc.integer({ min: 1, max: 9 }) }),
    ulimits: fc.dictionary(fc.constantFrom("nofile", "memory", "mode"), fc.record({ soft: fc.nat(), hard: fc.nat() }), { maxKeys: 2 }),
    stopGracePeriod: duration,
  },
  { requiredKeys: [] },
);
const source = fc.oneof(
  fc.record({ kind: fc.constant("file" as const), path: odd }),
  fc.record({ kind: fc.constant("environment" as const), variable: odd }),
  fc.record({ kind: fc.constant("fromConfig" as const), key: odd }),
  fc.record({ kind: fc.constant("external" as const), name: odd }),
);
const content = fc.record({ kind: fc.constant("inline" as const), content: odd });
const settings: fc.Arbitrary<Settings> = fc.record(
  {
    defaults: service,
    services: fc.dictionary(fc.oneof(key, fc.constantFrom("mode", "secrets", "memory")), service, { maxKeys: 3 }),
    networks: fc.dictionary(key, fc.record({ internal: fc.boolean(), labels: texts, mtu: fc.integer({ min: 576, max: 9000 }) }, { requiredKeys: [] }), { maxKeys: 2 }),
    secrets: fc.dictionary(key, fc.record({ source, name: odd }, { requiredKeys: ["source"] }), { maxKeys: 2 }),
    configs: fc.dictionary(key, fc.record({ source: fc.oneof(source, content), labels: texts }, { requiredKeys: ["source"] }), { maxKeys: 2 }),
    order: fc.dictionary(key, fc.array(key, { maxLength: 2 }), { maxKeys: 2 }),
    relocate: fc.dictionary(key, fc.record({ archive: odd, repository: key }), { maxKeys: 2 }),
  },
  { requiredKeys: [] },
);

test("printed settings are read as the same settings", () => {
  fc.assert(fc.property(settings, (written) => expect(again(written)).toEqual(written)), { numRuns: 100 });
});

test("they look as an operator would write them", () => {
  const printed = printSettings(
    {
      services: {
        web: {
          secrets: [{ source: "token" }, { source: "key", mode: 0o400 }],
          resources: { limits: { memory: 64 * 1024 ** 2, cpus: 0.5 } },
          stopGracePeriod: { nanoseconds: 90e9 },
        },
      },
      relocate: { "redis:7": { archive: "redis.tar", repository: "redis" } },
      secrets: { token: { source: { kind: "environment", variable: "TOKEN" } } },
    },
    ["Read the documents."],
  );
  expect(printed).toBe(`# Read the documents.

services:
  web:
    secrets:
      - token
      - source: key
        mode: "0400"
    resources:
      limits:
        memory: 64M
        cpus: "0.5"
    stopGracePeriod: 1m30s

secrets:
  token:
    environment: TOKEN

relocate:
  redis:7:
    archive: redis.tar
    repository: redis
`);
});
