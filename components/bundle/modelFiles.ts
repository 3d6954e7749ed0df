import type { Labels } from "./model";

/** A secret or config: some bytes under a name, which services mount as a file. */
export interface StoredFile {
  /** Short name, unique among the secrets or the configs of the application. */
  readonly key: string;
  /** Beginning of its full name in the Swarm. Default: `STACK_key`. */
  readonly name?: string;
  readonly labels?: Labels;
  readonly source: FileSource;
}

export type FileSource = ContentSource | ExternalSource | UnnamedSource;
/** Where the bytes come from. They are fetched when the application is deployed: the model never holds a secret's. */
export type ContentSource =
  | FileContent
  /** Variable of the environment in which the program runs. */
  | { readonly kind: "environment"; readonly variable: string }
  /** A (secret) key of the stack's configuration. */
  | { readonly kind: "fromConfig"; readonly key: string }
  /** Written in the file itself; configs only. */
  | { readonly kind: "inline"; readonly content: string };
export interface FileContent {
  readonly kind: "file";
  /** From the current folder. */
  readonly path: string;
  /** For a path that a bundle says: the folders it has to lie in. Without, the operator says it, and it may be anywhere. */
  readonly within?: BundleFolderPaths;
  /** Why a bundle's path is not followed. */
  readonly refusal?: string;
}
/** From the current folder: the bundle's own, and those that the settings allow. */
export interface BundleFolderPaths {
  readonly own: string;
  readonly allowed: readonly string[];
}
/** A bundle says that it is a variable of the environment, which the operator's settings do not name. */
export interface UnnamedSource {
  readonly kind: "unnamed";
  readonly variable: string;
}
/** It exists in the Swarm under this very name, and is not the application's to change. */
export interface ExternalSource {
  readonly kind: "external";
  readonly name: string;
}

/** A secret or config as one service sees it. */
export interface MountedFile {
  /** Key of the secret or config. */
  readonly source: string;
  /** Path in the container, or a name below /run/secrets (secrets) or / (configs). Default: the key. */
  readonly target?: string;
  /** Default "0". */
  readonly uid?: string;
  readonly gid?: string;
  /** Default 0o444. */
  readonly mode?: number;
}
