import { quoteByte } from "./goText";

/** What a token starts; also the word that Go's type errors use for it. */
export type TokenKind = "object" | "array" | "string" | "number" | "bool" | "null" | "end";

/** A literal, an opening bracket, or ("end") a closing bracket. Names of members are "string" tokens. */
export interface Token {
  readonly kind: TokenKind;
  /** First byte, counted from 0. */
  readonly start: number;
  /** One past the last byte. */
  readonly end: number;
  /** For an opening bracket: index of the token that closes it; for everything else its own index. */
  last: number;
}

/** A syntax fault in the words and with the offset (in bytes, from 1) of Go's encoding/json. */
export class JsonSyntaxError extends Error {
  constructor(
    readonly offset: number,
    message: string,
  ) {
    super(message);
  }
}

/** The input ended: before a value ("EOF") or within one ("unexpected EOF"). */
export class JsonEndError extends Error {}

/** Arrays and objects within each other, as Go limits them since 1.15. */
export const MAX_DEPTH = 10_000;

type Expecting = "value" | "value or ]" | "key" | "key or }" | "colon" | "after value";

const [QUOTE, BACKSLASH, COMMA, COLON] = [0x22, 0x5c, 0x2c, 0x3a];
const [OPEN_OBJECT, CLOSE_OBJECT, OPEN_ARRAY, CLOSE_ARRAY] = [0x7b, 0x7d, 0x5b, 0x5d];
const [ZERO, MINUS, PLUS, DOT] = [0x30, 0x2d, 0x2b, 0x2e];

const isBlank = (byte: number): boolean => byte === 0x20 || byte === 0x09 || byte === 0x0d || byte === 0x0a;
const isDigit = (byte: number | undefined): boolean => byte !== undefined && byte >= 0x30 && byte <= 0x39;
const isHexDigit = (byte: number): boolean => /[0-9a-fA-F]/.test(String.fromCharCode(byte));
const isExponent = (byte: number | undefined): boolean => byte === 0x65 || byte === 0x45;

/**
 * The tokens of the first JSON value in `bytes`; what follows that value is not looked at. The whole value is checked,
 * so whoever reads the tokens meets no syntax fault any more. Needs no stack, however deep the input nests.
 * @throws JsonSyntaxError, JsonEndError
 */
export function scanFirstValue(bytes: Buffer): Token[] {
  return new Scanner(bytes).scan();
}

class Scanner {
  private at = 0;
  private readonly tokens: Token[] = [];
  /** Indexes of the opening brackets that are still open. */
  private readonly open: number[] = [];
  private expecting: Expecting = "value";

  constructor(private readonly bytes: Buffer) {}

  scan(): Token[] {
    do this.step();
    while (this.open.length > 0 || this.expecting !== "after value");
    return this.tokens;
  }

  private step(): void {
    while (this.at < this.bytes.length && isBlank(this.bytes[this.at]!)) this.at++;
    if (this.at === this.bytes.length) throw new JsonEndError(this.tokens.length === 0 ? "EOF" : "unexpected EOF");
    const byte = this.bytes[this.at]!;
    switch (this.expecting) {
      case "value or ]":
        if (byte === CLOSE_ARRAY) return this.close();
        return this.value(byte);
      case "value":
        return this.value(byte);
      case "key or }":
        if (byte === CLOSE_OBJECT) return this.close();
        return this.key(byte);
      case "key":
        return this.key(byte);
      case "colon":
        if (byte !== COLON) throw this.unexpected("after object key");
        this.at++;
        this.expecting = "value";
        return;
      case "after value":
        return this.afterValue(byte);
    }
  }

  private value(byte: number): void {
    if (byte === OPEN_OBJECT) return this.openBracket("object", "key or }");
    if (byte === OPEN_ARRAY) return this.openBracket("array", "value or ]");
    const start = this.at;
    const kind = this.literal(byte);
    this.push(kind, start);
    this.expecting = "after value";
  }

  private literal(byte: number): TokenKind {
    if (byte === QUOTE) return this.string();
    if (byte === MINUS || isDigit(byte)) return this.number();
    for (const word of ["true", "false", "null"]) {
      if (byte === word.charCodeAt(0)) return this.word(word);
    }
    throw this.unexpected("looking for beginning of value");
  }

  private key(byte: number): void {
    if (byte !== QUOTE) throw this.unexpected("looking for beginning of object key string");
    const start = this.at;
    this.push(this.string(), start);
    this.expecting = "colon";
  }

  private afterValue(byte: number): void {
    const inObject = this.tokens[this.open.at(-1)!]!.kind === "object";
    if (byte === COMMA) {
      this.at++;
      this.expecting = inObject ? "key" : "value";
      return;
    }
    if (byte === (inObject ? CLOSE_OBJECT : CLOSE_ARRAY)) return this.close();
    throw this.unexpected(inObject ? "after object key:value pair" : "after array element");
  }

  private openBracket(kind: "object" | "array", expecting: Expecting): void {
    if (this.open.length === MAX_DEPTH) throw this.unexpected("exceeded max depth");
    this.at++;
    this.open.push(this.tokens.length);
    this.push(kind, this.at - 1);
    this.expecting = expecting;
  }

  private close(): void {
    this.at++;
    this.push("end", this.at - 1);
    this.tokens[this.open.pop()!]!.last = this.tokens.length - 1;
    this.expecting = "after value";
  }

  private push(kind: TokenKind, start: number): void {
    this.tokens.push({ kind, start, end: this.at, last: this.tokens.length });
  }

  private string(): TokenKind {
    this.at++;
    for (let byte = this.need(); byte !== QUOTE; byte = this.need()) {
      if (byte < 0x20) throw this.unexpected("in string literal");
      this.at++;
      if (byte === BACKSLASH) this.escape();
    }
    this.at++;
    return "string";
  }

  private escape(): void {
    const letter = String.fromCharCode(this.need());
    if (!'bfnrt\\/"u'.includes(letter)) throw this.unexpected("in string escape code");
    this.at++;
    if (letter !== "u") return;
    for (let digit = 0; digit < 4; digit++) {
      if (!isHexDigit(this.need())) throw this.unexpected("in \\u hexadecimal character escape");
      this.at++;
    }
  }

  private number(): TokenKind {
    if (this.bytes[this.at] === MINUS) this.at++;
    if (this.need() === ZERO) this.at++;
    else this.digits("in numeric literal");
    if (this.bytes[this.at] === DOT) {
      this.at++;
      this.digits("after decimal point in numeric literal");
    }
    if (isExponent(this.bytes[this.at])) {
      this.at++;
      const sign = this.need();
      if (sign === PLUS || sign === MINUS) this.at++;
      this.digits("in exponent of numeric literal");
    }
    return "number";
  }

  /** One digit at least. */
  private digits(where: string): void {
    if (!isDigit(this.need())) throw this.unexpected(where);
    while (isDigit(this.bytes[this.at])) this.at++;
  }

  private word(word: string): TokenKind {
    for (const letter of word) {
      if (this.need() !== letter.charCodeAt(0)) throw this.unexpected(`in literal ${word} (expecting '${letter}')`);
      this.at++;
    }
    return word === "null" ? "null" : "bool";
  }

  /** The byte at hand, which the literal that has begun cannot do without. */
  private need(): number {
    const byte = this.bytes[this.at];
    if (byte === undefined) throw new JsonEndError("unexpected EOF");
    return byte;
  }

  private unexpected(where: string): JsonSyntaxError {
    return new JsonSyntaxError(this.at + 1, `invalid character ${quoteByte(this.bytes[this.at]!)} ${where}`);
  }
}
