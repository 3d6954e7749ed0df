import { dirname, isAbsolute, join, relative } from "node:path";
import { Budget, MAX_COMPOSE_BYTES, MAX_EXTENDS, MAX_PORTS, MAX_YAML_CHARACTERS, MAX_YAML_NODES } from "../bounds";
import { pathText, shown } from "../explain";
import type { BundleFolders } from "../folders";
import { ApplicationError, readFor } from "../problems";
import { unknownName } from "../settings/values";
import { combined, unmarked } from "./combine";
import { interpolateTree, Lookup } from "./interpolate";
import { longForms } from "./longForms";
import { portCount } from "./ports";
import { Block, changeMember, isBlock, isList, mapBlock, Override, Tree } from "./tree";
import { readYaml } from "./yamlText";

/** A Compose file: its path from the current folder, and what is in it. */
export interface ComposeFile {
  readonly path: string;
  readonly text: string;
}

/** Answers what is in a file of at most `limit` bytes; undefined when there is none. */
export type ReadText = (path: string, limit: number) => string | undefined;
/** What reading needs to know of the folders that files may lie in. */
export type Folders = Pick<BundleFolders, "paths" | "refusal" | "isForeign">;

/** What reading the files takes from outside. */
export interface FileSources {
  /** The variables that the file at this path sees. */
  readonly lookupOf: (path: string) => Lookup;
  /** For what variables make of all files. */
  readonly budget: Budget;
  readonly readText: ReadText;
}

/**
 * The files as one, in their long form: parsed, variables put in, `extends` followed, merged.
 * @throws ApplicationError with all problems of the file in which they are
 * @throws TooMuch
 */
export function oneFile(files: readonly ComposeFile[], sources: FileSources): Block {
  const reader = new ComposeReader(sources);
  const merged = unmarked(files.map((file) => reader.extended(file)).reduce<Tree>((below, above) => combined(below, above), {})) as Block;
  new Budget(MAX_PORTS, PORTS).spend(portCount(merged));
  return merged;
}

const PORTS = "ports are published or exposed, with those that ranges stand for; write fewer";

/** Reads files, each once, and follows `extends`; what all of that may come to is bounded. */
class ComposeReader {
  private readonly others = new Map<string, Block | undefined>();
  private readonly nodes = new Budget(4 * MAX_YAML_NODES, "keys, values and items come of extends; extend less");
  private readonly characters = new Budget(4 * MAX_YAML_CHARACTERS, "characters come of extends; extend less");

  constructor(private readonly sources: FileSources) {}

  /** Every service with what it extends below it. */
  extended(file: ComposeFile): Block {
    const block = readFile(file, this.sources);
    const services = block["services"];
    if (!isBlock(services)) return block;
    return { ...block, services: mapBlock(services, (_, key) => this.service({ path: file.path, services }, key, [])) };
  }

  private service(origin: Origin, key: string, trail: readonly string[]): Tree {
    const service = origin.services[key];
    if (!isBlock(service) || !isBlock(service["extends"])) return service;
    const here = `${key} (${origin.path})`;
    const fail = (problem: string): never => {
      throw new ApplicationError(`compose file ${origin.path}`, [`${pathText(["services", key, "extends"])}: ${problem}`]);
    };
    if (trail.includes(here)) return fail(`services extend each other in a circle: ${[...trail, here].join(" → ")}; take one of these away`);
    if (trail.length >= MAX_EXTENDS) return fail(`more than ${MAX_EXTENDS} services extend each other in a row; take some away`);
    const { service: wanted, file } = service["extends"] as { service?: Tree; file?: Tree };
    if (typeof wanted !== "string") return fail("write { service: <name> }, with file: <path> for another file");
    const base = typeof file === "string" ? this.other(origin, file, fail) ?? fail(`there is no file "${file}"; correct the path`) : origin;
    if (!Object.hasOwn(base.services, wanted)) return fail(unknownName("service", wanted, Object.keys(base.services)));
    const below = this.service(base, wanted, [...trail, here]);
    const { extends: _done, ...own } = service;
    const seen = base === origin ? below : rebased(below, relative(dirname(origin.path), dirname(base.path)));
    const both = combined(seen, own, "services.*");
    this.count(both);
    return both;
  }

  private other(origin: Origin, file: string, fail: (problem: string) => never): Origin | undefined {
    const path = isAbsolute(file) ? file : join(dirname(origin.path), file);
    if (!this.others.has(path)) {
      const found = readFor(() => this.sources.readText(path, MAX_COMPOSE_BYTES));
      if ("refusals" in found) return fail(found.refusals.join("; "));
      this.others.set(path, found.content === undefined ? undefined : readFile({ path, text: found.content }, this.sources));
    }
    const block = this.others.get(path);
    if (block === undefined) return undefined;
    const { services } = block;
    return { path, services: isBlock(services) ? services : {} };
  }

  private count(tree: Tree): void {
    this.nodes.spend(1);
    if (typeof tree === "string") this.characters.spend(tree.length);
    else if (tree instanceof Override) this.count(tree.value);
    else if (isList(tree) || isBlock(tree)) Object.values(tree).forEach((member) => this.count(member));
  }
}

interface Origin {
  readonly path: string;
  readonly services: Block;
}

function readFile({ path, text }: ComposeFile, { lookupOf, budget }: FileSources): Block {
  const tree = readYaml(text, path) ?? {};
  if (!isBlock(tree)) throw new ApplicationError(`compose file ${path}`, [`found ${shown(tree)}; write a block with the key services`]);
  const problems: string[] = [];
  const filled = interpolateTree(tree, lookupOf(path), (problem) => problems.push(problem), budget) as Block;
  if (problems.length > 0) throw new ApplicationError(`compose file ${path}`, problems);
  new Budget(MAX_PORTS, PORTS).spend(portCount(filled));
  return longForms(filled);
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
