import { byBytes } from "../byteOrder";
import type { Bundlefile, BundleService } from "./bundlefile";

/**
 * A bundle as a file, in the bytes of `docker-compose bundle`: indent of two, names in byte order, everything beyond ASCII
 * as \uXXXX, `Networks` always and other lists only with something in them. Unlike there the file ends in a newline, as
 * texts do that are kept in a repository; every reader passes over it.
 */
export function bundleFile({ version, services }: Bundlefile): string {
  const written = { Version: version, Services: Object.fromEntries([...(services ?? [])].map(([key, service]) => [key, fieldsOf(service)])) };
  return `${lines(written, "")}\n`;
}

function fieldsOf(service: BundleService): Record<string, unknown> {
  const { image, command, args, env, labels, ports, workingDir, user, networks } = service;
  return {
    Image: image,
    Command: unlessEmpty(command),
    Args: unlessEmpty(args),
    Env: unlessEmpty(env),
    Labels: labels.size === 0 ? undefined : Object.fromEntries(labels),
    Ports: unlessEmpty(ports.map(({ port, protocol }) => ({ Port: port, Protocol: protocol }))),
    WorkingDir: workingDir,
    User: user,
    Networks: networks,
  };
}

const unlessEmpty = <T>(list: readonly T[]): readonly T[] | undefined => (list.length === 0 ? undefined : list);

/** JSON.stringify alone would put names that look like numbers first. */
function lines(value: unknown, indent: string): string {
  if (typeof value !== "object" || value === null) return ascii(JSON.stringify(value));
  const inner = `${indent}  `;
  if (Array.isArray(value)) return block("[", "]", indent, value.map((item) => inner + lines(item, inner)));
  const present = Object.entries(value).filter(([, item]) => item !== undefined);
  const members = present.sort(([a], [b]) => byBytes(a, b)).map(([name, item]) => `${inner}${ascii(JSON.stringify(name))}: ${lines(item, inner)}`);
  return block("{", "}", indent, members);
}

const block = (open: string, close: string, indent: string, members: readonly string[]): string =>
  members.length === 0 ? open + close : `${open}\n${members.join(",\n")}\n${indent}${close}`;

const ascii = (json: string): string => json.replace(/[^\x20-\x7e]/g, (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`);
