import { Document, isCollection, isScalar, Node, Scalar, visit, type SchemaOptions, type YAMLError } from "yaml";
import { ApplicationError } from "../problems";
import { boundedDocument, YamlProblem } from "../yamlBounds";
import { Override, Reset, Tree } from "./tree";

/** A leading zero means octal to the parsers of the reference clients (YAML 1.1), which matters for `mode: 0440`. */
const octal = {
  tag: "tag:yaml.org,2002:int",
  default: true as const,
  test: /^[-+]?0[0-7]+$/,
  resolve: (text: string) => BigInt(`0o${text.replace(/^[-+]?0/, "")}`) * (text.startsWith("-") ? -1n : 1n),
  identify: () => false,
};

/** Aliases are counted before; the library's own count is a search for each. */
const COUNTED = { maxAliasCount: -1 };

/**
 * Reads the YAML of a Compose file: anchors, merge keys, `!reset` and `!override`. Whole numbers that a number cannot
 * hold exactly become text.
 * @param path names the file in messages
 * @throws ApplicationError with what is wrong with the YAML; nothing of the file is quoted, as it may hold a secret
 */
export function readYaml(text: string, path: string): Tree {
  try {
    const document = boundedDocument(text, { ...OPTIONS, intAsBigInt: true }, isOwnTag);
    markTags(document);
    return plain(document.toJS(COUNTED));
  } catch (error) {
    if (error instanceof YamlProblem) throw new ApplicationError(`compose file ${path}`, error.problems);
    // The one thing that is left; the library's words may quote the file.
    throw new ApplicationError(`compose file ${path}`, ["a merge key (<<) takes blocks, or aliases of them"]);
  }
}

const OPTIONS: SchemaOptions = { merge: true, customTags: (tags) => [octal, ...tags] };
const isOwnTag = (fault: YAMLError): boolean => fault.code === "TAG_RESOLVE_FAILED" && /: !(reset|override)\b/.test(fault.message);

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
  return isCollection(node) || isScalar(node) ? plain(node.toJS(document, COUNTED)) : null;
}

function plain(value: Tree): Tree {
  if (typeof value === "bigint") return Number.isSafeInteger(Number(value)) ? Number(value) : String(value);
  if (Array.isArray(value)) return value.map(plain);
  if (value instanceof Date || value instanceof Reset || value instanceof Override || typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, plain(item)]));
}
