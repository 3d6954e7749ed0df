import { existsSync } from "node:fs";
import { basename, dirname, resolve } from "node:path";
import { DIGEST_REFERENCE_PATTERN, relocated, type ResolveImage } from "../../components/bundle/image";
import { isComposePath, loadApplication, type LoadedApplication } from "../../components/bundle/loadPlan";
import type { Application, StoredFile } from "../../components/bundle/model";
import type { Notice } from "../../components/bundle/notice";
import { isReservedVariable, sourceAdvice } from "../../components/bundle/reservedVariables";
import { planApplication, type ApplicationPlan } from "../../components/bundle/plan";
import { ApplicationError } from "../../components/bundle/problems";

/** Options of every command that reads an application. */
export interface ReadOptions {
  /** Default: from the name of the file, or of its folder for a "compose.yaml". */
  readonly stack?: string;
  readonly settings?: string;
}

/** An application as its files say it. */
export interface Subject extends LoadedApplication {
  readonly stack: string;
  readonly paths: readonly string[];
  readonly settingsPath: string | undefined;
}

/** Reads the files that a command was given. @throws ApplicationError, BundleError: the files are refused */
export function readSubject(paths: readonly string[], { stack = stackNameOf(paths[0]!), settings }: ReadOptions): Subject {
  const lost = paths.filter((path) => !existsSync(path));
  if (lost.length > 0) throw new ApplicationError(lost.join(", "), [`there is no such file in ${process.cwd()}; correct the path`]);
  const loaded = loadApplication(stack, { bundle: paths, settings });
  return { ...loaded, stack, paths, settingsPath: settings };
}

/** "demo" for bundles/demo.dab, "shop" for apps/shop/compose.yaml: a name that Swarm takes. */
export function stackNameOf(path: string): string {
  const name = basename(path).replace(/\.[^.]+$/, "");
  const generic = /^(docker-)?compose([.-]|$)/i.test(name);
  const wanted = isComposePath(path) && generic ? basename(dirname(resolve(path))) : name;
  return wanted.replace(/[^A-Za-z0-9_-]+/g, "-").replace(/^[-_]+|[-_]+$/g, "") || "app";
}

/**
 * Images as the settings relocate them; one that nothing pins stands for itself as long as there are no settings that could.
 * @returns undefined for an image that cannot run with these settings
 */
export function lenientImages({ settings, settingsPath }: Subject): ResolveImage {
  const pinned = relocated(settings.relocate ?? {});
  return (image) => pinned(image) ?? (settingsPath === undefined && image !== "" ? { kind: "digest", reference: image } : undefined);
}

/** Secrets and configs of variables that no settings name: as long as there are none, they may. */
export function unnamedVariables({ application, settingsPath }: Pick<Subject, "application" | "settingsPath">): Notice[] {
  if (settingsPath !== undefined) return [];
  return (["secrets", "configs"] as const).flatMap((kind) =>
    (application[kind] ?? []).flatMap(({ key, source }): Notice[] =>
      source.kind === "unnamed" ? [{ severity: "warning", path: `${kind}.${key}`, message: `its content is the variable ${source.variable}, which settings have to name; ${sourceAdvice(kind, key, source.variable)}` }] : [],
    ),
  );
}

/** Nothing reads the content while an application is looked at. */
function withNamedVariables({ application, settingsPath }: Subject): Application {
  if (settingsPath !== undefined) return application;
  const named = (files: readonly StoredFile[] = []) =>
    files.map((file) => (file.source.kind === "unnamed" && !isReservedVariable(file.source.variable) ? { ...file, source: { kind: "environment" as const, variable: file.source.variable } } : file));
  return { ...application, secrets: named(application.secrets), configs: named(application.configs) };
}

export const isPinned = (reference: string): boolean => DIGEST_REFERENCE_PATTERN.test(reference);

/** The plan, or everything that keeps the application from being deployed. */
export function planOrProblems(subject: Subject): { plan: ApplicationPlan; problems: readonly [] } | { plan: undefined; problems: readonly string[] } {
  try {
    return { plan: planApplication(subject.stack, withNamedVariables(subject), subject.settings, { resolveImage: lenientImages(subject) }), problems: [] };
  } catch (error) {
    if (error instanceof ApplicationError) return { plan: undefined, problems: error.problems };
    throw error;
  }
}

/** "bundles/shop/compose.yaml with bundles/shop/settings.dev.yaml" */
export const sourceText = ({ paths, settingsPath }: Subject): string => paths.join(" + ") + (settingsPath === undefined ? "" : ` with ${settingsPath}`);
