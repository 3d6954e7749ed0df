import { isDeepStrictEqual } from "node:util";
import type Docker from "dockerode";
import * as z from "zod";
import type { Operation, ResourceKind, Stored } from "../resource";
import { managerOf, OtherCluster } from "./clusterManager";
import { bytesOf, checkFile, diffFile, FileInputs, observedLabels } from "./fileInputs";
import { foreignThing, isOurs, tellReplaced } from "./ownership";
import { removeWhenFree } from "./release";
import type { ServiceSpec } from "./service/engineApi";
import { engineMessage, statusOf } from "./service/swarmView";
import { sharedRead } from "./sharedReads";

type Nothing = Record<string, never>;
const NOTHING: Nothing = {};
type Labels = Record<string, string>;

/** What the Docker API says about a secret or config; only a config gives its data. */
export interface LiveFile {
  ID: string;
  Version: { Index: number };
  Spec: { Name: string; Labels?: Labels | null; Data?: string };
}

/** In what secrets and configs differ. */
export interface FileFlavour {
  readonly type: string;
  readonly description: string;
  /** "secret", for messages. */
  readonly what: string;
  /** Bytes that are too many. */
  readonly limit: number;
  readonly secrets?: readonly string[];
  list(docker: Docker): Promise<LiveFile[]>;
  create(docker: Docker, spec: { Name: string; Labels: Labels; Data: string }): Promise<string>;
  handle(docker: Docker, id: string): { update(options: object): Promise<unknown>; remove(): Promise<unknown> };
  usedBy(spec: ServiceSpec, id: string): boolean;
  /** Labels of our own that go with the data and are no input. */
  marks(data: Buffer): Promise<Labels>;
  isMark(label: string): boolean;
  /** Whether the live one holds these bytes. */
  holds(live: LiveFile, data: Buffer): Promise<boolean>;
  /** The data as a read shows it. */
  observedData(inputs: Partial<FileInputs>, live: LiveFile): Pick<FileInputs, "data" | "encoding">;
}

/** The kind of resource for secrets or configs. */
export function fileKind(flavour: FileFlavour): ResourceKind<FileInputs, Nothing> {
  const readKey = (cluster: string) => `${flavour.what}s of ${cluster}`;
  const labelsOf = (live: LiveFile) => Object.fromEntries(Object.entries(live.Spec.Labels ?? {}).filter(([label]) => !flavour.isMark(label)));

  async function create(op: Operation, inputs: FileInputs): Promise<{ id: string; outputs: Nothing }> {
    const { docker } = await managerOf(op, inputs.cluster);
    if (inputs.external) return { id: await existing(docker, inputs.name), outputs: NOTHING };
    op.status("creating");
    const data = bytesOf(inputs);
    const spec = { Name: inputs.name, Labels: { ...inputs.labels, ...(await flavour.marks(data)) }, Data: data.toString("base64") };
    const id = await flavour.create(docker, spec).catch((error: unknown) => adopt(op, inputs, error));
    op.forget(readKey(inputs.cluster));
    return { id, outputs: NOTHING };
  }

  /** The id of one that somebody else made. */
  async function existing(docker: Docker, name: string): Promise<string> {
    const live = (await flavour.list(docker)).find(({ Spec }) => Spec.Name === name);
    if (live) return live.ID;
    throw new Error(`the Swarm has no ${flavour.what} named "${name}", which is said to exist already; make it (docker ${flavour.what} create ${name} FILE), or correct the name`);
  }

  /** The id of one of that name with the same bytes, which an interrupted run left behind. */
  async function adopt(op: Operation, inputs: FileInputs, refusal: unknown): Promise<string> {
    const { docker } = await managerOf(op, inputs.cluster);
    const live = statusOf(refusal) === 409 ? (await flavour.list(docker)).find(({ Spec }) => Spec.Name === inputs.name) : undefined;
    if (!live) throw new Error(`${flavour.what} "${inputs.name}": ${engineMessage(refusal)}`, { cause: refusal });
    const labels = labelsOf(live);
    const same = await flavour.holds(live, bytesOf(inputs));
    if (!same) throw foreignThing(flavour.what, inputs.name, labels, "holds other data, or was not made by this program; its data cannot change in place");
    const asWanted = isDeepStrictEqual(labels, inputs.labels ?? {});
    if (!asWanted && !isOurs(labels, inputs.labels)) throw foreignThing(flavour.what, inputs.name, labels, "has other labels");
    if (!asWanted) await relabel(docker, live, inputs.labels);
    return live.ID;
  }

  async function relabel(docker: Docker, live: LiveFile, labels: Labels = {}): Promise<void> {
    const marks = Object.fromEntries(Object.entries(live.Spec.Labels ?? {}).filter(([label]) => flavour.isMark(label)));
    const spec = { Name: live.Spec.Name, Labels: { ...labels, ...marks } };
    await flavour.handle(docker, live.ID).update({ _query: { version: live.Version.Index }, _body: spec });
  }

  async function read(op: Operation, id: string, { inputs }: Stored<FileInputs, Nothing>): Promise<Stored<FileInputs, Nothing> | undefined> {
    const { clusterId, docker } = await op.manager();
    const all = await sharedRead(op, readKey(clusterId), () => flavour.list(docker));
    const live = all.find(({ ID }) => ID === id);
    if (!live) {
      tellReplaced(op, flavour.what, inputs.name, id, all.find(({ Spec }) => Spec.Name === inputs.name)?.ID);
      return undefined;
    }
    if (inputs.external) return { inputs, outputs: NOTHING };
    const labels = observedLabels(inputs, labelsOf(live));
    return { inputs: { cluster: inputs.cluster ?? clusterId, name: live.Spec.Name, ...flavour.observedData(inputs, live), ...labels }, outputs: NOTHING };
  }

  async function update(op: Operation, id: string, _old: Stored<FileInputs, Nothing>, wanted: FileInputs): Promise<{ outputs: Nothing }> {
    if (wanted.external) return { outputs: NOTHING };
    const { docker } = await managerOf(op, wanted.cluster);
    for (let attempt = 1; ; attempt++) {
      const live = (await flavour.list(docker)).find(({ ID }) => ID === id);
      if (!live) throw new Error(`the ${flavour.what} "${wanted.name}" (${id}) is gone from the Swarm; refresh, and it is made anew`);
      try {
        await relabel(docker, live, wanted.labels);
        op.forget(readKey(wanted.cluster));
        return { outputs: NOTHING };
      } catch (error) {
        if (attempt === 5 || !/update out of sequence/i.test(engineMessage(error))) throw error;
      }
    }
  }

  async function remove(op: Operation, id: string, { inputs }: Stored<FileInputs, Nothing>): Promise<void> {
    if (inputs.external) return; // it is somebody else's
    try {
      await managerOf(op, inputs.cluster);
    } catch (error) {
      if (!(error instanceof OtherCluster)) throw error;
      return op.warn(`the ${flavour.what} "${inputs.name}" went with its cluster: ${error.message}`);
    }
    await removeWhenFree(op, {
      what: flavour.what,
      name: inputs.name,
      remove: async () => flavour.handle((await op.manager()).docker, id).remove(),
      usedBy: (spec) => flavour.usedBy(spec, id),
      advice: `put a hash of the content into the ${flavour.what}'s name, so that services can move to the new one before the old one goes`,
    });
    op.forget(readKey(inputs.cluster));
  }

  return {
    type: flavour.type,
    description: flavour.description,
    inputs: FileInputs,
    outputs: z.strictObject({}),
    secrets: flavour.secrets,
    takesOver: true,
    check: (inputs) => checkFile(inputs, flavour.limit),
    diff: diffFile,
    create,
    read,
    update,
    delete: remove,
  };
}
