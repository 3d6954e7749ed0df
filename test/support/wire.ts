import { isRecord } from "../../provider/wire";

/** How Pulumi's protocol marks a secret (sdk/nodejs/runtime/rpc.ts). */
const SIGNATURE = "4dabf18193072939515e22adb298388d";
const SECRET = "1b47061264138c4ac30d75fd1eb44270";

export function secretOnWire(value: unknown): Record<string, unknown> {
  return { [SIGNATURE]: SECRET, value };
}

export function isSecretOnWire(value: unknown): value is { value: unknown } {
  return isRecord(value) && value[SIGNATURE] === SECRET;
}

/** The value with every secret in it replaced by what `render` makes of it. */
export function withSecrets(value: unknown, render: (secret: unknown) => unknown): unknown {
  if (isSecretOnWire(value)) return render(withSecrets(value.value, (inner) => inner));
  if (Array.isArray(value)) return value.map((item) => withSecrets(item, render));
  if (!isRecord(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, withSecrets(item, render)]));
}

/** Every text in a value, at any depth. */
export function texts(value: unknown): string[] {
  if (typeof value === "string") return [value];
  if (Array.isArray(value)) return value.flatMap(texts);
  return isRecord(value) ? Object.values(value).flatMap(texts) : [];
}

/** Inputs as a preview compares them: the list of nodes is no difference of the provider, see its DiffConfig. No other resource has inputs of that name. */
export function comparable(wire: unknown): unknown {
  const { nodes: _nodes, ...rest } = wire as Record<string, unknown>;
  return rest;
}
