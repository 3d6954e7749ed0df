import { X509Certificate } from "node:crypto";
import { type ProviderConfiguration, parseConfiguration } from "../../provider/configuration";
import { Connection } from "../../provider/remote/connection";
import type { Outputs } from "../outputs";
import type { Credential } from "./credential";

/** The stack's state as `pulumi stack export` gives it, as far as credentials go. */
export interface StackState {
  readonly deployment?: { readonly resources?: readonly StateResource[] };
}

interface StateResource {
  readonly type: string;
  readonly urn: string;
  readonly created?: string;
  readonly inputs?: Readonly<Record<string, unknown>>;
  /** One that was replaced and waits for its end. */
  readonly delete?: boolean;
}

/** A host of the Swarm and how to reach it. */
export interface KnownNode {
  readonly name: string;
  readonly connection: Connection;
}

/** What the stack itself knows of its credentials: certificates by their end, keys by their age. Pure. */
export function stackCredentials(outputs: Outputs, state: StackState): Credential[] {
  return [...outputs.certificates.map(certificate), ...keyAges(state)];
}

function certificate({ name, kind, expires }: Outputs["certificates"][number]): Credential {
  return kind === "root"
    ? { name: `platform CA "${name}"`, expires: new Date(expires), worryDays: 365, renewal: "you: one more in pki.generation" }
    : { name: `certificate of ${name}`, expires: new Date(expires), worryDays: 30, renewal: "up, from pki.renewBefore on" };
}

/** What is as old as a resource of the program, by the resource's type and name. A password file is made anew with each other password. */
const AGES: Readonly<Record<string, Omit<Credential, "since">>> = {
  "dockyard:swarm:Secret registry-htpasswd": { name: "registry passwords", renewal: "you: one more in registry.passwordGeneration" },
};

function keyAges({ deployment }: StackState): Credential[] {
  const resources = live(deployment?.resources);
  const ages = resources.flatMap(({ type, urn, created }) => {
    const known = AGES[`${type} ${nameOf(urn)}`];
    return known && created !== undefined ? [{ ...known, since: new Date(created) }] : [];
  });
  return [...loginAge(resources), ...ages];
}

/** The age of the latest key for hosts that the platform makes; it is as old as its resource, and those before it let nobody in. */
function loginAge(resources: readonly StateResource[]): Credential[] {
  const keys = resources.filter(({ type, urn }) => type === "tls:index/privateKey:PrivateKey" && /^(lab|aws-hosts)-login(-\d+)?$/.test(nameOf(urn)));
  const made = keys.flatMap(({ created }) => (created === undefined ? [] : [Date.parse(created)]));
  return made.length === 0 ? [] : [{ name: "SSH key of the hosts", renewal: "you: one more in hosts.loginGeneration", since: new Date(Math.max(...made)) }];
}

const nameOf = (urn: string) => urn.split("::").at(-1)!;

/** The nodes of the stack's Swarm. Pure. */
export function knownNodes({ deployment }: StackState): KnownNode[] {
  return live(deployment?.resources).flatMap(({ type, inputs }) => {
    const connection = Connection.safeParse(inputs?.connection);
    return type === "dockyard:swarm:Node" && connection.success ? [{ name: String(inputs!.name), connection: connection.data }] : [];
  });
}

/** What the provider was configured with, from a state whose secrets are shown; undefined where there is none. Pure. */
export function providerConfiguration({ deployment }: StackState): ProviderConfiguration | undefined {
  const provider = live(deployment?.resources).find(({ type }) => type === "pulumi:providers:dockyard");
  if (!provider) return undefined;
  const { privateKey, managers, registries, timeouts } = Object.fromEntries(Object.entries(provider.inputs ?? {}).map(([key, value]) => [key, shown(value)]));
  return parseConfiguration({ ...(privateKey !== undefined && { privateKey }), managers, registries, timeouts });
}

function live(resources: readonly StateResource[] = []): StateResource[] {
  return resources.filter((resource) => !resource.delete);
}

/** A secret as an export with shown secrets has it: its value as JSON text under "plaintext". */
function shown(value: unknown): unknown {
  const plaintext = (value as { plaintext?: unknown } | undefined)?.plaintext;
  return typeof plaintext === "string" ? (JSON.parse(plaintext) as unknown) : value;
}

/** When a certificate (the first, of several) ends, and how long it lives in all. @throws Error when the text holds none */
export function lifeOf(pem: string): { readonly expires: Date; readonly days: number } {
  const { validFrom, validTo } = new X509Certificate(pem);
  return { expires: new Date(validTo), days: (Date.parse(validTo) - Date.parse(validFrom)) / (24 * 3600_000) };
}
