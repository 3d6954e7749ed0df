import { byBytes } from "./byteOrder";
import type { Application, Service } from "./model";
import { unknownName } from "./settings/values";

/** Keys of the services that must have converged before this one changes, once each, in order. */
export function dependenciesOf({ dependsOn = [] }: Service): string[] {
  return [...new Set(dependsOn.map(({ service }) => service))].sort(byBytes);
}

/** A service that others wait for to complete runs to its end: it is a job, whether its own file says so or not. */
export function withAwaitedJobs(application: Application): Application {
  const awaited = new Set(
    application.services.flatMap(({ dependsOn = [] }) => dependsOn.filter(({ condition }) => condition === "completed").map(({ service }) => service)),
  );
  const services = application.services.map((service) =>
    awaited.has(service.key) && service.run.job === undefined ? { ...service, run: { ...service.run, job: true } } : service,
  );
  return { ...application, services };
}

/** Dependencies on what is not there, jobs that may not be any, and circles, each named once. */
export function orderProblems({ services }: Application): string[] {
  const keys = services.map(({ key }) => key).sort(byBytes);
  const known = new Map(services.map((service) => [service.key, service]));
  const named = keys.flatMap((key) =>
    (known.get(key)!.dependsOn ?? []).flatMap(({ service, condition }) => {
      if (!known.has(service)) return [`services.${key}.depends_on: ${unknownName("service", service, keys)}`];
      if (condition !== "completed" || known.get(service)!.run.job !== false) return [];
      return [`services.${key}.depends_on.${service}: waits until ${service} has completed, but that is said to be no job; write job: true for ${service}, or leave job out`];
    }),
  );
  const circle = firstCircle(keys, known);
  return circle === undefined ? named : [...named, `services wait for each other in a circle: ${circle.join(" → ")}; take one of these dependencies away`];
}

/** The first circle in byte order, from a service back to itself. */
function firstCircle(keys: readonly string[], known: ReadonlyMap<string, Service>): string[] | undefined {
  const done = new Set<string>();
  const path: string[] = [];
  const visit = (key: string): string[] | undefined => {
    if (path.includes(key)) return [...path.slice(path.indexOf(key)), key];
    if (done.has(key)) return undefined;
    path.push(key);
    for (const next of dependenciesOf(known.get(key)!)) {
      const circle = known.has(next) ? visit(next) : undefined;
      if (circle !== undefined) return circle;
    }
    path.pop();
    done.add(key);
    return undefined;
  };
  for (const key of keys) {
    const circle = visit(key);
    if (circle !== undefined) return circle;
  }
  return undefined;
}
