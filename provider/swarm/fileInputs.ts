import { isUtf8 } from "node:buffer";
import { isDeepStrictEqual } from "node:util";
import * as z from "zod";
import { Refused, type Change, type CheckFailure, type Stored } from "../resource";
import { changesBetween } from "./service/changes";

/**
 * A secret or config: bytes with a name. Swarm never changes the bytes, only the labels. To roll out new content, put a
 * hash of it into the name: the new one is made first, services move over, and the old one goes.
 */
export const FileInputs = z.strictObject({
  cluster: z.string().describe("Id of the cluster it is kept in (output of Cluster)."),
  name: z.string().describe("Full name; exists once in a cluster. A change makes it anew."),
  data: z.string().optional().describe("The content, as text or in base64. A change makes it anew. Required unless external."),
  encoding: z.enum(["text", "base64"]).optional().describe('How `data` is written. Default "text".'),
  labels: z.record(z.string(), z.string()).optional().describe("Labels; changed in place, no service restarts."),
  external: z.boolean().optional().describe("It is made by somebody else: looked up by its name, never changed and never removed. Default false."),
});
export type FileInputs = z.infer<typeof FileInputs>;

/** The bytes that the inputs stand for. */
export function bytesOf({ data = "", encoding }: Pick<FileInputs, "data" | "encoding">): Buffer {
  return Buffer.from(data, encoding === "base64" ? "base64" : "utf8");
}

/** Bytes as inputs write them: as text where that is possible without loss. */
export function writtenAs(bytes: Buffer): Pick<FileInputs, "data" | "encoding"> {
  return isUtf8(bytes) ? { data: bytes.toString("utf8") } : { data: bytes.toString("base64"), encoding: "base64" };
}

/**
 * Rules of the engine: swarmkit manager/controlapi/common.go (names), api/validation/secrets.go and controlapi/config.go (sizes).
 * @param limit bytes that are too many
 */
export function checkFile(inputs: FileInputs, limit: number): CheckFailure[] {
  const failures: CheckFailure[] = [];
  if (inputs.name.length > 64 || !/^[a-zA-Z0-9]([-_.a-zA-Z0-9]*[a-zA-Z0-9])?$/.test(inputs.name)) {
    failures.push({ property: "name", reason: `"${inputs.name}" is no name that Swarm takes; use at most 64 letters, digits, "-", "_" and ".", with a letter or digit at both ends` });
  }
  if (inputs.external) return [...failures, ...checkExternal(inputs)];
  if (inputs.data === undefined) return [...failures, { property: "data", reason: "it is missing; write the content, or external: true for one that exists already" }];
  const encoded = inputs.encoding !== "base64" || /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/.test(inputs.data);
  if (!encoded) failures.push({ property: "data", reason: 'it is not base64, as encoding says; leave encoding out for plain text' });
  const size = bytesOf(inputs).length;
  if (size === 0) failures.push({ property: "data", reason: "it is empty, which Swarm refuses; leave the whole thing out instead" });
  if (size >= limit) failures.push({ property: "data", reason: `it has ${size} bytes; Swarm takes less than ${limit}` });
  return failures;
}

function checkExternal(inputs: FileInputs): CheckFailure[] {
  const given = (["data", "encoding", "labels"] as const).filter((field) => inputs[field] !== undefined);
  return given.map((property) => ({ property, reason: "an external one is only looked up; leave this out" }));
}

/** The differences: bytes, name and cluster make it anew, labels do not; the same bytes in another encoding are none. */
export function diffFile(old: Stored<FileInputs, object>, wanted: FileInputs, unknown: readonly string[]): Change[] {
  if (wanted.external && !old.inputs.external) {
    throw new Refused(`"${wanted.name}" was made by this program and cannot become external, as it would be removed; take it out of the state first (pulumi state delete)`);
  }
  const open = new Set(unknown.map((path) => path.split(/[.[]/)[0]!));
  const meaning = (inputs: FileInputs) =>
    Object.fromEntries(
      Object.entries({ cluster: inputs.cluster, name: inputs.name, external: inputs.external || undefined, labels: inputs.labels ?? {}, data: inputs.data === undefined ? undefined : bytesOf(inputs).toString("base64") }).filter(([field]) => !open.has(field)),
    );
  const known = changesBetween({ canon: meaning(old.inputs), written: old.inputs }, { canon: meaning(wanted), written: wanted });
  const notYet = unknown.map((path): Change => ({ path, kind: "update" }));
  return [...known, ...notYet].map((change) => (/^labels\b/.test(change.path) ? change : { ...change, replace: true }));
}

/** The labels as the inputs write them, unless others are there. */
export function observedLabels(inputs: Pick<FileInputs, "labels">, found: Readonly<Record<string, string>>): Pick<FileInputs, "labels"> {
  if (isDeepStrictEqual(inputs.labels ?? {}, found)) return inputs.labels === undefined ? {} : { labels: inputs.labels };
  return Object.keys(found).length === 0 ? {} : { labels: { ...found } };
}
