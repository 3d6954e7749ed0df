import { byBytes } from "../byteOrder";
import { Bundlefile, BundleService } from "./bundlefile";

/** A JSON document in the order it is printed; entries whose value is undefined are left out. */
type Printable = string | number | null | readonly Printable[] | Fields;
class Fields {
  constructor(readonly entries: readonly (readonly [name: string, value: Printable | undefined])[]) {}
}

const INDENT = "    ";

/**
 * A bundle as the reference client prints it: indent of four, no final newline, services and labels in byte order,
 * empty lists, maps and absent texts left out, and Go's escapes for HTML.
 */
export function printBundle(bundle: Bundlefile): string {
  return print(
    new Fields([
      ["Version", bundle.version],
      ["Services", bundle.services === undefined ? null : printableMap(bundle.services, printableService)],
    ]),
    "",
  );
}

function printableService(service: BundleService): Printable {
  return new Fields([
    ["Image", service.image],
    ["Command", unlessEmpty(service.command)],
    ["Args", unlessEmpty(service.args)],
    ["Env", unlessEmpty(service.env)],
    ["Labels", service.labels.size === 0 ? undefined : printableMap(service.labels, (label) => label)],
    ["Ports", unlessEmpty(service.ports.map(({ protocol, port }) => new Fields([["Protocol", protocol], ["Port", port]])))],
    ["WorkingDir", service.workingDir],
    ["User", service.user],
    ["Networks", unlessEmpty(service.networks)],
  ]);
}

const unlessEmpty = (list: readonly Printable[]): Printable | undefined => (list.length === 0 ? undefined : list);

function printableMap<T>(map: ReadonlyMap<string, T>, printable: (value: T) => Printable): Printable {
  const names = [...map.keys()].sort(byBytes);
  return new Fields(names.map((name) => [name, printable(map.get(name)!)]));
}

function print(value: Printable, indent: string): string {
  if (value instanceof Fields) {
    const present = value.entries.filter((entry): entry is readonly [string, Printable] => entry[1] !== undefined);
    return block("{", "}", indent, present.map(([name, item]) => `${quote(name)}: ${print(item, indent + INDENT)}`));
  }
  if (typeof value === "string") return quote(value);
  if (value === null || typeof value === "number") return String(value);
  return block("[", "]", indent, value.map((item) => print(item, indent + INDENT)));
}

function block(open: string, close: string, indent: string, lines: readonly string[]): string {
  if (lines.length === 0) return open + close;
  return `${open}\n${lines.map((line) => indent + INDENT + line).join(",\n")}\n${indent}${close}`;
}

/** Go escapes what HTML gives a meaning and the two line separators, besides what JSON demands. */
function quote(text: string): string {
  return JSON.stringify(text).replace(/[<>&\u2028\u2029]/g, (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`);
}
