import { isDeepStrictEqual } from "node:util";
import type { Connection, ProxyCommand } from "./connection";
import { ConnectFailed } from "./ssh";

/** Commands that lead to hosts, by the name that a connection gives. They run as the operator, so nobody but the provider's configuration names them. */
export type Proxies = Readonly<Record<string, ProxyCommand>>;

/**
 * The command that leads to a host; undefined where it is reached directly. A connection of a former state brings its command along, which
 * counts only when the configuration has the very same. Pure.
 * @throws ConnectFailed when the configuration has no such command
 */
export function wayTo({ address, proxy, proxyCommand }: Connection, proxies: Proxies): ProxyCommand | undefined {
  if (proxy !== undefined) {
    if (Object.hasOwn(proxies, proxy)) return proxies[proxy];
    throw new ConnectFailed(`${address}: it is reached by the proxy ${JSON.stringify(proxy)}, which the provider's configuration does not have (${known(proxies)}); set the way to the hosts in the stack's configuration again`, false);
  }
  if (proxyCommand === undefined || Object.values(proxies).some((command) => isDeepStrictEqual(command, proxyCommand))) return proxyCommand;
  throw new ConnectFailed(`${address}: the state names a command as the way to it which the configuration does not have, so it was not run; set the way to the hosts in the stack's configuration (proxyCommand) again, or find out who changed the state`, false);
}

function known(proxies: Proxies): string {
  const names = Object.keys(proxies);
  return names.length === 0 ? "it has none" : `it has ${names.join(", ")}`;
}
