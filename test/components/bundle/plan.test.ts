import { readFileSync } from "node:fs";
import { join } from "node:path";
import { applicationOf } from "../../../components/bundle/dab/application";
import { readBundle } from "../../../components/bundle/dab/read";
import { ApplicationPlan, planApplication, PlanOptions, ServicePlan } from "../../../components/bundle/plan";
import { parseSettings } from "../../../components/bundle/settings/parse";

const anyImage: PlanOptions = { resolveImage: (image) => ({ kind: "digest", reference: image }) };
const DIGEST = `@sha256:${"a".repeat(64)}`;

function plan(file: string, settings = "", options: PlanOptions = {}): ApplicationPlan {
  return planApplication("demo", applicationOf(readBundle(Buffer.from(file))), parseSettings(settings, "s.yaml"), options);
}
/** The plan of a bundle with one service, `web`. */
function web(body: string, settings = ""): ServicePlan {
  return plan(`{"Services":{"web":${body}}}`, settings, anyImage).services[0]!;
}

describe("the reference client's mapping", () => {
  const M1 = `{"Version":"0.1","Services":{"api":{"Image":"reg.example:5000/api@sha256:aaaa","Command":["/entry"],"Args":["-v"],"Env":["A=1","A=2","B"],
    "Labels":{"team":"x","com.docker.stack.namespace":"other"},"Ports":[{"Port":53,"Protocol":"udp"},{"Port":80,"Protocol":"tcp"},{"Port":80,"Protocol":"tcp"},{"Port":81}],
    "WorkingDir":"/w","User":"1000:1000","Networks":["front","back","front"]}}}`;

  test("M1: names, labels, aliases, WorkingDir and User; repeats are merged, ports stay inside", () => {
    expect(plan(M1, "", anyImage)).toEqual({
      stack: "demo",
      networks: ["back", "front"].map((key) => ({
        kind: "own",
        key,
        name: `demo_${key}`,
        labels: { "com.docker.stack.namespace": "demo" },
        attachable: false,
        internal: false,
      })),
      services: [
        {
          key: "api",
          name: "demo_api",
          image: { kind: "digest", reference: "reg.example:5000/api@sha256:aaaa" },
          spec: {
            name: "demo_api",
            labels: { "com.docker.stack.image": "reg.example:5000/api@sha256:aaaa", "com.docker.stack.namespace": "demo", team: "x" },
            containerLabels: { "com.docker.stack.namespace": "demo" },
            command: ["/entry"],
            args: ["-v"],
            env: ["A=2", "B"],
            dir: "/w",
            user: "1000:1000",
            updateConfig: { failureAction: "rollback" },
          },
          networks: [
            { network: "back", aliases: ["api"] },
            { network: "front", aliases: ["api"] },
          ],
          secrets: [],
          configs: [],
          dependsOn: [],
          job: false,
        },
      ],
      secrets: [],
      configs: [],
    });
  });

  test("M1 with its ports open, as the reference client published them", () => {
    expect(plan(M1, "defaults: { declaredPorts: ingress }", anyImage).services[0]!.spec.ports).toEqual([
      { target: 53, protocol: "udp", mode: "ingress" },
      { target: 80, protocol: "tcp", mode: "ingress" },
      { target: 81, protocol: "tcp", mode: "ingress" },
    ]);
  });

  test("M2: a service of nothing but an image has no network and no ports", () => {
    const { networks, services } = plan('{"Services":{"idle":{"Image":"i"}}}', "", anyImage);
    expect(networks).toEqual([]);
    expect(services[0]).toEqual({
      key: "idle",
      name: "demo_idle",
      image: { kind: "digest", reference: "i" },
      spec: {
        name: "demo_idle",
        labels: { "com.docker.stack.image": "i", "com.docker.stack.namespace": "demo" },
        containerLabels: { "com.docker.stack.namespace": "demo" },
        updateConfig: { failureAction: "rollback" },
      },
      networks: [],
      secrets: [],
      configs: [],
      dependsOn: [],
      job: false,
    });
  });

  test("M3: the voting application", () => {
    const bundle = readFileSync(join(__dirname, "../../fixtures/dab/kompose-voting.dab"), "utf8");
    const { networks, services } = plan(bundle);
    expect(networks.map((network) => (network.kind === "own" ? network.name : ""))).toEqual(["demo_default"]);
    expect(services.map((service) => service.name)).toEqual(["demo_db", "demo_redis", "demo_result", "demo_vote", "demo_worker"]);
    expect(services.filter((service) => "com.example.description" in service.spec.labels!).map((service) => service.key)).toEqual(["db", "vote"]);
    expect(services.every((service) => service.image.kind === "digest" && service.networks[0]!.aliases[0] === service.key)).toBe(true);
  });

  test("protocols as the engine reads them", () => {
    const { ports } = web('{"Image":"i","Ports":[{"Port":53,"Protocol":"UDP"},{"Port":54,"Protocol":"xyz"},{"Port":55,"Protocol":"sctp"}]}', "defaults: { declaredPorts: ingress }").spec;
    expect(ports!.map((port) => port.protocol)).toEqual(["udp", "tcp", "sctp"]);
  });

  test("an empty user is passed on", () => expect(web('{"Image":"i","User":""}').spec.user).toBe(""));
});

describe("the operator's settings", () => {
  test("go over the defaults, and those over the bundle: blocks by name, lists as a whole", () => {
    const settings = `
      defaults: { environment: { A: d, C: d }, labels: { l: d }, update: { delay: 5s, order: start-first }, constraints: [node.role == worker], user: d }
      services: { web: { environment: { A: s, B: null }, labels: { m: s }, update: { delay: 10s }, constraints: ["node.labels.b == 1", "node.labels.a == 1"] } }`;
    const { spec } = web('{"Image":"i","Env":["A=b","B=b","D=b"],"Labels":{"l":"b","n":"b"},"User":"b"}', settings);
    expect(spec.env).toEqual(["A=s", "C=d", "D=b"]);
    expect(spec.labels).toMatchObject({ l: "d", m: "s", n: "b" });
    expect(spec.updateConfig).toEqual({ failureAction: "rollback", delay: "10s", order: "start-first" });
    expect(spec.placement).toEqual({ constraints: ["node.labels.a == 1", "node.labels.b == 1"] });
    expect(spec.user).toBe("d");
  });

  test("everything reaches the service", () => {
    const settings = `
      services:
        web:
          replicas: 3
          endpointMode: dnsrr
          ports: [{ target: 443, published: 8443, mode: host }, { target: 80, published: 8080, mode: host, protocol: udp }]
          networks: [edge]
          containerLabels: { c: "1" }
          command: [/run]
          args: ["-x", ""]
          groups: [b, a]
          hostname: "{{.Node.Hostname}}"
          mounts:
            - { type: volume, source: data, target: /data, driver: local, driverOptions: { type: nfs } }
            - { type: volume, source: shared, target: /shared, external: true, readOnly: true }
            - { type: bind, source: /srv, target: /b, propagation: rslave }
            - { type: tmpfs, target: /tmp, tmpfsSize: 1M }
          init: true
          capabilities: { add: [NET_ADMIN], drop: [ALL] }
          sysctls: { net.core.somaxconn: "1024" }
          ulimits: { nofile: { soft: 1, hard: 2 } }
          extraHosts: { b: 10.0.0.2, a: 10.0.0.1 }
          dns: { nameservers: [10.0.0.53] }
          logging: { driver: local, options: { max-size: 10m } }
          spread: [node.labels.zone, node.id]
          maxReplicasPerNode: 1
          resources: { limits: { cpus: "0.5", memory: 64M, pids: 100 }, reservations: { memory: 32M } }
          healthcheck: { test: [CMD, /probe], interval: 10s, timeout: 2s, startPeriod: 5s, retries: 2 }
          stopGracePeriod: 90s
          stopSignal: SIGINT
          restart: { condition: on-failure, delay: 1s, maxAttempts: 3, window: 1m }
          rollback: { parallelism: 0 }
          convergence: { timeout: 10m }
      networks: { edge: { external: platform } }`;
    const planned = plan('{"Services":{"web":{"Image":"i","WorkingDir":"/w"}}}', settings, anyImage);
    expect(planned.networks).toEqual([{ kind: "external", key: "edge", network: "platform" }]);
    expect(planned.services[0]!.networks).toEqual([{ network: "edge", aliases: ["web"] }]);
    expect(planned.services[0]!.spec).toEqual({
      name: "demo_web",
      labels: { "com.docker.stack.image": "i", "com.docker.stack.namespace": "demo" },
      containerLabels: { c: "1", "com.docker.stack.namespace": "demo" },
      command: ["/run"],
      args: ["-x", ""],
      dir: "/w",
      groups: ["a", "b"],
      hostname: "{{.Node.Hostname}}",
      init: true,
      stopSignal: "SIGINT",
      stopGracePeriod: "1m30s",
      healthcheck: { test: ["CMD", "/probe"], interval: "10s", timeout: "2s", startPeriod: "5s", retries: 2 },
      hosts: ["10.0.0.1 a", "10.0.0.2 b"],
      dns: { nameservers: ["10.0.0.53"] },
      capabilityAdd: ["CAP_NET_ADMIN"],
      capabilityDrop: ["ALL"],
      sysctls: { "net.core.somaxconn": "1024" },
      ulimits: [{ name: "nofile", soft: 1, hard: 2 }],
      logDriver: { name: "local", options: { "max-size": "10m" } },
      mounts: [
        { type: "bind", source: "/srv", target: "/b", propagation: "rslave" },
        { type: "volume", source: "demo_data", target: "/data", volumeLabels: { "com.docker.stack.namespace": "demo" }, volumeDriver: "local", volumeDriverOptions: { type: "nfs" } },
        { type: "volume", source: "shared", target: "/shared", readOnly: true },
        { type: "tmpfs", target: "/tmp", tmpfsSize: 1024 ** 2 },
      ],
      replicas: 3,
      placement: { constraints: undefined, spread: ["node.labels.zone", "node.id"], maxReplicasPerNode: 1 },
      resources: { limits: { cpus: 0.5, memory: 64 * 1024 ** 2, pids: 100 }, reservations: { memory: 32 * 1024 ** 2 } },
      endpointMode: "dnsrr",
      ports: [
        { target: 80, published: 8080, protocol: "udp", mode: "host" },
        { target: 443, published: 8443, protocol: "tcp", mode: "host" },
      ],
      restartPolicy: { condition: "on-failure", delay: "1s", maxAttempts: 3, window: "1m" },
      updateConfig: { monitor: "25s", failureAction: "rollback" },
      rollbackConfig: { monitor: "25s", parallelism: 0 },
      convergence: { timeout: "10m" },
    });
  });

  test("a replica count that is not pinned stays open", () => expect(web('{"Image":"i"}').spec).not.toHaveProperty("replicas"));

  test("the platform's endpoint mode holds where nobody says another", () => {
    const { services } = plan('{"Services":{"a":{"Image":"i"},"b":{"Image":"i"}}}', "services: { b: { endpointMode: vip } }", { ...anyImage, endpointMode: "dnsrr" });
    expect(services.map((service) => service.spec.endpointMode)).toEqual(["dnsrr", "vip"]);
  });

  test.each([
    [true, "", "new"],
    [true, "networks: { a: { encrypted: false } }", false],
    [false, "", undefined],
    [false, "networks: { a: { encrypted: true } }", true],
  ])("networks that say nothing of it are encrypted when they are made, if the platform says so (%s, %j)", (encryptNetworks, settings, encrypted) => {
    const { networks } = plan('{"Services":{"web":{"Image":"i","Networks":["a"]}}}', settings, { ...anyImage, encryptNetworks });
    expect(networks).toEqual([expect.objectContaining({ key: "a" })]);
    expect(networks[0]).toHaveProperty("kind", "own");
    expect((networks[0] as { encrypted?: unknown }).encrypted).toBe(encrypted);
  });

  test("networks of the bundle take options, or become the platform's", () => {
    const bundle = '{"Services":{"web":{"Image":"i","Networks":["a","b"]}}}';
    const { networks } = plan(bundle, "networks: { a: { encrypted: true, internal: true, attachable: true, subnet: 10.9.0.0/24 }, b: { external: shared } }", anyImage);
    expect(networks).toEqual([
      {
        kind: "own",
        key: "a",
        name: "demo_a",
        labels: { "com.docker.stack.namespace": "demo" },
        encrypted: true,
        internal: true,
        attachable: true,
        subnet: "10.9.0.0/24",
      },
      { kind: "external", key: "b", network: "shared" },
    ]);
  });
});

describe("templates in the environment", () => {
  test("a {{ of the bundle stands for itself, one of the settings is Swarm's", () => {
    const { env } = web('{"Image":"i","Env":["A=x{{.Node.ID}}{{{","B"]}', 'services: { web: { environment: { C: "{{.Node.Hostname}}" } } }').spec;
    expect(env).toEqual(['A=x{{"{{"}}.Node.ID}}{{"{{"}}{', "B", "C={{.Node.Hostname}}"]);
  });
});

describe("images", () => {
  test("by digest, by archive, by another registry", () => {
    const bundle = `{"Services":{"a":{"Image":"redis:3${DIGEST}"},"b":{"Image":"demo/web"},"c":{"Image":"x${DIGEST}"}}}`;
    const settings = `relocate: { demo/web: { archive: a.tar, repository: demo/web }, "x${DIGEST}": "reg.example:5000/x${DIGEST}" }`;
    expect(plan(bundle, settings).services.map((service) => service.image)).toEqual([
      { kind: "digest", reference: `redis:3${DIGEST}` },
      { kind: "archive", archive: "a.tar", repository: "demo/web" },
      { kind: "digest", reference: `reg.example:5000/x${DIGEST}` },
    ]);
  });
});
