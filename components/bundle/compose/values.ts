import * as z from "zod";
import { parseByteSize } from "../byteSize";
import { parseCpus } from "../cpus";
import { parseDuration } from "../duration";

/*
 * The values of a Compose file after its variables are in: everything may be text by then, so "3" is as good as 3.
 * Every message says what to write.
 */

const said = (write: string) => ({ error: write });

/** A single value as text, as the reference clients write numbers and truth values. */
export const text = z.union([z.string(), z.number(), z.boolean()], said("write a text")).transform(String);
export const someText = text.refine((value) => value !== "", said("write a text of at least one character"));

const YES = ["true", "yes", "y", "on"];
const NO = ["false", "no", "n", "off"];
const WRITE_FLAG = said("write true or false");
export const flag = z
  .union([z.boolean(), z.string()], WRITE_FLAG)
  .refine((value) => typeof value === "boolean" || [...YES, ...NO].includes(value.toLowerCase()), WRITE_FLAG)
  .transform((value) => (typeof value === "boolean" ? value : YES.includes(value.toLowerCase())));

export function whole(least: number, most = Number.MAX_SAFE_INTEGER) {
  const write = said(most === Number.MAX_SAFE_INTEGER ? `write a whole number, ${least} or more` : `write a whole number from ${least} to ${most}`);
  return z
    .union([z.number(), z.string().regex(/^-?\d+$/, write)], write)
    .transform(Number)
    .refine((value) => Number.isSafeInteger(value) && value >= least && value <= most, write);
}

const WRITE_SHARE = said("write a number from 0 to 1");
export const share = z
  .union([z.number(), z.string().regex(/^\d+(\.\d+)?$/, WRITE_SHARE)], WRITE_SHARE)
  .transform(Number)
  .refine((value) => value >= 0 && value <= 1, WRITE_SHARE);

const converted = <T>(read: (written: string) => T | undefined, write: string) =>
  z.union([z.string(), z.number()], said(write)).transform((written, context): T => {
    const value = read(String(written));
    if (value !== undefined) return value;
    context.addIssue({ code: "custom", message: write });
    return z.NEVER;
  });

export const duration = converted(parseDuration, 'write a length of time such as "10s", "1m30s" or "500ms"');
/** Bytes. */
export const byteSize = converted((written) => parseByteSize(written) || undefined, 'write a size such as "64M" or "1.5G"');
/** Cores; "0" means no limit to the reference client, so it is no value here. */
export const cpus = converted(parseCpus, 'write a number of cores such as "0.5" or "2"');
/** Permissions: a YAML number is what 0440 or 288 says, a text is octal. */
export const fileMode = z.union([z.number(), z.string()]).transform((written, context): number => {
  const mode = typeof written === "number" ? written : /^0?o?[0-7]{1,4}$/.test(written) ? Number.parseInt(written.replace(/^0?o/, ""), 8) : NaN;
  if (Number.isInteger(mode) && mode >= 0 && mode <= 0o7777) return mode;
  context.addIssue({ code: "custom", message: 'write the permissions in octal, such as 0440 or "0440"' });
  return z.NEVER;
});

export const oneOf = <const T extends readonly [string, ...string[]]>(...values: T) => z.enum(values, said(`write ${values.join(" or ")}`));

export const list = <T extends z.ZodType>(element: T, write = "write a list") => z.array(element, said(write));

/** Named texts; null for a name without a value. */
export const mapping = z.record(z.string(), text.nullable(), said('write names and values, such as { A: "1" }, or a list of "A=1"'));
export const texts = z
  .record(z.string(), text.nullable(), said('write names and values, such as { A: "1" }, or a list of "A=1"'))
  .transform((all) => Object.fromEntries(Object.entries(all).map(([name, value]): [string, string] => [name, value ?? ""])));

/** A block of these keys. Unknown ones have been refused before; one that the table honours and no schema knows is a defect. */
export function block<T extends z.ZodRawShape>(shape: T) {
  return z.strictObject(shape, said(`write a block with the keys ${Object.keys(shape).join(", ")}`));
}

/** Left out, or written with nothing behind it. */
export const maybe = <T extends z.ZodType>(schema: T) => schema.nullish().transform((value) => value ?? undefined);
