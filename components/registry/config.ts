import { stringify } from "yaml";

/** Where the registry's files stand in its container. */
export const paths = {
  config: "/etc/distribution/config.yml",
  certificate: "/run/registry/tls.crt",
  key: "/run/secrets/tls.key",
  htpasswd: "/run/secrets/htpasswd",
  data: "/var/lib/registry",
} as const;

export interface RegistryConfig {
  /** The address that clients use, "registry.example:5000". */
  readonly address: string;
  readonly port: number;
  /** Shared secret of all replicas, which signs the state of uploads. */
  readonly secret: string;
}

/** The registry's configuration file (distribution 3): TLS, password file, data in one folder, deletion allowed for clean-up. */
export function renderConfig({ address, port, secret }: RegistryConfig): string {
  return stringify({
    version: 0.1,
    log: { level: "info" },
    storage: { filesystem: { rootdirectory: paths.data }, delete: { enabled: true }, cache: { blobdescriptor: "inmemory" } },
    http: {
      addr: `:${port}`,
      host: `https://${address}`,
      secret,
      draintimeout: "10s",
      tls: { certificate: paths.certificate, key: paths.key, minimumtls: "tls1.2" },
    },
    auth: { htpasswd: { realm: address, path: paths.htpasswd } },
    health: { storagedriver: { enabled: true, interval: "10s", threshold: 3 } },
  });
}
