import * as z from "zod";
import { changesBetween, replacing } from "../diff";
import { Connection } from "../remote/connection";
import type { Operation, ResourceKind } from "../resource";
import { untag } from "./engineImages";
import { hostsHaving, loadOnto } from "./loaded";
import { lookAt, push, strange } from "./pushed";

const Inputs = z.strictObject({
  source: z.union([z.strictObject({ archive: z.string().min(1) }), z.strictObject({ local: z.string().min(1) })]).describe("Where the image comes from, on the program's machine: a docker archive (`docker save`), or an image of the local engine."),
  content: z.string().regex(/^[0-9a-f]{64}$/, "a SHA-256 in hexadecimal, 64 digits").describe("SHA-256 of the archive, hexadecimal; of a local image its id without \"sha256:\". What tells a new image from an old one; a source that is another one is refused."),
  repository: z.string().min(1).describe('Repository without a registry: "demo/web".'),
  registry: z.string().min(1).optional().describe('Registry that it is pushed to, "registry.example:5000".'),
  login: z.string().optional().describe("What tells the login that it is pulled with from a former one, for those who pull it. Another one sends nothing."),
  hosts: z.array(Connection).optional().describe("Hosts that it is loaded onto instead, for what must run before there is a registry."),
});
type Inputs = z.infer<typeof Inputs> & {
  /** Only in the state, from a refresh: the digest of another image that it found under the tag. The next update pushes again. */
  found?: string;
};

const Outputs = z.strictObject({
  reference: z.string().describe("What a service names to run exactly this image: `registry/repository@sha256:…` when pushed, the image's id when loaded."),
  login: z.string().optional().describe("As it was given."),
});
type Outputs = z.infer<typeof Outputs>;

export const imageKind: ResourceKind<Inputs, Outputs> = {
  type: "dockyard:registry:Image",
  description: "An image pushed to the platform's registry by content, or loaded onto hosts over SSH where it is missing.",
  inputs: Inputs,
  outputs: Outputs,

  check: ({ registry, hosts }) =>
    (registry === undefined) === (hosts === undefined)
      ? [{ property: "registry", reason: "say where the image goes: either `registry` (it is pushed there) or `hosts` (it is loaded onto them)" }]
      : [],

  diff: (old, wanted) => {
    // The path of an archive is where it came from; only other content is another image.
    const changes = changesBetween({ ...old.inputs, source: undefined }, { ...wanted, source: undefined });
    return replacing(changes, ["content", "repository", "registry"]);
  },

  create: async (op, inputs) => {
    const tag = tagOf(inputs);
    return { id: tag, outputs: outputsOf(inputs, await sent(op, inputs, tag)) };
  },

  // What was pushed or loaded is known by its digest or id, and that stands in the state. A name is looked up to tell that it was given to
  // another image, never to learn what to run.
  read: async (op, tag, stored) => {
    const { inputs: { found: _, ...inputs }, outputs } = stored;
    const { registry, repository, hosts = [] } = inputs;
    if (!registry) return { inputs: { ...inputs, hosts: await hostsHaving(op, tag, outputs.reference, hosts) }, outputs };
    const there = await lookAt(op, { registry, repository, tag });
    if (there === "unknown") return stored;
    if (there.digest === undefined) return undefined;
    const known = digestOf(outputs);
    if (there.digest === known) return { inputs, outputs };
    op.warn(strange(tag, there.digest, known, "the next up pushes that image over it again"));
    return { inputs: { ...inputs, found: there.digest }, outputs };
  },

  update: async (op, tag, { inputs: { found }, outputs }, wanted) => {
    const { registry, repository } = wanted;
    if (registry && !found) {
      const there = await lookAt(op, { registry, repository, tag });
      if (there === "unknown" || there.digest === digestOf(outputs)) return { outputs: outputsOf(wanted, outputs.reference) };
    }
    return { outputs: outputsOf(wanted, await sent(op, wanted, tag, outputs)) };
  },

  // What was pushed stays: other tags share its layers, and a rollback may ask for it. What was loaded loses its name.
  delete: async (op, tag, { inputs }) => {
    await Promise.all(
      (inputs.hosts ?? []).map(async (host) => {
        const machine = await op.machine(host).catch((error: Error) => op.warn(`the image stays where it cannot be removed: ${error.message}`));
        if (machine) await untag(machine.docker, tag);
      }),
    );
  },
};

function outputsOf({ login }: Inputs, reference: string): Outputs {
  return { reference, ...(login !== undefined && { login }) };
}

/** The digest that was pushed. */
function digestOf({ reference }: Outputs): string {
  return reference.slice(reference.indexOf("@") + 1);
}

/** The name that it gets, for people to see what it is; the whole hash, so that two images never meet in one. It stays with the resource as its id. */
function tagOf({ registry, repository, content }: Inputs): string {
  return `${registry ? `${registry}/` : ""}${repository}:content-${content}`;
}

/** Pushes or loads it. @returns what a service names to run it */
async function sent(op: Operation, { source, content, repository, registry, hosts = [] }: Inputs, tag: string, before?: Outputs): Promise<string> {
  if (!registry) return loadOnto(op, { source, content, repository, tag }, hosts, before?.reference);
  return `${registry}/${repository}@${await push(op, { source, content, registry, repository, tag }, before && digestOf(before))}`;
}
