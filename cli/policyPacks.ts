import { existsSync } from "node:fs";
import { join, resolve } from "node:path";
import { UserError } from "./error";

/** Policy packs that a preview or an update is checked against, as the options name them. */
export interface PolicyPackOptions {
  /** Folders of packs. */
  readonly policyPack?: readonly string[];
  /** One configuration file for each pack, in the same order; none leaves every pack at its defaults. */
  readonly policyPackConfig?: readonly string[];
}

/**
 * The CLI's arguments for these packs; it is started in another folder, so every path is made absolute.
 * @throws UserError for a folder that is no pack, a file that is missing, and files that do not match the packs.
 */
export function policyPackArguments({ policyPack = [], policyPackConfig = [] }: PolicyPackOptions): string[] {
  const packs = policyPack.map((folder) => resolve(folder));
  const files = policyPackConfig.map((file) => resolve(file));
  for (const pack of packs) {
    if (!existsSync(join(pack, "PulumiPolicy.yaml"))) throw new UserError(`--policy-pack ${pack}: there is no policy pack (no PulumiPolicy.yaml)`, "--policy-pack policy");
  }
  for (const file of files) {
    if (!existsSync(file)) throw new UserError(`--policy-pack-config ${file}: there is no such file`);
  }
  if (files.length > 0 && files.length !== packs.length) {
    throw new UserError(`--policy-pack is there ${packs.length} times and --policy-pack-config ${files.length} times; each pack takes one file, in the same order`);
  }
  return [...packs.flatMap((pack) => ["--policy-pack", pack]), ...files.flatMap((file) => ["--policy-pack-config", file])];
}
