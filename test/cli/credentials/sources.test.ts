import { rootCertificates } from "node:tls";
import { knownNodes, lifeOf, providerConfiguration, stackCredentials, type StackState } from "../../../cli/credentials/state";
import { swarmCredentials } from "../../../cli/credentials/swarm";
import { parseOutputs } from "../../../cli/outputs";
import type { ClusterInfo } from "../../../provider/swarm/cluster/clusterInfo";

const CERTIFICATE = rootCertificates[0]!;
const connection = { address: "10.0.0.11", hostKey: "ssh-ed25519 AAAA" };
const secret = (value: string) => ({ "4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270", plaintext: JSON.stringify(value) });

/** As `pulumi stack export --show-secrets` gives it. */
const state: StackState = {
  deployment: {
    resources: [
      { type: "pulumi:providers:dockyard", urn: "urn:pulumi:dev::dockyard::pulumi:providers:dockyard::dockyard", inputs: { privateKey: secret("the key"), managers: JSON.stringify([connection]), registries: secret("{}"), timeouts: '{"connect":10}' } },
      { type: "dockyard:swarm:Secret", urn: "urn:pulumi:dev::dockyard::dockyard:swarm:Secret::registry-htpasswd", created: "2026-11-01T00:00:00Z" },
      { type: "tls:index/privateKey:PrivateKey", urn: "urn:pulumi:dev::dockyard::tls:index/privateKey:PrivateKey::ca-key", created: "2026-11-01T00:00:00Z" },
      { type: "tls:index/privateKey:PrivateKey", urn: "urn:pulumi:dev::dockyard::tls:index/privateKey:PrivateKey::lab-login", created: "2026-11-01T00:00:00Z" },
      { type: "tls:index/privateKey:PrivateKey", urn: "urn:pulumi:dev::dockyard::tls:index/privateKey:PrivateKey::lab-login-2", created: "2026-11-02T00:00:00Z" },
      { type: "dockyard:swarm:Node", urn: "urn:pulumi:dev::dockyard::dockyard:swarm:Node::m1", inputs: { name: "m1", connection } },
      { type: "dockyard:swarm:Node", urn: "urn:pulumi:dev::dockyard::dockyard:swarm:Node::m2", inputs: { name: "m2", connection }, delete: true },
    ],
  },
};

describe("the stack", () => {
  test("tells the ends of certificates and the ages of keys", () => {
    const outputs = parseOutputs(JSON.stringify({ certificates: [{ name: "Dockyard dev", kind: "root", expires: "2036-11-23T22:00:00Z" }, { name: "registry:5000", kind: "leaf", expires: "2027-02-23T22:00:00.123+01:00" }] }));
    expect(stackCredentials(outputs, state)).toEqual([
      { name: 'platform CA "Dockyard dev"', expires: new Date("2036-11-23T22:00:00Z"), worryDays: 365, renewal: expect.stringContaining("pki.generation") },
      { name: "certificate of registry:5000", expires: new Date("2027-02-23T21:00:00.123Z"), worryDays: 30, renewal: expect.stringContaining("up") },
      { name: "SSH key of the hosts", since: new Date("2026-11-02T00:00:00Z"), renewal: expect.stringContaining("hosts.loginGeneration") },
      { name: "registry passwords", since: new Date("2026-11-01T00:00:00Z"), renewal: expect.stringContaining("registry.passwordGeneration") },
    ]);
  });
  test("tells how to reach its nodes, and with what; what waits for its end is passed over", () => {
    expect(knownNodes(state)).toEqual([{ name: "m1", connection }]);
    expect(providerConfiguration(state)).toMatchObject({ privateKey: "the key", managers: [connection], registries: {} });
  });
  test("of nothing tells nothing", () => {
    expect(stackCredentials(parseOutputs("{}"), {})).toEqual([]);
    expect([knownNodes({}), providerConfiguration({})]).toEqual([[], undefined]);
  });
});

describe("a look at the Swarm", () => {
  const info = (change: Partial<ClusterInfo> = {}): ClusterInfo => ({
    ID: "c", CreatedAt: "2026-01-01T00:00:00Z", Version: { Index: 1 }, DefaultAddrPool: [], SubnetSize: 24, DataPathPort: 4789, Spec: {}, TLSInfo: { TrustRoot: CERTIFICATE }, ...change,
  });
  const { expires, days } = lifeOf(CERTIFICATE);

  test("gives its CA, its tokens and every node's certificate", () => {
    const nodes = [{ name: "m1", certificate: `${CERTIFICATE}\n${rootCertificates[1]}` }, { name: "m2", unknown: "does not answer" }];
    const found = swarmCredentials({ cluster: { info: info() }, nodes });
    expect(found.map(({ renewal: _, ...rest }) => rest)).toEqual([
      { name: "CA of the Swarm", expires, worryDays: 365 },
      { name: "join tokens", since: new Date("2026-01-01T00:00:00Z") },
      { name: "certificate of m1 in the Swarm", expires, worryDays: days / 10 },
      { name: "certificate of m2 in the Swarm", unknown: "does not answer" },
    ]);
  });
  test("takes ages from what was rotated, and has an unlock key where managers are locked", () => {
    const Labels = { "dockyard.rotation.join-tokens": "2 2026-02-01T00:00:00Z", "dockyard.rotation.ca": "2 2026-03-01T00:00:00Z", "dockyard.rotation.unlock-key": "4 2026-04-01T00:00:00Z" };
    const found = swarmCredentials({ cluster: { info: info({ Spec: { Labels, EncryptionConfig: { AutoLockManagers: true } } }) }, nodes: [] });
    expect(found.map(({ name, since }) => [name, since?.toISOString().slice(0, 10)])).toEqual([["CA of the Swarm", undefined], ["join tokens", "2026-03-01"], ["unlock key of the managers", "2026-04-01"]]);
  });
  test("says when a rotation is under way, and when nobody answers", () => {
    expect(swarmCredentials({ cluster: { info: info({ RootRotationInProgress: true }) }, nodes: [] })[0]).toMatchObject({ unknown: "is being rotated" });
    expect(swarmCredentials({ cluster: { unknown: "no manager answers" }, nodes: [] })).toEqual([expect.objectContaining({ name: "CA of the Swarm", unknown: "no manager answers" })]);
  });
});
