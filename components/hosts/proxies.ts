import type { Proxies } from "../../provider/remote/way";
import type { Configuration } from "../config";

/** The name of the command that leads to instances, where their `access` has one. */
export const ACCESS_PROXY = "access";

/** The commands that lead to hosts, by name: what hosts' connections carry, and what state keeps of them, is the name alone. */
export function proxiesOf({ source }: Pick<Configuration, "source">): Proxies | undefined {
  const command = source.kind === "aws" ? source.plan.settings.access.proxyCommand : undefined;
  return command && { [ACCESS_PROXY]: command };
}
