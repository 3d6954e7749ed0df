import { stringify } from "yaml";
import { DATA_DISK_SCRIPT, ENGINE_NEEDS_DISK } from "./dataDisk";
import { METRICS_SCRIPT, METRICS_TIMER, metricsNamespace, metricsService } from "./metrics";

/** What an instance is told for its first boot. */
export interface FirstBoot {
  /** Becomes its hostname. */
  readonly name: string;
  /** Who may log in, with sudo. */
  readonly user: string;
  /** "ssh-ed25519 AAAA…" */
  readonly authorizedKey: string;
  /** The host's own key, so that it is known before the host is. The private half in OpenSSH's form. */
  readonly hostKey: { readonly privateKeyOpenssh: string; readonly publicKey: string };
  /** Id of the EBS volume for the engine's data. */
  readonly dataVolume: string;
  /** Where its metrics go; left out, none are sent. */
  readonly metrics?: { readonly region: string; readonly stack: string };
}

/** EC2 takes no more, in bytes. */
export const USER_DATA_LIMIT = 16384;

/**
 * cloud-init's configuration for a host. It makes the host reachable and gives the engine its disk; everything else comes over
 * SSH, as on any other host. The only secret in it is the host's own key: docs/aws.md says why that one may be.
 */
export function userData(boot: FirstBoot): string {
  const { name, user, authorizedKey, hostKey, dataVolume, metrics } = boot;
  const config = {
    hostname: name,
    preserve_hostname: false,
    // sudo asks for the host's own name.
    manage_etc_hosts: "localhost",
    users: [{ name: user, shell: "/bin/bash", lock_passwd: true, sudo: "ALL=(ALL) NOPASSWD:ALL", ssh_authorized_keys: [authorizedKey] }],
    disable_root: true,
    ssh_pwauth: false,
    ssh_deletekeys: true,
    ssh_keys: { ed25519_private: hostKey.privateKeyOpenssh, ed25519_public: `${hostKey.publicKey} ${name}` },
    // Before write_files, and before SSH answers.
    bootcmd: [["sh", "-c", DATA_DISK_SCRIPT, "dockyard-data-disk", dataVolume]],
    write_files: [file("/etc/systemd/system/docker.service.d/10-dockyard-data.conf", ENGINE_NEEDS_DISK), ...(metrics ? metricsFiles(name, metrics) : [])],
    runcmd: [["systemctl", "daemon-reload"], ...(metrics ? [["systemctl", "enable", "--now", "dockyard-metrics.timer"]] : [])],
  };
  return `#cloud-config\n${stringify(config, { lineWidth: 0 })}`;
}

function metricsFiles(name: string, { region, stack }: NonNullable<FirstBoot["metrics"]>) {
  return [
    file("/usr/local/sbin/dockyard-metrics", METRICS_SCRIPT, "0755"),
    file("/etc/systemd/system/dockyard-metrics.service", metricsService(region, metricsNamespace(stack), name)),
    file("/etc/systemd/system/dockyard-metrics.timer", METRICS_TIMER),
  ];
}

function file(path: string, content: string, permissions = "0644") {
  return { path, content, permissions };
}
