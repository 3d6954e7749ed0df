import { proxiesOf } from "../components/hosts/proxies";
import type { Connection } from "../provider/remote/connection";
import type { Proxies } from "../provider/remote/way";
import type { StackPaths } from "./environment";
import { sourceConfiguration } from "./sourceConfiguration";

/**
 * The commands that lead to a stack's hosts, as the user's file has them: never as the state has them, which others may write.
 * The file is read only where one of the connections asks for such a command.
 * @throws ConfigurationError when the file is refused
 */
export function configuredProxies(paths: StackPaths, connections: readonly Connection[]): Proxies {
  const asked = connections.some(({ proxy, proxyCommand }) => proxy !== undefined || proxyCommand !== undefined);
  return (asked && proxiesOf(sourceConfiguration(paths))) || {};
}
