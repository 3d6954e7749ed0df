import * as z from "zod";
import { isBackupId } from "./id";

const Named = z.strictObject({ id: z.string(), name: z.string() });

/** What there is in a Swarm, each with its id: what a restored one is compared with. Sorted by name. */
export const Inventory = z.strictObject({
  nodes: z.array(z.strictObject({ ...Named.shape, role: z.enum(["manager", "worker"]), address: z.string(), engine: z.string() })),
  services: z.array(z.strictObject({ ...Named.shape, image: z.string() })),
  secrets: z.array(Named),
  configs: z.array(Named),
  /** Swarm's own networks: overlays, `ingress` among them. */
  networks: z.array(Named),
});
export type Inventory = z.infer<typeof Inventory>;

/** The pieces of a backup. */
export const PART_NAMES = ["raft", "registry", "state", "configuration", "keys"] as const;
export type PartName = (typeof PART_NAMES)[number];

/** File of each part, encrypted. */
export const PART_FILES: Readonly<Record<PartName, string>> = {
  raft: "raft.tar.gz.age",
  registry: "registry.tar.age",
  state: "state.json.age",
  configuration: "configuration.yaml.age",
  keys: "keys.json.age",
};
/** Written last: where it is, the others are. */
export const MANIFEST_FILE = "manifest.json.age";
/** The backup's own key, encrypted with the passphrase. */
export const KEY_FILE = "key.age";

const Part = z.strictObject({
  name: z.enum(PART_NAMES),
  file: z.string(),
  /** Of the encrypted file. */
  bytes: z.int().nonnegative(),
  /** Of the encrypted file, hexadecimal. */
  sha256: z.string().regex(/^[0-9a-f]{64}$/),
});
export type Part = z.infer<typeof Part>;

/** What a backup consists of and what it was made from. Written last, encrypted like the rest. */
export const Manifest = z.strictObject({
  format: z.literal(1),
  id: z.string().refine(isBackupId),
  stack: z.string(),
  /** RFC 3339, when the copy of raft was made. */
  madeAt: z.string(),
  cluster: z.strictObject({
    id: z.string(),
    /** Whether its managers need the unlock key, which is among the keys then. */
    autolock: z.boolean(),
    addressPool: z.array(z.string()),
    subnetSize: z.int(),
    dataPathPort: z.int(),
  }),
  /** The manager whose copy of raft it is. */
  source: z.strictObject({ ...Named.shape, engine: z.string() }),
  inventory: Inventory,
  /** Resources in the stack's state. */
  resources: z.int().nonnegative(),
  parts: z.array(Part),
});
export type Manifest = z.infer<typeof Manifest>;

/** @throws Error when the text is no manifest of this format */
export function parseManifest(text: string): Manifest {
  const parsed = Manifest.safeParse(JSON.parse(text));
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw new Error(`the backup's manifest is not of the format 1 that this version reads: ${issue!.path.join(".")}: ${issue!.message}`);
}

/** The secrets that go with a backup: kept apart, because nothing but a restore needs them. */
export const Keys = z.strictObject({
  /** Of a Swarm whose managers are locked. */
  unlockKey: z.string().optional(),
  /** Of the stack's state, where the launcher has made it. */
  passphrase: z.string().optional(),
});
export type Keys = z.infer<typeof Keys>;
