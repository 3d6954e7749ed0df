import { readFileSync } from "node:fs";
import { join } from "node:path";
import { checkEngine, EngineInputs } from "../../../provider/hosts/engineInputs";

const base = { connection: { address: "10.0.0.1", hostKey: "ssh-ed25519 AAAA" }, host: "m" };
const problems = (inputs: object) => checkEngine({ ...base, ...inputs }).map(({ property, reason }) => `${property}: ${reason}`);

describe("what an engine may be told", () => {
  test("a good configuration", () =>
    expect(
      problems({
        daemon: { "log-driver": "local", "log-opts": { "max-size": "10m" }, "live-restore": false, "data-root": "/srv/docker" },
        names: { "registry.example": "10.0.0.1", node1: "2001:db8::1" },
      }),
    ).toEqual([]));

  test.each<[string, object, RegExp]>([
    ["live-restore", { daemon: { "live-restore": true } }, /^daemon\.live-restore: .*cannot be in a Swarm/],
    ["sockets of its own", { daemon: { hosts: ["tcp://0.0.0.0:2375"] } }, /^daemon\.hosts: .*over SSH/],
    ["no iptables", { daemon: { iptables: false } }, /^daemon\.iptables: /],
    ["nftables", { daemon: { "firewall-backend": "nftables" } }, /^daemon\.firewall-backend: /],
    ["no bridges", { daemon: { bridge: "none" } }, /^daemon\.bridge: /],
    ["a relative path", { daemon: { "data-root": "docker" } }, /^daemon\.data-root: .*absolute/],
    ["a key without a value", { daemon: { mtu: null } }, /^daemon\.mtu: .*no value/],
    ["a name with a space", { names: { "a b": "10.0.0.1" } }, /^names\["a b"\]: .*no DNS name/],
    ["a name with a line end", { names: { "a\n10.0.0.1 b": "10.0.0.1" } }, /no DNS name/],
    ["localhost", { names: { localhost: "10.0.0.1" } }, /no DNS name/],
    ["an address of several that is none", { names: { a: ["10.0.0.1", "10.0.0.256"] } }, /is no IP address/],
    ["an address that is none", { names: { a: "10.0.0.256" } }, /is no IP address/],
  ])("is refused: %s", (_name, inputs, message) => {
    expect(problems(inputs)).toEqual([expect.stringMatching(message)]);
  });

  test("nftables with the feature that Swarm needs is fine", () =>
    expect(problems({ daemon: { "firewall-backend": "nftables", features: { "swarm-nftables": true } } })).toEqual([]));

  test("unknown inputs are refused by the schema", () => expect(EngineInputs.safeParse({ ...base, deamon: {} }).success).toBe(false));
});

test("the key of Docker's repository is in one piece", async () => {
  const text = readFileSync(join(__dirname, "../../../provider/hosts/dockerRepository.ts"), "utf8");
  const body = /PUBLIC KEY BLOCK-----\n\n([A-Za-z0-9+/=\n]+)\n=([A-Za-z0-9+/]{4})\n-----END/.exec(text)!;
  expect(crc24(Buffer.from(body[1]!, "base64"))).toBe(Buffer.from(body[2]!, "base64").readUIntBE(0, 3));
});

/** The checksum of an armoured OpenPGP block (RFC 9580, 6.1.1). */
function crc24(data: Buffer): number {
  let crc = 0xb704ce;
  for (const byte of data) {
    crc ^= byte << 16;
    for (let bit = 0; bit < 8; bit++) crc = crc & 0x800000 ? ((crc << 1) ^ 0x864cfb) & 0xffffff : (crc << 1) & 0xffffff;
  }
  return crc;
}
