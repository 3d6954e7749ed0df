import { byBytes } from "../byteOrder";
import type { FileSource } from "../model";
import type { Notice } from "../notice";
import { isReservedVariable, namingAdvice } from "../reservedVariables";
import type { Settings } from "../settings/schema";
import type { Lookup } from "./interpolate";

type Named = NonNullable<Settings["variables"]>;

/**
 * The variables of Compose files: those that the operator's settings name, and no others, as a bundle is somebody else's
 * file. They remember who asked for what.
 */
export class RecordedVariables {
  /** By name, whether some place needs it that says nothing else. */
  private readonly asked = new Map<string, boolean>();
  private readonly missed = new Set<string>();

  /** @param environment of this process: only what `named` takes from there is seen */
  constructor(
    private readonly named: Named,
    private readonly environment: Readonly<Record<string, string | undefined>>,
  ) {}

  readonly lookup: Lookup = (name, provided = false) => {
    this.asked.set(name, (this.asked.get(name) ?? false) || !provided);
    return this.unrecorded(name);
  };

  /** Asks for nobody: what a file that is none of the bundle's asks for is not told. */
  readonly unrecorded: Lookup = (name) => {
    const value = this.valueOf(name);
    return typeof value === "object" ? this.fromEnvironment(value.environment) : value;
  };

  /** The value of a variable that a service names without one. Whatever else it would have is nothing. */
  bare(name: string): string | undefined {
    const value = this.lookup(name, true);
    if (value === undefined) this.missed.add(name);
    return value;
  }

  /** Where the content of a secret or config is that a file calls a variable of the environment. */
  sourceOf(name: string): FileSource {
    const value = this.valueOf(name);
    if (value === undefined) return { kind: "unnamed", variable: name };
    return typeof value === "string" ? { kind: "inline", content: value } : { kind: "environment", variable: value.environment };
  }

  private valueOf(name: string): Named[string] | undefined {
    return Object.hasOwn(this.named, name) ? this.named[name] : undefined;
  }

  private fromEnvironment(name: string): string | undefined {
    return Object.hasOwn(this.environment, name) && !isReservedVariable(name) ? this.environment[name] : undefined;
  }

  /** What would be empty, or a default, although this run has the variable: a line each, without values. */
  problems(): string[] {
    return this.unnamed().flatMap(([name, needed]) => {
      if (isReservedVariable(name)) return [`variable ${name}: ${namingAdvice(name)}`];
      return (needed || this.missed.has(name)) && this.fromEnvironment(name) !== undefined ? [`variable ${name}: ${unnamedAdvice(name)}`] : [];
    });
  }

  /** In order of names; values are not said. */
  notices(): Notice[] {
    const unnamed = this.unnamed().flatMap(([name, needed]): Notice[] => {
      const path = `variable ${name}`;
      if (needed) return [{ severity: "warning", path, message: `is not set, and counts as empty; write it under variables in the settings` }];
      return this.fromEnvironment(name) === undefined ? [] : [{ severity: "warning", path, message: `${unnamedAdvice(name)}; without, the file's own default holds` }];
    });
    const empty = [...this.asked].flatMap(([name, needed]): Notice[] => {
      const value = this.valueOf(name);
      if (typeof value !== "object" || !needed || this.fromEnvironment(value.environment) !== undefined) return [];
      return [{ severity: "warning", path: `variable ${name}`, message: `is not set, and counts as empty: the environment of this run has no ${value.environment}, which the settings name for it; set it` }];
    });
    return [...unnamed, ...empty].sort((a, b) => byBytes(a.path, b.path));
  }

  private unnamed(): [string, boolean][] {
    return [...this.asked].filter(([name]) => this.valueOf(name) === undefined).sort(([a], [b]) => byBytes(a, b));
  }
}

/** Why a variable that this run has is not seen, and what to write. */
const unnamedAdvice = (name: string): string =>
  `the environment of this run has it, but files see only what the settings name; ${namingAdvice(name)}, or its value there`;
