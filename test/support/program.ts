/* eslint-disable @typescript-eslint/no-require-imports -- the program has to be loaded once more for every run */
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { parse } from "yaml";
import { imageArchive } from "../../lab/imageArchive";
import { IMAGES as IMAGE_DEFINITIONS } from "../../lab/imageDefinitions";
import { type MockedStack, type Read, record } from "./mocks";

const ROOT = resolve(__dirname, "../..");
const IMAGES = ["demo-web", "demo-api", "demo-store", "standin"];

/** The configuration of a stack, by key without the project's prefix. */
export type StackConfiguration = Record<string, Read>;

/** The stack "dev" as it is checked in, with the defaults that Pulumi.yaml declares. A copy of one's own to change. */
export function devConfiguration(): StackConfiguration {
  const declared = Object.entries<{ default?: unknown }>(yamlFile("Pulumi.yaml").config).filter(([, { default: value }]) => value !== undefined);
  const all = { ...Object.fromEntries(declared.map(([key, { default: value }]) => [key, value])), ...yamlFile("Pulumi.dev.yaml").config };
  return Object.fromEntries(Object.entries(all).map(([key, value]) => [key.replace(/^dockyard:/, ""), value]));
}

function yamlFile(name: string): Record<string, Read> {
  return parse(readFileSync(join(ROOT, name), "utf8")) as Record<string, Read>;
}

/** The stack "dev" with two workers more, which the checked-in one leaves out. */
export function withWorkers(): StackConfiguration {
  const configuration = devConfiguration();
  const workers = ["w1", "w2"].map((name, index) => ({ name, role: "worker", address: `10.213.0.${21 + index}`, zone: "b" }));
  configuration["hosts"].hosts.push(...workers);
  return configuration;
}

/** A folder with the bundles and small stand-ins for image archives, in which a program can run. */
export class Workspace {
  readonly folder = mkdtempSync(join(tmpdir(), "dockyard-program-"));

  constructor() {
    cpSync(join(ROOT, "bundles"), join(this.folder, "bundles"), { recursive: true });
    mkdirSync(join(this.folder, ".dockyard/images"), { recursive: true });
    for (const image of IMAGES) this.write(`.dockyard/images/${image}.tar`, `archive of ${image}`);
    this.write(".dockyard/images/registry.tar", imageArchive({ reference: "dockyard/registry:1", architecture: "amd64", config: IMAGE_DEFINITIONS.registry.config, entries: [] }));
  }

  /** @param path from the folder */
  write(path: string, content: string | Buffer): void {
    writeFileSync(join(this.folder, path), content);
  }

  /** Runs index.ts in this folder. */
  run(configuration: StackConfiguration, stack: Omit<MockedStack, "config"> = {}) {
    const config = Object.fromEntries(Object.entries(configuration).map(([key, value]) => [`dockyard:${key}`, typeof value === "string" ? value : JSON.stringify(value)]));
    return this.within(() => record(() => require("../../index") as unknown, { ...stack, config }));
  }

  async within<T>(work: () => Promise<T>): Promise<T> {
    const before = process.cwd();
    process.chdir(this.folder);
    try {
      return await work();
    } finally {
      process.chdir(before);
    }
  }

  remove(): void {
    rmSync(this.folder, { recursive: true });
  }
}
