import fc from "fast-check";
import { planRestore, restoreText, type RestoreWish } from "../../../cli/restore/plan";
import type { ManagerView, Said } from "../../../cli/lostQuorum/views";
import type { SwarmNode } from "../../../provider/swarm/node/membership";

const view = (name: string, said: Said): ManagerView => ({ name, address: `10.0.0.${name.slice(1)}`, ...said });
const empty = (name: string) => view(name, { says: "no manager" });
const silent = (name: string) => view(name, { says: "nothing", reason: "no SSH connection" });
const entry = (name: string, role: "manager" | "worker" = "manager") => ({ id: `id-${name}`, name, role, address: `10.0.0.${name.slice(1)}`, engine: "26.1.5" });
const wish = (more: Partial<RestoreWish> = {}): RestoreWish => ({
  manifest: {
    cluster: { id: "c", autolock: false, addressPool: [], subnetSize: 24, dataPathPort: 4789 },
    source: { id: "id-m2", name: "m2", engine: "26.1.5" },
    inventory: { nodes: [entry("m1"), entry("m2"), entry("m3"), entry("w1", "worker")], services: [], secrets: [], configs: [], networks: [] },
  },
  lost: [],
  ...more,
});
const node = (name: string, id: string, state: "ready" | "down", manager = false): SwarmNode => ({
  ID: id,
  Version: { Index: 1 },
  Spec: { Role: "manager", Availability: "active" },
  Description: { Hostname: name },
  Status: { State: state, Addr: "" },
  ...(manager && { ManagerStatus: { Reachability: "reachable", Addr: "" } }),
});

describe("a Swarm of which no manager is left", () => {
  it("goes on where its copy was made, the registry's data first, and the other managers of that time are forgotten", () => {
    const plan = planRestore([empty("m1"), empty("m2"), empty("m3")], wish({ registryOn: "m1" }));
    expect(plan).toEqual({ do: "restore", on: "m2", steps: [{ do: "registry", on: "m1" }, { do: "raft", on: "m2" }, { do: "remove", names: ["m1", "m3"] }] });
    expect(restoreText(plan as never, "B")).toBe(
      [
        "The Swarm goes on from backup B on m2:",
        "  1. the registry's data is put into its volume on m1",
        "  2. m2 becomes the only manager, with all services, secrets, configs and networks of the backup",
        "  3. the entries of m1, m3 are taken out of the list of nodes",
        "  4. you: ./dockyard up --refresh, which lets the other hosts join again",
      ].join("\n"),
    );
  });
  it("lets managers forget what they cannot start", () =>
    expect(planRestore([empty("m1"), view("m2", { says: "broken", reason: "x" }), view("m3", { says: "broken", reason: "x" })], wish())).toMatchObject({
      on: "m2",
      steps: [{ do: "raft", on: "m2" }, { do: "leave", name: "m3" }, { do: "remove" }],
    }));
});

describe("nothing is restored", () => {
  it.each<[string, ManagerView[], Partial<RestoreWish>, RegExp]>([
    ["while a manager has the state", [view("m1", { says: "no quorum", nodeId: "n", reason: "x", raft: { files: 1, written: 0 } }), empty("m2")], {}, /m1 has the Swarm's state, which is newer/],
    ["while one is locked", [view("m1", { says: "locked" }), empty("m2")], {}, /m1 is locked/],
    ["while one is joining", [view("m1", { says: "pending" }), empty("m2")], {}, /m1 is just joining/],
    ["while one is silent that nobody has given up", [silent("m1"), empty("m2")], {}, /m1 cannot be asked and may have/],
    ["where nobody has the address of the copy", [empty("m1"), empty("m3")], {}, /the copy of m2 \(10\.0\.0\.2\), and no manager of the configuration with that address/],
    ["onto a node of another Swarm", [empty("m1"), view("m2", { says: "worker" })], {}, /no manager of the configuration with that address answers with an engine that is in no Swarm/],
    ["with a name that is none", [empty("m1")], { lost: ["m9"] }, /--lost m9: the managers of this stack are m1/],
    ["with one given up that answers", [empty("m1")], { lost: ["m1"] }, /--lost m1: it answers/],
    ["beside another Swarm", [view("m1", { says: "quorum", nodeId: "n", clusterId: "other", nodes: [] })], {}, /quorum of another Swarm/],
  ])("%s", (_case, views, more, reason) => expect(planRestore(views, wish(more))).toMatchObject({ do: "refuse", reason: expect.stringMatching(reason) }));

  it("where the Swarm is there; what an interrupted restore has left is cleared", () => {
    const quorum = (nodes: SwarmNode[]) => [view("m2", { says: "quorum", nodeId: "id-m2", clusterId: "c", nodes }), empty("m1"), empty("m3")];
    const [self, old, again] = [node("m2", "id-m2", "ready", true), node("m1", "id-m1", "down"), node("m1", "new", "ready", true)];
    expect(planRestore(quorum([self, again]), wish())).toMatchObject({ do: "nothing" });
    expect(planRestore(quorum([self, old]), wish())).toEqual({ do: "restore", on: "m2", steps: [{ do: "remove", names: ["m1"] }] });
  });

  it("over a state that is or may be there, whatever the managers say", () => {
    const said = fc.constantFrom<Said>(
      { says: "nothing", reason: "x" }, { says: "no quorum", nodeId: "n", reason: "x", raft: { files: 1, written: 0 } }, { says: "locked" }, { says: "pending" },
      { says: "worker" }, { says: "no manager" }, { says: "broken", reason: "x" },
    );
    fc.assert(
      fc.property(fc.array(fc.tuple(said, fc.boolean()), { minLength: 1, maxLength: 5 }), (managers) => {
        const views = managers.map(([each], index) => view(`m${index}`, each));
        const lost = views.filter(({ says }, index) => says === "nothing" && managers[index]![1]).map(({ name }) => name);
        const plan = planRestore(views, wish({ lost }));
        const mayHave = views.some(({ name, says }) => ["no quorum", "locked", "pending"].includes(says) || (says === "nothing" && !lost.includes(name)));
        if (mayHave) expect(plan.do).toBe("refuse");
        if (plan.do === "restore") expect(["no manager", "broken"]).toContain(views.find(({ name }) => name === plan.on && name === "m2")!.says);
      }),
    );
  });
});
