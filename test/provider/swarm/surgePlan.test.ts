import { endangered, movingSpec, raisedSpec, settledSpec } from "../../../provider/swarm/node/surgePlan";
import type { SwarmNode } from "../../../provider/swarm/node/membership";
import type { LiveService, LiveTask, ServiceSpec } from "../../../provider/swarm/service/engineApi";

const node = (name: string, more: { labels?: Record<string, string>; availability?: "active" | "drain"; down?: boolean } = {}): SwarmNode => ({
  ID: name,
  Version: { Index: 1 },
  Spec: { Role: "worker", Availability: more.availability ?? "active", Labels: more.labels },
  Description: { Hostname: name },
  Status: { State: more.down ? "down" : "ready", Addr: "" },
});
const service = (more: { mode?: object; mounts?: object[]; constraints?: string[] } = {}): LiveService => ({
  ID: "web",
  Version: { Index: 1 },
  Spec: {
    Name: "web",
    Mode: more.mode ?? { Replicated: { Replicas: 1 } },
    TaskTemplate: { ContainerSpec: { Image: "i", Mounts: more.mounts as never }, Placement: { Constraints: more.constraints } },
  },
});
const task = (nodeId: string, state: LiveTask["Status"]["State"] = "running"): LiveTask => ({ ID: nodeId, ServiceID: "web", NodeID: nodeId, CreatedAt: "", DesiredState: "running", Status: { State: state } });
const [A, B, C] = [node("a"), node("b", { labels: { disk: "ssd" } }), node("c", { availability: "drain" })];
const told = (live: LiveService, tasks: LiveTask[], nodes = [A, B, C]) => endangered([live], tasks, A, nodes).map(({ stays }) => stays ?? "moves");

describe("what a node that goes down would interrupt", () => {
  it("is a service that runs there alone", () => {
    expect(told(service(), [task("a")])).toEqual(["moves"]);
    expect(told(service({ mode: { Replicated: { Replicas: 2 } } }), [task("a"), task("a")])).toEqual(["moves"]);
    expect(told(service({ mode: { Replicated: { Replicas: 2 } } }), [task("a"), task("b", "starting")])).toEqual(["moves"]);
  });
  it("is none that answers elsewhere as well, runs on every node, or does not run there", () => {
    expect(told(service({ mode: { Replicated: { Replicas: 2 } } }), [task("a"), task("b")])).toEqual([]);
    expect(told(service({ mode: { Global: {} } }), [task("a")])).toEqual([]);
    expect(told(service(), [task("b")])).toEqual([]);
  });
  it("cannot move what is kept on the node", () => {
    expect(told(service({ mounts: [{ Type: "volume", Source: "data", Target: "/d" }] }), [task("a")])).toEqual(["its volume data is on this node; elsewhere it would start with another one"]);
    expect(told(service({ mounts: [{ Type: "bind", Source: "/srv", Target: "/d" }] }), [task("a")])[0]).toContain("its bind /srv");
    expect(told(service({ mounts: [{ Type: "tmpfs", Target: "/d" }, { Type: "volume", Target: "/e" }, { Type: "volume", Source: "x", Target: "/f", VolumeOptions: { DriverConfig: { Name: "nfs" } } }] }), [task("a")])).toEqual(["moves"]);
  });
  it("cannot move what fits no other node", () => {
    expect(told(service(), [task("a")], [A, C, node("d", { down: true })])).toEqual(["no other node takes tasks"]);
    expect(told(service({ constraints: ["node.hostname == a"] }), [task("a")])).toEqual(["no other node fits its constraints (node.hostname == a)"]);
    expect(told(service({ constraints: ["node.labels.disk==ssd", "node.role != manager"] }), [task("a")])).toEqual(["moves"]);
    expect(told(service({ constraints: ["node.labels.disk!=ssd"] }), [task("a")])).toHaveLength(1);
    expect(told(service({ constraints: ["node.platform.os == linux"] }), [task("a")])).toEqual(["moves"]);
  });
});

describe("a service that is moved", () => {
  const spec: ServiceSpec = { ...service().Spec, Labels: { a: "b" }, UpdateConfig: { Parallelism: 1, Order: "stop-first", FailureAction: "rollback" } };
  it("starts all of its tasks anew, the new ones first", () =>
    expect(movingSpec(spec)).toMatchObject({ TaskTemplate: { ForceUpdate: 1 }, UpdateConfig: { Parallelism: 0, Order: "start-first", FailureAction: "pause" }, Mode: spec.Mode }));
  it("gets its own settings back, also when it was moved twice before that", () => {
    for (const moved of [movingSpec(spec), movingSpec(movingSpec(spec))]) {
      const { TaskTemplate, ...rest } = settledSpec(moved)!;
      const { TaskTemplate: before, ...wanted } = spec;
      expect(rest).toEqual(wanted);
      expect({ ...TaskTemplate, ForceUpdate: undefined }).toEqual({ ...before, ForceUpdate: undefined });
    }
    expect(settledSpec(spec)).toBeUndefined();
    expect(settledSpec(movingSpec(service().Spec))).not.toHaveProperty("UpdateConfig");
  });
});

describe("a service that is raised for a moment", () => {
  const spec: ServiceSpec = { ...service({ mode: { Replicated: { Replicas: 3 } } }).Spec, Labels: { a: "b" }, UpdateConfig: { Parallelism: 1 } };
  it("has so many tasks more, and none is made anew", () => {
    const raised = raisedSpec(spec, 2);
    expect(raised).toMatchObject({ Mode: { Replicated: { Replicas: 5 } }, UpdateConfig: spec.UpdateConfig });
    expect(raised.TaskTemplate).toEqual(spec.TaskTemplate);
  });
  it("gets back what it had, also when it was raised twice, moved besides, or scaled by somebody meanwhile", () => {
    expect(settledSpec(raisedSpec(spec, 2))).toEqual(spec);
    expect(settledSpec(raisedSpec(raisedSpec(spec, 2), 1))).toEqual(spec);
    expect(settledSpec(movingSpec(raisedSpec(spec, 2)))).toMatchObject({ Mode: spec.Mode, Labels: spec.Labels, UpdateConfig: spec.UpdateConfig });
    expect(settledSpec({ ...raisedSpec(spec, 2), Mode: { Replicated: { Replicas: 9 } } })).toMatchObject({ Mode: { Replicated: { Replicas: 7 } } });
  });
});
