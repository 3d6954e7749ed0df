import { applicationOf } from "../../../components/bundle/dab/application";
import { readBundle } from "../../../components/bundle/dab/read";
import { ApplicationPlan, planApplication } from "../../../components/bundle/plan";
import { ApplicationError } from "../../../components/bundle/problems";
import { parseSettings } from "../../../components/bundle/settings/parse";

const DIGEST = `@sha256:${"a".repeat(64)}`;

function plan(file: string, settings = ""): ApplicationPlan {
  return planApplication("demo", applicationOf(readBundle(Buffer.from(file))), parseSettings(settings, "s.yaml"));
}
function problemsOf(work: () => unknown): readonly string[] {
  try {
    work();
    return [];
  } catch (error) {
    if (error instanceof ApplicationError) return error.problems;
    throw error;
  }
}

describe("an image that nothing pins", () => {
  test.each([
    ["demo/web", /^service "web": image "demo\/web" has no digest and no relocation; write demo\/web@sha256:<digest> in the bundle, or in the settings relocate: \{ "demo\/web": \{ archive: /],
    ["demo/web:1", /has no digest and no relocation/],
    ["redis@sha256:aaaa", /is no reference of the form name@sha256:<64 lowercase hex digits> and no relocation/],
    ["", /^service "web": no image is written/],
    ["constructor", /has no digest/],
  ])("%j is refused", (image, message) => {
    expect(problemsOf(() => plan(`{"Services":{"web":{"Image":"${image}"}}}`))).toEqual([expect.stringMatching(message)]);
  });
});

describe("what cannot work is refused before anything is changed", () => {
  const refused = (settings: string, body = `{"Image":"i${DIGEST}","Networks":["app"],"Ports":[{"Port":70000}]}`): readonly string[] =>
    problemsOf(() => plan(`{"Services":{"web":${body},"api":{"Image":"j${DIGEST}"}}}`, settings));

  test.each([
    ["services: { wbe: {} }", 'services: unknown service "wbe"; write "web" (allowed: api, web)'],
    ["networks: { ap: {} }", 'networks: unknown network "ap"; write "app" (allowed: app)'],
    ["services: { web: { networks: [ap] } }", 'services.web.networks: unknown network "ap"; write "app" (allowed: app); a new one is defined under networks: { "ap": {} }'],
    [`relocate: { "k${DIGEST}": "l${DIGEST}" }`, `relocate: unknown image "k${DIGEST}"; write "i${DIGEST}" (allowed: i${DIGEST}, j${DIGEST})`],
    [
      `relocate: { "i${DIGEST}": { archive: a.tar, repository: r }, "j${DIGEST}": { archive: b.tar, repository: r } }`,
      `relocate["j${DIGEST}"].repository: found "r" for the archive b.tar, but a.tar goes there too; give each archive a repository of its own`,
    ],
    ["services: { web: { mode: global, replicas: 2 } }", "services.web.replicas: found 2 with mode global, which runs one task on every host; remove replicas or write mode: replicated"],
    ["services: { web: { mode: global, maxReplicasPerNode: 2 } }", "services.web.maxReplicasPerNode: found 2 with mode global, which runs one task on every host anyway; remove it"],
    [
      "services: { web: { endpointMode: dnsrr, ports: [{ target: 80, published: 80 }] } }",
      "services.web.ports[0].mode: found ingress (the default) with endpointMode dnsrr, which has no virtual address to publish; write mode: host, or endpointMode: vip",
    ],
    ["services: { web: { declaredPorts: ingress } }", "services.web.declaredPorts: found port 70000 in the bundle, which cannot be published; correct it to one from 1 to 65535, or write declaredPorts: closed"],
    ["services: { web: { mounts: [{ type: tmpfs, target: /t }, { type: volume, target: /t }] } }", 'services.web.mounts[1].target: found "/t", where another mount is already; write another path'],
    [
      "services: { web: { healthcheck: { interval: 10s, startPeriod: 20s }, update: { monitor: 30s } } }",
      "services.web.update.monitor: found 30s, but the healthcheck fails only after startPeriod + interval × retries = 50s; write at least that, or remove monitor",
    ],
    [
      "services: { web: { ports: [{ target: 80, published: 80 }] }, api: { ports: [{ target: 81, published: 80 }] } }",
      'port 80/tcp is published by service api of demo (for its port 81, mode ingress) and service web of demo (for its port 80, mode ingress); leave it to one of them and write another "published" for the rest',
    ],
  ])("%s", (settings, problem) => expect(refused(settings)).toEqual([problem]));

  test("a healthcheck that is switched off needs no time", () => {
    expect(refused("services: { web: { healthcheck: { test: [NONE] }, update: { monitor: 1s } } }")).toEqual([]);
  });

  test("names that Swarm refuses, of services and networks, with the stack in them", () => {
    const problems = problemsOf(() => plan(`{"Services":{"a.b":{"Image":"i${DIGEST}","Networks":["n!"]},"__proto__":{"Image":"i${DIGEST}"}}}`));
    expect(problems).toEqual([
      expect.stringMatching(/^service "__proto__": "demo___proto__" is no name for Swarm.*write "demo___proto" instead$/),
      expect.stringMatching(/^service "a\.b": "demo_a\.b" is no name for Swarm.*write "demo_a-b" instead$/),
      expect.stringMatching(/^network "n!": "demo_n!" is no name for Swarm.*write "demo_n" instead$/),
    ]);
    expect(problemsOf(() => plan(`{"Services":{"${"x".repeat(59)}":{"Image":"i${DIGEST}"}}}`))).toEqual([expect.stringMatching(/64 characters.*shorten it by 1$/)]);
  });

  test("several problems come together, under the name of the application", () => {
    expect(() => plan('{"Services":{"web":{"Image":"i"}}}', "services: { wbe: {} }")).toThrow(/^application demo: 2 problems\n {2}- services: .*\n {2}- service "web": /);
  });
});
