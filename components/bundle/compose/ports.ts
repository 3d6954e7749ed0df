import { Block, isBlock, isList, Tree } from "./tree";

const SHORT = /^(?:(?<address>\[[^\]]*\]|\d+(?:\.\d+){3}):)?(?:(?<published>\d*(?:-\d+)?):)?(?<target>\d+(?:-\d+)?)(?:\/(?<protocol>[a-zA-Z]+))?$/;

/**
 * The long forms of a port's short one: "80", "8080:80", "8080-8081:80-81/udp", "127.0.0.1:8080:80". A range becomes one
 * port each, as Swarm knows no ranges. Undefined when `text` is no port or its ranges do not match.
 */
export function longPorts(text: string): Block[] | undefined {
  const parts = SHORT.exec(text)?.groups;
  if (parts === undefined) return undefined;
  const { address, published, protocol } = parts;
  const targets = range(parts["target"]!);
  const on = published === undefined || published === "" ? [] : range(published);
  if (targets === undefined || on === undefined) return undefined;
  // One port inside and several outside: each leads to it, as with the reference client.
  if (on.length !== targets.length && on.length > 0 && targets.length > 1) return undefined;
  const pairs = on.length > 0 ? on.map((port, index) => ({ target: targets[index] ?? targets[0]!, published: port })) : targets.map((target) => ({ target }));
  return pairs.map((pair) => ({
    ...pair,
    ...(protocol !== undefined && { protocol: protocol.toLowerCase() }),
    ...(address !== undefined && { host_ip: address.replace(/^\[|\]$/g, "") }),
  }));
}

/** "3000-3002" as its numbers. */
export function range(text: string): number[] | undefined {
  const [first, last = first] = text.split("-").map(Number) as [number, number?];
  if (!Number.isInteger(first) || !Number.isInteger(last) || last! < first || last! - first > 65535 || text.startsWith("-")) return undefined;
  return Array.from({ length: last! - first + 1 }, (_, index) => first + index);
}

/** How many ports the services of a file publish and expose, its ranges written out. */
export function portCount({ services }: Block): number {
  if (!isBlock(services)) return 0;
  const lists = Object.values(services).flatMap((service) => (isBlock(service) ? [service["ports"], service["expose"]] : []));
  return lists.flatMap((list) => (isList(list) ? list : [])).reduce<number>((sum, item) => sum + widest(isBlock(item) ? item["published"] : item), 0);
}

/** Of the ranges in a text, the number of ports of the widest. */
function widest(text: Tree): number {
  if (typeof text !== "string") return 1;
  return Math.max(1, ...[...text.slice(0, 200).matchAll(/(\d{1,5})-(\d{1,5})/g)].map(([, first, last]) => Number(last) - Number(first) + 1));
}
