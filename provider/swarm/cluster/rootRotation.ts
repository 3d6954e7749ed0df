import { setTimeout as sleep } from "node:timers/promises";
import type Docker from "dockerode";
import type { Operation } from "../../resource";
import { listNodes } from "../node/api";
import { inspectCluster } from "./clusterInfo";
import { type CertifiedNode, rootRotation } from "./rotation";

const LOOK_EVERY = 500;

/**
 * Waits until every node has a certificate of the Swarm's new root; Swarm forgets the old root only then. A node that is down
 * holds it up for as long as it is down or a node.
 * @throws Error naming the nodes that it waits for. The rotation goes on without us, and the next update waits for it again.
 */
export async function awaitRootRotation(op: Operation, docker: Docker): Promise<void> {
  const until = Date.now() + op.timeouts.rotation;
  for (;;) {
    op.signal.throwIfAborted();
    const [info, nodes] = await Promise.all([inspectCluster(docker), listNodes(docker)]);
    const progress = rootRotation(info, nodes as unknown as CertifiedNode[]);
    if (!progress) return;
    op.status(`rotating the CA of the Swarm: ${progress.says}`);
    if (Date.now() > until) {
      throw new Error(
        `the rotation of the Swarm's CA did not end within ${op.timeouts.rotation / 1000} s: ${progress.says}. ` +
          "Both roots are trusted until it does, so nothing is out of service. Bring back the nodes that are down, or take them out of the configuration, and run `pulumi up` again",
      );
    }
    await sleep(LOOK_EVERY, undefined, { signal: op.signal });
  }
}
