import { readFileSync } from "node:fs";

/** What one run did, or would do, to one resource. */
export interface Change {
  /** Pulumi's word for it: "create", "update", "delete", "replace", "create-replacement", ... */
  readonly op: string;
  /** "dockyard:hosts:Engine" */
  readonly type: string;
  /** Logical name. */
  readonly name: string;
  /** Paths of the properties that differ, sorted. */
  readonly paths: readonly string[];
}

/** A line that a run told about a resource: progress ("draining"), a warning, an error. */
export interface Message {
  readonly severity: string;
  readonly name: string;
  readonly type: string;
  readonly text: string;
  /** Position in the log, comparable with that of other messages and of {@link Step}. */
  readonly at: number;
}

/** The end of one step. */
export interface Step extends Change {
  readonly at: number;
}

/** The CLI's event log (`--event-log`), as far as tests look at it. */
export interface EventLog {
  /** What is not as it was. Components and the stack itself, which are mere names, are left out. */
  readonly changes: readonly Change[];
  readonly steps: readonly Step[];
  readonly messages: readonly Message[];
}

interface Metadata {
  readonly op: string;
  readonly urn: string;
  readonly type: string;
  readonly detailedDiff?: Readonly<Record<string, unknown>> | null;
  readonly diffs?: readonly string[] | null;
}

interface EngineEvent {
  readonly sequence?: number;
  readonly resOutputsEvent?: { readonly metadata: Metadata };
  readonly resOpFailedEvent?: { readonly metadata: Metadata };
  readonly diagnosticEvent?: { readonly urn?: string; readonly message: string; readonly severity: string };
}

/** Steps after which the resource is what it was before. */
const QUIET = new Set(["same", "read", "refresh", "read-discard"]);

/** Reads an event log; a last line that a kill cut off is passed over. */
export function readEventLog(path: string): EventLog {
  return eventLogOf(readFileSync(path, "utf8"));
}

export function eventLogOf(text: string): EventLog {
  const events = text.split("\n").flatMap(parseLine);
  const steps = events.flatMap(({ resOutputsEvent }, at) => (resOutputsEvent ? [{ ...changeOf(resOutputsEvent.metadata), at }] : []));
  const messages = events.flatMap(({ diagnosticEvent }, at) => (diagnosticEvent ? [messageOf(diagnosticEvent, at)] : []));
  return {
    steps,
    messages,
    changes: steps.filter(({ op, type }) => !QUIET.has(op) && !isComponent(type)).map(({ at: _, ...change }) => change),
  };
}

function parseLine(line: string): EngineEvent[] {
  if (line.trim() === "") return [];
  try {
    return [JSON.parse(line) as EngineEvent];
  } catch {
    return [];
  }
}

function changeOf({ op, urn, type, detailedDiff, diffs }: Metadata): Change {
  const paths = Object.keys(detailedDiff ?? {});
  return { op, type, name: nameOf(urn), paths: (paths.length > 0 ? paths : [...(diffs ?? [])]).sort() };
}

function messageOf({ urn, message, severity }: NonNullable<EngineEvent["diagnosticEvent"]>, at: number): Message {
  // Colours come as <{%reset%}> marks.
  return { severity, name: nameOf(urn ?? ""), type: typeOf(urn ?? ""), text: message.replace(/<\{%[^%]*%\}>/g, "").trim(), at };
}

function nameOf(urn: string): string {
  return urn.split("::").slice(3).join("::");
}

function typeOf(urn: string): string {
  return urn.split("::")[2]?.split("$").at(-1) ?? "";
}

function isComponent(type: string): boolean {
  return type.startsWith("dockyard:components:") || type === "pulumi:pulumi:Stack";
}
