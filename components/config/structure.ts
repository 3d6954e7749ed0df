import type * as z from "zod";
import { nearest } from "../bundle/nearest";
import { listText, type Path, type Problem, valueText } from "./problems";

/** What a schema found wrong with the shape of the configuration, in the words of the person who wrote it. */
export function structuralProblems(schema: z.core.$ZodType, raw: unknown, issues: readonly z.core.$ZodIssue[]): Problem[] {
  const seen = new Set<string>();
  return issues.flatMap((issue): Problem[] => {
    const path = issue.path as Path;
    if (issue.code === "unrecognized_keys")
      return issue.keys.map((key) => ({ path: [...path, key], says: unknownKey(key, knownKeys(schema, raw, path)) }));
    if (issue.code === "invalid_key")
      return [{ path, says: `found ${valueText(path.at(-1))}; ${issue.issues[0]?.message ?? issue.message}` }];
    // Several rules of one value may fail at once; the first says enough.
    const id = JSON.stringify(path);
    if (seen.has(id)) return [];
    seen.add(id);
    const found = valueAt(raw, path);
    return [{ path, says: `${found === undefined ? "is missing" : `found ${valueText(found)}`}; ${issue.message}` }];
  });
}

function unknownKey(key: string, known: readonly string[]): string {
  const near = nearest(key, known);
  return near ? `unknown key; did you mean "${near}"?` : `unknown key; take it out, or write one of ${listText(known)}`;
}

export function valueAt(raw: unknown, path: Path): unknown {
  return path.reduce<unknown>(
    (value, part) => (typeof value === "object" && value !== null ? (value as Record<string | number, unknown>)[part] : undefined),
    raw,
  );
}

/** The keys that the mapping at `path` may have. Which of several shapes it has is read from what was written. */
function knownKeys(schema: z.core.$ZodType, raw: unknown, path: Path): string[] {
  const container = path.reduce<{ schema?: z.core.$ZodType; value: unknown }>(
    (at, part) => ({ schema: at.schema && childSchema(concrete(at.schema, at.value), part), value: valueAt(at.value, [part]) }),
    { schema, value: raw },
  );
  const { def } = concrete(container.schema ?? schema, container.value)._zod as { def: { shape?: object } };
  return Object.keys(def.shape ?? {});
}

/** Everything of zod's definitions that is walked through here. */
interface Definition {
  type: string;
  innerType?: z.core.$ZodType;
  options?: z.core.$ZodType[];
  discriminator?: string;
  shape?: Record<string, z.core.$ZodType>;
  element?: z.core.$ZodType;
  values?: unknown[];
}

function definition(schema: z.core.$ZodType): Definition {
  return schema._zod.def as unknown as Definition;
}

/** Without wrappers such as a default, and of a union the variant that the value's discriminator names, or else the one that is a mapping. */
function concrete(schema: z.core.$ZodType, value: unknown): z.core.$ZodType {
  const { innerType, options, discriminator } = definition(schema);
  if (innerType) return concrete(innerType, value);
  if (!options) return schema;
  if (!discriminator) return options.find((option) => definition(option).shape) ?? schema;
  const chosen = valueAt(value, [discriminator]);
  const variant = options.find((option) => definition(definition(option).shape![discriminator]!).values?.includes(chosen));
  return variant ?? schema;
}

function childSchema(schema: z.core.$ZodType, part: string | number): z.core.$ZodType | undefined {
  const { shape, element } = definition(schema);
  return typeof part === "number" ? element : shape?.[part];
}

/**
 * Every key of a schema as a path with "[]" for a list's elements: `hosts.hosts[].address`. Keys of free mappings are not
 * known and end the path. Of a union all variants' keys are given.
 */
export function schemaKeys(schema: z.core.$ZodType, prefix = ""): string[] {
  const { innerType, options, shape, element } = definition(schema);
  if (innerType) return schemaKeys(innerType, prefix);
  if (options) return [...new Set(options.flatMap((option) => schemaKeys(option, prefix)))];
  if (element) return schemaKeys(element, `${prefix}[]`);
  return Object.entries(shape ?? {}).flatMap(([key, child]) => {
    const path = prefix ? `${prefix}.${key}` : key;
    return [path, ...schemaKeys(child, path)];
  });
}
