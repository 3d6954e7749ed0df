import { configuredProxies } from "../configuredProxies";
import type { Outputs } from "../outputs";
import type { Pulumi } from "../pulumi";
import type { Credential } from "./credential";
import { knownNodes, providerConfiguration, stackCredentials, type StackState } from "./state";
import { lookAtSwarm, swarmCredentials } from "./swarm";

/** Every credential of the stack: what its state knows, and what one look at its hosts shows. */
export async function gatherCredentials(pulumi: Pulumi, outputs: Outputs): Promise<Credential[]> {
  const state = await exportShown(pulumi);
  const provider = providerConfiguration(state);
  const nodes = knownNodes(state);
  const look = provider && swarmCredentials(await lookAtSwarm({ ...provider, proxies: configuredProxies(pulumi.paths, [...provider.managers, ...nodes.map(({ connection }) => connection)]) }, nodes));
  return [...stackCredentials(outputs, state), ...(look ?? [])];
}

/** The state with its secrets shown, for the key that hosts let us in with. It stays in this process. */
async function exportShown(pulumi: Pulumi): Promise<StackState> {
  const { code, stdout, stderr } = await pulumi.ask("stack", "export", "--show-secrets");
  if (code !== 0) throw new Error(`pulumi stack export failed: ${stderr.trim()}`);
  return JSON.parse(stdout) as StackState;
}
