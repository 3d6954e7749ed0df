import { existsSync, readFileSync } from "node:fs";
import { isComposePath, parseSettings, type Settings } from "../../components/bundle";
import { readSubject } from "./application";
import { readArchive } from "./archive";
import { askLocalEngine, askNobody } from "./localEngine";
import { missingDigests } from "./missingDigests";
import { writeOutput } from "./outputFile";
import { imageUses } from "./pack";
import { pinImages } from "./pins";
import { checkedRegistry, copyCommands, mergeRelocations, relocations } from "./relocations";
import { schemaComment } from "./schemaComment";
import { printContent, say } from "../terminal";

/** Options of `bundle relocate`, see its help. */
export interface RelocateOptions {
  readonly to: string;
  readonly stack?: string;
  /** Default: none. */
  readonly archive?: readonly string[];
  /** Settings file to write or to add to. Default: the map goes to standard output. */
  readonly output?: string;
  readonly engine: boolean;
}

/** Writes where each image of an application comes from: an archive that holds it, else the registry, by the same digest. */
export async function relocate(paths: readonly string[], { to, stack, archive = [], output, engine }: RelocateOptions): Promise<number> {
  const registry = checkedRegistry(to);
  const before = output !== undefined && existsSync(output) ? readFileSync(output, "utf8") : undefined;
  const settings: Settings = before === undefined ? {} : parseSettings(before, output!);
  const subject = readSubject(paths, { ...(stack !== undefined && { stack }), ...(before !== undefined && { settings: output }) });
  const images = [...new Set(subject.application.services.map(({ image }) => image))].sort();
  const archives = await Promise.all(archive.map(readArchive));
  const { found, missing } = await pinImages(images, archives, engine ? askLocalEngine() : askNobody);
  const kept = new Set([...missing.keys()].filter((image) => Object.hasOwn(settings.relocate ?? {}, image)));
  const lost = new Map([...missing].filter(([image]) => !kept.has(image)));
  if (lost.size > 0) throw missingDigests(imageUses(subject), lost, isComposePath(paths[0]!) ? paths : undefined);

  const map = relocations(found, registry);
  const { text, stale } = mergeRelocations(before, map, images, output === undefined ? [] : schemaComment(output));
  parseSettings(text, output ?? "to be written");
  if (output === undefined) printContent(text);
  else {
    writeOutput(output, text);
    say(`Wrote ${map.size} ${map.size === 1 ? "relocation" : "relocations"} to ${output}`);
  }
  kept.forEach((image) => say(`kept: ${image} has no digest, so its relocation stays as it is`));
  stale.forEach((image) => say(`warning: relocate names ${image}, which the application does not have; remove it, or the deployment is refused`));
  const copies = copyCommands(found, map);
  if (copies.length > 0) say(`To have them in ${registry} before the next up, for example:\n${copies.map((copy) => `  ${copy}`).join("\n")}`);
  return 0;
}
