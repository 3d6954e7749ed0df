import { createHash, createHmac } from "node:crypto";
import * as pulumi from "@pulumi/pulumi";
import * as dockyard from "../../provider/sdk";
import { Component } from "../component";
import { contentName } from "../contentName";
import type { PlatformHost, S3Storage } from "../hosts/host";
import type { Machine } from "../hosts/machines";
import { archiveHash } from "../images/archive";
import type { CertificateAuthority, CertificateNote } from "../pki/authority";
import { paths, renderConfig } from "./config";
import { htpasswd } from "./htpasswd";
import { registryLogin, type RegistryUser } from "./passwords";

export interface RegistryArgs {
  cluster: pulumi.Input<string>;
  /** Constraint that its hosts alone meet: exactly one, whose volume keeps the images, or those that share a bucket. */
  constraint: string;
  /** The hosts that meet it: the registry's own image is loaded onto them. */
  hosts: readonly PlatformHost[];
  /** Every host whose engine pulls from it. */
  machines: readonly Machine[];
  /** DNS name and port that engines use. */
  name: string;
  port: number;
  /** Who may log in; secret. */
  users: pulumi.Output<RegistryUser[]>;
  /** Archive of the registry's image, on the program's machine. */
  archive: string;
  /** Docker volume that keeps the images, where no bucket does. */
  volume: string;
  /** Bucket that keeps the images. */
  storage?: pulumi.Output<S3Storage>;
  authority: CertificateAuthority;
}

/** The platform's registry: one Swarm service with TLS from the platform's CA and users who pull or push. One task, or one on each host that shares a bucket. */
export class Registry extends Component {
  /** "registry.example:5000" */
  readonly address: string;
  /** What to depend on before pushing to it. */
  readonly service: dockyard.Service;
  /** What tells the login that services pull with from an earlier one, without saying it. */
  readonly login: pulumi.Output<string>;
  /** What it shows to its clients. */
  readonly tlsCertificate: CertificateNote;

  constructor(
    name: string,
    private readonly args: RegistryArgs,
    opts?: pulumi.ComponentResourceOptions,
  ) {
    super("Registry", name, opts);
    this.address = `${args.name}:${args.port}`;
    const leaf = args.authority.leaf(this.name, { commonName: args.name, dnsNames: [args.name] });
    // The private key is the one thing here that only this platform knows; what must be stable and secret is derived from it.
    const secretOf = (purpose: string) => leaf.privateKey.apply((key) => createHash("sha256").update(`${purpose}\n${key}`).digest("hex"));
    const users = pulumi.all([args.users, secretOf("htpasswd")]).apply(([all, secret]) => htpasswd(all, secret));
    const login = args.users.apply(registryLogin);
    this.login = pulumi.unsecret(pulumi.all([login, secretOf("login")]).apply(([{ username, password }, secret]) => mark(secret, `${username}\n${password}`)));
    const config = pulumi.all([secretOf("http"), args.storage]).apply(([secret, s3]) => renderConfig({ address: this.address, port: args.port, secret, s3 }));

    const secrets = [this.file("Secret", "tls.key", leaf.privateKey, paths.key), this.file("Secret", "htpasswd", users, paths.htpasswd)];
    // The configuration holds the secret that signs uploads, so it is a Swarm secret as well.
    secrets.push(this.file("Secret", "config.yml", config, paths.config));
    const configs = [this.file("Config", "tls.crt", leaf.certificate, paths.certificate)];
    this.service = this.serve(secrets, configs);
    this.tlsCertificate = { name: this.address, kind: "leaf", expires: leaf.expires };
    this.prove(leaf.certificate);
    this.complete({ address: this.address });
  }

  private serve(secrets: MountedFile[], configs: MountedFile[]): dockyard.Service {
    const { args } = this;
    const image = new dockyard.Image(
      this.child("image"),
      { source: { archive: args.archive }, content: archiveHash(args.archive), repository: "dockyard/registry", hosts: args.hosts.map(({ connection }) => connection) },
      this.under({ dependsOn: args.hosts.flatMap(({ machine }) => machine) }),
    );
    return new dockyard.Service(
      this.name,
      {
        cluster: args.cluster,
        name: "dockyard_registry",
        labels: { "com.docker.stack.namespace": "dockyard" },
        containerLabels: { "com.docker.stack.namespace": "dockyard" },
        image: image.reference,
        user: REGISTRY_USER,
        readOnly: true,
        // How often is the image's to say; the port is ours.
        healthcheck: { test: ["CMD", "/probe", `https://127.0.0.1:${args.port}/`] },
        secrets,
        configs,
        ...(args.storage ? sharedStorage : ownVolume(args)),
        endpointMode: "dnsrr",
        replicas: args.hosts.length,
        placement: { constraints: [args.constraint], ...(args.storage && { maxReplicasPerNode: 1 }) },
        // One volume, or one port of each host: the old task has to stop before the new one can start. With one task, new connections are
        // held meanwhile, so that no pull that begins then fails; those under way have its draintimeout to end.
        updateConfig: { order: "stop-first", failureAction: "rollback" },
        stopGracePeriod: "15s",
        ...(!args.storage && { convergence: { hold: { connection: args.hosts[0]!.connection, port: args.port } } }),
      },
      this.under(),
    );
  }

  /** Nothing old goes before all is made: only when every host gets in by a new certificate, the trust in a former CA is taken back. */
  private prove(certificate: pulumi.Output<string>): void {
    const { machines } = this.args;
    const proves = { certificate: certificate.apply((pem) => mark("certificate", pem)), login: this.login };
    for (const { name, connection, machine } of machines) {
      new dockyard.Access(name, { registry: this.address, connection, proves }, this.under({ dependsOn: [this.service], ...(machine[0] && { deletedWith: machine[0] }) }));
    }
  }

  private file(kind: "Secret" | "Config", base: string, content: pulumi.Output<string>, target: string): MountedFile {
    const name = content.apply((text) => contentName(`dockyard-registry-${base.replace(".", "-")}`, text));
    const args = { cluster: this.args.cluster, name: pulumi.unsecret(name), data: content, labels: { "com.docker.stack.namespace": "dockyard" } };
    const made = new dockyard[kind](this.child(base), args, this.under());
    return { id: made.id, name: pulumi.unsecret(name), target, uid: REGISTRY_USER, gid: REGISTRY_USER, mode: 0o400 };
  }
}

/** What tells one text from another. Without the key nobody can try out which text it stands for. */
function mark(key: string, text: string): string {
  return createHmac("sha256", key).update(text).digest("hex").slice(0, 16);
}

/** The instance's role is for processes of the instance: from a network of containers its credentials cannot be reached. */
const sharedStorage = { networks: [{ id: "host" }] };

function ownVolume({ volume, port }: RegistryArgs) {
  return { mounts: [{ type: "volume" as const, source: volume, target: paths.data }], ports: [{ target: port, published: port, mode: "host" as const }] };
}

/** The user that the registry's image runs as; root is not needed for a port above 1024. */
const REGISTRY_USER = "65532";

interface MountedFile {
  id: pulumi.Output<string>;
  name: pulumi.Output<string>;
  target: string;
  uid: string;
  gid: string;
  mode: number;
}
