/** What a resource is asked for, without any marks of secrets. */
type Inputs = Readonly<Record<string, any>>;

const key = (name: string) => ({ privateKeyPem: `PRIVATE pem ${name}`, privateKeyOpenssh: `PRIVATE openssh ${name}`, publicKeyOpenssh: `ssh-ed25519 ${name}` });
const certificate = (name: string) => ({ certPem: certificateOf(name) });
const nothing = () => ({});

/** PEM as far as its form goes. */
export function certificateOf(name: string): string {
  return `-----BEGIN CERTIFICATE-----\n${Buffer.from(name).toString("base64")}\n-----END CERTIFICATE-----\n`;
}

/** What each kind of resource knows beyond its inputs, by type token. Whatever is not in here the program must not make. */
export const CUSTOM: Readonly<Record<string, (name: string, inputs: Inputs) => Record<string, unknown>>> = {
  "pulumi:providers:dockyard": nothing,
  "tls:index/privateKey:PrivateKey": key,
  "tls:index/selfSignedCert:SelfSignedCert": certificate,
  "tls:index/certRequest:CertRequest": (name) => ({ certRequestPem: `request ${name}` }),
  "tls:index/locallySignedCert:LocallySignedCert": certificate,
  "docker:index/network:Network": nothing,
  "docker:index/volume:Volume": nothing,
  "docker:index/container:Container": nothing,
  "dockyard:hosts:Host": (_name, { name }) => ({ hostname: name }),
  "dockyard:hosts:Engine": () => ({ version: "28.0.0" }),
  "dockyard:swarm:Cluster": () => ({ createdAt: "2026-01-01T00:00:00Z" }),
  "dockyard:swarm:Node": nothing,
  "dockyard:swarm:Network": nothing,
  "dockyard:swarm:Secret": nothing,
  "dockyard:swarm:Config": nothing,
  "dockyard:swarm:Service": nothing,
  "dockyard:swarm:Job": nothing,
  "dockyard:registry:Image": (_name, { registry, repository, content }) => ({ reference: `${registry ? `${registry}/` : ""}${repository}@sha256:${content}` }),
};

export const COMPONENTS: readonly string[] = ["Lab", "CertificateAuthority", "Machines", "Swarm", "Registry", "OverlayNetwork", "Application"].map(
  (kind) => `dockyard:components:${kind}`,
);
