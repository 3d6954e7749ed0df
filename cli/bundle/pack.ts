import { existsSync } from "node:fs";
import { join, parse } from "node:path";
import { isDeepStrictEqual } from "node:util";
import { applicationOf, bundleOf, isComposePath, noticeLine, parseSettings, planApplication, readBundle, type Application, type Notice, type Settings, type StoredFile } from "../../components/bundle";
import { bundleFile } from "../../components/bundle/dab/file";
import { environmentFindings } from "../../components/bundle/lintEnvironment";
import { printSettings, writtenSettings } from "../../components/bundle/settings/print";
import { UserError } from "../error";
import { readSubject, type ReadOptions, type Subject } from "./application";
import { readArchive } from "./archive";
import { askLocalEngine, askNobody } from "./localEngine";
import { missingDigests, type ImageUse } from "./missingDigests";
import { writeOutput } from "./outputFile";
import { pinImages, relocationOf, type Pin } from "./pins";
import { schemaComment } from "./schemaComment";
import { say } from "../terminal";

/** Options of `bundle pack`, see its help. */
export interface PackOptions extends ReadOptions {
  /** Default: STACK.dab in the current folder. */
  readonly output?: string;
  /** Default: NAME.settings.yaml beside the bundle. */
  readonly settingsOut?: string;
  /** Default: none. */
  readonly archive?: readonly string[];
  readonly engine: boolean;
  readonly force: boolean;
}

/** Makes a bundle, and settings that hold what a bundle has no words for. Nothing is written unless both give the files' own plan. */
export async function pack(paths: readonly string[], options: PackOptions): Promise<number> {
  const subject = readSubject(paths, options);
  [...subject.notices, ...secretsInBundle(subject.application)].forEach((notice) => say(noticeLine(notice)));
  const output = options.output ?? `${subject.stack}.dab`;
  const settingsOut = options.settingsOut ?? settingsBeside(output);
  const pins = await pinned(subject, options);
  const packed = packedApplication(subject.stack, subject.application, pins, headOf(output, settingsOut));
  if (packed.settings !== undefined && existsSync(settingsOut) && !options.force) {
    throw new UserError(`${settingsOut} is there already, and may hold an operator's work; nothing was written`, `--settings-out FILE to write elsewhere, or --force to replace it`);
  }
  writeOutput(output, packed.bundle);
  say(`Wrote bundle to ${output}`);
  if (packed.settings === undefined) say("The bundle says it all: no settings are needed");
  else {
    writeOutput(settingsOut, packed.settings);
    say(`Wrote settings to ${settingsOut} (${packed.sections.join(", ")})`);
  }
  return 0;
}

/** Values of variables are in the bundle for good, also those that came from the environment of this run. */
function secretsInBundle({ services }: Application): Notice[] {
  return services.flatMap(({ key, environment }) =>
    environmentFindings(environment).map(({ name, why }) => ({ severity: "warning", path: `services.${key}.environment.${name}`, message: `${why}, and it is in the bundle as well; mount a secret` })),
  );
}

const headOf = (output: string, settingsOut: string): string[] => [
  ...schemaComment(settingsOut),
  `What ${output} has no words for, and where its images come from. What else an operator may say: docs/bundles.md`,
];

function settingsBeside(output: string): string {
  const { dir, name } = parse(output);
  return join(dir, `${name}.settings.yaml`);
}

async function pinned(subject: Subject, { archive = [], engine }: PackOptions): Promise<ReadonlyMap<string, Pin>> {
  const archives = await Promise.all(archive.map(readArchive));
  const images = [...new Set(subject.application.services.map(({ image }) => image))].sort();
  const { found, missing } = await pinImages(images, archives, engine ? askLocalEngine() : askNobody);
  if (missing.size > 0) throw missingDigests(imageUses(subject), missing, isComposePath(subject.paths[0]!) ? subject.paths : undefined);
  return found;
}

/** What a Compose file builds, its reader tells in a notice, as nothing is built at a deployment. */
export function imageUses({ application, notices }: Pick<Subject, "application" | "notices">): ImageUse[] {
  const built = new Set(notices.map(({ path }) => path));
  return application.services.map(({ key, image }) => ({ service: key, image, built: built.has(`services.${key}.build`) }));
}

/** Both files' text; `settings` is undefined when a bundle says it all. */
export interface PackedApplication {
  readonly bundle: string;
  readonly settings: string | undefined;
  /** Keys of the settings. */
  readonly sections: readonly string[];
}

/**
 * Splits an application into the text of a bundle and of its settings, and reads both again to see that they give the same plan.
 * @param pins by the image as written: a digest takes its place, an archive goes into the settings' `relocate`
 * @throws ApplicationError when the application cannot be deployed
 */
export function packedApplication(stack: string, application: Application, pins: ReadonlyMap<string, Pin>, head: readonly string[] = []): PackedApplication {
  const archives = [...pins].filter(([, { to }]) => to.kind === "archive").map(([image, { to }]) => [image, relocationOf(to)] as const);
  const relocate: Settings = archives.length === 0 ? {} : { relocate: Object.fromEntries(archives) };
  const services = application.services.map((service) => ({ ...service, image: pinnedReference(service.image, pins) }));
  const wanted = { ...application, services, secrets: operators(application.secrets), configs: operators(application.configs) };
  const plan = planApplication(stack, wanted, relocate);
  const { bundle, remainder } = bundleOf(wanted);
  const settings: Settings = { ...remainder, ...relocate };
  const sections = Object.keys(writtenSettings(settings));
  const packed = { bundle: bundleFile(bundle), settings: sections.length === 0 ? undefined : printSettings(settings, head), sections };
  const again = planApplication(stack, applicationOf(readBundle(Buffer.from(packed.bundle))), parseSettings(packed.settings ?? "", "to be written"));
  if (!isDeepStrictEqual(again, plan)) throw new Error("the bundle and its settings would not run as the Compose file does; nothing was written (this is a defect of pack)");
  return packed;
}

/** Files of the bundle as the settings name them: whoever takes the settings takes the paths for an operator's. */
function operators(files: readonly StoredFile[] = []): StoredFile[] {
  return files.map(({ source, ...file }) => {
    if (source.kind !== "file" || source.refusal !== undefined) return { ...file, source };
    return { ...file, source: { kind: "file", path: source.path } };
  });
}

function pinnedReference(image: string, pins: ReadonlyMap<string, Pin>): string {
  const to = pins.get(image)?.to;
  return to?.kind === "digest" ? to.reference : image;
}
