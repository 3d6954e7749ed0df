import { isAlias, isMap, parseDocument, type Document, type YAMLMap } from "yaml";
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

export interface MergedSettings {
  readonly text: string;
  /** Images that the file relocates, but the application does not have. */
  readonly stale: readonly string[];
}

/**
 * A settings file with these relocations in it; everything else stays as it was written, comments too.
 * @param before the file's text, which parses; undefined: there is none
 * @param head lines of a comment for a new file
 */
export function mergeRelocations(before: string | undefined, map: ReadonlyMap<string, Relocation>, images: readonly string[], head: readonly string[]): MergedSettings {
  const document: Document = parseDocument(before ?? "");
  if (document.contents === null) document.contents = document.createNode({}) as never;
  if (before === undefined && head.length > 0) document.commentBefore = head.map((line) => ` ${line}`).join("\n");
  const block = relocateBlock(document);
  for (const [image, target] of map) {
    const entry = entryNode(document, target);
    const comment = (block.get(image, true) as { comment?: string | null } | undefined)?.comment;
    if (comment) entry.comment = comment;
    block.set(document.createNode(image), entry);
  }
  const stale = block.items.map(({ key }) => String(key)).filter((image) => !images.includes(image));
  return { text: document.toString({ lineWidth: 0 }), stale };
}

function relocateBlock(document: Document): YAMLMap {
  const there = document.get("relocate", true);
  if (isMap(there)) {
    // Written as `{}` it would grow on one line.
    if (there.items.length === 0) there.flow = false;
    return there;
  }
  if (isAlias(there)) throw new UserError("relocate is an alias (*…) of another block, which would change with it; write the block out");
  const made = document.createNode({}) as YAMLMap;
  document.set("relocate", made);
  if (isMap(document.contents) && document.contents.items.length > 1) {
    (document.contents.items.at(-1)!.key as { spaceBefore?: boolean }).spaceBefore = true;
  }
  return made;
}

function entryNode(document: Document, target: Relocation) {
  const node = document.createNode(target);
  if (isMap(node)) node.flow = true;
  return node;
}
