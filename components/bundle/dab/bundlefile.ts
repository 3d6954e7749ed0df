/**
 * A Distributed Application Bundle, version 0.1, as its file says it: nothing filled in, nothing checked.
 * Names of the members follow the format's own (docker/cli, cli/command/bundlefile).
 */
export interface Bundlefile {
  /** "" when the file names none; never checked, as in the reference client. Writers put "0.1". */
  readonly version: string;
  /** Undefined when the file has none at all (`{}` or `null`), which prints differently from an empty map. */
  readonly services: ReadonlyMap<string, BundleService> | undefined;
}

export interface BundleService {
  /** "" when missing. */
  readonly image: string;
  /** Overrides the image's ENTRYPOINT; empty means not said, as for every list and map here. */
  readonly command: readonly string[];
  /** Overrides the image's CMD. */
  readonly args: readonly string[];
  /** "KEY=value" or "KEY", order and repeats as in the file. */
  readonly env: readonly string[];
  readonly labels: ReadonlyMap<string, string>;
  readonly ports: readonly BundlePort[];
  /** Absent differs from "". */
  readonly workingDir: string | undefined;
  readonly user: string | undefined;
  readonly networks: readonly string[];
}

export interface BundlePort {
  /** As written; "" when missing. */
  readonly protocol: string;
  /** 0 to 4294967295 as the reference reads it; 0 when missing. */
  readonly port: number;
}

/** What a service with nothing in it reads as. */
export const EMPTY_SERVICE: BundleService = {
  image: "",
  command: [],
  args: [],
  env: [],
  labels: new Map(),
  ports: [],
  workingDir: undefined,
  user: undefined,
  networks: [],
};
