import { parse } from "yaml";
import { composeFile, smallServices } from "../../bench/bundle";
import { memoryGroup, partOf, peakOf } from "../../bench/memory";
import { bringUpPhases } from "../../bench/phases";
import { parseSettings } from "../../components/bundle/settings/parse";

describe("phases of a bring-up", () => {
  const resource = (type: string, second: number) => ({ urn: `urn:pulumi:s::p::${type}::x`, modified: new Date(second * 1000).toISOString() });

  it("end with the last resource of a part and begin with the end of the part before", () => {
    const resources = [
      resource("dockyard:components:Lab$docker:index/container:Container", 3),
      resource("dockyard:components:Machines$dockyard:hosts:Host", 5),
      resource("dockyard:components:Machines$dockyard:hosts:Host", 6),
      resource("dockyard:components:Registry$dockyard:swarm:Service", 9),
      resource("dockyard:components:Application$dockyard:components:OverlayNetwork$dockyard:swarm:Network", 8),
    ];
    expect(bringUpPhases(resources, 1000)).toEqual([
      { name: "lab hosts (containers)", took: 2000, ready: 2000 },
      { name: "boot and preflight", took: 3000, ready: 5000 },
      { name: "registry", took: 3000, ready: 8000 },
      { name: "applications", took: 0, ready: 7000 },
    ]);
  });
});

describe("memory", () => {
  const id = "7c".repeat(32);

  it.each([
    ["generation 1", `9:name=systemd:/docker/${id}/init.scope\n4:memory:/docker/${id}/init.scope\n0::/\n`, `/docker/${id}`],
    ["generation 2 with systemd", `0::/system.slice/docker-${id}.scope/init.scope\n`, `/system.slice/docker-${id}.scope`],
    ["another process", "4:memory:/user.slice\n", undefined],
  ])("of a container is that of its own control group: %s", (_, text, group) => {
    expect(memoryGroup(text, id)).toBe(group);
  });

  it("is told apart by what a process of a run is", () => {
    expect(partOf(["pulumi", "up"])).toBe("engine");
    expect(partOf(["/usr/bin/node", "--require", "x.cjs", "/home/u/dockyard/provider/main.ts", "127.0.0.1:1"])).toBe("provider");
    expect(partOf(["/usr/bin/node", "/p/node_modules/@pulumi/pulumi/cmd/run/index.js", "."])).toBe("program");
    expect(partOf(["/cache/pulumi-language-nodejs", "127.0.0.1:1"])).toBeUndefined();
    expect(partOf(["node", "/usr/bin/npm", "--version"])).toBeUndefined();
  });

  it("peaks where the kernel says so", () => {
    expect(peakOf("Name:\tnode\nVmHWM:\t  131072 kB\nVmRSS:\t 1 kB\n")).toBe(131_072 * 1024);
    expect(peakOf("")).toBe(0);
  });
});

describe("small services", () => {
  it("are the same for both ways, apart from the one that warms the hosts up", () => {
    const bundle = Object.keys((JSON.parse(smallServices(12).dab) as { Services: object }).Services);
    const compose = Object.keys((parse(composeFile(12, "image")) as { services: object }).services);
    expect(bundle).toEqual(["warm", ...compose]);
    expect(compose).toHaveLength(12);
  });

  it("have settings that the program takes, in which another release is another environment", () => {
    const settings = (release: string) => parseSettings(smallServices(2, (service) => (service === 1 ? release : "1")).settings, "small.yaml");
    expect(settings("1").services?.["s001"]?.environment).toEqual({ RELEASE: "1" });
    expect(settings("2").services).toEqual({ ...settings("1").services, s001: { replicas: 1, environment: { RELEASE: "2" } } });
  });
});
