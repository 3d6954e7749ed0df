import * as fc from "fast-check";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { applicationOf } from "../../../components/bundle/dab/application";
import { readBundle } from "../../../components/bundle/dab/read";
import type { Application, Service } from "../../../components/bundle/model";
import { ApplicationPlan, planApplication } from "../../../components/bundle/plan";
import { publishedPortClashes } from "../../../components/bundle/publishedPorts";
import type { Settings } from "../../../components/bundle/settings/schema";
import { ServiceInputs } from "../../../provider/swarm/service/inputs";

const key = fc.stringMatching(/^[a-z][a-z0-9-]{0,8}[a-z0-9]$/);
const word = fc.string({ maxLength: 8 });
const port = fc.integer({ min: 1, max: 65535 });

const service: fc.Arbitrary<Service> = fc.record({
  key,
  image: fc.constant(`demo/app@sha256:${"0".repeat(64)}`),
  command: fc.array(word, { maxLength: 2 }),
  args: fc.array(word, { maxLength: 2 }),
  environment: fc.uniqueArray(fc.record({ name: key, value: fc.option(word, { nil: undefined }), literal: fc.boolean() }), { maxLength: 4, selector: ({ name }) => name }),
  labels: fc.dictionary(key, word, { maxKeys: 3 }),
  containerLabels: fc.dictionary(key, word, { maxKeys: 3 }),
  exposes: fc.array(fc.record({ port, protocol: fc.constantFrom("tcp", "udp", "sctp") }), { maxLength: 3 }),
  networks: fc.array(fc.constantFrom("front", "back", "data"), { maxLength: 4 }),
  run: fc.record(
    {
      declaredPorts: fc.constantFrom("closed", "ingress"),
      constraints: fc.array(fc.constantFrom("node.role == worker", "node.labels.a == 1", "node.labels.b != 2"), { maxLength: 3 }),
      capabilities: fc.record({ add: fc.array(fc.constantFrom("NET_ADMIN", "CAP_SYS_TIME"), { maxLength: 2 }) }),
      mounts: fc.uniqueArray(fc.record({ type: fc.constant("tmpfs" as const), target: key.map((name) => `/${name}`) }), { maxLength: 3, selector: ({ target }) => target }),
      extraHosts: fc.dictionary(key, fc.constant("10.0.0.1"), { maxKeys: 3 }),
      healthcheck: fc.record({ interval: fc.integer({ min: 1, max: 60 }).map((s) => ({ nanoseconds: s * 1e9 })) }),
    },
    { requiredKeys: [] },
  ),
});

const application: fc.Arbitrary<Application> = fc
  .uniqueArray(service, { maxLength: 6, selector: (item) => item.key })
  .map((services) => ({ services, networks: [...new Set(services.flatMap((item) => item.networks))].map((name) => ({ key: name, kind: "own" })) }));

/** The same application, told the other way round wherever order means nothing. */
function reversed({ services, networks }: Application): Application {
  const turn = <T>(record: Readonly<Record<string, T>>): Record<string, T> => Object.fromEntries(Object.entries(record).reverse());
  return {
    networks: [...networks].reverse(),
    services: [...services].reverse().map((item) => ({
      ...item,
      environment: [...item.environment].reverse(),
      labels: turn(item.labels),
      containerLabels: turn(item.containerLabels),
      exposes: [...item.exposes].reverse(),
      networks: [...item.networks].reverse(),
      run: {
        ...item.run,
        ...(item.run.constraints && { constraints: [...item.run.constraints].reverse() }),
        ...(item.run.mounts && { mounts: [...item.run.mounts].reverse() }),
        ...(item.run.extraHosts && { extraHosts: turn(item.run.extraHosts) }),
      },
    })),
  };
}

/** What the provider's schema says to a plan, once a component has put the ids in. */
function acceptedByProvider({ services }: ApplicationPlan): void {
  for (const { spec, networks, image } of services) {
    const reference = image.kind === "digest" ? image.reference : `registry.example/${image.repository}@sha256:${"0".repeat(64)}`;
    const attached = networks.map(({ network, aliases }) => ({ id: network, aliases: [...aliases] }));
    ServiceInputs.parse({ ...spec, cluster: "c", image: reference, networks: attached });
  }
}

test("a permuted application gives the same plan, to the byte", () => {
  fc.assert(
    fc.property(application, (app) => {
      expect(JSON.stringify(planApplication("demo", reversed(app)))).toBe(JSON.stringify(planApplication("demo", app)));
    }),
    { numRuns: 150 },
  );
});

test("200 applications plan without a collision, in the words of the provider", () => {
  fc.assert(
    fc.property(application, (app) => {
      const plan = planApplication("demo", app);
      acceptedByProvider(plan);
      const names = [...plan.services, ...plan.networks].map((item) => ("name" in item ? item.name : item.key));
      expect(plan.services).toHaveLength(app.services.length);
      expect(new Set(plan.services.map((item) => item.name)).size).toBe(plan.services.length);
      expect(names.every((name) => name.startsWith("demo_"))).toBe(true);
      const known = plan.networks.map((network) => network.key);
      expect(plan.services.every((item) => item.networks.every(({ network }) => known.includes(network)))).toBe(true);
    }),
    { numRuns: 200 },
  );
});

test("an empty settings file changes nothing", () => {
  fc.assert(
    fc.property(application, (app) => {
      const empty: Settings = { defaults: {}, services: Object.fromEntries(app.services.map((item) => [item.key, {}])), networks: {}, relocate: {} };
      expect(planApplication("demo", app, empty)).toEqual(planApplication("demo", app));
    }),
    { numRuns: 50 },
  );
});

test("every real bundle plans, and all of them side by side publish no port twice", () => {
  const folder = join(__dirname, "../../fixtures/dab");
  const files = readdirSync(folder).filter((name) => /\.d[as]b$/.test(name));
  expect(files).toHaveLength(12);
  const plans = files.map((name, index) => planApplication(`s${index}`, applicationOf(readBundle(readFileSync(join(folder, name))))));
  plans.forEach(acceptedByProvider);
  expect(plans.reduce((sum, plan) => sum + plan.services.length, 0)).toBe(41);
  expect(publishedPortClashes(plans)).toEqual([]);
});
