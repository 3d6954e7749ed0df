import { publishedPorts } from "../../policy/rules/ports";
import { networkRoom } from "../../policy/rules/room";
import type { StackResource } from "../../policy/rules/rule";
import { resource } from "./support";

const publishing = (stack: string, key: string, ports?: object[], type = "dockyard:swarm:Service") =>
  resource(type, `${stack}-${key}`, { name: `${stack}_${key}`, labels: { "com.docker.stack.namespace": stack }, ...(ports && { ports }) });
const clashes = (...resources: StackResource[]) => [...publishedPorts.checkAll(resources, [])];

describe("published ports", () => {
  it("may be anything as long as each is taken once", () =>
    expect(
      clashes(
        publishing("shop", "web", [{ target: 80, published: 8080 }, { target: 81 }]),
        publishing("blog", "web", [{ target: 80, published: 8081 }, { target: 81 }]),
        publishing("blog", "dns", [{ target: 53, published: 8080, protocol: "udp" }]),
        publishing("blog", "db"),
      ),
    ).toEqual([]));

  it("that two applications take are told with both services", () => {
    const [found, ...more] = clashes(
      publishing("shop", "web", [{ target: 80, published: 8080 }]),
      publishing("blog", "web", [{ target: 8000, published: 8080, mode: "host" }]),
    );
    expect(more).toEqual([]);
    expect(found).toContain("port 8080/tcp is published by service web of shop (for its port 80, mode ingress) and service web of blog (for its port 8000, mode host)");
  });

  it("of jobs count, those of anything else do not", () => {
    const web = publishing("shop", "web", [{ target: 80, published: 8080 }]);
    expect(clashes(web, publishing("shop", "move", [{ target: 80, published: 8080 }], "dockyard:swarm:Job"))).toHaveLength(1);
    expect(clashes(web, publishing("shop", "other", [{ target: 80, published: 8080 }], "docker:index/container:Container"))).toEqual([]);
  });

  it("of services without a label are told by their full name", () => {
    const bare = (name: string) => resource("dockyard:swarm:Service", name, { name, ports: [{ target: 80, published: 8080 }] });
    const [found] = clashes(bare("one"), bare("two"));
    expect(found).toMatch(/service one .* and service two /);
  });
});

describe("the room of a network", () => {
  const network = (subnet?: string) => resource("dockyard:swarm:Network", "shop-front", { name: "shop_front", ...(subnet && { subnet }) });
  const service = (name: string, props: object, networks = ["shop-front"]) => resource("dockyard:swarm:Service", name, { ...props, networks: "not known yet" }, { uses: { networks } });
  const nodes = ["m1", "m2", "m3"].map((name) => resource("dockyard:swarm:Node", name, { name }));
  const told = (resources: readonly StackResource[], ...allowed: string[]) => [...networkRoom.checkAll([...nodes, ...resources], allowed)];

  it("is enough for tasks, virtual addresses and hosts", () => expect(told([network("10.1.0.0/28"), service("web", { replicas: 9 })])).toEqual([]));
  it("is told of when one is missing", () =>
    expect(told([network("10.1.0.0/28"), service("web", { replicas: 10 })])).toEqual([expect.stringContaining("network shop_front: 10.1.0.0/28 has 13 addresses to give, but 14 are needed")]));
  it("counts the tasks of an update that starts new ones first, and a global service on each host", () => {
    expect(told([network("10.1.0.0/28"), service("web", { replicas: 9, updateConfig: { order: "start-first" } })])).toHaveLength(1);
    expect(told([network("10.1.0.0/28"), service("web", { replicas: 6 }), service("agent", { mode: "global", endpointMode: "dnsrr" })])).toEqual([]);
    expect(told([network("10.1.0.0/28"), service("web", { replicas: 7 }), service("agent", { mode: "global", endpointMode: "dnsrr" })])).toHaveLength(1);
  });
  it("asks nothing where the subnet is Swarm's choice, of other networks' services, and of an exception", () => {
    expect(told([network(), service("web", { replicas: 1000 })])).toEqual([]);
    expect(told([network("10.1.0.0/28"), service("web", { replicas: 1000 }, ["other"])])).toEqual([]);
    expect(told([network("10.1.0.0/28"), service("web", { replicas: 1000 })], "shop_front")).toEqual([]);
  });
});
