import { byBytes } from "../byteOrder";
import type { Notice } from "../notice";
import type { Lookup } from "./interpolate";

/** The variables of Compose files, which remember who asked for what: what the environment decides is worth a word. */
export class RecordedVariables {
  /** By name, whether some place needs it that says nothing else. */
  private readonly asked = new Map<string, boolean>();

  constructor(
    private readonly settings: Readonly<Record<string, string>>,
    private readonly environment: Readonly<Record<string, string | undefined>>,
  ) {}

  readonly lookup: Lookup = (name, provided = false) => {
    this.asked.set(name, (this.asked.get(name) ?? false) || !provided);
    return Object.hasOwn(this.settings, name) ? this.settings[name] : this.fromEnvironment(name);
  };

  private fromEnvironment(name: string): string | undefined {
    return Object.hasOwn(this.environment, name) ? this.environment[name] : undefined;
  }

  /** In order of names; values are not said. */
  notices(): Notice[] {
    const open = [...this.asked].filter(([name]) => !Object.hasOwn(this.settings, name)).sort(([a], [b]) => byBytes(a, b));
    return open.flatMap(([name, needed]): Notice[] => {
      const path = `variable ${name}`;
      if (this.fromEnvironment(name) !== undefined) {
        return [{ severity: "info", path, message: "comes from the environment of this run, so that another may plan otherwise; write it under variables in the settings" }];
      }
      return needed ? [{ severity: "warning", path, message: "is not set, and counts as empty; write it under variables in the settings" }] : [];
    });
  }
}
