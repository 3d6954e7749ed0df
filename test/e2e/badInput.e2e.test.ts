import { stringify } from "yaml";
import { example, exampleWith, labHosts, platformOn, standInApplication, type StackConfiguration } from "./support/configuration";
import { canariesIn, HOSTILE_ENVIRONMENT, HOSTILE_FILES, hostileFolder, hostileText } from "../support/hostileBundle";
import { requireSetup } from "./support/machine";
import { Platform } from "./support/platform";

jest.setTimeout(600_000);

const SUBNET = 62;
const platform = new Platform("bad");

beforeAll(async () => {
  await requireSetup();
  await platform.clear();
});

afterAll(() => platform.clear());

const withApplications = (...applications: NonNullable<StackConfiguration["applications"]>) => platformOn(labHosts(SUBNET), { applications });
const bundle = (name: string, content: string) => ({ name, bundle: platform.write(`${name}.dab`, content) });

/** Runs up and expects the words, a failing exit code, no stack trace of ours, and nothing made. */
async function refused(configuration: StackConfiguration, ...words: string[]): Promise<void> {
  platform.configure(configuration);
  const { code, output, changes } = await platform.up();
  for (const word of words) expect(output).toContain(word);
  expect(output).not.toMatch(/^\s+at .+:\d+:\d+/m);
  expect(code).toBeGreaterThan(0);
  expect(changes).toEqual([]);
  expect((await platform.resources()).filter(({ type }) => type !== "pulumi:pulumi:Stack")).toEqual([]);
  expect(await platform.leftovers()).toEqual([]);
}

describe("a bundle", () => {
  it("that is not there is refused in the words of the reference client", () =>
    refused(withApplications({ name: "shop", bundle: "no/such.dab" }), "Bundle no/such.dab not found. Specify the path with --file"));

  it.each([
    ["is no JSON", '{\n\t\t"Version": "0.1",\n\t\t"Services": unquoted string\n\t}', "JSON syntax error at byte 37: invalid character 'u' looking for beginning of value"],
    [
      "has a value of another kind",
      '{\n\t\t"Version": "0.1",\n\t\t"Services": {\n\t\t\t"web": {\n\t\t\t\t"Image": "redis",\n\t\t\t\t"Networks": "none"\n\t\t\t}\n\t\t}\n\t}',
      "Unexpected type at byte 94. Expected []string but received string.",
    ],
    ["is empty", "", "EOF"],
    ["is cut off", '{"Version":"0.1"', "unexpected EOF"],
  ])("that %s is refused in the words of the reference client", async (_, content, message) => {
    const shop = bundle("shop", content);
    await refused(withApplications(shop), `Error reading ${shop.bundle}: ${message}`);
  });

  it("whose image has neither digest nor relocation is refused, with both ways out", () =>
    refused(
      withApplications(bundle("shop", JSON.stringify({ Services: { web: { Image: "example/web:1" } } }))),
      'image "example/web:1" has no digest and no relocation',
      "write example/web:1@sha256:<digest> in the bundle",
      'relocate: { "example/web:1":',
    ));

  it("with a service name that Swarm would refuse is refused", () =>
    refused(withApplications(bundle("shop", JSON.stringify({ Services: { "a.b": { Image: `x@sha256:${"a".repeat(64)}` } } }))), "shop_a.b"));
});

describe("a stranger's bundles", () => {
  const before = { ...process.env };
  afterAll(() => void (process.env = before));

  it("show nothing of the operator's in a preview with all its details, nor in the state", async () => {
    hostileFolder(platform.folder);
    const { PULUMI_CONFIG_PASSPHRASE: _, ...hostile } = HOSTILE_ENVIRONMENT; // Pulumi itself needs the right one
    Object.assign(process.env, hostile);
    const attempts = Object.entries(HOSTILE_FILES).map(([what, file], index) => ({ what, name: `s${index}`, bundle: platform.write(`app/s${index}.yaml`, hostileText(file)) }));
    platform.configure(withApplications(...attempts.map(({ name, bundle: path }) => ({ name, bundle: path }))));
    for (const run of [await platform.preview("--diff"), await platform.up("--diff")]) {
      expect(run.code).toBeGreaterThan(0);
      expect(canariesIn(run.output)).toEqual([]);
      // Each is refused by itself, not hidden behind the first.
      expect(attempts.filter(({ name, bundle: path }) => !run.output.includes(`application ${name}:`) && !run.output.includes(path)).map(({ what }) => what)).toEqual([]);
    }
    expect(canariesIn(JSON.stringify(await platform.resources()))).toEqual([]);
  });
});

describe("settings", () => {
  it("that publish a port twice are refused, naming both services", () =>
    refused(
      withApplications(example("demo"), exampleWith(platform, "voting", "vote", { ports: [{ target: 80, published: 8080, mode: "host" }] })),
      "port 8080/tcp is published by service web of demo (for its port 8080, mode host) and service vote of voting (for its port 80, mode host)",
    ));

  it("that publish the registry's port are refused", () =>
    refused(
      withApplications(standInApplication(platform, "shop", { ports: [{ target: 80, published: 5000, mode: "host" }] })),
      "port 5000/tcp is published by service web of shop (for its port 80, mode host) and service registry of dockyard",
    ));

  it("with a key that does not exist are refused, with the nearest one", () => {
    const shop = standInApplication(platform, "shop", {});
    const settings = platform.write("typo.yaml", stringify({ services: { web: { replica: 3 } } }));
    return refused(withApplications({ ...shop, settings }), settings, "replica", "replicas");
  });
});

describe("a configuration", () => {
  it("whose pool of networks collides with the hosts' own is refused, naming both", () =>
    refused(
      platformOn(labHosts(SUBNET), { swarm: { loadBalancing: "dnsrr", networkPool: "10.213.0.0/16" } }),
      'dockyard:swarm.networkPool: found "10.213.0.0/16"',
      `10.213.${SUBNET}.0/24`,
    ));

  it("with several mistakes is told all of them at once, each with its path", () => {
    const hosts = labHosts(SUBNET, 2);
    const [first, second] = hosts.hosts;
    return refused(
      platformOn({ ...hosts, hosts: [first!, { ...second!, address: first!.address }] }, { registry: { node: "m9" } }),
      "dockyard:hosts.hosts[1].address",
      "dockyard:registry.node",
      "manager",
    );
  });
});
