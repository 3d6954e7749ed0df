import { isIP } from "node:net";
import * as z from "zod";
import { Connection } from "../remote/connection";
import type { CheckFailure } from "../resource";

export const PackageSource = z.enum(["distribution", "docker"]);
export type PackageSource = z.infer<typeof PackageSource>;

export const EngineInputs = z.strictObject({
  connection: Connection.describe("How the host is reached over SSH."),
  host: z.string().min(1).describe("The machine-id of the host. Another machine gets an engine of its own."),
  package: z
    .strictObject({
      source: PackageSource.describe("\"distribution\" for docker.io, \"docker\" for docker-ce from Docker's own repository."),
      version: z.string().min(1).optional().describe("Version or its beginning, \"26.1\"; left out, whatever is there stays."),
    })
    .optional()
    .describe("Where the engine comes from. Default: the distribution's package."),
  daemon: z
    .record(z.string(), z.unknown())
    .optional()
    .describe("Keys of /etc/docker/daemon.json that are ours; all others in the file are left alone."),
  names: z
    .record(z.string(), z.union([z.string(), z.array(z.string()).min(1)]))
    .optional()
    .describe("Names that the host resolves by its /etc/hosts: DNS name to its address, or to a list of them that are tried in turn."),
});
export type EngineInputs = z.infer<typeof EngineInputs>;

/** Rules beyond the schema: what an engine that is to be in a Swarm must not be told, and names that are none. */
export function checkEngine(inputs: EngineInputs): CheckFailure[] {
  return [...checkDaemon(inputs.daemon ?? {}), ...checkNames(inputs.names ?? {})];
}

/** Why a key is refused, by key, value and the rest of the file. Sources: moby daemon/config/config_linux.go, CIS 2.4. */
const DAEMON_RULES: Record<string, (value: unknown, daemon: Record<string, unknown>) => string | undefined> = {
  "live-restore": (value) => (value === true ? "an engine with live-restore cannot be in a Swarm; leave it out" : undefined),
  hosts: () => "the engine is reached over SSH and listens on its local socket only; the unit names that socket already, so the engine would not start; leave it out",
  iptables: (value) => (value === false ? "without iptables rules neither published ports nor overlay networks work; leave it out" : undefined),
  "firewall-backend": (value, daemon) =>
    value === "nftables" && (daemon["features"] as Record<string, unknown> | undefined)?.["swarm-nftables"] !== true
      ? 'Swarm needs the iptables backend; write "iptables" or leave it out'
      : undefined,
  bridge: (value) => (value === "none" ? "Swarm needs the engine's bridges; leave it out" : undefined),
  "data-root": (value) => (typeof value === "string" && value.startsWith("/") ? undefined : "must be an absolute path"),
};

function checkDaemon(daemon: Record<string, unknown>): CheckFailure[] {
  return Object.entries(daemon).flatMap(([key, value]) => {
    const reason =
      value === null || value === undefined ? "has no value; leave the key out to leave it to the engine" : DAEMON_RULES[key]?.(value, daemon);
    return reason === undefined ? [] : [{ property: `daemon.${key}`, reason: `daemon.json's ${key}: ${reason}` }];
  });
}

/** A DNS name in lower case. */
export const DNS_NAME = /^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?(\.[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?)*$/;

function checkNames(names: NonNullable<EngineInputs["names"]>): CheckFailure[] {
  return Object.entries(names).flatMap(([name, addresses]) => {
    const property = `names[${JSON.stringify(name)}]`;
    const failures: CheckFailure[] = [];
    if (!DNS_NAME.test(name) || name === "localhost") failures.push({ property, reason: `${JSON.stringify(name)} is no DNS name in lower case, "registry.example"` });
    for (const address of [addresses].flat()) {
      if (isIP(address) === 0) failures.push({ property, reason: `${JSON.stringify(address)} is no IP address` });
    }
    return failures;
  });
}
