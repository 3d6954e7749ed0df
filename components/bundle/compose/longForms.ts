import { longPorts } from "./ports";
import { Block, changeMember, isBlock, isList, mapBlock, Override, Reset, Tree } from "./tree";
import { longTmpfs, longVolume } from "./volumes";

/*
 * Most of Compose can be said in a short and a long way. Files are merged in the long one, so that the two ways of saying
 * a thing meet. What is in neither form is left as it is: the schema will say so, under its path.
 */

/** A whole file with every service in its long form. */
export function longForms(file: Block): Block {
  const sections = { services: longService, networks: labelled, volumes: labelled, secrets: labelled, configs: labelled };
  return Object.entries(sections).reduce(
    (result, [key, change]) => changeMember(result, key, (section) => (isBlock(section) ? mapBlock(section, throughMark(change)) : section)),
    file,
  );
}

const labelled = (value: Tree): Tree => (isBlock(value) ? changeMember(value, "labels", named("")) : value);

function throughMark(change: (value: Tree) => Tree): (value: Tree) => Tree {
  return (value) => (value instanceof Override ? new Override(change(value.value)) : change(value));
}

const MEMBERS: Readonly<Record<string, (value: Tree) => Tree>> = {
  environment: named(null),
  labels: named(""),
  annotations: named(""),
  sysctls: named(null),
  extra_hosts: hosts,
  networks: keyed,
  depends_on: keyed,
  models: keyed,
  build: (value) => (typeof value === "string" ? { context: value } : value),
  extends: (value) => (typeof value === "string" ? { service: value } : value),
  env_file: (value) => listed(value, (item) => (typeof item === "string" ? { path: item } : item)),
  label_file: (value) => listed(value),
  dns: (value) => listed(value),
  dns_search: (value) => listed(value),
  tmpfs: (value) => listed(value, (item) => (typeof item === "string" ? (longTmpfs(item) ?? item) : item)),
  ports: (value) => (isList(value) ? value.flatMap(longPort) : value),
  volumes: (value) => listed(value, (item) => (typeof item === "string" ? (longVolume(item) ?? item) : isBlock(item) ? changeMember(item, "volume", labelled) : item)),
  secrets: (value) => listed(value, source),
  configs: (value) => listed(value, source),
  healthcheck: (value) => (isBlock(value) ? changeMember(value, "test", (test) => (typeof test === "string" ? ["CMD-SHELL", test] : test)) : value),
  deploy: (value) => (isBlock(value) ? changeMember(value, "labels", named("")) : value),
};

export function longService(service: Tree): Tree {
  if (!isBlock(service)) return service;
  return Object.keys(service).reduce<Block>((result, key) => (Object.hasOwn(MEMBERS, key) ? changeMember(result, key, MEMBERS[key]!) : result), service);
}

/** ["A=1", "B"] as { A: "1", B: without }. */
function named(without: string | null): (value: Tree) => Tree {
  return (value) => {
    if (!isList(value) || !value.every((item) => typeof item === "string")) return value;
    return Object.fromEntries(
      value.map((item) => {
        const equals = item.indexOf("=");
        return equals < 0 ? [item, without] : [item.slice(0, equals), item.slice(equals + 1)];
      }),
    );
  };
}

/** ["name:address", "name=address"] as { name: address }; the last address of a repeated name counts. */
function hosts(value: Tree): Tree {
  if (!isList(value) || !value.every((item) => typeof item === "string" && /[:=]/.test(item))) return value;
  return Object.fromEntries(
    (value as readonly string[]).map((item) => {
      const at = item.search(/[:=]/);
      return [item.slice(0, at), item.slice(at + 1).replace(/^\[|\]$/g, "")];
    }),
  );
}

/** ["a", "b"] as { a: null, b: null }. */
function keyed(value: Tree): Tree {
  if (!isList(value) || !value.every((item) => typeof item === "string")) return value;
  return Object.fromEntries((value as readonly string[]).map((name) => [name, null]));
}

function listed(value: Tree, item: (value: Tree) => Tree = (same) => same): Tree {
  if (value === null || value === undefined || value instanceof Reset) return value;
  return (isList(value) ? value : [value]).map(item);
}

const source = (value: Tree): Tree => (typeof value === "string" ? { source: value } : value);

/** A long port may still hold a range in `published`. */
function longPort(value: Tree): Tree[] {
  if (typeof value === "number" || typeof value === "string") return longPorts(String(value)) ?? [value];
  return [value];
}
