import { engineKind } from "./hosts/engine";
import { hostKind } from "./hosts/host";
import type { ResourceKind } from "./resource";
import { imageKind } from "./registry/image";
import { clusterKind } from "./swarm/cluster/cluster";
import { nodeKind } from "./swarm/node/node";

/** Every kind of resource that the provider has. */
export const kinds: readonly ResourceKind[] = [hostKind, engineKind, clusterKind, nodeKind, imageKind] as never;
