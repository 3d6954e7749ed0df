import * as z from "zod";
import { providerProperties } from "./configuration";
import type { ResourceKind } from "./resource";

type JsonSchema = {
  type?: string | string[];
  properties?: Record<string, JsonSchema>;
  required?: string[];
  items?: JsonSchema;
  additionalProperties?: JsonSchema | boolean;
  anyOf?: JsonSchema[];
  oneOf?: JsonSchema[];
  enum?: unknown[];
  const?: unknown;
  description?: string;
};
type TypeSpec = Record<string, unknown>;

const PROVIDER_DESCRIPTIONS: Record<(typeof providerProperties)[number], string> = {
  owner: "JSON object with the id and the name of the platform's owner. A platform of another owner is not changed.",
  privateKey: "Private key (OpenSSH or PEM) to log in with on hosts whose connection names no key file; or several, one after the other, the present one first.",
  proxies: "JSON object from a name to the command, as a list of arguments, that leads to hosts whose connection gives this name as `proxy`; %h stands for the address, %p for the port. Commands run on the program's machine; nothing but this names them.",
  managers: "JSON list of the connections of the Swarm's managers; the first that answers with a quorum is used.",
  nodes: "Every node that the Swarm is to have, as JSON: name, role, availability. A change is looked through as a whole before its first step.",
  engines: "How engines are changed that are in a Swarm, as JSON: workersAtOnce (1), backupMaxAge (seconds; from that age on a backup is too old for another version).",
  registries: "JSON object from registry address to { username, password, push }; hosts keep the login to pull with, push (a login, default the same one) is for the moment of a push.",
  timeouts: "JSON object with the seconds to wait: connect (10), command (600), engine (120), membership (60), drain (120), removal (60), lease (none), rotation (300), convergence (300).",
};

/** The provider's package schema, made from the same zod schemas that check the inputs. */
export function packageSchema(kinds: readonly ResourceKind[], version: string): object {
  const types: Record<string, TypeSpec> = {};
  const resources = Object.fromEntries(kinds.map((kind) => [kind.type, resourceSpec(kind, types)]));
  const secret = new Set(["privateKey", "registries"]);
  const provider = Object.fromEntries(
    providerProperties.map((name) => [name, { type: "string", description: PROVIDER_DESCRIPTIONS[name], ...(secret.has(name) ? { secret: true } : {}) }]),
  );
  return {
    name: "dockyard",
    version,
    description: "Bare hosts, Docker engines, Swarm membership and everything inside a Swarm, over SSH.",
    meta: { moduleFormat: "(.*)" },
    config: { variables: provider },
    provider: { description: "Reaches hosts over SSH and the Swarm through its managers.", inputProperties: provider },
    types,
    resources,
  };
}

function resourceSpec(kind: ResourceKind, types: Record<string, TypeSpec>): object {
  const convert = (schema: z.ZodObject, name: string) => {
    const json = z.toJSONSchema(schema, { unrepresentable: "any", io: "input" }) as JsonSchema;
    return objectSpec(json, `${kind.type}${name}`, types);
  };
  const inputs = convert(kind.inputs, "");
  const outputs = convert(kind.outputs, "");
  for (const name of kind.secrets ?? []) Object.assign(inputs.properties[name] ?? {}, { secret: true });
  return {
    description: kind.description,
    inputProperties: inputs.properties,
    requiredInputs: inputs.required,
    properties: outputs.properties,
    required: outputs.required,
  };
}

function objectSpec(json: JsonSchema, name: string, types: Record<string, TypeSpec>) {
  const properties = Object.fromEntries(
    Object.entries(json.properties ?? {}).map(([key, value]) => [key, typeSpec(value, `${name}${key[0]!.toUpperCase()}${key.slice(1)}`, types)]),
  );
  return { properties, required: json.required ?? [] };
}

/** A JSON schema node in Pulumi's type language; a nested object becomes a type of its own, named by its path. */
function typeSpec(json: JsonSchema, name: string, types: Record<string, TypeSpec>): TypeSpec {
  const described = (spec: TypeSpec) => (json.description ? { ...spec, description: json.description } : spec);
  const variants = json.anyOf ?? json.oneOf;
  if (variants) return described({ oneOf: variants.map((variant, index) => typeSpec(variant, `${name}${index + 1}`, types)) });
  if (json.properties) {
    types[name] = { type: "object", ...objectSpec(json, name, types) };
    return described({ $ref: `#/types/${encodeURIComponent(name)}` });
  }
  switch (json.type ?? typeof (json.const ?? json.enum?.[0])) {
    case "object":
      return described({ type: "object", additionalProperties: typeof json.additionalProperties === "object" ? typeSpec(json.additionalProperties, name, types) : ANY });
    case "array":
      return described({ type: "array", items: json.items ? typeSpec(json.items, name, types) : ANY });
    case "string":
    case "boolean":
    case "number":
    case "integer":
      return described({ type: json.type ?? "string" });
    default:
      return described(ANY);
  }
}

const ANY: TypeSpec = { $ref: "pulumi.json#/Any" };
