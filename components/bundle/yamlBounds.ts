import { Composer, Document, isAlias, isCollection, isMap, isPair, isScalar, Lexer, Node, ParsedNode, Parser, type CST, type DocumentOptions, type ParseOptions, type SchemaOptions, type YAMLError } from "yaml";
import { MAX_LISTED, MAX_YAML_ALIASES, MAX_YAML_CHARACTERS, MAX_YAML_DEPTH, MAX_YAML_NODES } from "./bounds";
import { faultLines, placeIn } from "./yamlFaults";

type Options = ParseOptions & DocumentOptions & SchemaOptions;

/** What a text asks for in vain, or what is wrong with it, in lines that quote none of it. */
export class YamlProblem extends Error {
  constructor(readonly problems: readonly string[]) {
    super(problems.join("; "));
  }
}

/**
 * Reads one YAML document, in time and memory that grow with the text and not with what its aliases stand for.
 * @param isExpected faults that are none, such as tags of the caller's own
 * @throws YamlProblem when it has faults, or asks for more than a bound allows
 */
export function boundedDocument(text: string, options: Options = {}, isExpected: (fault: YAMLError) => boolean = () => false): Document.Parsed {
  const tokens = boundedTokens(text);
  // The library compares each key with each for repeats; below it is done with a set. Its words may quote the text.
  const composer = new Composer({ ...options, uniqueKeys: false, prettyErrors: false, logLevel: "silent", resolveKnownTags: false, schema: "core" });
  const documents = composer.compose(tokens, true, text.length);
  const document = documents.next().value as Document.Parsed;
  const second = documents.next();
  if (!second.done) throw new YamlProblem(faultLines(text, [{ code: "MULTIPLE_DOCS", pos: [second.value.range[0], second.value.range[0]] }]));
  const faults = [...document.errors, ...document.warnings].filter((fault) => !isExpected(fault));
  if (faults.length > 0) throw new YamlProblem(faultLines(text, faults.slice(0, MAX_LISTED)));
  new Measured(text).measure(document.contents);
  return document;
}

/** The text in tokens, not deeper than is allowed: what comes after them follows it by recursion. */
function boundedTokens(text: string): CST.Token[] {
  const parser = new Parser();
  const tokens: CST.Token[] = [];
  let pieces = 0;
  for (const piece of new Lexer().lex(text)) {
    for (const token of parser.next(piece)) tokens.push(token);
    pieces += piece.trim() === "" ? 0 : 1;
    // A document, and for a list within a list two of the parser's levels.
    if (parser.stack.length > 2 * MAX_YAML_DEPTH + 2) throw tooDeep(text, parser.offset);
    if (pieces > 3 * MAX_YAML_NODES) throw tooMany();
  }
  for (const token of parser.end()) tokens.push(token);
  return tokens;
}

interface Size {
  readonly nodes: number;
  readonly depth: number;
  readonly characters: number;
}
const leaf = (characters: number): Size => ({ nodes: 1, depth: 0, characters });

/** Nodes and depth of a document with its aliases expanded, from each node once. */
class Measured {
  private readonly anchors = new Map<string, Size | "open">();
  private named = 0;
  private aliases = 0;

  constructor(private readonly text: string) {}

  measure(node: ParsedNode | null): Size {
    if (node === null) return leaf(0);
    if (isAlias(node)) return this.alias(node);
    if (node.anchor !== undefined) {
      this.anchors.set(node.anchor, "open");
      if (++this.named > MAX_YAML_ALIASES) throw new YamlProblem([`it has more than ${MAX_YAML_ALIASES.toLocaleString("en")} anchors (&); write fewer`]);
    }
    const size = isCollection(node) ? this.collection(node) : leaf(isScalar(node) && typeof node.value === "string" ? node.value.length : 0);
    if (node.anchor !== undefined) this.anchors.set(node.anchor, size);
    return size;
  }

  private alias(node: { source: string; range?: unknown }): Size {
    const place = this.place(node);
    if (++this.aliases > MAX_YAML_ALIASES) throw new YamlProblem([`it uses anchors more than ${MAX_YAML_ALIASES.toLocaleString("en")} times; write fewer aliases`]);
    const size = this.anchors.get(node.source);
    if (size === undefined) throw new YamlProblem([`an alias (*) has no anchor (&) before it ${place}`]);
    if (size === "open") throw new YamlProblem([`an alias (*) stands inside of its own anchor (&) ${place}`]);
    return size;
  }

  private collection(node: ParsedNode): Size {
    const items = (node as unknown as { items: unknown[] }).items;
    const keys = new Set<unknown>();
    let [nodes, depth, characters] = [1, 0, 0];
    for (const item of items) {
      const parts = isPair(item) ? [this.key(item.key as ParsedNode, keys, node), this.measure(item.value as ParsedNode | null)] : [this.measure(item as ParsedNode | null)];
      for (const part of parts) [nodes, depth, characters] = [nodes + part.nodes, Math.max(depth, part.depth), characters + part.characters];
      if (nodes > MAX_YAML_NODES) throw tooMany();
      if (characters > MAX_YAML_CHARACTERS) throw new YamlProblem([`its texts have more than ${MAX_YAML_CHARACTERS.toLocaleString("en")} characters, with those that aliases (*) stand for; write fewer aliases`]);
      if (depth >= MAX_YAML_DEPTH) throw tooDeep(this.text, startOf(node));
    }
    return { nodes, depth: depth + 1, characters };
  }

  private key(key: ParsedNode | null, keys: Set<unknown>, map: Node): Size {
    const place = this.place(key ?? map);
    if (key !== null && isCollection(key)) throw new YamlProblem([`a key is no text ${place}`]);
    const name = isScalar(key) ? String(key.value) : undefined;
    if (name !== undefined && CONTROL.test(name)) throw new YamlProblem([`a key holds a control code ${place}; take it out`]);
    if (isMap(map) && name !== undefined && name !== "<<" && keys.size === keys.add(name).size) throw new YamlProblem(faultLines(this.text, [{ code: "DUPLICATE_KEY", pos: [startOf(key!), startOf(key!)] }]));
    return this.measure(key);
  }

  private place(node: object): string {
    return placeIn(this.text, startOf(node));
  }
}

/** Codes that move the cursor, clear the screen, or turn the writing round. */
const CONTROL = /[\p{Cc}\u200e\u200f\u2028-\u202e\u2066-\u2069]/u;

const startOf = (node: object): number => (node as { range?: [number, number, number] | null }).range?.[0] ?? 0;
const tooMany = (): YamlProblem => new YamlProblem([`it has more than ${MAX_YAML_NODES.toLocaleString("en")} keys, values and items, with those that aliases (*) stand for; split it, or write fewer aliases`]);
const tooDeep = (text: string, at: number): YamlProblem => new YamlProblem([`blocks and lists are within each other more than ${MAX_YAML_DEPTH} times ${placeIn(text, at)}; write them flatter`]);
