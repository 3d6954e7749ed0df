import * as fc from "fast-check";
import type { SwarmNode } from "../../../../provider/swarm/node/membership";
import type { ClusterView } from "../../../../provider/swarm/plan/interruptions";
import { planRebalance, spreadingText } from "../../../../provider/swarm/rebalance/plan";
import type { LiveService, LiveTask } from "../../../../provider/swarm/service/engineApi";

const node = (name: string, more: { availability?: "active" | "drain"; down?: boolean; labels?: Record<string, string> } = {}): SwarmNode => ({
  ID: name,
  Version: { Index: 1 },
  Spec: { Role: "worker", Availability: more.availability ?? "active", Labels: more.labels ?? {} },
  Description: { Hostname: name },
  Status: { State: more.down ? "down" : "ready", Addr: "" },
});
const service = (name: string, more: { mounts?: object[]; constraints?: string[]; global?: boolean } = {}): LiveService => ({
  ID: name,
  Version: { Index: 1 },
  Spec: {
    Name: name,
    Mode: more.global ? { Global: {} } : { Replicated: { Replicas: 1 } },
    TaskTemplate: { ContainerSpec: { Image: "i", Mounts: more.mounts as never }, Placement: { Constraints: more.constraints } },
  },
});
const tasks = (of: string, counts: Readonly<Record<string, number>>): LiveTask[] =>
  Object.entries(counts).flatMap(([on, count]) => Array.from({ length: count }, (_, index) => ({ ID: `${of}.${on}.${index}`, ServiceID: of, NodeID: on, CreatedAt: "", DesiredState: "running", Status: { State: "running" } }) as LiveTask));
const planned = (view: ClusterView) => planRebalance(view).map(spreadingText);
const NODES = [node("a"), node("b"), node("c")];

describe("tasks that are spread again", () => {
  it("are those of a service with two more on one node than on another that returned", () => {
    expect(planned({ nodes: NODES, services: [service("web")], tasks: tasks("web", { a: 2, b: 1 }) })).toEqual(["web: a 2, b 1 → a 1, b 1, c 1"]);
    expect(planned({ nodes: NODES, services: [service("web")], tasks: tasks("web", { a: 1, b: 1 }) })).toEqual([]);
  });

  it("are those of so many services that the nodes are even, each with one task", () => {
    const services = ["s1", "s2", "s3", "s4", "s5", "s6"].map((name) => service(name));
    const all = services.flatMap(({ ID }, index) => tasks(ID, { [index % 2 ? "a" : "b"]: 1 }));
    expect(planned({ nodes: NODES, services, tasks: all })).toEqual(["s1: b 1 → c 1", "s2: a 1 → c 1"]);
  });

  it("are first those of services that are uneven by themselves: the others may stay then", () => {
    const nodes = [...NODES, node("d")];
    const all = [...tasks("pair", { a: 1, d: 1 }), ...tasks("spread", { a: 2, b: 1, d: 1 })];
    expect(planned({ nodes, services: [service("pair"), service("spread")], tasks: all })).toEqual(["spread: a 2, b 1, d 1 → a 1, b 1, c 1, d 1"]);
  });

  it("are no more than those that are too many where they are", () => {
    const surplus = (counts: Record<string, number>) => planRebalance({ nodes: NODES, services: [service("web")], tasks: tasks("web", counts) }).map((step) => step.surplus);
    expect(surplus({ a: 2, b: 1 })).toEqual([1]);
    expect(surplus({ a: 5, b: 5 })).toEqual([3]);
    expect(surplus({ a: 3, b: 3, c: 3 })).toEqual([]);
    expect(planRebalance({ nodes: [node("a"), node("b")], services: [service("s1"), service("s2")], tasks: [...tasks("s1", { a: 1 }), ...tasks("s2", { a: 1 })] }).map((step) => step.surplus)).toEqual([0]);
  });

  it("stay where their data is, where their constraints hold them, and on every node where they are global", () => {
    const view = (more: object): ClusterView => ({ nodes: NODES, services: [service("db", more)], tasks: tasks("db", { a: 3 }) });
    expect(planned(view({ mounts: [{ Type: "volume", Source: "data", Target: "/d" }] }))).toEqual([]);
    expect(planned(view({ constraints: ["node.hostname == a"] }))).toEqual([]);
    expect(planned(view({ global: true }))).toEqual([]);
    expect(planned(view({ constraints: ["node.hostname != c"] }))).toEqual(["db: a 3 → a 2, b 1"]);
  });

  it("are not meant for a node that is drained or does not answer", () =>
    expect(planned({ nodes: [node("a"), node("b", { availability: "drain" }), node("c", { down: true })], services: [service("web")], tasks: tasks("web", { a: 5 }) })).toEqual([]));

  it("come to an end: done as planned and planned again there is soon nothing left, no task is lost, no service less even", () =>
    fc.assert(
      fc.property(fc.array(fc.record({ a: fc.nat(4), b: fc.nat(4), c: fc.nat(4) }), { minLength: 1, maxLength: 8 }), (counts) => {
        const services = counts.map((_, index) => service(`s${index}`));
        let view: ClusterView = { nodes: NODES, services, tasks: counts.flatMap((each, index) => tasks(`s${index}`, each)) };
        for (let round = 0; ; round++) {
          const plan = planRebalance(view);
          if (plan.length === 0) break;
          expect(round).toBeLessThan(6);
          for (const { service: { ID }, before, after } of plan) {
            const values = (of: Readonly<Record<string, number>>) => NODES.map(({ ID: id }) => of[id] ?? 0);
            const gap = (of: Readonly<Record<string, number>>) => Math.max(...values(of)) - Math.min(...values(of));
            expect(values(after).reduce((a, b) => a + b)).toBe(values(before).reduce((a, b) => a + b));
            expect(gap(after)).toBeLessThanOrEqual(Math.max(1, gap(before)));
            view = { ...view, tasks: [...view.tasks.filter(({ ServiceID }) => ServiceID !== ID), ...tasks(ID, after)] };
          }
        }
      }),
    ));
});
