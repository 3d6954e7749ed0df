import { engineSettings, noInsecureRegistries } from "../../policy/rules/engine";
import { modernKeys } from "../../policy/rules/keys";
import { encryptedOverlay } from "../../policy/rules/network";
import { findings } from "./support";

describe("an engine", () => {
  it.each([undefined, {}, { "log-driver": "local", "live-restore": false, iptables: true }])("is set up as a Swarm needs it: %j", (daemon) => {
    expect(findings(engineSettings, { daemon })).toEqual([]);
    expect(findings(noInsecureRegistries, { daemon })).toEqual([]);
  });
  it("without live-restore", () => expect(findings(engineSettings, { daemon: { "live-restore": true } })).toEqual([expect.stringContaining("live-restore")]));
  it("without addresses to listen on", () => expect(findings(engineSettings, { daemon: { hosts: ["tcp://0.0.0.0:2375"] } })).toEqual([expect.stringContaining("hosts")]));
  it("speaks TLS with every registry, unless excepted", () => {
    const daemon = { "insecure-registries": ["registry.example:5000", "old.example"] };
    expect(findings(noInsecureRegistries, { daemon })).toEqual([expect.stringContaining('"registry.example:5000"'), expect.stringContaining('"old.example"')]);
    expect(findings(noInsecureRegistries, { daemon }, "old.example")).toEqual([expect.stringContaining('"registry.example:5000"')]);
    expect(findings(noInsecureRegistries, { daemon: { "insecure-registries": "old.example" } })).toHaveLength(1);
    expect(findings(noInsecureRegistries, { daemon: { "insecure-registries": [] } })).toEqual([]);
  });
});

describe("an overlay network", () => {
  it("is encrypted, unless excepted", () => {
    expect(findings(encryptedOverlay, { name: "shop_app", encrypted: true })).toEqual([]);
    expect(findings(encryptedOverlay, { name: "shop_app" })).toEqual([expect.stringContaining("shop_app")]);
    expect(findings(encryptedOverlay, { name: "shop_app", encrypted: false }, "shop_app")).toEqual([]);
    expect(findings(encryptedOverlay, { name: "shop_app" }, "shop", "app")).toHaveLength(1);
  });
});

describe("a private key", () => {
  it.each([{ algorithm: "ED25519" }, { algorithm: "ECDSA", ecdsaCurve: "P256" }, { algorithm: "ECDSA", ecdsaCurve: "P521" }])("may be %j", (key) => expect(findings(modernKeys, key)).toEqual([]));
  it.each([{ algorithm: "RSA" }, { algorithm: "RSA", ecdsaCurve: "P256" }, { algorithm: "ECDSA" }, { algorithm: "ECDSA", ecdsaCurve: "P224" }, {}])("may not be %j", (key) =>
    expect(findings(modernKeys, key)).toHaveLength(1),
  );
});
