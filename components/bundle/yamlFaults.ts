import type { ErrorCode, YAMLError } from "yaml";

/** What the library has against a text, in words that quote none of it: a path may lead to a file that holds a secret. */
const WORDS: Readonly<Record<ErrorCode, string>> = {
  ALIAS_PROPS: "an alias has an anchor or a tag of its own",
  BAD_ALIAS: "an alias has no proper name",
  BAD_COLLECTION_TYPE: "a tag stands before a block or list that it does not fit",
  BAD_DIRECTIVE: "a directive (%) is not known",
  BAD_DQ_ESCAPE: "an escape in double quotes is not known",
  BAD_INDENT: "the indentation does not fit",
  BAD_PROP_ORDER: "anchors and tags stand after the marks of lists and keys",
  BAD_SCALAR_START: "a plain text begins with a character that it may not begin with; put it in quotes",
  BLOCK_AS_IMPLICIT_KEY: "a block stands on the line of a key; begin a new line",
  BLOCK_IN_FLOW: "a block stands inside of brackets",
  DUPLICATE_KEY: "a key stands twice in one block",
  IMPOSSIBLE: "it cannot be read",
  KEY_OVER_1024_CHARS: "a key is longer than 1024 characters",
  MISSING_CHAR: "a quote, bracket, comma, colon or blank is missing",
  MULTILINE_IMPLICIT_KEY: "a key goes over several lines; is a colon or a quote missing?",
  MULTIPLE_ANCHORS: "a value has two anchors",
  MULTIPLE_DOCS: "there are several documents; write one file for each",
  MULTIPLE_TAGS: "a value has two tags",
  NON_STRING_KEY: "a key is no text",
  RESOURCE_EXHAUSTION: "it asks for too much",
  TAB_AS_INDENT: "a tab indents; YAML takes blanks",
  TAG_RESOLVE_FAILED: "a tag (!…) is not known, or does not fit its value",
  UNEXPECTED_TOKEN: "something stands where it cannot",
};

/** Faults of a text as lines of a message, each with its line and column. */
export function faultLines(text: string, faults: readonly Pick<YAMLError, "code" | "pos">[]): string[] {
  return faults.map(({ code, pos }) => `${WORDS[code] ?? WORDS.IMPOSSIBLE} ${placeIn(text, pos[0])}`);
}

/** "at line 3, column 14" */
export function placeIn(text: string, position: number): string {
  const before = text.slice(0, Math.max(position, 0));
  return `at line ${before.split("\n").length}, column ${before.length - before.lastIndexOf("\n")}`;
}
