import type { ResourceKind } from "./resource";

/** Every kind of resource that the provider has. */
export const kinds: readonly ResourceKind[] = [];
