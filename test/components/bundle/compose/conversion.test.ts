import { problemsOf, read, web, withWeb } from "./reading";

const seconds = (amount: number) => ({ nanoseconds: amount * 1e9 });

describe("a service in the words of the model", () => {
  test("of nothing but an image", () => {
    expect(read("services: { web: { image: i } }").application).toEqual({
      services: [
        { key: "web", image: "i", command: [], args: [], environment: [], labels: {}, containerLabels: {}, exposes: [], networks: ["default"], run: {} },
      ],
      networks: [{ key: "default", kind: "own" }],
      secrets: [],
      configs: [],
    });
  });

  test.each([
    ["entrypoint: /e x, command: [a, 1]", { command: ["/e", "x"], args: ["a", "1"] }],
    ["labels: { c: 1 }, deploy: { labels: [s=2, t] }", { containerLabels: { c: "1" }, labels: { s: "2", t: "" } }],
    ["environment: { A: 0, B: 1.5, C: '', D: x=y }", { environment: [["A", "0"], ["B", "1.5"], ["C", ""], ["D", "x=y"]].map(([name, value]) => ({ name, value, literal: false })) }],
    ["expose: [81, 53/UDP, 90-91], ports: ['80']", { exposes: [["tcp", 80], ["tcp", 81], ["udp", 53], ["tcp", 90], ["tcp", 91]].map(([protocol, port]) => ({ port, protocol })) }],
  ])("%s", (body, expected) => expect(web(body)).toMatchObject(expected));

  test.each([
    ["user: 1000, working_dir: /w, hostname: h, group_add: [5]", { user: "1000", workingDir: "/w", hostname: "h", groups: ["5"] }],
    ["init: true, read_only: 'yes', tty: true, stdin_open: true", { init: true, readOnly: true, tty: true, openStdin: true }],
    ["stop_signal: SIGINT, stop_grace_period: 1m30s", { stopSignal: "SIGINT", stopGracePeriod: seconds(90) }],
    ["cap_add: [net_admin], cap_drop: [ALL]", { capabilities: { add: ["NET_ADMIN"], drop: ["ALL"] } }],
    ["sysctls: [net.core.somaxconn=1024], ulimits: { nproc: 5, nofile: { soft: 1, hard: 2 } }", { sysctls: { "net.core.somaxconn": "1024" }, ulimits: { nproc: { soft: 5, hard: 5 }, nofile: { soft: 1, hard: 2 } } }],
    ["extra_hosts: ['a:10.0.0.1', 'b=::1'], dns: 1.1.1.1, dns_search: [d], dns_opt: [ndots:1]", { extraHosts: { a: "10.0.0.1", b: "::1" }, dns: { nameservers: ["1.1.1.1"], search: ["d"], options: ["ndots:1"] } }],
    ["logging: { driver: local, options: { max-file: 3 } }", { logging: { driver: "local", options: { "max-file": "3" } } }],
    ["tmpfs: [/run, '/tmp:size=1m']", { mounts: [{ type: "tmpfs", target: "/run" }, { type: "tmpfs", target: "/tmp", tmpfsSize: 1024 ** 2 }] }],
    ["healthcheck: { test: [CMD, /p], interval: 10s, timeout: 1s, start_period: 5s, retries: 2 }", { healthcheck: { test: ["CMD", "/p"], interval: seconds(10), timeout: seconds(1), startPeriod: seconds(5), retries: 2 } }],
    ["healthcheck: { disable: true }", { healthcheck: { test: ["NONE"] } }],
    ["restart: 'no'", { restart: { condition: "none" } }],
    ["restart: unless-stopped", { restart: { condition: "any" } }],
    ["restart: on-failure:3", { restart: { condition: "on-failure", maxAttempts: 3 } }],
    ["restart: always, deploy: { restart_policy: { condition: on-failure, delay: 1s, window: 1m } }", { restart: { condition: "on-failure", delay: seconds(1), window: seconds(60) } }],
    ["mem_limit: 64m, cpus: 0.5, pids_limit: 10, mem_reservation: 32m", { resources: { limits: { cpus: 0.5, memory: 64 * 1024 ** 2, pids: 10 }, reservations: { memory: 32 * 1024 ** 2 } } }],
    ["mem_limit: 64m, pids_limit: -1, deploy: { resources: { limits: { memory: 1G, cpus: '2' }, reservations: { cpus: 0.1 } } }", { resources: { limits: { cpus: 2, memory: 1024 ** 3 }, reservations: { cpus: 0.1 } } }],
    ["scale: 2", { initialReplicas: 2 }],
    ["scale: 2, deploy: { replicas: 3 }", { initialReplicas: 3 }],
    ["deploy: { mode: global, endpoint_mode: dnsrr }", { mode: "global", endpointMode: "dnsrr" }],
    ["deploy: { mode: replicated-job, replicas: 2 }", { mode: "replicated", job: true, initialReplicas: 2 }],
    ["deploy: { mode: global-job }", { mode: "global", job: true }],
    ["deploy: { placement: { constraints: [node.role==manager], preferences: [{ spread: node.labels.zone }], max_replicas_per_node: 1 } }", { constraints: ["node.role==manager"], spread: ["node.labels.zone"], maxReplicasPerNode: 1 }],
    [
      "deploy: { update_config: { parallelism: 2, delay: 5s, failure_action: pause, monitor: 1m, max_failure_ratio: 0.1, order: start-first }, rollback_config: { parallelism: 0 } }",
      { update: { parallelism: 2, delay: seconds(5), failureAction: "pause", monitor: seconds(60), maxFailureRatio: 0.1, order: "start-first" }, rollback: { parallelism: 0 } },
    ],
    ["ports: [{ target: 80, published: '8080', mode: host, protocol: udp }, { target: 81, published: 9000-9001 }]", { ports: [{ target: 80, published: 8080, protocol: "udp", mode: "host" }, { target: 81, published: 9000 }, { target: 81, published: 9001 }] }],
    ["secrets: [a, { source: b, target: /c, uid: 5, gid: '6', mode: '0400' }], configs: [{ source: d, mode: 0440 }]", { secrets: [{ source: "a" }, { source: "b", target: "/c", uid: "5", gid: "6", mode: 0o400 }], configs: [{ source: "d", mode: 0o440 }] }],
  ])("%s", (body, run) => expect(web(body).run).toEqual(run));

  test("networks with aliases", () => {
    const service = web("networks: { front: { aliases: [www] }, back: }", "networks: { front: , back: , unused: }");
    expect([service.networks, service.aliases]).toEqual([["front", "back"], { front: ["www"] }]);
  });

  test("dependencies, in both forms", () => {
    const services = ", db: { image: i }, job: { image: i } }";
    const dependsOn = (written: string) => read(`services: { web: { image: i, depends_on: ${written} }${services}`).application.services[0]!.dependsOn;
    expect(dependsOn("[db]")).toEqual([{ service: "db", condition: "started" }]);
    expect(dependsOn("{ db: { condition: service_healthy }, job: { condition: service_completed_successfully }, gone: { condition: service_started, required: false } }")).toEqual([
      { service: "db", condition: "healthy" },
      { service: "job", condition: "completed" },
    ]);
  });

  test("profiles leave services out until the settings name one", () => {
    const yaml = "services: { web: { image: i }, debug: { image: d, profiles: [debug, all] } }";
    const keys = (profiles?: string[]) => read(yaml, profiles && { profiles }).application.services.map(({ key }) => key);
    expect(keys()).toEqual(["web"]);
    expect(keys(["all"])).toEqual(["web", "debug"]);
    expect(read(yaml).notices).toEqual([{ severity: "info", path: "services.debug", message: "left out: the settings name none of its profiles (debug, all)" }]);
  });
});

describe("what is beside services", () => {
  test.each([
    ["{}", { kind: "own" }],
    ["{ driver: overlay, attachable: true, internal: true, labels: [a=1], name: full }", { kind: "own", attachable: true, internal: true, labels: { a: "1" }, name: "full" }],
    ["{ driver_opts: { encrypted: '', com.docker.network.driver.mtu: 1400 } }", { kind: "own", encrypted: true, mtu: 1400 }],
    ["{ ipam: { config: [{ subnet: 10.1.0.0/24 }] } }", { kind: "own", subnet: "10.1.0.0/24" }],
    ["{ external: true }", { kind: "external", network: "n" }],
    ["{ external: true, name: platform }", { kind: "external", network: "platform" }],
    ["{ external: { name: platform } }", { kind: "external", network: "platform" }],
  ])("network %s", (definition, expected) => expect(read(withWeb("networks: [n]", `networks: { n: ${definition} }`)).application.networks).toEqual([{ key: "n", ...expected }]));

  test.each([
    ["{}", { source: "v" }],
    ["{ driver: nfs, driver_opts: { n: 1 }, labels: { l: x } }", { source: "v", driver: "nfs", driverOptions: { n: "1" }, volumeLabels: { l: "x" } }],
    ["{ name: full }", { source: "v", volumeName: "full" }],
    ["{ external: true }", { source: "v", external: true }],
    ["{ external: true, name: full }", { source: "full", external: true }],
  ])("volume %s", (definition, expected) => expect(web("volumes: [v:/v]", `volumes: { v: ${definition} }`).run.mounts).toEqual([{ type: "volume", target: "/v", ...expected }]));

  test.each([
    ["{ file: ./s.txt }", { source: { kind: "file", path: "app/s.txt" } }],
    ["{ file: /abs, name: base, labels: { a: 1 } }", { source: { kind: "file", path: "/abs" }, name: "base", labels: { a: "1" } }],
    ["{ environment: TOKEN }", { source: { kind: "unnamed", variable: "TOKEN" } }],
    ["{ content: \"a=${A:-1}\" }", { source: { kind: "inline", content: "a=1" } }],
    ["{ external: true }", { source: { kind: "external", name: "c" } }],
    ["{ external: true, name: full }", { source: { kind: "external", name: "full" } }],
  ])("config %s", (definition, expected) => expect(read(withWeb("configs: [c]", `configs: { c: ${definition} }`)).application.configs).toEqual([{ key: "c", ...expected }]));
});

describe("what is refused", () => {
  test.each([
    ["ports: ['a:b']", 'services.web.ports[0]: found "a:b"; write a block with the keys target, published, protocol, mode'],
    ["ports: [{ target: 0 }]", "services.web.ports[0].target: found 0; write a whole number from 1 to 65535"],
    ["volumes: ['a:/b:c:d']", /^services\.web\.volumes\[0\]: found "a:\/b:c:d"; write a block with the keys type, source/],
    ["volumes: ['data:/x']", 'services.web.volumes[0]: unknown volume "data"; remove it (there is no volume at all); a new one is defined under volumes: { "data": {} }'],
    ["volumes: [{ type: bind, source: /s, target: /x, volume: { nocopy: true } }]", "services.web.volumes[0]: remove volume, which a mount of type bind does not have"],
    ["networks: [front]", 'services.web.networks: unknown network "front"; remove it (there is no network at all); a new one is defined under networks: { "front": {} }'],
    ["command: \"sh 'x\"", "services.web.command: opens a quote that nothing closes; write the command as a list of words"],
    ["deploy: { mode: global, replicas: 2 }", "services.web.deploy.replicas: found 2 with mode global, which runs one task on every host; remove one of both"],
    ["deploy: { replicas: -1 }", "services.web.deploy.replicas: found -1; write a whole number, 0 or more"],
    ["deploy: { mode: daemon }", 'services.web.deploy.mode: found "daemon"; write replicated or global or replicated-job or global-job'],
    ["deploy: { resources: { limits: { memory: x } } }", 'services.web.deploy.resources.limits.memory: found "x"; write a size such as "64M" or "1.5G"'],
    ["deploy: { placement: { constraints: [node=foo] } }", 'services.web.deploy.placement.constraints[0]: found "node=foo"; write a constraint such as "node.labels.zone == a"'],
    ["stop_grace_period: 10", 'services.web.stop_grace_period: found 10; write a length of time such as "10s", "1m30s" or "500ms"'],
    ["healthcheck: { test: [curl] }", /^services\.web\.healthcheck\.test(\[0\])?: found .*; write a shell command, or a list that begins with CMD, CMD-SHELL or NONE$/],
    ["healthcheck: { test: x, disable: true }", "services.web.healthcheck: has a test and is disabled; remove one of both"],
    ["restart: sometimes", 'services.web.restart: found "sometimes"; write no, always, unless-stopped or on-failure[:times]'],
    ["secrets: [{ target: x }]", "services.web.secrets[0].source: found nothing; write a text"],
    ["logging: { options: { a: b } }", "services.web.logging.driver: found nothing; write the driver that the options are for"],
    ["expose: [x]", 'services.web.expose[0]: found "x"; write a port such as "80" or "53/udp"'],
    ["environment: { PASSWORD: [4711] }", /^services\.web\.environment\.PASSWORD: found a list; write/],
    ["labels: { __proto__: x }", "services.web.labels.__proto__: remove it; this name cannot be set"],
  ])("%s", (body, expected) => {
    const problems = problemsOf(() => read(withWeb(body)));
    expect(problems).toHaveLength(1);
    if (typeof expected === "string") expect(problems[0]).toBe(expected);
    else expect(problems[0]).toMatch(expected);
  });

  test.each([
    ["services: { web: { build: . } }", "services.web.image: found nothing; write the name of an image; nothing is built at a deployment"],
    ["services: [web]", "services: found a list; write services by name"],
    [withWeb("secrets: [s]", "secrets: { s: {} }"), "secrets.s: found nothing to say where its content is; write one of file, environment or external: true"],
    [withWeb("configs: [s]", "configs: { s: { file: a, content: b } }"), "configs.s: found file and content to say where its content is; write one of file, environment, content or external: true"],
    [withWeb("networks: [n]", "networks: { n: { driver_opts: { vlan: 1 } } }"), "networks.n.driver_opts.vlan: remove it; an overlay takes encrypted and com.docker.network.driver.mtu"],
    [withWeb("networks: [n]", "networks: { n: { ipam: { config: [{ subnet: fd00::/64 }] } } }"), 'networks.n.ipam.config: write one IPv4 subnet such as "10.20.0.0/24"'],
  ])("%s", (yaml, problem) => expect(problemsOf(() => read(yaml))).toEqual([problem]));
});
