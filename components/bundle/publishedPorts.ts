import type { PublishedPort } from "./model";

/** Whatever publishes ports: an `ApplicationPlan`, or the platform's own services in the same shape. */
export interface PublishingApplication {
  /** Name of the stack. */
  readonly stack: string;
  readonly services: readonly {
    readonly key: string;
    readonly spec: { readonly ports?: readonly PublishedPort[] };
  }[];
}

/**
 * Ports that are published more than once, within an application or across them, one message each. A port of mode
 * "host" counts on all hosts: which of them will run the task is Swarm's choice, and may change.
 */
export function publishedPortClashes(applications: readonly PublishingApplication[]): string[] {
  const publishers = new Map<string, string[]>();
  for (const { port, by } of applications.flatMap(publications)) {
    publishers.set(port, [...(publishers.get(port) ?? []), by]);
  }
  return [...publishers]
    .filter(([, by]) => by.length > 1)
    .map(([port, by]) => `port ${port} is published by ${listed(by)}; leave it to one of them and write another "published" for the rest`);
}

function publications({ stack, services }: PublishingApplication): { port: string; by: string }[] {
  return services.flatMap(({ key, spec }) =>
    (spec.ports ?? []).flatMap(({ published, protocol = "tcp", mode = "ingress", target }) =>
      published === undefined ? [] : [{ port: `${published}/${protocol}`, by: `service ${key} of ${stack} (for its port ${target}, mode ${mode})` }],
    ),
  );
}

function listed(names: readonly string[]): string {
  return `${names.slice(0, -1).join(", ")} and ${names.at(-1)}`;
}
