import type Docker from "dockerode";
import * as z from "zod";
import { changesBetween, replacing } from "../diff";
import { Connection } from "../remote/connection";
import type { Machine } from "../remote/machine";
import type { Operation, RegistryAuth, ResourceKind } from "../resource";
import { imageId, isMissing, loadArchive, pushImage, untag } from "./engineImages";
import { openArchive } from "./source";

const Inputs = z.strictObject({
  source: z.union([z.strictObject({ archive: z.string().min(1) }), z.strictObject({ local: z.string().min(1) })]).describe("Where the image comes from, on the program's machine: a docker archive (`docker save`), or an image of the local engine."),
  content: z.string().regex(/^[0-9a-f]{12,64}$/, "a hash in hexadecimal, at least 12 digits").describe("Hash of the source's content, hexadecimal: what tells a new image from an old one."),
  repository: z.string().min(1).describe('Repository without a registry: "demo/web".'),
  registry: z.string().min(1).optional().describe('Registry that it is pushed to, "registry.example:5000".'),
  login: z.string().optional().describe("What tells the login that it is pulled with from a former one, for those who pull it. Another one sends nothing."),
  hosts: z.array(Connection).optional().describe("Hosts that it is loaded onto instead, for what must run before there is a registry."),
});
type Inputs = z.infer<typeof Inputs>;

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
    const reference = inputs.registry ? await push(op, inputs, inputs.registry) : await loadOnto(op, inputs, inputs.hosts ?? []);
    return { id: tagOf(inputs), outputs: outputsOf(inputs, reference) };
  },

  read: async (op, _id, { inputs, outputs }) => {
    if (inputs.registry) {
      const { docker } = await op.manager();
      const there = await inRegistry(docker, tagOf(inputs), op.registryAuth(tagOf(inputs), "push")).catch((error: Error) => {
        // The password was changed, and the run that tells the registry was cut off; or it has lost its own image, which the next update
        // loads again: neither must keep that one from it.
        op.warn(`whether ${inputs.registry} has ${inputs.repository} was not looked at: ${error.message}`);
        return "unknown";
      });
      if (there === "unknown") return { inputs, outputs };
      return there ? { inputs, outputs: outputsOf(inputs, `${inputs.registry}/${inputs.repository}@${there}`) } : undefined;
    }
    const having = await Promise.all((inputs.hosts ?? []).map(async (host) => ((await imageId((await op.machine(host)).docker, tagOf(inputs))) ? [host] : [])));
    return { inputs: { ...inputs, hosts: having.flat() }, outputs };
  },

  update: async (op, _id, { outputs }, wanted) => ({ outputs: outputsOf(wanted, wanted.registry ? outputs.reference : await loadOnto(op, wanted, wanted.hosts ?? [])) }),

  // What was pushed stays: other tags share its layers, and a rollback may ask for it. What was loaded loses its name.
  delete: async (op, _id, { inputs }) => {
    await Promise.all(
      (inputs.hosts ?? []).map(async (host) => {
        const machine = await op.machine(host).catch((error: Error) => op.warn(`the image stays where it cannot be removed: ${error.message}`));
        if (machine) await untag(machine.docker, tagOf(inputs));
      }),
    );
  },
};

function outputsOf({ login }: Inputs, reference: string): Outputs {
  return { reference, ...(login !== undefined && { login }) };
}

/** The name that stands for this content: an image that has it need not be sent again. */
function tagOf({ registry, repository, content }: Inputs): string {
  return `${registry ? `${registry}/` : ""}${repository}:content-${content.slice(0, 12)}`;
}

/** Sends the image to a manager's engine, which has the registry's trust and name, and has it pushed from there. */
async function push(op: Operation, inputs: Inputs, registry: string): Promise<string> {
  const { docker, machine } = await op.manager();
  const tag = tagOf(inputs);
  const login = op.registryAuth(tag, "push");
  let digest = await inRegistry(docker, tag, login);
  if (!digest) {
    // One archive under several names is loaded by one of them at a time: all come in under the name in the archive.
    await op.exclusively(`load ${machine.address} ${inputs.content}`, () => {
      op.status(`sending the image to ${machine.address}`);
      return loadAs(docker, inputs, tag);
    });
    op.status(`pushing to ${registry}`);
    await pushImage(docker, tag, login);
    await untag(docker, tag);
    digest = await inRegistry(docker, tag, login);
    if (!digest) throw new Error(`${tag} was pushed, but the registry does not know it`);
  }
  return `${registry}/${inputs.repository}@${digest}`;
}

async function loadOnto(op: Operation, inputs: Inputs, hosts: readonly Connection[]): Promise<string> {
  const ids = await Promise.all(hosts.map(async (host) => loadWhereMissing(op, await op.machine(host), inputs)));
  const different = new Set(ids);
  if (different.size > 1) throw new Error(`${inputs.repository} got different ids on the hosts (${[...different].join(", ")}): their engines keep images in different stores; use the same engine package on all`);
  return ids[0] ?? "";
}

async function loadWhereMissing(op: Operation, { docker, address }: Machine, inputs: Inputs): Promise<string> {
  const tag = tagOf(inputs);
  const there = await imageId(docker, tag);
  if (there) return there;
  op.status(`loading the image onto ${address}`);
  await loadAs(docker, inputs, tag);
  return (await imageId(docker, tag))!;
}

/** Loads the source and gives it our name instead of the one it came with. */
async function loadAs(docker: Docker, inputs: Inputs, tag: string): Promise<void> {
  const loaded = await loadArchive(docker, await openArchive(inputs.source));
  const split = tag.lastIndexOf(":");
  await docker.getImage(loaded).tag({ repo: tag.slice(0, split), tag: tag.slice(split + 1) });
  if (!loaded.startsWith("sha256:")) await untag(docker, loaded);
}

async function inRegistry(docker: Docker, reference: string, login: RegistryAuth | undefined): Promise<string | undefined> {
  try {
    const found = (await docker.getImage(reference).distribution({ authconfig: login })) as { Descriptor: { digest: string } };
    return found.Descriptor.digest;
  } catch (error) {
    if (isMissing(error as Error)) return undefined;
    throw new Error(`the registry of ${reference} does not answer a manager's engine: ${(error as Error).message}`, { cause: error });
  }
}
