import { UNKNOWN } from "../../../provider/wire";
import { networkKind } from "../../../provider/swarm/network";
import { checkNetwork, decideNetwork, isSuchNetwork, type LiveNetwork, type NetworkInputs, observeNetwork, toNetworkSpec } from "../../../provider/swarm/networkSpec";

const inputs: NetworkInputs = { cluster: "c", name: "shop", labels: { team: "x" } };
/** As engine 26.1 gives it. */
const live: LiveNetwork = { Id: "n1", Name: "shop", Scope: "swarm", Driver: "overlay", EnableIPv6: false, IPAM: { Config: [{ Subnet: "10.0.1.0/24", Gateway: "10.0.1.1" }] }, Internal: false, Attachable: false, Options: { "com.docker.network.driver.overlay.vxlanid_list": "4097" }, Labels: { team: "x" } };

test("a network as the engine wants it", () => {
  expect(toNetworkSpec({ ...inputs, subnet: "10.9.0.0/24", gateway: "10.9.0.254", encrypted: true, mtu: 1400 })).toEqual({
    Name: "shop", Driver: "overlay", CheckDuplicate: true, Internal: false, Attachable: false, EnableIPv6: false,
    IPAM: { Driver: "default", Config: [{ Subnet: "10.9.0.0/24", Gateway: "10.9.0.254" }] },
    Options: { encrypted: "", "com.docker.network.driver.mtu": "1400" },
    Labels: { team: "x" },
  });
  expect(toNetworkSpec(inputs)).not.toHaveProperty("IPAM");
});

test("an untouched network reads back as it was written, addresses that are left open included", () => {
  expect(observeNetwork(inputs, live)).toEqual(inputs);
  const spelled = { ...inputs, encrypted: false, attachable: false };
  expect(observeNetwork(spelled, live)).toEqual(spelled);
});

test("what differs is shown", () => {
  expect(observeNetwork({ ...inputs, subnet: "10.9.0.0/24", encrypted: true }, { ...live, Attachable: true })).toEqual({ ...inputs, subnet: "10.0.1.0/24", attachable: true });
  expect(isSuchNetwork(inputs, live)).toBe(true);
  expect(isSuchNetwork({ ...inputs, internal: true }, live)).toBe(false);
});

test.each<[string, Partial<NetworkInputs>, string[]]>([
  ["nothing about addresses", {}, []],
  ["a subnet and a gateway in it", { subnet: "10.1.2.0/24", gateway: "10.1.2.1" }, []],
  ["a subnet that is not at its beginning", { subnet: "10.1.2.3/24" }, ["subnet"]],
  ["no subnet at all", { subnet: "ten" }, ["subnet"]],
  ["the wrong family", { subnet: "fd00::/64" }, ["subnet"]],
  ["a gateway elsewhere", { subnet: "10.1.2.0/24", gateway: "10.1.3.1" }, ["gateway"]],
  ["a gateway of nothing", { gateway: "10.1.3.1" }, ["gateway"]],
  ["IPv6", { ipv6Subnet: "fd00:20::/64" }, []],
])("%s", (_what, extra, properties) => expect(checkNetwork({ ...inputs, ...extra }).map(({ property }) => property)).toEqual(properties));

test.each<[string, unknown, Partial<NetworkInputs> | undefined, object]>([
  ["a new one, by default", "new", undefined, { encrypted: true }],
  ["a new one where nobody asks for it", undefined, undefined, { encrypted: false }],
  ["one that an earlier version made in the clear", "new", { encrypted: false }, { encrypted: false }],
  ["one whose state says nothing", "new", {}, { encrypted: false }],
  ["one that is encrypted, by default", "new", { encrypted: true }, { encrypted: true }],
  ["one that is encrypted where nobody asks for it any more", undefined, { encrypted: true }, { encrypted: true }],
  ["one that is to be encrypted", true, { encrypted: false }, {}],
  ["one that is to be in the clear", false, { encrypted: true }, {}],
  ["a new one while hosts have not said whether they can", UNKNOWN, undefined, {}],
  ["one in the clear while a new host has not said whether it can", UNKNOWN, { encrypted: false }, { encrypted: false }],
  ["one that is encrypted while a new host has not said whether it can", UNKNOWN, { encrypted: true }, { encrypted: true }],
  ["a word that is none, for the schema to refuse", "yes", { encrypted: true }, {}],
])("whether a network is encrypted: %s", (_which, encrypted, known, decided) => {
  expect(decideNetwork({ ...inputs, encrypted }, known && { ...inputs, ...known })).toEqual(decided);
});

describe("a change", () => {
  const diff = (wanted: Partial<NetworkInputs>, unknown: string[] = []) => networkKind.diff!({ inputs, outputs: { actualSubnet: "10.0.1.0/24" } }, { ...inputs, ...wanted }, unknown);
  test("makes the network anew, whatever it is", () => {
    expect(diff({ labels: { team: "y" } })).toEqual([{ path: "labels.team", kind: "update", replace: true }]);
    expect(diff({ encrypted: true })).toEqual([{ path: "encrypted", kind: "add", replace: true }]);
  });
  test("of a default is none for a network that exists, and a written one makes it anew", () => {
    const known = { ...inputs, encrypted: false };
    const asked = (encrypted: boolean | "new" | undefined) => ({ ...inputs, encrypted, ...decideNetwork({ ...inputs, encrypted }, known) });
    const diff = (wanted: NetworkInputs) => networkKind.diff!({ inputs: known, outputs: { actualSubnet: "10.0.1.0/24" } }, wanted, []);
    expect(diff(asked("new"))).toEqual([]);
    expect(diff(asked(undefined))).toEqual([]);
    expect(diff(asked(true))).toEqual([{ path: "encrypted", kind: "add", replace: true }]);
  });
  test("that says what is so already is none", () => {
    expect(diff({ encrypted: false })).toEqual([]);
    expect(diff({ subnet: "10.0.1.0/24" })).toEqual([]);
    expect(diff({ subnet: "10.0.2.0/24" })).toHaveLength(1);
  });
});
