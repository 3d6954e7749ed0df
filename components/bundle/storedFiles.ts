import { byBytes, sorted } from "./byteOrder";
import type { Application, ContentSource, Labels, MountedFile, StoredFile, UnnamedSource } from "./model";
import { sourceAdvice } from "./reservedVariables";
import { fullName } from "./serviceName";
import { unknownName } from "./settings/values";
import { STACK_LABEL } from "./swarm/serviceSpec";

/** A secret or config to make from its content, or one that the Swarm has. */
export type StoredFilePlan = OwnFilePlan | ExternalFilePlan;

export interface OwnFilePlan {
  readonly kind: "own";
  readonly key: string;
  /** A hash of the content completes it (`contentName`): other content is another object, as Swarm changes none. */
  readonly nameBase: string;
  readonly labels: Labels;
  /** Never "unnamed" in a plan that is handed out. */
  readonly source: ContentSource | UnnamedSource;
}

export interface ExternalFilePlan {
  readonly kind: "external";
  readonly key: string;
  /** Its very name in the Swarm. */
  readonly name: string;
}

/** A secret or config as a file in the containers of a service. */
export interface MountedFilePlan {
  /** Key in `ApplicationPlan.secrets` or `.configs`. */
  readonly file: string;
  readonly target: string;
  readonly uid: string;
  readonly gid: string;
  readonly mode: number;
}

export type FileKind = "secrets" | "configs";

/** Longest name of a secret or config, without the hyphen and twelve digits of the hash (swarmkit, controlapi/common.go). */
const MAX_NAME_BASE = 64 - 13;
const NAME_BASE = /^[a-zA-Z0-9][-_.a-zA-Z0-9]*$/;

/** The secrets or configs that some service mounts, in order; the others are not made. */
export function storedFilePlans(stack: string, application: Application, kind: FileKind): StoredFilePlan[] {
  const used = new Set(application.services.flatMap(({ run }) => (run[kind] ?? []).map(({ source }) => source)));
  const files = (application[kind] ?? []).filter(({ key }) => used.has(key));
  return [...files].sort((a, b) => byBytes(a.key, b.key)).map((file) => storedFilePlan(stack, file));
}

function storedFilePlan(stack: string, { key, name, labels, source }: StoredFile): StoredFilePlan {
  if (source.kind === "external") return { kind: "external", key, name: source.name };
  // One with a name of its own belongs to whoever says that name: two applications with the same content share the object.
  if (name !== undefined) return { kind: "own", key, nameBase: name, labels: sorted({ ...labels }), source };
  return { kind: "own", key, nameBase: fullName(stack, key), labels: sorted({ ...labels, [STACK_LABEL]: stack }), source };
}

/** In the order of their targets, with the defaults of the reference client. */
export function mountedFilePlans(files: readonly MountedFile[] = []): MountedFilePlan[] {
  const plans = files.map(({ source, target = source, uid = "0", gid = "0", mode = 0o444 }) => ({ file: source, target, uid, gid, mode }));
  return plans.sort((a, b) => byBytes(a.target, b.target) || byBytes(a.file, b.file));
}

/** Files that no one defines, two at one path, and names that Swarm refuses. */
export function storedFileProblems(stack: string, application: Application, kind: FileKind): string[] {
  const what = kind.slice(0, -1);
  const known = (application[kind] ?? []).map(({ key }) => key);
  const mounted = [...application.services].sort((a, b) => byBytes(a.key, b.key)).flatMap(({ key: service, run }) =>
    (run[kind] ?? []).flatMap(({ source, target = source }, index, all) => [
      ...(known.includes(source) ? [] : [`services.${service}.${kind}[${index}]: ${unknownName(what, source, [...known].sort(byBytes))}; a new one is defined under ${kind}`]),
      ...(all.findIndex((other) => (other.target ?? other.source) === target) < index
        ? [`services.${service}.${kind}[${index}].target: found ${JSON.stringify(target)}, where another ${what} is already; write another target`]
        : []),
    ]),
  );
  return [...mounted, ...storedFilePlans(stack, application, kind).flatMap((plan) => nameProblems(what, plan))];
}

function nameProblems(what: string, plan: StoredFilePlan): string[] {
  if (plan.kind === "external") return [];
  const { key, nameBase, source } = plan;
  if (source.kind === "unnamed") return [`${what} ${JSON.stringify(key)}: its content is the variable ${source.variable}, which the settings do not name; ${sourceAdvice(what === "secret" ? "secrets" : "configs", key, source.variable)}`];
  if (source.kind === "file" && source.refusal !== undefined) return [`${what} ${JSON.stringify(key)}: ${source.refusal}`];
  if (!NAME_BASE.test(nameBase)) return [`${what} ${JSON.stringify(key)}: "${nameBase}" is no name for Swarm, which takes ASCII letters, digits, -, _ and .; write another`];
  if (nameBase.length <= MAX_NAME_BASE) return [];
  return [`${what} ${JSON.stringify(key)}: "${nameBase}" has ${nameBase.length} characters, and with a hash of the content Swarm takes ${MAX_NAME_BASE}; shorten it by ${nameBase.length - MAX_NAME_BASE}`];
}
