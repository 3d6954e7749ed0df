import { stringify } from "yaml";

/** Where the registry's files stand in its container. */
export const paths = {
  config: "/etc/distribution/config.yml",
  certificate: "/run/registry/tls.crt",
  key: "/run/secrets/tls.key",
  htpasswd: "/run/secrets/htpasswd",
  data: "/var/lib/registry",
} as const;

/** Label of images whose registry knows the access controller "dockyard", and so which users only pull. */
export const ROLES_LABEL = "dockyard.registry.roles";

/** Where images are kept: in the folder `paths.data`, or in a bucket that the hosts' roles give access to. */
export interface S3Bucket {
  readonly bucket: string;
  readonly region: string;
  /** KMS key that encrypts the objects; left out, the bucket's own rule does. */
  readonly key?: string;
  /** Another address than AWS's own. */
  readonly endpoint?: string;
}

export interface RegistryConfig {
  /** The address that clients use, "registry.example:5000". */
  readonly address: string;
  readonly port: number;
  /** Shared secret of all replicas, which signs the state of uploads. */
  readonly secret: string;
  /** Left out: images are kept in the folder. */
  readonly s3?: S3Bucket;
}

/** The registry's configuration file (distribution 3): TLS, users with a role for each. Nothing is deleted over the network: `storage.delete` is off. */
export function renderConfig({ address, port, secret, s3 }: RegistryConfig): string {
  return stringify({
    version: 0.1,
    log: { level: "info" },
    storage: {
      ...(s3 ? { s3: driver(s3), redirect: { disable: true } } : { filesystem: { rootdirectory: paths.data } }),
      // A replica's memory would not hear of what a clean-up deletes beside another one.
      ...(!s3 && { cache: { blobdescriptor: "inmemory" } }),
    },
    http: {
      addr: `:${port}`,
      host: `https://${address}`,
      secret,
      draintimeout: "10s",
      tls: { certificate: paths.certificate, key: paths.key, minimumtls: "tls1.2" },
    },
    auth: { dockyard: { realm: address, path: paths.htpasswd } },
    health: { storagedriver: { enabled: true, interval: "10s", threshold: 3 } },
  });
}

/** Without keys: the driver takes the instance's role. Clients get layers from the registry, and need no way to the bucket. */
function driver({ bucket, region, key, endpoint }: S3Bucket) {
  return { bucket, region, rootdirectory: "/registry", secure: true, ...(key !== undefined && { encrypt: true, keyid: key }), ...(endpoint !== undefined && { regionendpoint: endpoint, forcepathstyle: true }) };
}
