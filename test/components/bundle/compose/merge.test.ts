import { readCompose } from "../../../../components/bundle/compose/read";
import type { Service } from "../../../../components/bundle/model";
import { problemsOf, read, withWeb } from "./reading";

/** The service `web` of several files, each given by the body of `web`. */
function layered(...bodies: string[]): Service {
  const files = bodies.map((body, index) => ({ path: `app/${index}.yaml`, text: `services: { web: { image: i, ${body} } }\nvolumes: { a: {}, b: {} }` }));
  return readCompose(files).application.services[0]!;
}

describe("a later file", () => {
  test("lays blocks over blocks, name by name, whichever way they are written", () => {
    const service = layered("environment: [A=1, B=1], labels: { l: one }", "environment: { B: 2, C: 3 }, labels: [m=two]");
    expect(service.environment.map(({ name, value }) => `${name}=${value}`)).toEqual(["A=1", "B=2", "C=3"]);
    expect(service.containerLabels).toEqual({ l: "one", m: "two" });
  });

  test("replaces commands and the test of a healthcheck as a whole", () => {
    const service = layered(
      "command: [a, b], entrypoint: x y, healthcheck: { test: [CMD, a, b], interval: 5s }",
      "command: [c], entrypoint: z, healthcheck: { test: curl x }",
    );
    expect([service.command, service.args]).toEqual([["z"], ["c"]]);
    expect(service.run.healthcheck).toEqual({ test: ["CMD-SHELL", "curl x"], interval: { nanoseconds: 5e9 } });
  });

  test("adds to lists, once each", () => {
    expect(layered("dns: 10.0.0.1, cap_add: [A]", "dns: [10.0.0.1, 10.0.0.2], cap_add: [B]").run).toEqual({
      dns: { nameservers: ["10.0.0.1", "10.0.0.2"] },
      capabilities: { add: ["A", "B"] },
    });
  });

  test("replaces the mount at the same path and the secret at the same target", () => {
    const service = layered("volumes: [a:/x, a:/y], secrets: [s, t]", "volumes: [b:/x:ro], secrets: [{ source: s, mode: 0400 }]");
    expect(service.run.mounts).toEqual([
      { type: "volume", source: "b", target: "/x", readOnly: true },
      { type: "volume", source: "a", target: "/y" },
    ]);
    expect(service.run.secrets).toEqual([{ source: "s", mode: 0o400 }, { source: "t" }]);
  });

  test("adds ports, but not the same one twice", () => {
    expect(layered('ports: ["8080:80"]', 'ports: ["8080:80", { target: 80, published: 8080, protocol: udp }, "81:81"]').run.ports).toEqual([
      { target: 80, published: 8080 },
      { target: 80, published: 8080, protocol: "udp" },
      { target: 81, published: 81 },
    ]);
  });

  test("replaces logging with another driver as a whole", () => {
    expect(layered("logging: { driver: a, options: { x: 1 } }", "logging: { options: { y: 2 } }").run.logging).toEqual({ driver: "a", options: { x: "1", y: "2" } });
    expect(layered("logging: { driver: a, options: { x: 1 } }", "logging: { driver: b }").run.logging).toEqual({ driver: "b" });
  });

  test("takes things away with !reset and replaces them with !override", () => {
    const service = layered(
      'environment: { A: 1, B: 1 }, ports: ["80:80"], dns: [10.0.0.1], user: "1"',
      'environment: { A: !reset null }, ports: !override ["81:81"], dns: !reset [], user: !reset null',
    );
    expect(service.environment).toEqual([{ name: "B", value: "1", literal: false }]);
    expect(service.run).toEqual({ ports: [{ target: 81, published: 81 }] });
  });

  test("that is empty, or says nothing of a thing, changes nothing", () => {
    expect(layered("environment: { A: 1 }, dns: 10.0.0.1", "environment: , dns: ")).toEqual(layered("environment: { A: 1 }, dns: 10.0.0.1"));
    expect(readCompose([{ path: "a", text: withWeb("user: u") }, { path: "b", text: "" }]).application).toEqual(read(withWeb("user: u")).application);
  });

  test("may bring services, networks and volumes of its own", () => {
    const { application } = readCompose([
      { path: "a", text: "services: { a: { image: i, networks: [n] } }\nnetworks: { n: { internal: true } }" },
      { path: "b", text: "services: { b: { image: j, networks: [n] } }\nnetworks: { n: { attachable: true } }" },
    ]);
    expect(application.services.map(({ key }) => key)).toEqual(["a", "b"]);
    expect(application.networks).toEqual([{ key: "n", kind: "own", internal: true, attachable: true }]);
  });
});

describe("anchors", () => {
  test("merge keys fill in what is not said", () => {
    const { services } = read("x-base: &base { image: i, user: u }\nservices: { a: { <<: *base }, b: { <<: [*base], user: v } }").application;
    expect(services.map(({ image, run }) => [image, run.user])).toEqual([["i", "u"], ["i", "v"]]);
  });

  test("hundreds of services may share one, a bomb may not", () => {
    const many = Array.from({ length: 600 }, (_, index) => `  s${index}: *base`).join("\n");
    expect(read(`x-base: &base { image: i }\nservices:\n${many}`).application.services).toHaveLength(600);
    const levels = Array.from({ length: 9 }, (_, index) => `x-${index + 1}: &l${index + 1} [${`*l${index},`.repeat(9)}]`).join("\n");
    expect(problemsOf(() => read(`x-0: &l0 [x]\n${levels}\nservices: {}`))).toEqual(["it has more than 100,000 keys, values and items, with those that aliases (*) stand for; split it, or write fewer aliases"]);
  });
});

describe("extends", () => {
  const other = `services: { base: { image: o, env_file: own.env, volumes: ["./d:/d", "/abs:/e"], labels: { from: other } } }`;
  const readText = (path: string): string | undefined => ({ "app/sub/base.yaml": other, "app/sub/own.env": "A=1" })[path];

  test("a service of the same file, several deep", () => {
    const yaml = "services: { a: { image: i, user: a, labels: [x=a] }, b: { extends: a, labels: [y=b] }, c: { extends: { service: b }, user: c } }";
    const { services } = read(yaml).application;
    expect(services[2]).toMatchObject({ image: "i", containerLabels: { x: "a", y: "b" }, run: { user: "c" } });
  });

  test("a service of another file, whose paths are relative to that", () => {
    const { services } = read("services: { web: { extends: { file: sub/base.yaml, service: base }, image: w } }", { readText }).application;
    expect(services[0]).toMatchObject({ image: "w", containerLabels: { from: "other" }, environment: [{ name: "A", value: "1" }] });
    expect(services[0]!.run.mounts!.map(({ source }) => source)).toEqual(["./sub/d", "/abs"]);
  });

  test.each([
    ["services: { a: { extends: b }, b: { extends: a } }", "services.a.extends: services extend each other in a circle: a (app/compose.yaml) → b (app/compose.yaml) → a (app/compose.yaml); take one of these away"],
    ["services: { web: { extends: wbe }, wbx: { image: i } }", 'services.web.extends: unknown service "wbe"; write "web" (allowed: web, wbx)'],
    ["services: { web: { extends: { file: no.yaml, service: a } } }", 'services.web.extends: there is no file "no.yaml"; correct the path'],
    ["services: { web: { extends: { file: sub/base.yaml } } }", "services.web.extends: write { service: <name> }, with file: <path> for another file"],
  ])("%s", (yaml, problem) => expect(problemsOf(() => read(yaml, { readText }))).toEqual([problem]));
});

describe("YAML", () => {
  test.each([
    ["a: 1\na: 2", "a key stands twice in one block at line 2, column 1"],
    ["x: !secret y", "a tag (!…) is not known, or does not fit its value at line 1, column 4"],
    ["- a", "found a list; write a block with the key services"],
  ])("%j is refused", (yaml, problem) => expect(problemsOf(() => read(yaml))).toEqual([problem]));

  test("numbers are as the reference clients read them", () => {
    const service = read(withWeb("environment: { A: 1.10, B: 0123, C: 12345678901234567890, D: true, E: 22:22, F: 0x10 }")).application.services[0]!;
    expect(service.environment.map(({ name, value }) => `${name}=${value}`)).toEqual(["A=1.1", "B=83", "C=12345678901234567890", "D=true", "E=22:22", "F=16"]);
  });
});
