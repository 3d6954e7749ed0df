import { findManager, type SwarmInfo } from "../../../provider/remote/manager";
import type { Machine } from "../../../provider/remote/machine";

const manager = (name: string, address: string) => ({ name, address, hostKey: "ssh-ed25519 AAAA" });
const [m1, m2, m3] = [manager("m1", "10.0.0.1"), manager("m2", "10.0.0.2"), manager("m3", "10.0.0.3")];
const active: SwarmInfo = { LocalNodeState: "active", ControlAvailable: true, NodeID: "n", Cluster: { ID: "c" } };
const leaderless: SwarmInfo = { LocalNodeState: "active", ControlAvailable: true, NodeID: "n", Error: "The swarm does not have a leader.\n" };

/** Managers that say this of their Swarm; those of which nothing is said are silent. */
const saying = (said: Record<string, SwarmInfo>) => async ({ address }: { address: string }) => {
  if (!said[address]) throw new Error(`root@${address}:22: no SSH connection: connect EHOSTUNREACH`);
  return { address, docker: { info: async () => ({ Swarm: said[address] }) } } as unknown as Machine;
};

test("the first manager that sees a quorum is used, whatever those before it say", async () => {
  expect(await findManager([m1, m2, m3], saying({ "10.0.0.2": leaderless, "10.0.0.3": active }))).toMatchObject({ clusterId: "c", machine: { address: "10.0.0.3" } });
});

test("a lost quorum is told with each manager's name and words, and with the way out", async () => {
  const found = findManager([m1, m2, m3], saying({ "10.0.0.1": leaderless }));
  await expect(found).rejects.toThrow(
    [
      "no manager of the Swarm answers with a quorum:",
      "  m1 (10.0.0.1): it sees no quorum (The swarm does not have a leader.)",
      "  m2: root@10.0.0.2:22: no SSH connection: connect EHOSTUNREACH",
      "  m3: root@10.0.0.3:22: no SSH connection: connect EHOSTUNREACH",
      "The Swarm has lost its quorum: 1 of 3 managers has its state, 2 have to reach each other. Bring the others back; nothing else is needed then. If they are gone for good: ./dockyard recover",
    ].join("\n"),
  );
});

test("where nobody has the Swarm's state, recovering is no way out", async () => {
  const found = findManager([m1, m2], saying({ "10.0.0.1": { LocalNodeState: "inactive" } }));
  await expect(found).rejects.toThrow(/m1 \(10\.0\.0\.1\): it is not in a Swarm \(state inactive\)/);
  await expect(found).rejects.not.toThrow(/recover/);
});
