import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import { AwsHosts } from "../../../../components/config/awsSchema";
import { planAws } from "../../../../components/hosts/aws/plan";

/** Settings below `hosts`, as they are written. */
export type Written = Record<string, unknown>;

export const TAGS = { project: "shop", owner: "platform@example.net", costCenter: "4711" };

/** What an example writes below a key. */
export function example(name: "smallest" | "production" | "existing-vpc", key: "hosts" | "registry"): Written {
  const file = readFileSync(join(__dirname, `../../../../examples/aws/Pulumi.${name}.yaml`), "utf8");
  return (parse(file) as { config: Record<string, Written> }).config[`dockyard:${key}`]!;
}

/** The smallest platform: one host with a public address. */
export const smallest = (more: Written = {}): Written => ({ ...example("smallest", "hosts"), ...more });

/** Everything that can be asked for. */
export const full = (more: Written = {}): Written => ({ ...example("production", "hosts"), ...more });

/** In a VPC that is there. */
export const existing = (more: Written = {}): Written => ({ ...example("existing-vpc", "hosts"), ...more });

/** The plan of settings that are right in shape. @throws when they are not */
export function planned(written: Written, stack = "prod") {
  return planAws(AwsHosts.parse(written), stack);
}
