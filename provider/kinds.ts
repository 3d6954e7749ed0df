import { engineKind } from "./hosts/engine";
import { hostKind } from "./hosts/host";
import { loginKind } from "./hosts/login";
import { trustKind } from "./hosts/trust";
import { accessKind } from "./registry/access";
import { imageKind } from "./registry/image";
import type { ResourceKind } from "./resource";
import { clusterKind } from "./swarm/cluster/cluster";
import { configKind } from "./swarm/config";
import { jobKind } from "./swarm/job/job";
import { networkKind } from "./swarm/network";
import { nodeKind } from "./swarm/node/node";
import { rebalanceKind } from "./swarm/rebalance/rebalance";
import { secretKind } from "./swarm/secret";
import { serviceKind } from "./swarm/service/service";

/** Every kind of resource that the provider has. */
export const kinds: readonly ResourceKind[] = [
  hostKind,
  loginKind,
  engineKind,
  trustKind,
  clusterKind,
  nodeKind,
  networkKind,
  secretKind,
  configKind,
  serviceKind,
  jobKind,
  imageKind,
  accessKind,
  rebalanceKind,
] as never; // each kind has types of its own; the kernel hands every one what its schema let through
