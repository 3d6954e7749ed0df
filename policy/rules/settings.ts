/*
 * What takes options by name: drivers of volumes and of logs, the engine's own configuration.
 */

/** What a value must be: undefined where it is fine, else what would be. */
export type Accepts = (value: unknown) => string | undefined;

export const anything: Accepts = () => undefined;
export const oneOf = (...values: readonly unknown[]): Accepts => (value) => (values.includes(value) ? undefined : `write ${values.map((each) => JSON.stringify(each)).join(" or ")}`);
export const aBoolean = oneOf(true, false);
export const wholeNumber = (from: number, to: number): Accepts => (value) => (Number.isInteger(value) && (value as number) >= from && (value as number) <= to ? undefined : `write a whole number from ${from} to ${to}`);
/** @param like an example, in quotation marks */
export const text = (pattern: RegExp, like: string): Accepts => (value) => (typeof value === "string" && pattern.test(value) ? undefined : `write ${like}`);
export const listOf = (each: Accepts): Accepts => (value) => (Array.isArray(value) ? value.map(each).find((problem) => problem !== undefined) : "write a list");
/** A mapping with these keys alone. */
export const mapping = (keys: Readonly<Record<string, Accepts>>): Accepts => (value) => {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return "write a mapping";
  return Object.entries(value).map(([key, each]) => (Object.hasOwn(keys, key) ? keys[key]!(each) : `leave ${JSON.stringify(key)} out`)).find((problem) => problem !== undefined);
};
/** A mapping with keys that are anybody's choice. */
export const mappingOf = (each: Accepts): Accepts => (value) => (typeof value === "object" && value !== null && !Array.isArray(value) ? Object.values(value).map(each).find((problem) => problem !== undefined) : "write a mapping");
