import { Document, isCollection, isScalar, Node, parseDocument, Scalar, visit } from "yaml";
import { ApplicationError } from "../problems";
import { Override, Reset, Tree } from "./tree";

/** How often anchors may be used, all in all: a file of hundreds of services that share one is fine, a bomb is not. */
const MAX_ALIASES = 10_000;

/** A leading zero means octal to the parsers of the reference clients (YAML 1.1), which matters for `mode: 0440`. */
const octal = {
  tag: "tag:yaml.org,2002:int",
  default: true as const,
  test: /^[-+]?0[0-7]+$/,
  resolve: (text: string) => BigInt(`0o${text.replace(/^[-+]?0/, "")}`) * (text.startsWith("-") ? -1n : 1n),
  identify: () => false,
};

/**
 * Reads the YAML of a Compose file: anchors, merge keys, `!reset` and `!override`. Whole numbers that a number cannot
 * hold exactly become text.
 * @param path names the file in messages
 * @throws ApplicationError with what is wrong with the YAML; no line of the file is quoted, as it may hold a secret
 */
export function readYaml(text: string, path: string): Tree {
  const document = parseDocument(text, { merge: true, intAsBigInt: true, customTags: (tags) => [octal, ...tags] });
  const faults = [...document.errors, ...document.warnings].filter((fault) => fault.code !== "TAG_RESOLVE_FAILED" || !/: !(reset|override)\b/.test(fault.message));
  if (faults.length > 0) throw new ApplicationError(`compose file ${path}`, faults.map((fault) => fault.message.split("\n")[0]!.replace(/:$/, "")));
  markTags(document);
  try {
    return plain(document.toJS({ maxAliasCount: MAX_ALIASES }));
  } catch (error) {
    throw new ApplicationError(`compose file ${path}`, [(error as Error).message.split("\n")[0]!], { cause: error });
  }
}

function markTags(document: Document): void {
  visit(document, {
    Node: (_key, node) => {
      if (node.tag === "!reset") return new Scalar(new Reset());
      if (node.tag === "!override") return new Scalar(new Override(plainNode(node as Node, document)));
      return undefined;
    },
  });
}

function plainNode(node: Node, document: Document): Tree {
  return isCollection(node) || isScalar(node) ? plain(node.toJS(document, { maxAliasCount: MAX_ALIASES })) : null;
}

function plain(value: Tree): Tree {
  if (typeof value === "bigint") return Number.isSafeInteger(Number(value)) ? Number(value) : String(value);
  if (Array.isArray(value)) return value.map(plain);
  if (value instanceof Date || value instanceof Reset || value instanceof Override || typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, plain(item)]));
}
