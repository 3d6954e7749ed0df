import { milestones, renderMilestones } from "../../cli/milestones";

const resource = (chain: string, modified?: string, custom = true) => ({ urn: `urn:pulumi:dev::dockyard::${chain}::x`, custom, modified });
const exported = (...resources: object[]) => ({ version: 3, deployment: { resources } });
const start = new Date("2026-11-21T10:00:00Z");

describe("what an update was busy with", () => {
  it("is the moment at which the last resource of each part was ready, in the order of building", () => {
    const state = exported(
      resource("dockyard:components:Application$dockyard:components:OverlayNetwork$dockyard:swarm:Network", "2026-11-21T10:00:20Z"),
      resource("dockyard:components:Application$dockyard:swarm:Service", "2026-11-21T10:00:31.5Z"),
      resource("dockyard:components:Lab$docker:index/container:Container", "2026-11-21T10:00:02Z"),
      resource("dockyard:components:Lab$docker:index/network:Network", "2026-11-21T10:00:01Z"),
    );
    expect(renderMilestones(milestones(state, start))).toBe("lab machines 2.0 s · applications 32 s");
  });
  it("leaves out what did not change, components themselves, and what belongs to none", () => {
    const state = exported(
      resource("dockyard:components:Swarm$dockyard:swarm:Node", "2026-11-21T09:59:59Z"),
      resource("dockyard:components:Swarm", "2026-11-21T10:00:05Z", false),
      resource("pulumi:providers:docker", "2026-11-21T10:00:05Z"),
      resource("dockyard:components:Registry$dockyard:swarm:Service"),
    );
    expect(milestones(state, start)).toEqual([]);
  });
  it("of an empty stack is nothing", () => expect(milestones(exported(), start)).toEqual([]));
});
