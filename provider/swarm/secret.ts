import { fileKind, type LiveFile } from "./fileKind";
import { FINGERPRINT, fingerprint, isFingerprintOf } from "./fingerprint";

/** A secret of the Swarm. Its data is never read back; a salted fingerprint in a label tells whether one is the right one. */
export const secretKind = fileKind({
  type: "dockyard:swarm:Secret",
  description: "A secret of the Swarm. Its data never changes in place: put a hash of the content into the name to roll out new data.",
  what: "secret",
  limit: 512_000,
  secrets: ["data"],
  list: async (docker) => (await docker.listSecrets()) as unknown as LiveFile[],
  create: async (docker, spec) => ((await docker.createSecret(spec)) as { id: string }).id,
  handle: (docker, id) => docker.getSecret(id) as never,
  usedBy: (spec, id) => (spec.TaskTemplate.ContainerSpec.Secrets ?? []).some(({ SecretID }) => SecretID === id),
  marks: async (data) => ({ [FINGERPRINT]: await fingerprint(data) }),
  isMark: (label) => label === FINGERPRINT,
  holds: (live, data) => isFingerprintOf(live.Spec.Labels?.[FINGERPRINT], data),
  // Data belongs to the id for good, so what was stored is what is there.
  observedData: ({ data = "", encoding }) => ({ data, ...(encoding && { encoding }) }),
});
