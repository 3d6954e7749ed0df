import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseConfiguration } from "../../../provider/configuration";
import { Connection } from "../../../provider/remote/connection";
import { Connections } from "../../../provider/remote/connections";
import { type Proxies, wayTo } from "../../../provider/remote/way";

const host = { address: "10.0.0.11", hostKey: "ssh-ed25519 AAAA" };
const BASTION = ["ssh", "-W", "%h:%p", "bastion.example.net"];
const proxies: Proxies = { access: BASTION };

test("the way to a host is the command that its connection names, or none", () => {
  expect(wayTo({ ...host, proxy: "access" }, proxies)).toEqual(BASTION);
  expect(wayTo(host, proxies)).toBeUndefined();
});

test("a connection of a former state goes on by the command that the configuration still has", () => {
  expect(wayTo({ ...host, proxyCommand: [...BASTION] }, proxies)).toEqual(BASTION);
});

test.each<[string, Partial<Connection>, Proxies]>([
  ["a command of its own", { proxyCommand: ["sh", "-c", "id"] }, proxies],
  ["a command of its own, where there are none", { proxyCommand: BASTION }, {}],
  ["one argument more", { proxyCommand: [...BASTION, "-oProxyCommand=id"] }, proxies],
  ["one argument less", { proxyCommand: BASTION.slice(0, -1) }, proxies],
  ["another order", { proxyCommand: [...BASTION].reverse() }, proxies],
  ["the arguments as one", { proxyCommand: [BASTION.join(" ")] }, proxies],
  ["another spelling", { proxyCommand: ["SSH", ...BASTION.slice(1)] }, proxies],
  ["a path", { proxyCommand: ["./ssh", ...BASTION.slice(1)] }, proxies],
  ["a name that is not there", { proxy: "other" }, proxies],
  ["a name beside a command", { proxy: "other", proxyCommand: BASTION }, proxies],
  ["another case of a name", { proxy: "Access" }, proxies],
  ["a name with a space", { proxy: "access " }, proxies],
  ["what every object has", { proxy: "constructor" }, proxies],
  ["the prototype", { proxy: "__proto__" }, proxies],
  ["toString", { proxy: "toString" }, {}],
])("a connection with %s is refused", (_, more, table) => {
  expect(() => wayTo({ ...host, ...more }, table)).toThrow(/^10\.0\.0\.11: .*(does not have|so it was not run)/);
});

test("the configuration that names a command wins over what the state has beside the name", () => {
  expect(wayTo({ ...host, proxy: "access", proxyCommand: ["sh", "-c", "id"] }, proxies)).toEqual(BASTION);
});

test("a refused command is not run", async () => {
  const folder = mkdtempSync(join(tmpdir(), "dockyard-way-"));
  try {
    const connections = new Connections({ privateKey: "x", connectTimeout: 1000, commandTimeout: 1000, proxies });
    const proxyCommand = ["touch", join(folder, "ran")];
    await expect(connections.machine({ ...host, proxyCommand })).rejects.toMatchObject({ name: "ConnectFailed", retry: false });
    await expect(connections.proveLogin({ ...host, proxyCommand })).rejects.toMatchObject({ name: "ConnectFailed", retry: false });
    expect(existsSync(join(folder, "ran"))).toBe(false);
  } finally {
    rmSync(folder, { recursive: true });
  }
});

test("the provider's configuration names the commands; one from before did at its managers", () => {
  expect(parseConfiguration({ proxies: JSON.stringify(proxies) }).proxies).toEqual(proxies);
  const managers = JSON.stringify([{ ...host, proxyCommand: BASTION }, { ...host, address: "10.0.0.12" }]);
  expect(wayTo({ ...host, address: "10.0.0.13", proxyCommand: BASTION }, parseConfiguration({ managers }).proxies)).toEqual(BASTION);
  expect(parseConfiguration({ managers, proxies: "{}" }).proxies).toEqual({});
});

test.each([["no list", { access: "ssh" }], ["no argument", { access: [] }], ["an empty argument", { access: [""] }], ["no name", { "": ["ssh"] }]])("proxies with %s are refused", (_, wrong) => {
  expect(() => parseConfiguration({ proxies: JSON.stringify(wrong) })).toThrow(/refused:\n {2}proxies/);
});
