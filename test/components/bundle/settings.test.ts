import * as z from "zod";
import { ApplicationError } from "../../../components/bundle/problems";
import { parseSettings } from "../../../components/bundle/settings/parse";
import { settingsSchema } from "../../../components/bundle/settings/schema";

function problemsOf(yaml: string): readonly string[] {
  try {
    parseSettings(yaml, "s.yaml");
    return [];
  } catch (error) {
    if (error instanceof ApplicationError) return error.problems;
    throw error;
  }
}
const inService = (yaml: string): readonly string[] => problemsOf(`services: { web: { ${yaml} } }`);

describe("what is accepted", () => {
  test("an empty file", () => expect(parseSettings("", "s.yaml")).toEqual({}));

  test("values become those of the model", () => {
    const yaml = `
      defaults: { endpointMode: dnsrr }
      services:
        web:
          replicas: 2
          ports: [{ target: 80, published: 8080, mode: host }]
          environment: { A: "1", B: null }
          resources: { limits: { cpus: 0.5, memory: 64M }, reservations: { cpus: "0.25" } }
          healthcheck: { test: curl -f localhost, interval: 5s }
          update: { delay: 1m30s, order: start-first }
          mounts: [{ type: tmpfs, target: /tmp, tmpfsSize: 1M, tmpfsMode: "1777" }]
      networks: { front: { external: platform }, back: { encrypted: true, subnet: 10.1.0.0/24 } }
      relocate: { demo/web: { archive: a.tar, repository: demo/web } }`;
    expect(parseSettings(yaml, "s.yaml")).toEqual({
      defaults: { endpointMode: "dnsrr" },
      services: {
        web: {
          replicas: 2,
          ports: [{ target: 80, published: 8080, mode: "host" }],
          environment: { A: "1", B: null },
          resources: { limits: { cpus: 0.5, memory: 64 * 1024 ** 2 }, reservations: { cpus: 0.25 } },
          healthcheck: { test: ["CMD-SHELL", "curl -f localhost"], interval: { nanoseconds: 5e9 } },
          update: { delay: { nanoseconds: 90e9 }, order: "start-first" },
          mounts: [{ type: "tmpfs", target: "/tmp", tmpfsSize: 1024 ** 2, tmpfsMode: 0o1777 }],
        },
      },
      networks: { front: { external: "platform" }, back: { encrypted: true, subnet: "10.1.0.0/24" } },
      relocate: { "demo/web": { archive: "a.tar", repository: "demo/web" } },
    });
  });
});

describe("what is refused, with the path, what was found and what to write", () => {
  test.each([
    ["prots: []", /^services\.web: unknown key "prots"; write "ports" \(allowed: mode, replicas, ports, /],
    ["replicas: -1", "services.web.replicas: found -1; write a whole number, 0 or more"],
    ["replicas: 1.5", "services.web.replicas: found 1.5; write a whole number, 0 or more"],
    ["ports: [{ target: 70000 }]", "services.web.ports[0].target: found 70000; write a whole number from 1 to 65535"],
    ["ports: [{ published: 80 }]", "services.web.ports[0].target: found nothing; write a whole number from 1 to 65535"],
    ['ports: ["80:80"]', 'services.web.ports[0]: found "80:80"; write a block with the keys target, published, protocol, mode'],
    ["ports: [{ target: 80, mode: hst }]", 'services.web.ports[0].mode: found "hst"; write ingress or host'],
    ["ports: { target: 80 }", "services.web.ports: found a block; write ports such as { target: 80, published: 8080, mode: host }, as a list"],
    ["endpointMode: dns", 'services.web.endpointMode: found "dns"; write vip or dnsrr'],
    ["environment: { A: 12345 }", "services.web.environment.A: found a number; write a text in quotes, or null to remove the variable"],
    ['environment: { "A=": x }', 'services.web.environment["A="]: write the name of a variable, without ='],
    ["labels: { com.docker.stack.namespace: x }", /^services\.web\.labels\["com\.docker\.stack\.namespace"\]: found "x"; remove it; labels of com\.docker\.stack/],
    ["stopGracePeriod: 10", 'services.web.stopGracePeriod: found 10; write a length of time such as "10s", "1m30s" or "500ms"'],
    ["resources: { limits: { memory: 64 } }", 'services.web.resources.limits.memory: found 64; write a size such as "64M" or "1.5G"'],
    ["resources: { limits: { memory: 0M } }", 'services.web.resources.limits.memory: found "0M"; write a size such as "64M" or "1.5G"'],
    ["resources: { limits: { cpus: 0 } }", 'services.web.resources.limits.cpus: found 0; write a number of cores such as "0.5" or "2"'],
    ["healthcheck: { test: [curl] }", /^services\.web\.healthcheck\.test(\[0\])?: found .*; write a shell command, or a list that begins with CMD, CMD-SHELL or NONE$/],
    ["constraints: node.role", 'services.web.constraints: found "node.role"; write constraints, as a list'],
    ["constraints: [node.role]", 'services.web.constraints[0]: found "node.role"; write a constraint such as "node.labels.zone == a"'],
    ["mounts: [{ type: volume, source: /data, target: /data }]", /a path on the host is type bind$/],
    ["mounts: [{ type: bind, source: data, target: /data }]", /write the source of a bind as a path on the host that begins with \/$/],
    ["mounts: [{ type: tmpfs, source: x, target: /data }]", /remove source, which a mount of type tmpfs does not have$/],
    ["mounts: [{ type: tmpfs, target: /data, tmpfsMode: 777 }]", /^services\.web\.mounts\[0\]\.tmpfsMode: found 777; write the permissions in octal/],
    ["rollback: { failureAction: rollback }", 'services.web.rollback.failureAction: found "rollback"; write pause or continue'],
    ["init: yes", 'services.web.init: found "yes"; write true or false'],
    ["capabilities: { add: [net_admin] }", /^services\.web\.capabilities\.add\[0\]: found "net_admin"; write a capability in capitals/],
  ])("%s", (yaml, expected) => {
    const problems = inService(yaml);
    expect(problems).toHaveLength(1);
    if (typeof expected === "string") expect(problems[0]).toBe(expected);
    else expect(problems[0]).toMatch(expected);
  });

  test.each([
    ["relocate: { x: { archive: a.tar } }", /^relocate\.x(\.repository)?: found .*; write /],
    ['relocate: { x: "name:tag" }', /^relocate\.x: found "name:tag"; write \{ archive: .*@sha256:<64 hex digits>$/],
    ["relocate: { x: { archive: a.tar, repository: Demo/Web } }", /found .*; write .*/],
    ["networks: { a: { external: p, subnet: 10.0.0.0/24 } }", /^networks\.a: found a block; remove subnet, which the platform decides/],
    ["servces: {}", 'the file: unknown key "servces"; write "services" (allowed: defaults, services, networks, secrets, configs, order, variables, folders, profiles, relocate)'],
    ["- web", "the file: found a list; write a block with the keys defaults, services, networks, secrets, configs, order, variables, folders, profiles, relocate"],
    ["services: { __proto__: {} }", "services.__proto__: remove it; this name cannot be set"],
    ["a: 1\na: 2", "Map keys must be unique at line 2, column 1"],
    ["x: !secret y", "Unresolved tag: !secret at line 1, column 4"],
  ])("%s", (yaml, expected) => {
    const problems = problemsOf(yaml);
    if (typeof expected === "string") expect(problems).toContain(expected);
    else expect(problems[0]).toMatch(expected);
  });

  test("all problems at once, under the name of the file", () => {
    expect(() => parseSettings("services: { web: { replicas: x, init: 1 } }\nnetwork: {}", "bundles/s.yaml")).toThrow(
      /^settings bundles\/s\.yaml: 3 problems\n {2}- services\.web\.replicas: .*\n {2}- services\.web\.init: .*\n {2}- the file: unknown key "network"; write "networks"/,
    );
  });

  test("no value of an environment and no line of the file is quoted", () => {
    const said = [...inService("environment: { PASSWORD: 4711 }"), ...problemsOf('services:\n  web: {environment: {PASSWORD: "4711}}\n')].join("\n");
    expect(said).not.toContain("4711");
    expect(said).toContain("PASSWORD");
  });
});

test("a JSON Schema for editors can be made of it", () => {
  const schema = z.toJSONSchema(settingsSchema, { io: "input" }) as { properties: Record<string, unknown> };
  expect(Object.keys(schema.properties)).toEqual(["defaults", "services", "networks", "secrets", "configs", "order", "variables", "folders", "profiles", "relocate"]);
});
