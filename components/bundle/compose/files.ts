import { dirname, isAbsolute, join, relative } from "node:path";
import { pathText, shown } from "../explain";
import { ApplicationError } from "../problems";
import { unknownName } from "../settings/values";
import { combined, unmarked } from "./combine";
import { interpolateTree, Lookup } from "./interpolate";
import { longForms } from "./longForms";
import { Block, changeMember, isBlock, isList, mapBlock, Tree } from "./tree";
import { readYaml } from "./yamlText";

/** A Compose file: its path from the current folder, and what is in it. */
export interface ComposeFile {
  readonly path: string;
  readonly text: string;
}

/** Answers what is in a file; undefined when there is none. */
export type ReadText = (path: string) => string | undefined;

/**
 * The files as one, in their long form: parsed, variables put in, `extends` followed, merged.
 * @throws ApplicationError with all problems of the file in which they are
 */
export function oneFile(files: readonly ComposeFile[], lookup: Lookup, readText: ReadText): Block {
  const trees = files.map((file) => withExtends(readFile(file, lookup), file.path, lookup, readText));
  return unmarked(trees.reduce<Tree>((below, above) => combined(below, above), {})) as Block;
}

function readFile({ path, text }: ComposeFile, lookup: Lookup): Block {
  const tree = readYaml(text, path) ?? {};
  if (!isBlock(tree)) throw new ApplicationError(`compose file ${path}`, [`found ${shown(tree)}; write a block with the key services`]);
  const problems: string[] = [];
  const filled = interpolateTree(tree, lookup, (problem) => problems.push(problem)) as Block;
  if (problems.length > 0) throw new ApplicationError(`compose file ${path}`, problems);
  return longForms(filled);
}

/** Every service with what it extends below it. */
function withExtends(file: Block, path: string, lookup: Lookup, readText: ReadText): Block {
  const services = file["services"];
  if (!isBlock(services)) return file;
  const extended = mapBlock(services, (_, key) => extendedService({ path, services }, key, [], lookup, readText));
  return { ...file, services: extended };
}

interface Origin {
  readonly path: string;
  readonly services: Block;
}

function extendedService(origin: Origin, key: string, trail: readonly string[], lookup: Lookup, readText: ReadText): Tree {
  const service = origin.services[key];
  if (!isBlock(service) || !isBlock(service["extends"])) return service;
  const here = `${key} (${origin.path})`;
  const fail = (problem: string): never => {
    throw new ApplicationError(`compose file ${origin.path}`, [`${pathText(["services", key, "extends"])}: ${problem}`]);
  };
  if (trail.includes(here)) return fail(`services extend each other in a circle: ${[...trail, here].join(" → ")}; take one of these away`);
  const { service: wanted, file } = service["extends"] as { service?: Tree; file?: Tree };
  if (typeof wanted !== "string") return fail("write { service: <name> }, with file: <path> for another file");
  const base = typeof file === "string" ? otherFile(origin, file, lookup, readText) ?? fail(`there is no file "${file}"; correct the path`) : origin;
  if (!Object.hasOwn(base.services, wanted)) return fail(unknownName("service", wanted, Object.keys(base.services)));
  const below = extendedService(base, wanted, [...trail, here], lookup, readText);
  const { extends: _done, ...own } = service;
  const seen = base === origin ? below : rebased(below, relative(dirname(origin.path), dirname(base.path)));
  return combined(seen, own, "services.*");
}

function otherFile(origin: Origin, file: string, lookup: Lookup, readText: ReadText): Origin | undefined {
  const path = isAbsolute(file) ? file : join(dirname(origin.path), file);
  const text = readText(path);
  if (text === undefined) return undefined;
  const { services } = readFile({ path, text }, lookup);
  return { path, services: isBlock(services) ? services : {} };
}

/** Relative paths of a service from a file in another folder, as seen from this one. */
function rebased(service: Tree, folder: string): Tree {
  if (!isBlock(service)) return service;
  const moved = (path: Tree): Tree => (typeof path === "string" && /^[^/~]/.test(path) ? `./${join(folder, path)}` : path);
  const inList = (change: (item: Tree) => Tree) => (value: Tree): Tree => (isList(value) ? value.map(change) : value);
  const binds = inList((item) => (isBlock(item) && item["type"] === "bind" ? changeMember(item, "source", moved) : item));
  const paths = inList((item) => (isBlock(item) ? changeMember(item, "path", moved) : moved(item)));
  return changeMember(changeMember(changeMember(service, "volumes", binds), "env_file", paths), "label_file", paths);
}
