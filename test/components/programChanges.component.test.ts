import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import type { Graph, Registration } from "../support/mocks";
import { devConfiguration, Workspace } from "../support/program";

/** What a change of the stack "dev" or of its files changes, and what is refused. */

jest.setTimeout(120_000);
const workspace = new Workspace();
afterAll(() => workspace.remove());

const names = (resources: Iterable<Registration>) => [...resources].map(({ name }) => name).sort();

test("services that share an image share its push", async () => {
  const settings = parse(readFileSync(join(workspace.folder, "bundles/voting/settings.dev.yaml"), "utf8"));
  settings.relocate = Object.fromEntries(Object.entries<object>(settings.relocate).map(([image, to]) => [image, { ...to, repository: "voting/standin" }]));
  workspace.write("shared.yaml", JSON.stringify(settings));
  const { graph } = await workspace.run({ ...devConfiguration(), applications: [{ name: "voting", bundle: "bundles/voting/voting.dab", settings: "shared.yaml" }] });
  expect(names(graph.ofType("registry:Image"))).toEqual(["registry-image", "voting-voting/standin"]);
  const images = graph.ofType("swarm:Service").filter(({ name }) => name !== "registry").map(({ inputs }) => inputs["image"]);
  expect([images.length, new Set(images).size]).toEqual([5, 1]);
});

test("the platform's network that an application attaches to is the one of the configuration", async () => {
  const configuration = devConfiguration();
  workspace.write("attached.yaml", attached("platform"));
  configuration["applications"][0].settings = "attached.yaml";
  const { graph } = await workspace.run(configuration);
  expect(graph.one("swarm:Service", "demo-web").inputs["networks"]).toContainEqual({ id: graph.one("swarm:Network", "platform").id, aliases: ["web"] });
});

test("a network that the platform does not have is refused by name, with those that it has", async () => {
  const configuration = devConfiguration();
  workspace.write("attached.yaml", attached("plattform"));
  configuration["applications"][0].settings = "attached.yaml";
  await expect(workspace.run(configuration)).rejects.toThrow(
    new Error(
      'the applications of this stack: demo: its settings attach it to the platform\'s network "plattform", which the configuration does not have (dockyard:networks has platform); add it there or correct the name',
    ),
  );
});

function attached(network: string): string {
  const settings = parse(readFileSync(join(workspace.folder, "bundles/demo/settings.dev.yaml"), "utf8"));
  return JSON.stringify({ ...settings, networks: { app: { external: network } } });
}

test("ports published twice across applications are refused before anything is made", async () => {
  const configuration = devConfiguration();
  configuration["applications"].push({ ...configuration["applications"][0], name: "again" });
  await expect(workspace.run(configuration)).rejects.toThrow(
    new Error(
      'the applications of this stack: port 8080/tcp is published by service web of demo (for its port 8080, mode host) and service web of again (for its port 8080, mode host); leave it to one of them and write another "published" for the rest',
    ),
  );
});

test("two services that Pulumi would know by one name are refused", async () => {
  const configuration = devConfiguration();
  workspace.write("one.dab", JSON.stringify({ Services: { "b-c": { Image: `i@sha256:${"0".repeat(64)}` } } }));
  workspace.write("two.dab", JSON.stringify({ Services: { c: { Image: `i@sha256:${"0".repeat(64)}` } } }));
  configuration["applications"] = [{ name: "a", bundle: "one.dab" }, { name: "a-b", bundle: "two.dab" }];
  await expect(workspace.run(configuration)).rejects.toThrow('service "c" of a-b and service "b-c" of a would be one resource, "a-b-c", in Pulumi\'s state');
});

test("another password is another htpasswd secret, and nothing else of the registry moves but its service", async () => {
  const run = async (password: string) => {
    const configuration = { ...devConfiguration(), registryPasswords: { dockyard: password } };
    return (await workspace.run(configuration, { secretKeys: ["dockyard:registryPasswords"] })).graph;
  };
  const [before, same, after] = [await run("one password"), await run("one password"), await run("another password")];
  const name = (graph: Graph, secret: string) => graph.one("swarm:Secret", secret).inputs["name"];
  expect(name(same, "registry-htpasswd")).toBe(name(before, "registry-htpasswd"));
  expect(name(after, "registry-htpasswd")).not.toBe(name(before, "registry-htpasswd"));
  const changed = before.all.filter(({ urn, wire }) => JSON.stringify(wire) !== JSON.stringify(after.all.find((other) => other.urn === urn)!.wire));
  expect(names(changed)).toEqual(["dockyard", "registry", "registry-htpasswd"]);
});

test("passwords in the clear are refused", async () => {
  await expect(workspace.run({ ...devConfiguration(), registryPasswords: { dockyard: "open to all" } })).rejects.toThrow(/registryPasswords.*is in the clear/);
});

test("a passphrase of backups in the clear is refused, and an empty one is none", async () => {
  await expect(workspace.run({ ...devConfiguration(), backupPassphrase: "open to all of them" })).rejects.toThrow(/backupPassphrase.*is in the clear/);
  await workspace.run({ ...devConfiguration(), backupPassphrase: "" });
});
