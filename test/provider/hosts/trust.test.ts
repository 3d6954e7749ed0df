import { rootCertificates } from "node:tls";
import { trustKind } from "../../../provider/hosts/trust";

const CA = rootCertificates[0]!;
const connection = { address: "10.0.0.1", port: 22, user: "root", hostKey: "ssh-ed25519 AAAA" };
const problems = (registry: string, certificate: string) => trustKind.check!({ connection, host: "m", registry, certificate }).map(({ property, reason }) => `${property}: ${reason}`);

describe("what an engine may trust", () => {
  test("a registry with a port or without, one certificate or a chain", () => expect([...problems("registry.example:5000", CA), ...problems("registry.example", `${CA}\n${CA}`)]).toEqual([]));

  test.each<[string, string, string, RegExp]>([
    ["a registry with a path", "registry.example/team", CA, /^registry: "registry\.example\/team" is no registry/],
    ["a way out of the folder", "..", CA, /is no registry/],
    ["a port that is none", "registry.example:70000", CA, /is no registry/],
    ["no certificate", "r", "hello", /^certificate: holds no certificate/],
    ["a broken certificate", "r", "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----", /cannot be read/],
    ["a private key", "r", `${CA}\n-----BEGIN PRIVATE KEY-----`, /^certificate: holds a private key/],
  ])("is refused: %s", (_name, registry, certificate, message) => expect(problems(registry, certificate)).toEqual([expect.stringMatching(message)]));

  test("a refused certificate never shows in the message", () =>
    expect(problems("r", "-----BEGIN CERTIFICATE-----\nc2VjcmV0\n-----END CERTIFICATE-----").join()).not.toContain("c2VjcmV0"));
});
