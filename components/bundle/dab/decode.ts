import { unquote } from "./goText";
import { Token, scanFirstValue } from "./syntax";

/** A value of another kind than the field wants, with Go's words and offset (in bytes, from 1). */
export class JsonTypeError extends Error {
  constructor(
    readonly offset: number,
    /** Go type of the field, "[]string". */
    readonly want: string,
    /** What stands in the file, "number -1". */
    readonly got: string,
  ) {
    super(`expected ${want}, found ${got}`);
  }
}

/** Reads the value at hand; `before` is what an earlier member of the same name left in the field. */
export type Reader<T> = (value: JsonValue, before: T | undefined) => T;

/**
 * One value of a scanned document. The readers below take it apart by the rules of Go's encoding/json: `null` leaves
 * text and numbers as they were and empties everything else, members match without regard to case, unknown ones are
 * skipped, repeated ones are read on top of each other.
 */
export class JsonValue {
  private constructor(
    private readonly bytes: Buffer,
    private readonly tokens: readonly Token[],
    private readonly index: number,
  ) {}

  /** The first value of `bytes`. @throws JsonSyntaxError, JsonEndError */
  static first(bytes: Buffer): JsonValue {
    return new JsonValue(bytes, scanFirstValue(bytes), 0);
  }

  private get token(): Token {
    return this.tokens[this.index]!;
  }

  get kind(): Token["kind"] {
    return this.token.kind;
  }

  /** The bytes of a literal. */
  literal(): Buffer {
    return this.bytes.subarray(this.token.start, this.token.end);
  }

  /** The text of a string. */
  text(): string {
    return unquote(this.bytes.subarray(this.token.start + 1, this.token.end - 1));
  }

  elements(): JsonValue[] {
    const elements: JsonValue[] = [];
    for (let at = this.index + 1; at < this.token.last; at = this.tokens[at]!.last + 1) elements.push(this.at(at));
    return elements;
  }

  members(): { name: string; value: JsonValue }[] {
    const members: { name: string; value: JsonValue }[] = [];
    for (let at = this.index + 1; at < this.token.last; at = this.tokens[at + 1]!.last + 1) {
      members.push({ name: this.at(at).text(), value: this.at(at + 1) });
    }
    return members;
  }

  private at(index: number): JsonValue {
    return new JsonValue(this.bytes, this.tokens, index);
  }

  /** The error of Go for this value in a field of type `want`: at a bracket's own byte, else at the last byte of the literal. */
  mismatch(want: string, got: string = this.kind): JsonTypeError {
    const bracket = this.kind === "object" || this.kind === "array";
    return new JsonTypeError(bracket ? this.token.start + 1 : this.token.end, want, got);
  }
}

/** A Go `string`. */
export const readText: Reader<string> = (value, before = "") => {
  if (value.kind === "null") return before;
  if (value.kind !== "string") throw value.mismatch("string");
  return value.text();
};

/** A Go `*string`. */
export const readOptionalText: Reader<string | undefined> = (value) => (value.kind === "null" ? undefined : readText(value, undefined));

/** A Go `uint32`. */
export const readUint32: Reader<number> = (value, before = 0) => {
  if (value.kind === "null") return before;
  if (value.kind !== "number") throw value.mismatch("uint32");
  const literal = value.literal().toString("latin1");
  if (!/^\d{1,10}$/.test(literal) || Number(literal) > 0xffff_ffff) throw value.mismatch("uint32", `number ${literal}`);
  return Number(literal);
};

/**
 * A Go slice; a repeated list replaces the earlier one. (Go's decoder lets stale members of the earlier list shine
 * through; that defect is not copied.)
 */
export function listOf<T>(want: string, element: Reader<T>): Reader<readonly T[]> {
  return (value) => {
    if (value.kind === "null") return [];
    if (value.kind !== "array") throw value.mismatch(want);
    return value.elements().map((item) => element(item, undefined));
  };
}

/** A Go map; repeated maps merge, a repeated key replaces. Undefined after `null`. */
export function mapOf<T>(want: string, element: Reader<T>): Reader<ReadonlyMap<string, T> | undefined> {
  return (value, before) => {
    if (value.kind === "null") return undefined;
    if (value.kind !== "object") throw value.mismatch(want);
    const map = new Map(before);
    for (const { name, value: item } of value.members()) map.set(name, element(item, undefined));
    return map;
  };
}

/** A Go struct with the given fields; `empty` is its zero value. */
export function structOf<T extends object>(want: string, empty: T, fields: { [K in keyof T]-?: { name: string; read: Reader<T[K]> } }): Reader<T> {
  const byName = new Map((Object.keys(fields) as (keyof T)[]).map((key) => [fold(fields[key].name), key]));
  return (value, before = empty) => {
    if (value.kind === "null") return before;
    if (value.kind !== "object") throw value.mismatch(want);
    const struct = { ...before };
    for (const { name, value: member } of value.members()) {
      const key = byName.get(fold(name));
      if (key !== undefined) struct[key] = fields[key].read(member, struct[key]);
    }
    return struct;
  };
}

/** Case folding as Go's: of all characters beyond ASCII only the long s and the Kelvin sign fold to ASCII letters. */
function fold(name: string): string {
  return name.replace(/\u017f/g, "s").replace(/\u212a/g, "k").replace(/[A-Z]/g, (letter) => letter.toLowerCase());
}
