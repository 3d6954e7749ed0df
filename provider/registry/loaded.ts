import type { Connection } from "../remote/connection";
import type { Machine } from "../remote/machine";
import type { Operation } from "../resource";
import { imageId, loadArchive, tagImage } from "./engineImages";
import { type CheckedImage, checkedImage, type ImageSource } from "./source";

/** An image on its way onto hosts. */
export interface Loading {
  readonly source: ImageSource;
  readonly content: string;
  readonly repository: string;
  /** "dockyard/registry:content-…": what it is called on each host, so that nobody takes it for unused. Nothing runs by it. */
  readonly tag: string;
}

/**
 * Has every host's engine hold the image, under its name. Whether it is there is asked by its id, which is made of its content.
 * @param known the id that an earlier load told
 * @returns the image's id, one for all; "" without hosts
 */
export async function loadOnto(op: Operation, image: Loading, hosts: readonly Connection[], known?: string): Promise<string> {
  let checked: Promise<CheckedImage> | undefined;
  const once = () => (checked ??= checkedImage(image.source, image.content));
  const ids = new Set(await Promise.all(hosts.map(async (host) => place(op, await op.machine(host), image, once, known))));
  if (ids.size > 1) throw new Error(`${image.repository} got different ids on the hosts (${[...ids].join(", ")}): their engines keep images in different stores; use the same engine package on all`);
  return [...ids][0] ?? "";
}

/** The hosts on which the name stands for that image. One where it stands for another is told. */
export async function hostsHaving(op: Operation, tag: string, known: string, hosts: readonly Connection[]): Promise<Connection[]> {
  const found = await Promise.all(
    hosts.map(async (host) => {
      const { docker, address } = await op.machine(host);
      const id = await imageId(docker, tag);
      if (id !== undefined && id !== known) op.warn(givenAway(address, tag, id, known));
      return id === known ? [host] : [];
    }),
  );
  return found.flat();
}

async function place(op: Operation, { docker, address }: Machine, image: Loading, checked: () => Promise<CheckedImage>, known: string | undefined): Promise<string> {
  const { tag } = image;
  const has = async (id: string) => ((await imageId(docker, id)) === id ? id : undefined);
  const named = await imageId(docker, tag);
  const there = (known && (await has(known))) || (await has((await checked()).id));
  if (there === named && there !== undefined) return there;
  const id = there ?? (await load(op, address, docker, tag, await checked()));
  if (there) await tagImage(docker, there, tag);
  if (named !== undefined && named !== id) op.warn(givenAway(address, tag, named, id));
  return id;
}

async function load(op: Operation, address: string, docker: Machine["docker"], tag: string, image: CheckedImage): Promise<string> {
  op.status(`loading the image onto ${address}`);
  return loadArchive(docker, await image.openAs(tag), tag, image);
}

function givenAway(address: string, tag: string, found: string, known: string): string {
  return `${address}: ${tag} stands for another image than the one that belongs there: ${found} instead of ${known}. Somebody who is root on that host, or may use its engine, gave the name away. Nothing runs by the name; up gives it back. Find out who`;
}
