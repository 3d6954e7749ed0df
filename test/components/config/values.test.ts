import { parseConfiguration } from "../../../components/config";
import { bare, HOST_KEY, lab, problemsOf } from "./samples";

const refusals = (raw: Record<string, unknown>) => problemsOf(() => parseConfiguration(raw, "dev"));
const host = (changes: object) => lab({ hosts: [{ name: "m1", role: "manager", address: "10.213.0.11", ...changes }] });

const LABEL_VALUE = 'write the label\'s value as text of letters, digits, ".", ":", "/", "_", "-" and blanks, such as "ssd"';
const KEY = 'write the host\'s public key, "ssh-ed25519 AAAA…": the first two words of /etc/ssh/ssh_host_ed25519_key.pub on that host';

describe("values of the wrong kind or form", () => {
  it.each<[string, Record<string, unknown>, string]>([
    ["a date for a rotation", lab({ swarm: { rotation: { ca: "2026-11-25" } } }), 'dockyard:swarm.rotation.ca: found "2026-11-25"; write a whole number from 1 to 1000000'],
    ["no generation", lab({ pki: { generation: 0 } }), "dockyard:pki.generation: found 0; write a whole number from 1 to 1000000"],
    ["a renewal before the beginning", lab({ pki: { renewBefore: "2160h" } }), 'dockyard:pki.renewBefore: found "2160h"; write a duration below the 90 days that a certificate lives, such as "720h"'],
    ["a word for a renewal", lab({ pki: { renewBefore: "soon" } }), 'dockyard:pki.renewBefore: found "soon"; write a duration of at least "1h", such as "720h"'],
    ["a lease of a day", lab({ swarm: { timeouts: { lease: "24h" } } }), 'dockyard:swarm.timeouts.lease: found "24h"; write a duration of at most "1h"; a run renews its lease'],
    ["a word for a lease", lab({ swarm: { timeouts: { lease: "soon" } } }), 'dockyard:swarm.timeouts.lease: found "soon"; write a duration of at least "10s", such as "10s" or "1m30s"'],
    ["no hosts", { registry: { node: "m1" } }, "dockyard:hosts: is missing; write a mapping with source and hosts"],
    [
      "no registry",
      lab({ registry: undefined }),
      "dockyard:registry: is missing; write a mapping with at least node, such as { node: m1 }",
    ],
    ["a list for hosts", { ...lab(), hosts: [] }, "dockyard:hosts: found a list; write a mapping with source and hosts"],
    [
      "a source that is none",
      { ...lab(), hosts: { source: "vagrant", hosts: [] } },
      'dockyard:hosts.source: found "vagrant"; write "lab" for containers on this machine, "bare" for machines that answer over SSH, or "aws" for instances that are made there',
    ],
    [
      "no host",
      { ...lab(), hosts: { source: "lab", hosts: [] } },
      'dockyard:hosts.hosts: found a list; write a list of hosts, each beginning with "- name: …"',
    ],
    [
      "a host that is a word",
      { ...lab(), hosts: { source: "lab", hosts: ["m1"] } },
      'dockyard:hosts.hosts[0]: found "m1"; write a host as a mapping, such as { name: m1, address: 10.213.0.11 }',
    ],
    [
      "a host name in capitals",
      host({ name: "M1" }),
      'dockyard:hosts.hosts[0].name: found "M1"; write a host name: lower-case letters, digits and hyphens, at most 63 characters, such as "m1"',
    ],
    [
      "a numeric host name",
      host({ name: 1 }),
      'dockyard:hosts.hosts[0].name: found 1; write a host name: lower-case letters, digits and hyphens, at most 63 characters, such as "m1"',
    ],
    ["an unknown role", host({ role: "leader" }), 'dockyard:hosts.hosts[0].role: found "leader"; write "manager" or "worker"'],
    [
      "an unknown availability",
      host({ availability: "off" }),
      'dockyard:hosts.hosts[0].availability: found "off"; write "active" or "pause" or "drain"',
    ],
    ["no address", host({ address: undefined }), 'dockyard:hosts.hosts[0].address: is missing; write an IPv4 address such as "10.0.0.11"'],
    [
      "octal parts",
      host({ address: "10.213.0.011" }),
      'dockyard:hosts.hosts[0].address: found "10.213.0.011"; write an IPv4 address such as "10.0.0.11"',
    ],
    [
      "an IPv6 address",
      host({ address: "fd00::1" }),
      'dockyard:hosts.hosts[0].address: found "fd00::1"; write an IPv4 address such as "10.0.0.11"',
    ],
    [
      "a label name with a blank",
      host({ labels: { "a b": "c" } }),
      'dockyard:hosts.hosts[0].labels["a b"]: found "a b"; write a label\'s name of letters, digits, ".", "_" and "-", such as "storage"',
    ],
    [
      "a label value with an accent",
      host({ labels: { city: "Zürich" } }),
      `dockyard:hosts.hosts[0].labels.city: found "Zürich"; ${LABEL_VALUE}`,
    ],
    [
      "a label value that YAML rounds",
      host({ labels: { version: 1.1 } }),
      `dockyard:hosts.hosts[0].labels.version: found 1.1; ${LABEL_VALUE}`,
    ],
    [
      "a list of labels",
      host({ labels: ["storage"] }),
      "dockyard:hosts.hosts[0].labels: found a list; write a mapping of label names to values, such as { storage: ssd }",
    ],
    ["a slip of the keyboard", host({ lables: {} }), 'dockyard:hosts.hosts[0].lables: unknown key; did you mean "labels"?'],
    [
      "an SSH key on a lab host",
      host({ hostKey: HOST_KEY }),
      'dockyard:hosts.hosts[0].hostKey: unknown key; take it out, or write one of "name", "role", "zone", "labels", "availability" or "address"',
    ],
    [
      "an image for bare hosts",
      (({ hosts, ...more }) => ({ ...more, hosts: { ...(hosts as object), image: "x" } }))(bare()),
      'dockyard:hosts.image: unknown key; take it out, or write one of "source", "requirements" or "hosts"',
    ],
    [
      "a cut host key",
      bare({ hostKey: HOST_KEY.slice(0, -8) }),
      `dockyard:hosts.hosts[0].hostKey: found "${HOST_KEY.slice(0, -8)}"; ${KEY}`,
    ],
    [
      "a host key of another type than it says",
      bare({ hostKey: HOST_KEY.replace("ed25519", "rsa") }),
      `dockyard:hosts.hosts[0].hostKey: found "${HOST_KEY.replace("ed25519", "rsa")}"; ${KEY}`,
    ],
    ["a fingerprint for a host key", bare({ hostKey: "SHA256:abc" }), `dockyard:hosts.hosts[0].hostKey: found "SHA256:abc"; ${KEY}`],
    ["an SSH port out of range", bare({ port: 70000 }), "dockyard:hosts.hosts[0].port: found 70000; write a whole number from 1 to 65535"],
    [
      "an option for a user",
      bare({ user: "-oProxyCommand=x" }),
      'dockyard:hosts.hosts[0].user: found "-oProxyCommand=x"; write a login name such as "root"',
    ],
    [
      "an option for an address",
      bare({ address: "-oProxyCommand=x" }),
      'dockyard:hosts.hosts[0].address: found "-oProxyCommand=x"; write an IPv4 address or a DNS name',
    ],
    [
      "a size without a unit it knows",
      { ...lab(), hosts: { ...(lab()["hosts"] as object), requirements: { diskFree: "5 parsecs" } } },
      'dockyard:hosts.requirements.diskFree: found "5 parsecs"; write an amount of bytes such as "512M" or "5G"',
    ],
    [
      "a number for a duration",
      lab({ swarm: { timeouts: { boot: 90 } } }),
      'dockyard:swarm.timeouts.boot: found 90; write a duration of at least "1s", such as "10s" or "1m30s"',
    ],
    [
      "certificates that are too short",
      lab({ swarm: { certificateExpiry: "30m" } }),
      'dockyard:swarm.certificateExpiry: found "30m"; write a duration of at least "1h", such as "48h" or "2160h"',
    ],
    [
      "a subnet length out of range",
      lab({ swarm: { subnetSize: 30 } }),
      "dockyard:swarm.subnetSize: found 30; write a whole number from 16 to 29",
    ],
    [
      "a data-path port that init refuses",
      lab({ swarm: { dataPathPort: 80 } }),
      "dockyard:swarm.dataPathPort: found 80; write a whole number from 1024 to 49151",
    ],
    [
      "a pool that is no list",
      lab({ swarm: { addressPool: "10.128.0.0/12" } }),
      'dockyard:swarm.addressPool: found "10.128.0.0/12"; write a list of IPv4 subnets, such as [10.128.0.0/12]',
    ],
    [
      "bits behind the prefix",
      lab({ swarm: { networkPool: "10.145.0.1/12" } }),
      'dockyard:swarm.networkPool: found "10.145.0.1/12"; the address has bits behind the prefix: write "10.144.0.0/12"',
    ],
    [
      "no mask",
      lab({ networks: [{ name: "front", subnet: "10.144.7.0" }] }),
      'dockyard:networks[0].subnet: found "10.144.7.0"; write an IPv4 subnet such as "10.144.7.0/24"',
    ],
    [
      "a word for a truth value",
      lab({ networks: [{ name: "front", encrypted: "yes" }] }),
      'dockyard:networks[0].encrypted: found "yes"; write true or false',
    ],
    [
      "a version that YAML takes for a number",
      lab({ engine: { version: 26.1 } }),
      "dockyard:engine.version: found 26.1; write the package's version as the package manager shows it, quoted",
    ],
    [
      "an application without a bundle",
      lab({ applications: [{ name: "demo" }] }),
      "dockyard:applications[0].bundle: is missing; write the path of a .dab file or of a Compose file, or a list of Compose files",
    ],
    [
      "a list that has a bundle in it",
      lab({ applications: [{ name: "demo", bundle: ["compose.yaml", "demo.dab"] }] }),
      'dockyard:applications[0].bundle[1]: found "demo.dab"; write paths of Compose files, which end in .yaml or .yml, such as [compose.yaml, compose.prod.yaml]',
    ],
    [
      "an empty list of Compose files",
      lab({ applications: [{ name: "demo", bundle: [] }] }),
      "dockyard:applications[0].bundle: found a list; write paths of Compose files, which end in .yaml or .yml, such as [compose.yaml, compose.prod.yaml]",
    ],
    [
      "an empty key",
      lab({ applications: null }),
      'dockyard:applications: found nothing; write a list of applications, each beginning with "- name: …"',
    ],
  ])("%s", (_, raw, expected) => {
    expect(refusals(raw)).toContain(expected);
  });

  it("takes truth values and whole numbers as labels, as YAML reads them", () => {
    expect(parseConfiguration(host({ labels: { registry: true, rack: 7, disk: "ssd" } }), "dev").hosts[0]!.labels).toEqual({
      registry: "true",
      rack: "7",
      disk: "ssd",
    });
  });
});
