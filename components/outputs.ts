import type { ApplicationPlan } from "./bundle";
import type { Configuration } from "./config";

/** What the stack tells those who read its outputs: people, the launcher, other stacks. */
export interface PlatformOutputs {
  hosts: { name: string; address: string; role: "manager" | "worker" }[];
  registry: { address: string };
  networks: { name: string; subnet: string }[];
  applications: { name: string; services: { name: string; mode: string; replicas?: number }[]; urls: string[] }[];
}

/** Says what the configuration comes to. Pure. */
export function describe(configuration: Configuration, plans: readonly ApplicationPlan[], registry: string): PlatformOutputs {
  const addresses = configuration.hosts.map(({ address }) => address);
  return {
    hosts: configuration.hosts.map(({ name, address, role }) => ({ name, address, role })),
    registry: { address: registry },
    networks: configuration.networks.map(({ name, subnet }) => ({ name, subnet })),
    applications: plans.map(({ stack, services }) => ({
      name: stack,
      services: services.map(({ name, spec, job }) => ({ name, mode: job ? "job" : (spec.mode ?? "replicated"), replicas: spec.replicas })),
      // A port in host mode answers only where a task runs; which hosts those are is for Swarm to say.
      urls: services.flatMap(({ spec }) =>
        (spec.ports ?? []).filter(({ published, protocol = "tcp" }) => published && protocol === "tcp").flatMap(({ published }) => addresses.map((address) => `http://${address}:${published}`)),
      ),
    })),
  };
}
