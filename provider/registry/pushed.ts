import type { Operation } from "../resource";
import { digestInRegistry, loadArchive, pushImage, untag } from "./engineImages";
import { checkedImage, type ImageSource } from "./source";

/** An image on its way into a registry. */
export interface Pushing {
  readonly source: ImageSource;
  readonly content: string;
  /** "registry.example:5000" */
  readonly registry: string;
  readonly repository: string;
  /** "registry.example:5000/demo/web:content-…" */
  readonly tag: string;
}

/** What a look at a tag told: the digest under it, that there is none, or that the registry did not answer. */
export type UnderTag = { readonly digest: string | undefined } | "unknown";

/** Looks at what a tag stands for. No failure: the registry's passwords may be on their way to it, or it has to be brought back by the very run that asks. */
export async function lookAt(op: Operation, { registry, repository, tag }: Pick<Pushing, "registry" | "repository" | "tag">): Promise<UnderTag> {
  const { docker } = await op.manager();
  return digestInRegistry(docker, tag, op.registryAuth(tag, "push")).then(
    (digest) => ({ digest }),
    (error: Error) => {
      op.warn(`whether ${registry} has ${repository} was not looked at: ${error.message}`);
      return "unknown" as const;
    },
  );
}

/**
 * Sends the image to a manager's engine, which has the registry's trust and name, and has it pushed from there, whatever the tag stood for:
 * a tag is what somebody pushed last, and says nothing about what it was. A push that was killed leaves none.
 * @param known the digest that the tag should stand for, where an earlier push told it
 * @returns the digest that was pushed
 */
export async function push(op: Operation, image: Pushing, known?: string): Promise<string> {
  const { docker, machine } = await op.manager();
  const { tag, registry } = image;
  const login = op.registryAuth(tag, "push");
  const before = await digestInRegistry(docker, tag, login);
  const checked = await checkedImage(image.source, image.content);
  // On the engine the same image has a name for each repository. While one load has it without a name still, the last other name must not go.
  const alone = <T>(work: () => Promise<T>) => op.exclusively(`load ${machine.address} ${image.content}`, work);
  await alone(async () => {
    op.status(`sending the image to ${machine.address}`);
    await loadArchive(docker, await checked.openAs(tag), tag, checked);
  });
  op.status(`pushing to ${registry}`);
  const digest = await pushImage(docker, tag, login);
  await alone(() => untag(docker, tag));
  const reference = `${registry}/${image.repository}@${digest}`;
  if (!(await digestInRegistry(docker, reference, login))) throw new Error(`${tag} was pushed as ${digest}, but the registry does not know it`);
  if (before !== undefined && before !== digest && before !== known) op.warn(known === undefined ? taken(tag, before, digest) : strange(tag, before, known, "that image was pushed over it again"));
  return digest;
}

/**
 * For a tag that is known to have been given to another image.
 * @param mended what is done about it
 */
export function strange(tag: string, found: string, known: string, mended: string): string {
  return `${tag} stands for another image than the one that was pushed: ${found} instead of ${known}. ${CAUSE} Services keep to ${known}; ${mended}. ${REMEDY}`;
}

/** For a tag that was there before the first push that is known. The same image packed by an engine of another version is another digest too. */
function taken(tag: string, found: string, pushed: string): string {
  return `${tag} stood for ${found}, and now stands for ${pushed}, which was pushed over it. Unless an engine of another version had pushed the same image: ${CAUSE} Nothing of it was run by this program. ${REMEDY}`;
}

const CAUSE = "somebody pushed it with the registry's login.";
const REMEDY = "Find out who, and rotate the registry's passwords (docs/rotation.md).";
