import { isUtf8 } from "node:buffer";

/** What stands for anything that is not a character. */
const REPLACEMENT = "\uFFFD";
const BACKSLASH = 0x5c;

const ESCAPES: Readonly<Record<string, string>> = {
  '"': '"',
  "\\": "\\",
  "/": "/",
  b: "\b",
  f: "\f",
  n: "\n",
  r: "\r",
  t: "\t",
};

/**
 * The text of a JSON string literal (quotes excluded) as Go's encoding/json reads it: lone surrogates and every byte
 * that is not UTF-8 become U+FFFD. The literal must have passed the syntax scan.
 */
export function unquote(literal: Buffer): string {
  let text = "";
  let at = 0;
  while (at < literal.length) {
    const backslash = literal.indexOf(BACKSLASH, at);
    const end = backslash < 0 ? literal.length : backslash;
    text += decodeUtf8(literal.subarray(at, end));
    at = end;
    if (backslash < 0) break;
    const escape = String.fromCharCode(literal[at + 1]!);
    if (escape !== "u") {
      text += ESCAPES[escape];
      at += 2;
      continue;
    }
    const unit = codeUnitAt(literal, at)!;
    at += 6;
    const next = codeUnitAt(literal, at);
    if (isHighSurrogate(unit) && next !== undefined && isLowSurrogate(next)) {
      text += String.fromCharCode(unit, next);
      at += 6;
    } else {
      text += isHighSurrogate(unit) || isLowSurrogate(unit) ? REPLACEMENT : String.fromCharCode(unit);
    }
  }
  return text;
}

/** The code unit of the escape `\uXXXX` at `at`, or undefined when something else stands there. */
function codeUnitAt(literal: Buffer, at: number): number | undefined {
  if (literal[at] !== BACKSLASH || literal[at + 1] !== 0x75) return undefined;
  return Number.parseInt(literal.toString("latin1", at + 2, at + 6), 16);
}

const isHighSurrogate = (unit: number): boolean => unit >= 0xd800 && unit <= 0xdbff;
const isLowSurrogate = (unit: number): boolean => unit >= 0xdc00 && unit <= 0xdfff;

/** UTF-8 as Go decodes it: one U+FFFD for each byte that starts no valid sequence (the web's decoder groups them). */
function decodeUtf8(bytes: Buffer): string {
  if (isUtf8(bytes)) return bytes.toString("utf8");
  let text = "";
  for (let at = 0; at < bytes.length; ) {
    const size = sequenceLength(bytes, at);
    text += size === 0 ? REPLACEMENT : bytes.toString("utf8", at, at + size);
    at += Math.max(size, 1);
  }
  return text;
}

/** Length of the valid UTF-8 sequence that starts at `at`, 0 when none does. */
function sequenceLength(bytes: Buffer, at: number): number {
  const lead = bytes[at]!;
  const size = lead < 0x80 ? 1 : lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : 4;
  return at + size <= bytes.length && isUtf8(bytes.subarray(at, at + size)) ? size : 0;
}

const NAMED_CONTROLS: Readonly<Record<string, string>> = {
  "\x07": "\\a",
  "\b": "\\b",
  "\f": "\\f",
  "\n": "\\n",
  "\r": "\\r",
  "\t": "\\t",
  "\v": "\\v",
};

/** One byte as Go's JSON errors show it: read as Latin-1, in single quotes. */
export function quoteByte(byte: number): string {
  const character = String.fromCharCode(byte);
  if (character === "'") return "'\\''";
  return `'${character === '"' ? character : escapeCharacter(character)}'`;
}

/** A text as Go's `%q` shows it. */
export function quoteText(text: string): string {
  return `"${[...text].map((character) => (character === '"' ? '\\"' : escapeCharacter(character))).join("")}"`;
}

function escapeCharacter(character: string): string {
  if (character === "\\") return "\\\\";
  const named = NAMED_CONTROLS[character];
  if (named !== undefined) return named;
  // What Go counts as printable: letters, marks, numbers, punctuation, symbols and the ASCII space.
  if (/^[\p{L}\p{M}\p{N}\p{P}\p{S} ]$/u.test(character)) return character;
  const code = character.codePointAt(0)!;
  if (code < 0x20 || code === 0x7f) return `\\x${hex(code, 2)}`;
  return code < 0x10000 ? `\\u${hex(code, 4)}` : `\\U${hex(code, 8)}`;
}

const hex = (code: number, digits: number): string => code.toString(16).padStart(digits, "0");
