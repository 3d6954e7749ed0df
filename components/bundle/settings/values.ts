import * as z from "zod";
import { BYTE_SIZE_PATTERN, parseByteSize } from "../byteSize";
import { CPUS_PATTERN, parseCpus } from "../cpus";
import { DURATION_PATTERN, parseDuration } from "../duration";
import { nearest } from "../nearest";
import { isReservedVariable, RESERVED_TEXT } from "../reservedVariables";

/*
 * The values a settings file is made of. Every message says what to write, not what is wrong: `explain` puts the path
 * and what was found before it. The schemas keep their patterns and bounds, so that a JSON Schema can be made of them.
 */

/** A text of at least one character. */
export const text = (write: string) => z.string({ error: write }).min(1, { error: write });

export const matching = (pattern: RegExp, write: string) => z.string({ error: write }).regex(pattern, { error: write });

export const flag = z.boolean({ error: "write true or false" });

/** A whole number within bounds, both included. */
export function whole(least: number, most?: number) {
  const write = most === undefined ? `write a whole number, ${least} or more` : `write a whole number from ${least} to ${most}`;
  const number = z.int({ error: write }).min(least, { error: write });
  return most === undefined ? number : number.max(most, { error: write });
}

export const port = whole(1, 65535);

const WRITE_SHARE = { error: "write a number from 0 to 1" };
export const share = z.number(WRITE_SHARE).min(0, WRITE_SHARE).max(1, WRITE_SHARE);

export function oneOf<const T extends readonly [string, ...string[]]>(...values: T) {
  return z.enum(values, { error: `write ${values.join(" or ")}` });
}

export const list = <T extends z.ZodType>(element: T, write: string) => z.array(element, { error: `${write}, as a list` });

const WRITE_DURATION = 'write a length of time such as "10s", "1m30s" or "500ms"';
export const duration = matching(DURATION_PATTERN, WRITE_DURATION).transform((written, context) => {
  return parseDuration(written) ?? refuse(context, `${WRITE_DURATION}, at most 2500h`);
});

const WRITE_BYTES = 'write a size such as "64M" or "1.5G"';
/** Bytes. */
export const byteSize = matching(BYTE_SIZE_PATTERN, WRITE_BYTES).transform((written, context) => {
  return parseByteSize(written) || refuse(context, WRITE_BYTES);
});

const WRITE_CPUS = 'write a number of cores such as "0.5" or "2"';
/** Cores; a YAML number will do, as it reads the same. */
export const cpus = z
  .union([z.number(), z.string().regex(CPUS_PATTERN, { error: WRITE_CPUS })], { error: WRITE_CPUS })
  .transform((written, context) => parseCpus(String(written)) ?? refuse(context, WRITE_CPUS));

const WRITE_MODE = 'write the permissions in octal and in quotes, such as "0755"';
/** Octal in quotes: what YAML makes of a bare 0755 depends on its version. */
export const fileMode = matching(/^[0-7]{3,4}$/, WRITE_MODE).transform((written) => Number.parseInt(written, 8));

export const absolutePath = matching(/^\//, "write a path that begins with /");

/** The name of a variable of the process that an application may get. */
export const processVariable = text("write the name of a variable").refine((name) => !isReservedVariable(name), { error: `${RESERVED_TEXT}; write another` });

/** A block of named texts. Numbers are refused: YAML forgets how they were written (1.10, 0777, 1e3). */
export const texts = (write: string) => z.record(z.string(), z.string({ error: `${write} in quotes` }), { error: `${write}s by name` });

/** A block with exactly these keys; an unknown one is answered with the nearest. */
export function fields<T extends z.ZodRawShape>(shape: T) {
  const known = Object.keys(shape);
  return z.strictObject(shape, {
    error: (issue) => (issue.code === "unrecognized_keys" ? unknownKeys(issue.keys as string[], known) : `write a block with the keys ${known.join(", ")}`),
  });
}

/** One line for keys that no one knows, shared by all blocks. */
export function unknownKeys(keys: readonly string[], known: readonly string[]): string {
  return keys.map((key) => unknownName("key", key, known)).join("; ");
}

/** Names that a message lists; no block of ours has as many keys. */
const MOST_NAMES = 60;

/** "unknown key "prots"; write "ports" (allowed: ports, mode)" */
export function unknownName(what: string, name: string, known: readonly string[]): string {
  const near = nearest(name, known);
  const allowed = known.length === 0 ? `there is no ${what} at all` : `allowed: ${known.slice(0, MOST_NAMES).join(", ")}${known.length > MOST_NAMES ? `, and ${known.length - MOST_NAMES} more` : ""}`;
  return `unknown ${what} ${JSON.stringify(name)}; ${near === undefined ? "remove it" : `write ${JSON.stringify(near)}`} (${allowed})`;
}

function refuse(context: z.RefinementCtx, message: string): never {
  context.addIssue({ code: "custom", message });
  return z.NEVER;
}
