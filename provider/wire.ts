import { Struct } from "google-protobuf/google/protobuf/struct_pb";

/** Stands on the wire for a value that is known only after another resource was made (fixed by Pulumi's protocol). */
export const UNKNOWN = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";

const SIGNATURE = "4dabf18193072939515e22adb298388d";
const SECRET = "1b47061264138c4ac30d75fd1eb44270";

/** A protobuf struct as plain data; secrets are unwrapped, unknown values stay the UNKNOWN text. */
export function fromWire(struct: Struct | undefined): Record<string, unknown> {
  return struct === undefined ? {} : (unwrap(struct.toJavaScript()) as Record<string, unknown>);
}

/** Plain data as a protobuf struct; properties that are undefined are left out. */
export function toWire(value: object): Struct {
  return Struct.fromJavaScript(plain(value) as never);
}

/** The paths at which a value is unknown. */
export function unknownPaths(value: unknown, path: readonly (string | number)[] = []): (string | number)[][] {
  if (value === UNKNOWN) return [[...path]];
  if (Array.isArray(value)) return value.flatMap((item, index) => unknownPaths(item, [...path, index]));
  if (isRecord(value)) return Object.entries(value).flatMap(([key, item]) => unknownPaths(item, [...path, key]));
  return [];
}

/** The value without its unknown parts; an unknown list element stays as undefined. */
export function withoutUnknowns(value: unknown): unknown {
  if (value === UNKNOWN) return undefined;
  if (Array.isArray(value)) return value.map(withoutUnknowns);
  if (isRecord(value)) return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, withoutUnknowns(item)]).filter(([, item]) => item !== undefined));
  return value;
}

/** A property path as Pulumi writes it: `networks[0].aliases`, `labels["a.b"]`. */
export function pathText(path: readonly PropertyKey[]): string {
  return path.reduce<string>((text, part) => {
    if (typeof part === "number") return `${text}[${part}]`;
    const name = String(part);
    if (!/^[A-Za-z_][A-Za-z0-9_-]*$/.test(name)) return `${text}[${JSON.stringify(name)}]`;
    return text === "" ? name : `${text}.${name}`;
  }, "");
}

export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function unwrap(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(unwrap);
  if (!isRecord(value)) return value;
  if (value[SIGNATURE] === SECRET) return unwrap(value["value"]);
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, unwrap(item)]));
}

function plain(value: unknown): unknown {
  if (Array.isArray(value)) return value.map((item) => (item === undefined ? null : plain(item)));
  if (!isRecord(value)) return value;
  return Object.fromEntries(Object.entries(value).filter(([, item]) => item !== undefined).map(([key, item]) => [key, plain(item)]));
}
