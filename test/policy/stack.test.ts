import { publishedPorts } from "../../policy/rules/ports";
import type { StackResource } from "../../policy/rules/rule";

const publishing = (stack: string, key: string, ports?: object[], type = "dockyard:swarm:Service"): StackResource => ({
  type,
  name: `${stack}-${key}`,
  protect: false,
  props: { name: `${stack}_${key}`, labels: { "com.docker.stack.namespace": stack }, ...(ports && { ports }) },
});
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
    const bare = (name: string): StackResource => ({ type: "dockyard:swarm:Service", name, protect: false, props: { name, ports: [{ target: 80, published: 8080 }] } });
    const [found] = clashes(bare("one"), bare("two"));
    expect(found).toMatch(/service one .* and service two /);
  });
});
