import type { NetworkInputs } from "../../provider/swarm/networkSpec";
import { NETWORK, type ResourceRule } from "./rule";

export const encryptedOverlay: ResourceRule<Pick<NetworkInputs, "name" | "encrypted">> = {
  name: "encrypted-overlay",
  description: "Overlay networks are encrypted between hosts: what services say to each other is otherwise in the clear on the wire, and anyone there can send packets into the overlay. Encryption costs throughput and needs IPsec in the kernels, so a network between trusted hosts may go without.",
  level: "advisory",
  types: [NETWORK],
  allow: "the network's full name",
  *check({ name, encrypted }, allowed) {
    if (encrypted !== true && !allowed.includes(name)) yield `encrypted: network ${name} is not; write "encrypted: true", or allow it in the pack's configuration`;
  },
};
