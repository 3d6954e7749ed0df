import { assertHostOurs, assertMemberOurs, swarmOfCertificate } from "../../../../provider/swarm/owner/hostSwarm";
import type { Operation } from "../../../../provider/resource";
import type { Machine } from "../../../../provider/remote/machine";
import { ownerLabels } from "../../../../provider/swarm/owner/owner";

const SWARM = "kf9qkd0d9f4v9uyx0u8ct9bhu";
const [OURS, THEIRS] = [{ id: "0123456789abcdef", name: "dockyard/prod@desk" }, { id: "fedcba9876543210", name: "dockyard/prod@laptop" }];

/** As an engine keeps it for a worker of that Swarm: O is the Swarm, OU the role, CN the node. */
const WORKER = `-----BEGIN CERTIFICATE-----
MIICADCCAaWgAwIBAgIUTDCP7Z1S73c/8+JDHJ9egwbfSN4wCgYIKoZIzj0EAwIw
VDEiMCAGA1UECgwZa2Y5cWtkMGQ5ZjR2OXV5eDB1OGN0OWJodTEVMBMGA1UECwwM
c3dhcm0td29ya2VyMRcwFQYDVQQDDA53N3EybTliN3JqbDN4azAgFw0yNjEyMDEw
NDIwNDhaGA8yMTI2MTEwNzA0MjA0OFowVDEiMCAGA1UECgwZa2Y5cWtkMGQ5ZjR2
OXV5eDB1OGN0OWJodTEVMBMGA1UECwwMc3dhcm0td29ya2VyMRcwFQYDVQQDDA53
N3EybTliN3JqbDN4azBZMBMGByqGSM49AgEGCCqGSM49AwEHA0IABEdyHIKqwIOi
XgALLeKesrC0ojK231KBX7Me09pcx0Ib0bfY53QiO+bOQr/4/I4xGAF378HYUufU
f5CQeD06k0ujUzBRMB0GA1UdDgQWBBRQxybtYrDFB3tsNw0Z7PSwpjqv7jAfBgNV
HSMEGDAWgBRQxybtYrDFB3tsNw0Z7PSwpjqv7jAPBgNVHRMBAf8EBTADAQH/MAoG
CCqGSM49BAMCA0kAMEYCIQDU6+65lT8YBITzYRevGA5mQRBorIHhpiGzuDnqCaad
vQIhAP4TOIm7VDeCn3ZCfdtWvdnhfC0zbzElvCv34yiXcvlS
-----END CERTIFICATE-----`;
/** O is a text with a command and control codes. */
const STRANGE = `-----BEGIN CERTIFICATE-----
MIIBnDCCAUOgAwIBAgIUREtPYuqylYMYxtJWAEqCYFm0B5cwCgYIKoZIzj0EAwIw
IzEVMBMGA1UECgwMYSQoaWQpG1sySiBiMQowCAYDVQQDDAF4MCAXDTI2MTIwMTA0
MjA0OFoYDzIxMjYxMTA3MDQyMDQ4WjAjMRUwEwYDVQQKDAxhJChpZCkbWzJKIGIx
CjAIBgNVBAMMAXgwWTATBgcqhkjOPQIBBggqhkjOPQMBBwNCAATtTtufBiCZ7sFy
4OzpKslYclwHKeuQWV0HiHAZCEQGJB2IonsmKX2qGP+qu/7CtEpeviFRoeILpR/2
UjiX/uhko1MwUTAdBgNVHQ4EFgQUZW7qmijjmn9OeeZXf+caDXP1KxAwHwYDVR0j
BBgwFoAUZW7qmijjmn9OeeZXf+caDXP1KxAwDwYDVR0TAQH/BAUwAwEB/zAKBggq
hkjOPQQDAgNHADBEAiBtv6F87CLOgxui0BbaD/+8+/aLldlLgrWt9xhFtZ9S+QIg
W669sczwJbe1hvmNDtZxzH1jbfFcbGcNHlkJU7f/I3g=
-----END CERTIFICATE-----`;
/** No O, but a CN with one in its text. */
const WITHOUT = `-----BEGIN CERTIFICATE-----
MIIBgDCCASegAwIBAgIUQ8ski3Xy2z7p7b79C/ipBmG9NgswCgYIKoZIzj0EAwIw
FTETMBEGA1UEAwwKeG5PPWZvcmdlZDAgFw0yNjEyMDEwNDIwNDhaGA8yMTI2MTEw
NzA0MjA0OFowFTETMBEGA1UEAwwKeG5PPWZvcmdlZDBZMBMGByqGSM49AgEGCCqG
SM49AwEHA0IABN9ArBMscy3mjT+RPZoXOo23T6276bo+YhsF4QHlPSUFDGmc3DbL
E2S4+hTTZthjyYe8cULC/DVj3nivwq2jhvOjUzBRMB0GA1UdDgQWBBRR/DpLBdBn
h54YH27ZAueswtqloDAfBgNVHSMEGDAWgBRR/DpLBdBnh54YH27ZAueswtqloDAP
BgNVHRMBAf8EBTADAQH/MAoGCCqGSM49BAMCA0cAMEQCIHC3RsMTL0Amt0JXR5TW
OpcaC4UREOzKke4soWjB7bm2AiAoEIzj7/T5mvgcvqz8JngRkptzzd87ExU505N4
VrKQbw==
-----END CERTIFICATE-----`;

describe("the Swarm on a host's disk", () => {
  it("is the organization of its certificate", () => expect(swarmOfCertificate(WORKER)).toBe(SWARM));

  it("is shown as a plain name, whatever stands there", () => expect(swarmOfCertificate(STRANGE)).toMatch(/^a__id__[A-Za-z0-9_ ]* b\+[0-9a-f]{8}$/));

  it.each([["no organization", WITHOUT], ["half of one", WORKER.slice(0, 200)], ["no text", ""], ["another file", "root:x:0:0"]])("is no free host with %s", (_, pem) =>
    expect(swarmOfCertificate(pem)).toMatch(/^unreadable-[0-9a-f]{8}$/),
  );
});

type Labels = Record<string, string>;
interface Case {
  readonly certificate?: string;
  /** What the host's engine says; left out: it is stopped. */
  readonly engine?: object;
  /** What the marker beside the certificate holds. */
  readonly marker?: string;
  /** Labels of the Swarm that the host itself manages. */
  readonly own?: Labels;
  /** The Swarm of the configured managers, with its labels. */
  readonly managed?: { readonly clusterId: string; readonly labels: Labels };
  readonly known?: boolean;
  readonly takeOver?: string;
}

const swarm = (ID: string, Labels: Labels) => ({ swarmInspect: async () => ({ ID, Spec: { Labels } }) });
const meet = ({ certificate = WORKER, marker = "", engine, own, managed, takeOver }: Case) => {
  const files: Record<string, string> = { "/var/lib/docker/swarm/certificates/swarm-node.crt": certificate, "/var/lib/docker/swarm/dockyard-owner": marker };
  const machine = {
    readFile: async (path: string) => (files[path] ? Buffer.from(files[path]) : undefined),
    docker: {
      info: async () => {
        if (!engine) throw new Error("the engine is stopped");
        return { Swarm: engine, DockerRootDir: "/var/lib/docker" };
      },
      ...(own && swarm(SWARM, own)),
    },
  } as unknown as Machine;
  const manager = async () => {
    if (!managed) throw new Error("no manager of the Swarm answers with a quorum");
    return { clusterId: managed.clusterId, docker: swarm(managed.clusterId, managed.labels) };
  };
  return { op: { owner: OURS, takeOver, manager } as unknown as Operation, machine };
};
const ask = ({ known = false, ...met }: Case) => {
  const { op, machine } = meet(met);
  return assertHostOurs(op, machine, { what: "host m1 (10.0.0.11)", dataRoot: "/var/lib/docker", known });
};
const leave = (met: Case) => {
  const { op, machine } = meet(met);
  return assertMemberOurs(op, machine, "m1 (10.0.0.11)");
};

const MANAGER = { LocalNodeState: "active", ControlAvailable: true, Cluster: { ID: SWARM } };
const A_WORKER = { LocalNodeState: "active", ControlAvailable: false };
const WITHOUT_QUORUM = { LocalNodeState: "active", ControlAvailable: true, Error: "no leader", Cluster: { ID: "" } };
const [OURS_ON_DISK, THEIRS_ON_DISK] = [JSON.stringify(OURS), JSON.stringify(THEIRS)];
const theirs = { clusterId: SWARM, labels: ownerLabels(THEIRS) };

describe("a host that is met", () => {
  it.each<[string, Case]>([
    ["is in no Swarm", { certificate: "" }],
    ["has left", { engine: { LocalNodeState: "inactive" } }],
    ["manages our platform", { engine: MANAGER, own: ownerLabels(OURS) }],
    ["works for our platform", { engine: A_WORKER, managed: { clusterId: SWARM, labels: ownerLabels(OURS) } }],
    ["was ours before there were owners", { engine: MANAGER, own: {}, known: true }],
    ["was ours, and nobody answers", { known: true }],
    ["is marked as ours, and nobody answers", { engine: A_WORKER, marker: OURS_ON_DISK }],
    ["is ours, whatever an old marker says", { engine: MANAGER, own: ownerLabels(OURS), marker: THEIRS_ON_DISK }],
    ["is marked as another's, who is taken from", { marker: THEIRS_ON_DISK, takeOver: THEIRS.id }],
    ["is taken over by its owner's id", { engine: MANAGER, own: ownerLabels(THEIRS), takeOver: THEIRS.id }],
    ["is taken over by its Swarm's id, and nobody answers", { engine: A_WORKER, takeOver: SWARM }],
  ])("is taken when it %s", (_, met) => expect(ask(met)).resolves.toBeUndefined());

  const both = /belongs to the platform of dockyard\/prod@laptop \(owner fedcba9876543210\), not to dockyard\/prod@desk \(owner 0123456789abcdef\)/;
  const unknown = new RegExp(`is in the Swarm ${SWARM}, which this state does not know`);
  it.each<[string, Case, RegExp]>([
    ["manages another's platform", { engine: MANAGER, own: ownerLabels(THEIRS) }, both],
    ["manages another's platform, and was ours", { engine: MANAGER, own: ownerLabels(THEIRS), known: true }, both],
    ["works for another's platform", { engine: A_WORKER, managed: theirs }, both],
    ["works for another's platform with its engine stopped", { managed: theirs }, both],
    ["works for a Swarm that is not ours", { engine: A_WORKER, managed: { clusterId: "another", labels: ownerLabels(OURS) } }, unknown],
    ["works for a Swarm of which nobody answers", { engine: A_WORKER }, unknown],
    ["manages a Swarm without a quorum", { engine: { ...MANAGER, Cluster: { ID: "" } } }, unknown],
    ["works for another's, whose managers are not ours to ask", { engine: A_WORKER, marker: THEIRS_ON_DISK }, both],
    ["was ours, and is marked as another's", { engine: A_WORKER, marker: THEIRS_ON_DISK, known: true }, both],
    ["was in another's platform when its engine stopped", { marker: THEIRS_ON_DISK }, both],
    ["has a marker that is no JSON", { engine: A_WORKER, marker: "{" }, unknown],
    ["has a marker without an id", { engine: A_WORKER, marker: '{"name":"x"}' }, unknown],
    ["has a marker that is a list", { engine: A_WORKER, marker: "[]" }, unknown],
    ["has a marker with a number for an id", { engine: A_WORKER, marker: '{"id":1,"name":"x"}' }, unknown],
    ["has a marker with control codes", { engine: A_WORKER, marker: JSON.stringify({ id: "\u001b[2J", name: "$(id)" }) }, /belongs to the platform of id_\+[0-9a-f]{8} \(owner 2J\+[0-9a-f]{8}\)/],
    ["is locked", { engine: { LocalNodeState: "locked" } }, unknown],
    ["says that it is in another Swarm than its certificate", { engine: { ...MANAGER, Cluster: { ID: "another" } }, own: ownerLabels(OURS) }, unknown],
    ["has a certificate that nobody can read", { certificate: "spoilt" }, /is in the Swarm unreadable-[0-9a-f]{8}, which this state does not know/],
    ["is in a Swarm made by hand", { engine: MANAGER, own: {} }, /has no owner and which this state does not know/],
    ["is to be taken from somebody else", { engine: MANAGER, own: ownerLabels(THEIRS), takeOver: "0000000000000000" }, /It was to be taken over from 0000000000000000, which is another one/],
  ])("is refused when it %s", (_, met, says) => expect(ask(met)).rejects.toThrow(says));
});

describe("a node that is to leave while no other manager answers", () => {
  it.each<[string, Case]>([
    ["is ours", { engine: MANAGER, own: ownerLabels(OURS) }],
    ["is ours, and was another's once", { engine: MANAGER, own: ownerLabels(OURS), marker: THEIRS_ON_DISK }],
    ["has no quorum, and is marked as ours", { engine: WITHOUT_QUORUM, marker: OURS_ON_DISK }],
    ["is of before there were markers", { engine: A_WORKER }],
    ["is in no Swarm", { certificate: "", engine: A_WORKER }],
  ])("may when it %s", (_, met) => expect(leave(met)).resolves.toBeUndefined());

  it.each<[string, Case]>([
    ["is another's", { engine: MANAGER, own: ownerLabels(THEIRS), marker: OURS_ON_DISK }],
    ["has no quorum, and is marked as another's", { engine: WITHOUT_QUORUM, marker: THEIRS_ON_DISK }],
    ["works for another's new managers", { engine: A_WORKER, marker: THEIRS_ON_DISK }],
  ])("may not when it %s", (_, met) => expect(leave(met)).rejects.toThrow("m1 (10.0.0.11) belongs to the platform of dockyard/prod@laptop (owner fedcba9876543210), not to dockyard/prod@desk"));
});
