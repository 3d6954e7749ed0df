import type { ResourceKind } from "./resource";
import { imageKind } from "./registry/image";
import { clusterKind } from "./swarm/cluster/cluster";
import { nodeKind } from "./swarm/node/node";

/** Every kind of resource that the provider has. */
export const kinds: readonly ResourceKind[] = [clusterKind, nodeKind, imageKind] as never;
