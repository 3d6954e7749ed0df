import { readFileSync } from "node:fs";
import { join } from "node:path";
import type * as z from "zod";
import { COMPOSE_KEYS } from "../../../../components/bundle/compose/keys";
import { keysTable } from "../../../../components/bundle/compose/keysTable";
import { composeFile } from "../../../../components/bundle/compose/schema";
import { problemsOf, read, withWeb } from "./reading";

// The keys of the Compose Specification's schema (2026), for services and below deploy, by name.
const SERVICE =
  "annotations attach blkio_config build cap_add cap_drop cgroup cgroup_parent command configs container_name cpu_count cpu_percent cpu_period cpu_quota " +
  "cpu_rt_period cpu_rt_runtime cpu_shares cpus cpuset credential_spec depends_on deploy develop device_cgroup_rules devices dns dns_opt dns_search domainname " +
  "entrypoint env_file environment expose extends external_links extra_hosts gpus group_add healthcheck hostname image init ipc isolation label_file labels links " +
  "logging mac_address mem_limit mem_reservation mem_swappiness memswap_limit models network_mode networks oom_kill_disable oom_score_adj pid pids_limit platform " +
  "ports post_start pre_stop privileged profiles provider pull_policy pull_refresh_after read_only restart runtime scale secrets security_opt shm_size stdin_open " +
  "stop_grace_period stop_signal storage_opt sysctls tmpfs tty ulimits use_api_socket user userns_mode uts volumes volumes_from working_dir";
// Of version 3 and 2 only.
const OLDER = "cgroupns_mode volume_driver";
const BELOW: Readonly<Record<string, string>> = {
  "": "version name include services models networks volumes secrets configs",
  "services.*.deploy": "mode endpoint_mode replicas labels rollback_config update_config resources restart_policy placement",
  "services.*.deploy.update_config": "parallelism delay failure_action monitor max_failure_ratio order",
  "services.*.deploy.rollback_config": "parallelism delay failure_action monitor max_failure_ratio order",
  "services.*.deploy.resources": "limits reservations",
  "services.*.deploy.resources.limits": "cpus memory pids",
  "services.*.deploy.resources.reservations": "cpus memory generic_resources devices",
  "services.*.deploy.restart_policy": "condition delay max_attempts window",
  "services.*.deploy.placement": "constraints preferences max_replicas_per_node",
  "services.*.healthcheck": "disable interval retries test timeout start_period start_interval",
  "services.*.logging": "driver options",
  "services.*.networks.*": "aliases interface_name ipv4_address ipv6_address link_local_ips mac_address driver_opts priority gw_priority",
  "services.*.depends_on.*": "restart required condition",
  "services.*.ports[]": "name mode host_ip target published protocol app_protocol",
  "services.*.volumes[]": "type source target read_only consistency bind volume tmpfs image",
  "services.*.volumes[].bind": "propagation create_host_path recursive selinux",
  "services.*.volumes[].volume": "labels nocopy subpath",
  "services.*.volumes[].tmpfs": "size mode",
  "services.*.env_file[]": "path format required",
  "services.*.secrets[]": "source target uid gid mode",
  "services.*.configs[]": "source target uid gid mode",
  "networks.*": "name driver driver_opts ipam external internal enable_ipv4 enable_ipv6 attachable labels",
  "networks.*.ipam": "driver config options",
  "networks.*.ipam.config[]": "subnet ip_range gateway aux_addresses",
  "volumes.*": "name driver driver_opts external labels",
  "secrets.*": "name environment file external labels driver driver_opts template_driver",
  "configs.*": "name content environment file external labels template_driver",
};

const keysBelow = (parent: string): string[] =>
  COMPOSE_KEYS.map(([key]) => key)
    .filter((key) => (parent === "" || key.startsWith(`${parent}.`)) && !/[.[]/.test(key.slice(parent === "" ? 0 : parent.length + 1)))
    .map((key) => key.slice(parent === "" ? 0 : parent.length + 1));

test("every key of a service is in the table, once", () => {
  expect(keysBelow("services.*").sort()).toEqual(`${SERVICE} ${OLDER}`.split(" ").sort());
});

test.each(Object.entries(BELOW))("every key below %j is in the table, once", (parent, keys) => {
  expect(keysBelow(parent).sort()).toEqual(keys.split(" ").sort());
});

test("whatever is not honoured says what happens instead", () => {
  expect(COMPOSE_KEYS.filter(([, effect, what]) => effect !== "honoured" && what === undefined)).toEqual([]);
});

/** Something that a key of each effect may hold. */
const SAMPLES: Readonly<Record<string, string>> = { cpus: "0.5", mem_limit: "8M", mem_reservation: "8M", pids_limit: "5", restart: "always", scale: "2" };

const plainKeys = COMPOSE_KEYS.filter(([key]) => /^services\.\*\.[a-z_]+$/.test(key)).map(([key, effect, what]) => [key.slice("services.*.".length), effect, what] as const);

test.each(plainKeys.filter(([, effect]) => effect === "ignored"))("%s is %s, and a warning says so", (key, _, what) => {
  const { application, notices } = read(withWeb(`${key}: { some: thing }`));
  expect(notices).toEqual([{ severity: "warning", path: `services.web.${key}`, message: `ignored: ${what}` }]);
  expect(application).toEqual(read(withWeb("")).application);
});

test.each(plainKeys.filter(([, effect]) => effect === "refused"))("%s is %s", (key, _, what) => {
  expect(problemsOf(() => read(withWeb(`${key}: [thing]`)))).toEqual([`services.web.${key}: remove it; ${what}`]);
});

test.each(plainKeys.filter(([, effect]) => effect === "changed"))("%s is %s, and a note says so", (key, _, what) => {
  const { application, notices } = read(withWeb(`${key}: ${SAMPLES[key]}`));
  expect(notices).toEqual([{ severity: "info", path: `services.web.${key}`, message: `changed: ${what}` }]);
  expect(application).not.toEqual(read(withWeb("")).application);
});

test.each([
  ["privileged: false, security_opt: [], build: , network_mode: bridge, deploy: { mode: replicated }", []],
  ["ports: ['127.0.0.1:80:80']", [["warning", "services.web.ports[0].host_ip"]]],
  ["networks: { default: { ipv4_address: 10.0.0.5 } }", [["warning", "services.web.networks.default.ipv4_address"]]],
  ["healthcheck: { test: x, start_interval: 1s }", [["warning", "services.web.healthcheck.start_interval"]]],
  ["deploy: { replicas: 2, mode: replicated-job }", [["info", "services.web.deploy.replicas"], ["info", "services.web.deploy.mode"]]],
  ["x-own: { anything: 1 }, deploy: { x-own: 1 }", []],
])("notices of %s", (body, expected) => {
  expect(read(withWeb(body)).notices.map(({ severity, path }) => [severity, path])).toEqual(expected);
});

test.each([
  [withWeb("imge: x"), 'services.web: unknown key "imge"; write "image"'],
  [withWeb("flurbl: x"), 'services.web: unknown key "flurbl"; remove it, or begin it with x- if it is for another tool'],
  [withWeb("deploy: { replica: 1 }"), 'services.web.deploy: unknown key "replica"; write "replicas"'],
  ["service: {}", 'the file: unknown key "service"; write "services"'],
  ["include: [other.yaml]", "include: remove it; list the files of the application under `bundle` in the platform's configuration"],
])("%s", (yaml, problem) => expect(problemsOf(() => read(yaml))).toEqual([problem]));

test("the schema knows every key that the table honours", () => {
  const converted = COMPOSE_KEYS.filter(([, effect]) => effect === "honoured" || effect === "changed").map(([key]) => key);
  const unknown = converted.filter((key) => key !== "services.*.extends" && !isInSchema(composeFile, key.replaceAll("[]", ".[]").split(".")));
  expect(unknown).toEqual([]);
});

/** Whether a path of keys can be walked through a schema, past everything that is wrapped around its blocks. */
function isInSchema(schema: z.core.$ZodType, [step, ...rest]: readonly string[]): boolean {
  if (step === undefined) return true;
  const { in: piped, innerType, options, shape, element, valueType } = schema._zod.def as unknown as Record<string, never>;
  if (piped ?? innerType) return isInSchema((piped ?? innerType)!, [step, ...rest]);
  if (options) return (options as z.core.$ZodType[]).some((option) => isInSchema(option, [step, ...rest]));
  const below = step === "*" ? valueType : step === "[]" ? element : (shape as Record<string, z.core.$ZodType> | undefined)?.[step];
  return below !== undefined && isInSchema(below, rest);
}

test("docs/compose.md has the table as it is in the code", () => {
  const [, between] = readFileSync(join(__dirname, "../../../../docs/compose.md"), "utf8").split(/<!-- keys(?: end)? -->\n/);
  expect(between).toBe(`${keysTable()}\n`);
});
