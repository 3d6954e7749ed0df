import { bytesOf, writtenAs } from "./fileInputs";
import { fileKind, type LiveFile } from "./fileKind";

const dataOf = (live: LiveFile) => Buffer.from(live.Spec.Data ?? "", "base64");

/** A config of the Swarm. Its data can be read back and compared. */
export const configKind = fileKind({
  type: "dockyard:swarm:Config",
  description: "A config of the Swarm. Its data never changes in place: put a hash of the content into the name to roll out new data.",
  what: "config",
  limit: 1_024_000,
  // Everyone in the Swarm may read it there; the state and diffs are for fewer.
  secrets: ["data"],
  list: async (docker) => (await docker.listConfigs()) as unknown as LiveFile[],
  create: async (docker, spec) => ((await docker.createConfig(spec)) as { id: string }).id,
  handle: (docker, id) => docker.getConfig(id) as never,
  usedBy: (spec, id) => (spec.TaskTemplate.ContainerSpec.Configs ?? []).some(({ ConfigID }) => ConfigID === id),
  marks: async () => ({}),
  isMark: () => false,
  holds: async (live, data) => dataOf(live).equals(data),
  observedData: (inputs, live) => {
    const { data, encoding } = inputs;
    const same = data !== undefined && bytesOf({ data, encoding }).equals(dataOf(live));
    return same ? { data, ...(encoding && { encoding }) } : writtenAs(dataOf(live));
  },
});
