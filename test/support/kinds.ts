/** What a resource is asked for, without any marks of secrets. */
type Inputs = Readonly<Record<string, unknown>>;

const key = (name: string) => ({ privateKeyPem: `PRIVATE pem ${name}`, privateKeyOpenssh: `PRIVATE openssh ${name}`, publicKeyOpenssh: `ssh-ed25519 ${name}` });
const nothing = () => ({});

/** A root as the provider takes it, valid for a hundred years; its key is nowhere. */
export const ROOT = `-----BEGIN CERTIFICATE-----
MIIBiDCCAS2gAwIBAgIUawG9Ej9AAwGewFs79tmEX7/I9g4wCgYIKoZIzj0EAwIw
GDEWMBQGA1UEAwwNRG9ja3lhcmQgdGVzdDAgFw0yNjExMjExMTIwNDlaGA8yMTI2
MTAyODExMjA0OVowGDEWMBQGA1UEAwwNRG9ja3lhcmQgdGVzdDBZMBMGByqGSM49
AgEGCCqGSM49AwEHA0IABO/+5r7V1lFPENuwGCRF83MBuF784e7XS04Tx+1kO7Vk
JOSqNGBGXs/wqeGbXaqeBof0MTowpGT6HEVFbVIt6GqjUzBRMB0GA1UdDgQWBBTp
y1QHQaC5RH7E2Rlul7pu9agr8zAfBgNVHSMEGDAWgBTpy1QHQaC5RH7E2Rlul7pu
9agr8zAPBgNVHRMBAf8EBTADAQH/MAoGCCqGSM49BAMCA0kAMEYCIQCYUD3gazAb
28Zh3iLfDi98JDpK2HI+dQOy21hvMK+PHAIhAKXErQ0wHGNK0ZH/0UZtEbOvAxxe
P4UOHJK/K2llG1OM
-----END CERTIFICATE-----
`;

/** What each kind of resource knows beyond its inputs, by type token. Whatever is not in here the program must not make. */
export const CUSTOM: Readonly<Record<string, (name: string, inputs: Inputs) => Record<string, unknown>>> = {
  "pulumi:providers:dockyard": nothing,
  "tls:index/privateKey:PrivateKey": key,
  "tls:index/selfSignedCert:SelfSignedCert": () => ({ certPem: ROOT, validityEndTime: "2036-11-23T22:00:00Z" }),
  "tls:index/certRequest:CertRequest": (name) => ({ certRequestPem: `request ${name}` }),
  "tls:index/locallySignedCert:LocallySignedCert": (name) => ({ certPem: `certificate ${name}`, validityEndTime: "2027-02-23T22:00:00Z" }),
  "docker:index/network:Network": nothing,
  "docker:index/volume:Volume": nothing,
  "docker:index/container:Container": nothing,
  "dockyard:hosts:Host": (_name, { name }) => ({ hostname: name }),
  "dockyard:hosts:Engine": () => ({ version: "28.0.0" }),
  "dockyard:hosts:Trust": () => ({ file: "/etc/docker/certs.d/registry/dockyard-0.crt" }),
  "dockyard:swarm:Cluster": () => ({ createdAt: "2026-01-01T00:00:00Z" }),
  "dockyard:swarm:Node": nothing,
  "dockyard:swarm:Network": nothing,
  "dockyard:swarm:Secret": nothing,
  "dockyard:swarm:Config": nothing,
  "dockyard:swarm:Service": nothing,
  "dockyard:swarm:Job": nothing,
  "dockyard:registry:Access": nothing,
  "dockyard:registry:Image": (_name, { registry, repository, content }) => ({ reference: `${registry ? `${registry}/` : ""}${repository}@sha256:${content}` }),
};

export const COMPONENTS: readonly string[] = ["Lab", "CertificateAuthority", "Machines", "Swarm", "Registry", "OverlayNetwork", "Application"].map(
  (kind) => `dockyard:components:${kind}`,
);
