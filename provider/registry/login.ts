import type Docker from "dockerode";
import type { RegistryAuth } from "../resource";

/** How a registry answered a host's engine. */
export interface RegistryAnswer {
  /** Whether the engine accepts the registry's certificate; undefined when it did not come so far. */
  readonly trusted: boolean | undefined;
  /** Whether the login is good. */
  readonly welcome: boolean;
  readonly says: string;
}

/** No registry knows it: enough to see whether the engine gets that far. */
const NOBODY = { username: "nobody", password: "none" };

/** Has the engine log in at the registry, by its own trust, names and network, as it does before a pull. */
export async function registryAnswer(docker: Docker, registry: string, login: RegistryAuth | undefined): Promise<RegistryAnswer> {
  try {
    await docker.checkAuth({ ...(login ?? NOBODY), serveraddress: registry });
    return { trusted: true, welcome: true, says: "login succeeded" };
  } catch (error) {
    const { statusCode, message } = error as Error & { statusCode?: number };
    return { trusted: trustOf(statusCode, message), welcome: false, says: message };
  }
}

/** What the engine's refusal says about the certificate. Without a status it was the engine itself that did not answer. */
export function trustOf(statusCode: number | undefined, message: string): boolean | undefined {
  if (statusCode === undefined) return undefined;
  if (/x509|tls: |certificate/i.test(message)) return false;
  return statusCode === 401 || /unauthorized/i.test(message) ? true : undefined;
}
