import { isAlias, isMap, parseDocument, type Document, type Pair, type Scalar, type YAMLMap } from "yaml";
import { DIGEST_REFERENCE_PATTERN, type Relocation } from "../../components/bundle/image";
import { UserError } from "../error";
import { parseImageName } from "./imageName";
import { relocationOf, type Pin } from "./pins";

/** "registry.example:5000" or "registry.example/mirror", without a slash at the end. @throws UserError */
export function checkedRegistry(written: string): string {
  const registry = written.replace(/\/+$/, "");
  const [host = ""] = registry.split("/");
  const isHost = /[.:]/.test(host) || host === "localhost";
  if (isHost && DIGEST_REFERENCE_PATTERN.test(`${registry}/x@sha256:${"0".repeat(64)}`)) return registry;
  throw new UserError(`--to ${JSON.stringify(written)}: write the registry's host without https://, with a port or a path where it has one`, "--to registry.example:5000");
}

/** By the image as written: an archive where one holds it, else the registry with the path and the digest that the image has. */
export function relocations(pins: ReadonlyMap<string, Pin>, registry: string): Map<string, Relocation> {
  return new Map([...pins].map(([image, { to }]) => [image, to.kind === "archive" ? relocationOf(to) : moved(to.reference, registry)]));
}

function moved(reference: string, registry: string): string {
  const { path, digest } = parseImageName(reference);
  return `${registry}/${path}@${digest!}`;
}

/** Commands that copy images to where they are relocated, digests and all platforms kept. */
export function copyCommands(pins: ReadonlyMap<string, Pin>, map: ReadonlyMap<string, Relocation>): string[] {
  return [...map].flatMap(([image, target]) => {
    const pin = pins.get(image);
    if (typeof target !== "string" || pin?.to.kind !== "digest") return [];
    const source = pin.file === undefined ? `docker://${withoutTag(pin.to.reference)}` : `${pin.file.endsWith("/") ? "oci" : "oci-archive"}:${pin.file}`;
    return [`skopeo copy --all ${source} docker://${target}`];
  });
}

/** A tag beside a digest says nothing, and skopeo takes one of them only. */
function withoutTag(reference: string): string {
  const { host, path, digest } = parseImageName(reference);
  return `${host ?? "docker.io"}/${host === undefined && !path.includes("/") ? "library/" : ""}${path}@${digest!}`;
}

export interface MergedSettings {
  readonly text: string;
  /** Images that the file relocates, but the application does not have. */
  readonly stale: readonly string[];
}

/**
 * A settings file with these relocations in it. Everything else stays to the letter, as long as the file is written in lines
 * and not as one `{…}`; comments stay in any case.
 * @param before the file's text, which `parseSettings` takes; undefined: there is none
 * @param head lines of a comment for a new file
 */
export function mergeRelocations(before: string | undefined, map: ReadonlyMap<string, Relocation>, images: readonly string[], head: readonly string[]): MergedSettings {
  const comment = head.map((line) => `# ${line}\n`).join("");
  const text = before === undefined ? comment + mergedDocument("", map) : mergedText(before, map);
  const block = parseDocument(text).get("relocate");
  const stale = isMap(block) ? block.items.map(({ key }) => String(key)).filter((image) => !images.includes(image)) : [];
  return { text, stale };
}

function mergedText(before: string, map: ReadonlyMap<string, Relocation>): string {
  const { contents } = parseDocument(before);
  if (!isMap(contents) || contents.flow || /^\.\.\./m.test(before)) return mergedDocument(before, map);
  const pair = contents.items.find(({ key }) => String(key) === "relocate");
  if (pair === undefined) return `${before.trimEnd()}\n\n${mergedDocument("", map)}`;
  if (isAlias(pair.value)) throw new UserError("relocate is an alias (*…) of another block, which would change with it; write the block out");
  const [start, end] = linesOf(before, pair);
  const block = before.slice(start, end);
  // A block with aliases cannot be read without the rest.
  if (parseDocument(block).errors.length > 0 || block.includes("*")) return mergedDocument(before, map);
  return before.slice(0, start) + mergedDocument(block, map).trimEnd() + before.slice(end);
}

/** From the key to the end of the line on which its value ends. */
function linesOf(text: string, { key, value }: Pair): [number, number] {
  const start = (key as Scalar).range![0];
  const valueEnd = (value as Scalar | null)?.range?.[1] ?? (key as Scalar).range![1];
  // The end of a block may be the start of the next line.
  const last = valueEnd > start && text[valueEnd - 1] === "\n" ? valueEnd - 1 : valueEnd;
  const newline = text.indexOf("\n", last);
  return [start, newline < 0 ? text.length : newline];
}

function mergedDocument(before: string, map: ReadonlyMap<string, Relocation>): string {
  const document: Document = parseDocument(before);
  if (document.contents === null) document.contents = document.createNode({}) as never;
  const block = relocateBlock(document);
  for (const [image, target] of map) {
    const entry = entryNode(document, target);
    const comment = (block.get(image, true) as { comment?: string | null } | undefined)?.comment;
    if (comment) entry.comment = comment;
    block.set(document.createNode(image), entry);
  }
  return document.toString({ lineWidth: 0 });
}

function relocateBlock(document: Document): YAMLMap {
  const there = document.get("relocate", true);
  if (isMap(there)) {
    // On one line it would grow without end.
    there.flow = false;
    return there;
  }
  const made = document.createNode({}) as YAMLMap;
  document.set(document.createNode("relocate"), made);
  return made;
}

function entryNode(document: Document, target: Relocation) {
  const node = document.createNode(target);
  if (isMap(node)) node.flow = true;
  return node;
}
