import { Document, type YAMLMap } from "yaml";
import { formatDuration } from "../duration";
import type { FileSource } from "../model";
import { settingsSchema, type Settings } from "./schema";

/** What every kind of value in the settings looks like in a file; read again, it is the same. */
type Written = string | number | boolean | null | readonly Written[] | { readonly [key: string]: Written };

/**
 * Settings as a file that `parseSettings` reads as the same settings.
 * @param head lines of a comment above them, without "#"
 */
export function printSettings(settings: Settings, head: readonly string[] = []): string {
  const document = new Document(writtenSettings(settings));
  if (head.length > 0) document.commentBefore = head.map((line) => ` ${line}`).join("\n");
  // Blocks of the top level stand apart, as a person would write them.
  if (document.contents !== null && "items" in document.contents) {
    (document.contents as YAMLMap).items.slice(1).forEach(({ key }) => ((key as { spaceBefore?: boolean }).spaceBefore = true));
  }
  return document.toString({ lineWidth: 0 });
}

/** The same in the words of a settings file, as plain data, sections in the order of the schema. */
export function writtenSettings({ secrets, configs, ...rest }: Settings): Record<string, Written> {
  const plain = written(rest, "") as Record<string, Written>;
  const sections = { ...plain, ...storedFiles("secrets", secrets), ...storedFiles("configs", configs) };
  const order = Object.keys(settingsSchema.shape);
  return Object.fromEntries(Object.entries(sections).sort(([a], [b]) => order.indexOf(a) - order.indexOf(b)));
}

type StoredFiles = Settings["secrets"] | Settings["configs"];

function storedFiles(kind: string, files: StoredFiles): Record<string, Written> {
  if (files === undefined) return {};
  return { [kind]: Object.fromEntries(Object.entries(files).map(([key, { source, ...rest }]) => [key, { ...sourceOf(source), ...(rest as Record<string, Written>) }])) };
}

function sourceOf(source: FileSource): Record<string, string> {
  switch (source.kind) {
    case "file":
      return { file: source.path };
    case "environment":
      return { environment: source.variable };
    case "fromConfig":
      return { fromConfig: source.key };
    case "inline":
      return { content: source.content };
    case "external":
      return { external: source.name };
    case "unnamed":
      throw new Error(`the settings do not name the variable ${source.variable}`); // the plan has refused it
  }
}

/**
 * By the name and kind of a value, which says all: wherever an operator chooses the names (labels, environment), values are texts.
 * @param name of the member that holds it
 */
function written(value: unknown, name: string): Written {
  if (typeof value === "number") return number(value, name);
  if (typeof value !== "object" || value === null) return value as Written;
  if (Array.isArray(value)) return value.map((item) => written(item, name));
  if (isDuration(value)) return formatDuration(value);
  const members = Object.entries(value).filter(([, item]) => item !== undefined);
  const { source, ...others } = Object.fromEntries(members) as Record<string, unknown>;
  const onlyName = (name === "secrets" || name === "configs") && typeof source === "string" && Object.keys(others).length === 0;
  return onlyName ? source : Object.fromEntries(members.map(([key, item]) => [key, written(item, key)]));
}

function number(value: number, name: string): Written {
  if (name === "mode" || name === "tmpfsMode") return `0${value.toString(8).padStart(3, "0")}`.slice(-4);
  if (name === "memory" || name === "tmpfsSize") return byteSizeText(value);
  if (name === "cpus") return value.toFixed(9).replace(/\.?0+$/, "");
  return value;
}

/** The largest unit that leaves a whole number. */
function byteSizeText(bytes: number): string {
  const units = ["", "K", "M", "G", "T", "P"];
  let unit = 0;
  let amount = bytes;
  while (unit < units.length - 1 && amount > 0 && amount % 1024 === 0) {
    amount /= 1024;
    unit++;
  }
  return `${amount}${units[unit]!}`;
}

function isDuration(value: object): value is { nanoseconds: number } {
  return "nanoseconds" in value && typeof value.nanoseconds === "number";
}
