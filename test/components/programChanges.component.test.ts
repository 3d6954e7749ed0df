import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import type { Graph, Registration } from "../support/mocks";
import { devConfiguration, Workspace } from "../support/program";
import { HOST_KEY } from "./config/samples";

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

/** Images in the platform's registry: they carry the mark of the login on to the services. */
const pushed = (graph: Graph) => graph.ofType("registry:Image").filter(({ inputs }) => inputs["registry"] !== undefined);

test("another password of a user's is another htpasswd secret, and nothing else moves but the registry's service and the provider: hosts pull as another", async () => {
  const run = async (password: string) => {
    const configuration = { ...devConfiguration(), registryPasswords: { dockyard: password } };
    return (await workspace.run(configuration, { secretKeys: ["dockyard:registryPasswords"] })).graph;
  };
  const [before, same, after] = [await run("one password"), await run("one password"), await run("another password")];
  const name = (graph: Graph, secret: string) => graph.one("swarm:Secret", secret).inputs["name"];
  expect(name(same, "registry-htpasswd")).toBe(name(before, "registry-htpasswd"));
  expect(name(after, "registry-htpasswd")).not.toBe(name(before, "registry-htpasswd"));
  const changed = before.all.filter(({ urn, wire }) => JSON.stringify(wire) !== JSON.stringify(after.all.find((other) => other.urn === urn)!.wire));
  expect(before.ofType("swarm:Service").filter(({ inputs }) => inputs["labels"]["dockyard.registry-login"])).toHaveLength(8);
  expect(names(changed)).toEqual(["dockyard", "registry", "registry-htpasswd"]);
});

test("another generation of made-up passwords reaches the registry, and every service that pulls from it by a label that restarts nothing", async () => {
  const run = async (passwordGeneration: number) => {
    const configuration = devConfiguration();
    configuration["registry"] = { ...configuration["registry"], passwordGeneration };
    return (await workspace.run(configuration)).graph;
  };
  const [before, after] = [await run(1), await run(2)];
  const changed = before.all.filter(({ urn, wire }) => JSON.stringify(wire) !== JSON.stringify(after.all.find((other) => other.urn === urn)!.wire));
  const services = changed.filter(({ type }) => type === "dockyard:swarm:Service");
  expect(names(changed.filter((each) => !services.includes(each)))).toEqual([...names(pushed(before)), "dockyard", "m1", "m2", "m3", "registry-htpasswd"].sort());
  expect(names(services)).toEqual(names(before.ofType("swarm:Service")));
  for (const { urn, inputs, name } of services.filter((each) => each.name !== "registry")) {
    const { labels, ...rest } = after.all.find((other) => other.urn === urn)!.inputs;
    expect({ name, ...rest, labels: { ...labels, "dockyard.registry-login": inputs["labels"]["dockyard.registry-login"] } }).toEqual({ name, ...inputs });
  }
});

describe("another generation of the hosts' login key", () => {
  const generation = (number: number) => {
    const configuration = devConfiguration();
    return { ...configuration, hosts: { ...configuration["hosts"], loginGeneration: number } };
  };

  test("is another key beside those before it, which logs in on every host and takes theirs away; no host is made anew", async () => {
    const [before, after] = [(await workspace.run(generation(1))).graph, (await workspace.run(generation(3))).graph];
    expect(before.ofType("hosts:Login")).toEqual([]);
    const added = after.all.filter(({ urn }) => !before.all.some((other) => other.urn === urn));
    expect(names(added)).toEqual(["lab-login-2", "lab-login-3", "m1", "m2", "m3"]);
    const changed = before.all.filter(({ urn, wire }) => JSON.stringify(wire) !== JSON.stringify(after.all.find((other) => other.urn === urn)!.wire));
    expect(names(changed)).toEqual(["dockyard"]);
    expect(after.one("hosts:Login", "m2").inputs).toMatchObject({ publicKey: "ssh-ed25519 lab-login-3", formerKeys: ["ssh-ed25519 lab-login-2", "ssh-ed25519 lab-login"] });
  });
});

describe("another generation of the authority", () => {
  const generation = (number: number) => ({ ...devConfiguration(), pki: { generation: number } });

  test("is another root beside the former one, and it alone signs", async () => {
    const { graph } = await workspace.run(generation(2));
    expect(names(graph.ofType("SelfSignedCert"))).toEqual(["ca-2-root", "ca-root"]);
    expect(graph.ofType("SelfSignedCert").map(({ inputs }) => inputs["subject"].commonName)).toEqual(["Dockyard dev", "Dockyard dev G2"]);
    expect(graph.one("LocallySignedCert").inputs["caPrivateKeyPem"]).toBe("PRIVATE pem ca-2-key");
  });

  test("leaves the registry's own key alone, and with it what is derived from it", async () => {
    const [before, after] = [(await workspace.run(generation(1))).graph, (await workspace.run(generation(2))).graph];
    const changed = before.all.filter(({ urn, wire }) => JSON.stringify(wire) !== JSON.stringify(after.all.find((other) => other.urn === urn)!.wire));
    // Under the mocks every root is the same certificate; what else follows from it is for the end-to-end test.
    expect(names(changed)).toEqual(["ca-registry-certificate"]);
  });

  test("keeps every root protected where machines outlive the stack", async () => {
    const { source: _, subnet: __, ...lab } = devConfiguration()["hosts"];
    const hosts = lab.hosts.map((host: Record<string, unknown>) => ({ ...host, hostKey: HOST_KEY }));
    const { graph } = await workspace.run({ ...generation(2), hosts: { source: "bare", hosts } });
    expect(names(graph.all.filter(({ protect }) => protect))).toEqual(["ca-2-key", "ca-2-root", "ca-key", "ca-root"]);
  });
});

test("passwords in the clear are refused", async () => {
  await expect(workspace.run({ ...devConfiguration(), registryPasswords: { dockyard: "open to all" } })).rejects.toThrow(/registryPasswords.*is in the clear/);
});

test("a passphrase of backups in the clear is refused, and an empty one is none", async () => {
  await expect(workspace.run({ ...devConfiguration(), backupPassphrase: "open to all of them" })).rejects.toThrow(/backupPassphrase.*is in the clear/);
  await workspace.run({ ...devConfiguration(), backupPassphrase: "" });
});
