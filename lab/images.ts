import { copyFileSync, existsSync, linkSync, mkdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from "node:fs";
import { arch } from "node:os";
import { dirname, join } from "node:path";
import { cacheDirectory } from "../toolchain/cache";
import { buildPrograms, goObstacles, programsBuilt, programsDirectory, sourceHash, type GoPrograms } from "../toolchain/goBuild";
import { withLock } from "../toolchain/lock";
import type { Obstacle, SetupStep } from "../toolchain/step";
import { recipeHash } from "./hostRecipe";
import { imageArchive } from "./imageArchive";
import { IMAGES, IMAGE_USER, PROGRAMS, type ImageDefinition, type ImageName } from "./imageDefinitions";
import type { TarEntry } from "./tar";

const PROJECT = join(__dirname, "..");
const NAMES = Object.keys(IMAGES) as ImageName[];

/** Where each image's docker archive is, relative to the project's folder. */
export const IMAGE_ARCHIVES = Object.fromEntries(NAMES.map((name) => [name, `.dockyard/images/${name}.tar`])) as Readonly<Record<ImageName, string>>;

const programs: GoPrograms = { name: "image-programs", modules: PROGRAMS };

/** The archives of the platform's and the demo's images, built from Go modules: no image registry takes part. */
export const demoImages: SetupStep = {
  title: "images of the registry and the demo",
  estimate: "about 2 minutes",
  satisfied: async () => NAMES.every(isPlaced),
  async obstacles(): Promise<Obstacle[]> {
    return archivesCached() || programsBuilt(programs) ? [] : goObstacles(programs);
  },
  async run(report): Promise<void> {
    if (!archivesCached()) await pack(report);
    for (const name of NAMES) place(name);
  },
};

/** The folder of the cache with these very images: named after the sources and everything that is added to them. */
function archivesFolder(): string {
  const files = Object.values<ImageDefinition>(IMAGES)
    .flatMap((image) => Object.values(image.files))
    .map((path) => ({ path, content: readFileSync(join(__dirname, path)), executable: false }));
  return join(cacheDirectory(), `images-${recipeHash(files, [sourceHash(programs), JSON.stringify(IMAGES)])}`);
}

function archivesCached(): boolean {
  return existsSync(archivesFolder());
}

async function pack(report: (line: string) => void): Promise<void> {
  await buildPrograms(programs, report);
  const final = archivesFolder();
  await withLock(`${final}.lock`, ({ pid }) => report(`waiting for another build (process ${pid})`), async () => {
    if (existsSync(final)) return;
    const temporary = `${final}.tmp`;
    rmSync(temporary, { recursive: true, force: true });
    mkdirSync(temporary, { recursive: true });
    for (const name of NAMES) {
      report(`pack ${name}`);
      writeFileSync(join(temporary, `${name}.tar`), archiveOf(IMAGES[name]));
    }
    renameSync(temporary, final);
  });
}

function archiveOf(image: ImageDefinition): Buffer {
  return imageArchive({
    reference: image.reference,
    architecture: arch() === "x64" ? "amd64" : arch(),
    config: image.config,
    entries: [
      ...image.ownFolders.map((path): TarEntry => ({ path, mode: 0o755, owner: IMAGE_USER })),
      ...Object.entries(image.files).map(([path, source]): TarEntry => ({ path, content: readFileSync(join(__dirname, source)), mode: 0o644 })),
      ...image.programs.map((name): TarEntry => ({ path: `/${name}`, content: readFileSync(imageProgram(name)), mode: 0o755 })),
    ],
  });
}

/** Whether the project has the current archive: the very file of the cache, or a true copy of it. */
function isPlaced(name: ImageName): boolean {
  const [source, target] = [cachedArchive(name), join(PROJECT, IMAGE_ARCHIVES[name])];
  const [cached, placed] = [source, target].map((path) => statSync(path, { throwIfNoEntry: false }));
  if (!cached || !placed || cached.size !== placed.size) return false;
  return (cached.ino === placed.ino && cached.dev === placed.dev) || readFileSync(source).equals(readFileSync(target));
}

/** Puts the archive into the project: a link where the cache is on the same disk, else a copy. */
function place(name: ImageName): void {
  const target = join(PROJECT, IMAGE_ARCHIVES[name]);
  mkdirSync(dirname(target), { recursive: true });
  const temporary = `${target}.${process.pid}`;
  rmSync(temporary, { force: true });
  try {
    linkSync(cachedArchive(name), temporary);
  } catch {
    copyFileSync(cachedArchive(name), temporary);
  }
  renameSync(temporary, target);
  // rename(2) of two links to one file leaves both.
  rmSync(temporary, { force: true });
}

function cachedArchive(name: ImageName): string {
  return join(archivesFolder(), `${name}.tar`);
}

/** The file of a program that an image consists of; there once the images are. */
export function imageProgram(name: string): string {
  return join(programsDirectory(programs), name);
}
