import { readFileSync } from "node:fs";
import { join } from "node:path";
import { RESOURCE_RULES, STACK_RULES } from "../../policy/rules";
import { restrictedCapabilities, restrictedHost, restrictedLimits, restrictedNetwork, restrictedRootFilesystem, restrictedUser } from "../../policy/rules/restricted";
import { findings, table } from "./support";

const name = "shop_web";

table(restrictedUser, {
  refused: [...["", "root", "0", "00", "0:0", "1000:0", "0:1000", "app", "app:app", "1000:app", "nobody", "+1000", "-1", "01000", "1000 ", " 1000", "1000:", ":1000", "1000:1000:1000", "1e3", "0x3e8", "1000\n", "１０００", "1000:00"].map((user) => ({ name, user })), { name }, ...["0", "docker", "", "root", "01"].map((group) => ({ name, user: "1000", groups: [group] }))],
  accepted: [...["1", "2", "10", "33", "70", "99", "100", "101", "472", "999", "1000", "1001", "10001", "65532", "65534", "2000000000", "1000:1000", "1000:1", "65532:65532", "1:999"].map((user) => ({ name, user })), { name, user: "1000", groups: ["44", "1001"] }],
});

const add = (...capabilityAdd: string[]) => ({ name, capabilityDrop: ["ALL"], capabilityAdd });
table(restrictedCapabilities, {
  refused: [
    { name }, { name, capabilityDrop: [] },
    ...[["CAP_ALL"], ["NET_RAW"], ["ALLX"], [" ALL"], ["A", "L", "L"], ["CHOWN", "SETUID", "SETGID"], [""]].map((capabilityDrop) => ({ name, capabilityDrop })),
    ...["CHOWN", "NET_RAW", "SYS_ADMIN", "ALL", "SETUID", "setgid", "CAP_KILL", "MKNOD", "net_bind_servicex", "NET_BIND", "", " NET_BIND_SERVICE", "CAP_CAP_NET_BIND_SERVICE", "DAC_OVERRIDE", "FOWNER"].map((each) => add("NET_BIND_SERVICE", each)),
  ],
  accepted: [
    ...["ALL", "all", "All", "aLL"].flatMap((all) => [{ name, capabilityDrop: [all] }, { name, capabilityDrop: [all, "NET_RAW"] }, { name, capabilityDrop: ["NET_RAW", all], capabilityAdd: [] }]),
    ...["NET_BIND_SERVICE", "CAP_NET_BIND_SERVICE", "net_bind_service", "cap_net_bind_service", "Net_Bind_Service", "Cap_Net_Bind_Service"].map((each) => add(each)),
    add(), add("NET_BIND_SERVICE", "CAP_NET_BIND_SERVICE"),
  ],
});

table(restrictedRootFilesystem, {
  refused: [{ name }, ...[false, undefined, null, "true", "True", 1, 0, "", "yes", "ro", "on", {}, [], [true], "false", -1, "1", "TRUE", 2, { value: true }].map((readOnly) => ({ name, readOnly: readOnly as boolean }))],
  accepted: Array.from({ length: 20 }, (_, index) => ({ name: `shop_${index}`, readOnly: true })),
});

const mount = (more: object) => ({ name, mounts: [{ type: "tmpfs", target: "/tmp" }, { target: "/in", ...more }] as never });
const port = (more: object) => ({ name, ports: [{ target: 80, ...more }] as never });
table(restrictedHost, {
  refused: [
    ...["/srv", "/data/shop", "/etc/localtime", "/", "/var/run/docker.sock", "/mnt"].flatMap((source) => [mount({ type: "bind", source }), mount({ type: "bind", source, readOnly: true })]),
    ...["bind", "rbind", "ro,bind", "rbind,,noexec"].map((o) => mount({ type: "volume", volumeDriverOptions: { type: "none", o, device: "/srv" } })),
    port({ mode: "host" }), port({ mode: "host", published: 8080 }), port({ mode: "host", published: 443, protocol: "udp" }),
    { name, networks: [{ id: "host" }] }, { name, networks: [{ id: "x" }, { id: "host" }] },
  ],
  accepted: [
    { name }, { name, mounts: [], ports: [], networks: [] },
    ...["data", "shop_data", "a", "b", "c"].flatMap((source) => [mount({ type: "volume", source }), mount({ type: "volume", source, readOnly: true })]),
    mount({ type: "volume", volumeDriverOptions: { type: "nfs", o: "addr=10.0.0.1", device: ":/x" } }), mount({ type: "tmpfs" }),
    port({}), port({ published: 8080 }), port({ mode: "ingress", published: 80 }), port({ mode: "ingress" }), port({ protocol: "udp" }),
    { name, networks: [{ id: "x" }] }, { name, networks: [{ id: "hosts" }, { id: "y" }] },
  ],
});

const limits = (more: object | undefined, others: object = {}) => ({ name, resources: { ...(more && { limits: more }), ...others } as never });
const ENOUGH = { memory: 2 ** 26, cpus: 1, pids: 100 };
table(restrictedLimits, {
  refused: [
    { name }, limits(undefined), limits({}),
    ...Object.keys(ENOUGH).flatMap((only) => [limits({ [only]: 1 }), limits({ ...ENOUGH, [only]: undefined }), limits({ [only]: 2 }, { reservations: ENOUGH }), limits({ ...ENOUGH, [only]: undefined }, { reservations: { memory: 1 } }), limits({ ...ENOUGH, [only]: undefined, [`${only}x`]: 1 }), limits({ ...ENOUGH, [only]: undefined, [only.toUpperCase()]: 1 })]),
    limits(undefined, { reservations: ENOUGH }), limits({ Memory: 1, Cpus: 1, Pids: 1 }),
  ],
  accepted: Array.from({ length: 20 }, (_, index) => limits({ memory: 2 ** (20 + index), cpus: (index + 1) / 10, pids: index + 1 }, index % 2 === 0 ? {} : { reservations: { memory: 1 } })),
});

table(restrictedNetwork, {
  refused: Array.from({ length: 20 }, (_, index) => ({ name: `net${index}`, attachable: true })),
  accepted: Array.from({ length: 20 }, (_, index) => ({ name: `net${index}`, ...(index % 2 === 0 && { attachable: false }) })),
});

describe("the level restricted", () => {
  const file = JSON.parse(readFileSync(join(__dirname, "../../policy/restricted.json"), "utf8")) as Record<string, string | { enforcementLevel: string; allow: string[] }>;
  const rules = [...RESOURCE_RULES, ...STACK_RULES];
  it("makes everything mandatory that is not", () => {
    expect(Object.keys(file).sort()).toEqual(rules.filter(({ level }) => level !== "mandatory").map(({ name: rule }) => rule).sort());
    expect(new Set(Object.values(file).map((setting) => (typeof setting === "string" ? setting : setting.enforcementLevel)))).toEqual(new Set(["mandatory"]));
  });
  it("excepts the platform's own registry alone", () =>
    expect(new Set(Object.values(file).flatMap((setting) => (typeof setting === "string" ? [] : setting.allow)))).toEqual(new Set(["dockyard_registry"])));
  it("is off unless asked for", () => expect(rules.filter(({ name: rule }) => rule.startsWith("restricted-")).map(({ level }) => level)).toEqual(Array(7).fill("disabled")));
  it.each([
    [restrictedUser, { name }],
    [restrictedCapabilities, { name }],
    [restrictedRootFilesystem, { name }],
    [restrictedHost, { name, networks: [{ id: "host" }] }],
    [restrictedLimits, { name }],
  ])("lets a service pass that is allowed, and no other (%#)", (rule, props) => {
    expect(findings(rule as never, props as never, name)).toEqual([]);
    expect(findings(rule as never, props as never, "shop", "shop_api")).not.toEqual([]);
  });
});
