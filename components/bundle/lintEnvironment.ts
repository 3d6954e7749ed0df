import type { EnvironmentVariable } from "./model";
import { secretUnderName } from "./secrets/text";

/** Variables whose value is, by all appearance, a secret. The value itself is not said. */
export function environmentFindings(environment: readonly EnvironmentVariable[]): { readonly name: string; readonly why: string }[] {
  return environment.flatMap(({ name, value = "" }) => {
    const why = secretUnderName(name, value);
    return why === undefined ? [] : [{ name, why: `${why}, which everyone sees who may inspect the service` }];
  });
}
