import { secretInText, secretUnderName } from "../../components/bundle/secrets/text";
import { bytesOf, type FileInputs } from "../../provider/swarm/fileInputs";
import { ENGINE, isAllowed, JOB, NETWORK, NODE, perService, type ResourceRule, SERVICE } from "./rule";
import { type Place, placesOf } from "./texts";

export const noSecretsInServices: ResourceRule<{ readonly name: string }> = {
  name: "no-secrets-in-services",
  description: "No password, token or key stands in the arguments, health check, labels or any other text of a service: everyone who may inspect it reads them, and arguments stand in the host's list of processes besides. A Swarm secret is a file in memory that only its tasks see.",
  level: "mandatory",
  types: [SERVICE, JOB],
  allow: perService('a place as the message names it ("args")'),
  *check({ name, ...service }, allowed) {
    // Variables have a rule of their own, an image is a name and a digest, and the last two are for the provider, not for the Swarm.
    const { env: _env, image: _image, cluster: _cluster, convergence: _convergence, ...texts } = service as Record<string, unknown>;
    for (const { at, why } of findings({ name, ...texts })) {
      if (!isAllowed(allowed, name, at)) yield `${at}: ${why}, which everyone sees who may inspect the service; mount a secret and give the name of its file instead`;
    }
  },
};

export const noSecretsInConfigs: ResourceRule<Pick<FileInputs, "name" | "data" | "encoding" | "labels">> = {
  name: "no-secrets-in-configs",
  description: "No password, token or key stands in a config: every manager keeps it in the clear, and whoever may inspect it reads it. Make the file a Swarm secret.",
  level: "mandatory",
  types: ["dockyard:swarm:Config"],
  allow: "the config's full name, or what stands before the hash in it",
  *check({ name, data, encoding, labels }, allowed) {
    if (allowed.some((entry) => name === entry || (name.startsWith(`${entry}-`) && /^[0-9a-f]{6,64}$/.test(name.slice(entry.length + 1))))) return;
    for (const { at, why } of findings({ name, labels, ...(data !== undefined && { data: bytesOf({ data, encoding }).toString("utf8") }) })) {
      yield `${at} of config ${name}: ${why}; make it a secret`;
    }
  },
};

export const noSecretsElsewhere: ResourceRule<{ readonly name?: string; readonly labels?: unknown; readonly daemon?: unknown }> = {
  name: "no-secrets-elsewhere",
  description: "No password, token or key stands in the labels of a secret, network or node, or in an engine's settings: whoever may ask the engine reads these in the clear.",
  level: "mandatory",
  types: ["dockyard:swarm:Secret", NETWORK, NODE, ENGINE],
  allow: 'a place as the message names it ("labels.org.example.note")',
  *check({ name, labels, daemon }, allowed) {
    for (const { at, why } of findings({ name, labels, daemon })) {
      if (!allowed.includes(at)) yield `${at}: ${why}, which everyone sees who may ask the engine; leave it out`;
    }
  },
};

function* findings(properties: Record<string, unknown>): Iterable<{ readonly at: string; readonly why: string }> {
  for (const place of placesOf(properties)) {
    const why = finding(place);
    if (why !== undefined) yield { at: place.at, why };
  }
}

function finding({ words, named }: Place): string | undefined {
  return named === undefined ? secretInText(...words) : secretUnderName(named, words.join("\n"));
}
