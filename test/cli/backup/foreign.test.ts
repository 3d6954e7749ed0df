import { makeBackup, type BackupJob } from "../../../cli/backup/make";
import { ownerLabels } from "../../../provider/swarm/owner/owner";

const [OURS, THEIRS] = [{ id: "0123456789abcdef", name: "dockyard/prod@desk" }, { id: "fedcba9876543210", name: "dockyard/prod@laptop" }];

/** A backup of a platform with these labels; whatever it does beyond asking a manager who it is fails. */
function backup(labels: Record<string, string>, owner: typeof OURS | undefined): Promise<unknown> {
  const docker = {
    info: async () => ({ Swarm: { LocalNodeState: "active", ControlAvailable: true, NodeID: "n", Cluster: { ID: "c" } } }),
    swarmInspect: async () => ({ ID: "c", Spec: { Labels: labels } }),
    listNodes: async () => Promise.reject(new Error("it went on")),
    listTasks: async () => [],
  };
  const hosts = [{ name: "m1", role: "manager", connection: { address: "10.0.0.11", hostKey: "ssh-ed25519 AAAA" }, advertiseAddress: "10.0.0.11", nodeId: "n" }];
  const job = { stack: { hosts, provider: { owner } }, connect: async () => ({ docker }) };
  return makeBackup(job as unknown as BackupJob);
}

describe("a backup, for which a manager's engine is stopped", () => {
  it("of another's platform is refused by both names", () =>
    expect(backup(ownerLabels(THEIRS), OURS)).rejects.toThrow("the Swarm c belongs to the platform of dockyard/prod@laptop (owner fedcba9876543210), not to dockyard/prod@desk"));
  it("of an owned platform is refused to a state from before there were owners", () => expect(backup(ownerLabels(THEIRS), undefined)).rejects.toThrow("which names no owner"));
  it.each([
    ["our own platform", ownerLabels(OURS), OURS],
    ["a platform from before there were owners", {}, undefined],
    ["a platform that is not claimed yet", {}, OURS],
  ])("of %s goes on", (_, labels, owner) => expect(backup(labels as Record<string, string>, owner)).rejects.toThrow("it went on"));
});
