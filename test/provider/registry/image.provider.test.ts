import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { IMAGE_ARCHIVES } from "../../../lab/images";
import { onScratchHost, type ScratchHost, startScratchHosts, stopScratchHosts } from "../../../lab/scratch";
import { htpasswd } from "../../../components/registry/htpasswd";
import { ProviderProcess } from "../support/provider";

const LAB = "ptimage";
const IMAGE = "dockyard:registry:Image";
const REGISTRY = "127.0.0.1:5000"; // the one address that engines speak plain HTTP to
const ROOT = join(__dirname, "../../..");

const USERS = [
  { name: "dock", role: "push", password: "right-password", made: false },
  { name: "dock-pull", role: "pull", password: "pull-password", made: false },
] as const;

const archive = join(ROOT, IMAGE_ARCHIVES.standin);
const content = createHash("sha256").update(readFileSync(archive)).digest("hex");
let hosts: ScratchHost[];
let provider: ProviderProcess;

const connection = ({ address, hostKey }: ScratchHost) => ({ address, hostKey });
/** Somebody who may use a host's engine makes an image of his own there. @returns its id */
const strangeOn = async (host: ScratchHost) => (await onScratchHost(host, "echo strange > /tmp/strange && tar -C /tmp -c strange | docker import - strange:1")).trim();
const images = async (host: ScratchHost) => (await onScratchHost(host, "docker image ls --format '{{.Repository}}:{{.Tag}}'")).trim().split("\n").filter(Boolean).sort();

beforeAll(async () => {
  hosts = await startScratchHosts({ name: LAB, subnet: 243, count: 2 });
  provider = await ProviderProcess.start({
    privateKey: hosts[0]!.privateKey,
    managers: [connection(hosts[0]!)],
    registries: { [REGISTRY]: { username: "dock-pull", password: "pull-password", push: { username: "dock", password: "right-password" } } },
    timeouts: { connect: 5 },
  });
}, 360_000);
afterAll(async () => {
  provider?.stop();
  await stopScratchHosts(LAB);
}, 180_000);

describe("an image for hosts", () => {
  const inputs = () => ({ source: { archive }, content, repository: "lab/standin", hosts: hosts.map(connection) });
  const tag = `lab/standin:content-${content}`;

  test("is loaded where it is missing, under one name", async () => {
    const { id, outputs } = await provider.create(IMAGE, inputs());
    expect(id).toBe(tag);
    expect(outputs["reference"]).toMatch(/^sha256:[0-9a-f]{64}$/);
    for (const host of hosts) {
      expect(await images(host)).toEqual([tag]);
      expect(await onScratchHost(host, `docker image inspect ${tag} --format '{{.Id}}'`)).toBe(`${outputs["reference"]}\n`);
    }
    expect(await provider.create(IMAGE, inputs())).toEqual({ id, outputs });
  }, 180_000);

  test("that was removed from a host shows there, and is loaded again", async () => {
    const stored = { inputs: inputs(), outputs: (await provider.create(IMAGE, inputs())).outputs };
    expect((await provider.read(IMAGE, tag, stored))!.inputs).toEqual(inputs());
    await onScratchHost(hosts[1]!, `docker rmi ${tag}`);
    const seen = (await provider.read(IMAGE, tag, stored))!;
    expect(seen.inputs["hosts"]).toEqual([connection(hosts[0]!)]);
    expect((await provider.diff(IMAGE, tag, seen, inputs())).detail).toEqual({ hosts: "update" });
    await provider.update(IMAGE, tag, seen, inputs());
    expect(await images(hosts[1]!)).toEqual([tag]);
  }, 180_000);

  test("whose name a host's root gave to another image runs by its id all the same, and gets the name back", async () => {
    const { outputs } = await provider.create(IMAGE, inputs());
    const strange = await strangeOn(hosts[1]!);
    const named = async () => (await onScratchHost(hosts[1]!, `docker image inspect ${tag} --format '{{.Id}}'`)).trim();
    await onScratchHost(hosts[1]!, `docker tag strange:1 ${tag}`);
    expect(await named()).toBe(strange);
    const seen = (await provider.read(IMAGE, tag, { inputs: inputs(), outputs }))!;
    expect(seen).toEqual({ inputs: { ...inputs(), hosts: [connection(hosts[0]!)] }, outputs });
    expect(await provider.update(IMAGE, tag, seen, inputs())).toEqual(outputs);
    expect(await named()).toBe(outputs["reference"]);
    // Before anything is known of it, too.
    await onScratchHost(hosts[1]!, `docker tag strange:1 ${tag}`);
    expect((await provider.create(IMAGE, inputs())).outputs).toEqual(outputs);
    expect(await named()).toBe(outputs["reference"]);
    await onScratchHost(hosts[1]!, "docker rmi strange:1");
  }, 180_000);

  test("goes from the hosts when it is deleted, twice if need be", async () => {
    await provider.delete(IMAGE, tag, { inputs: inputs() });
    await provider.delete(IMAGE, tag, { inputs: inputs() });
    expect(await images(hosts[0]!)).toEqual([]);
  }, 90_000);
});

describe("an image for the registry", () => {
  const inputs = (repository: string) => ({ source: { archive }, content, repository, registry: REGISTRY });

  beforeAll(async () => {
    const registry = join(ROOT, IMAGE_ARCHIVES.registry);
    const hash = createHash("sha256").update(readFileSync(registry)).digest("hex");
    const { outputs } = await provider.create(IMAGE, { source: { archive: registry }, content: hash, repository: "lab/registry", hosts: [connection(hosts[0]!)] });
    const config = "version: 0.1\\nstorage: {inmemory: {}}\\nhttp: {addr: ':5000'}\\nauth: {dockyard: {realm: lab, path: /etc/distribution/htpasswd}}\\n";
    await onScratchHost(hosts[0]!, "docker swarm init --advertise-addr eth0");
    await onScratchHost(hosts[0]!, `mkdir /tmp/registry; printf "${config}" > /tmp/registry/config.yml; cat > /tmp/registry/htpasswd <<'EOF'\n${htpasswd(USERS, "test")}EOF`);
    await onScratchHost(hosts[0]!, `docker run -d --name registry --network host -v /tmp/registry:/etc/distribution ${outputs["reference"]}`);
    for (let attempt = 0; attempt < 50; attempt++) {
      if ((await onScratchHost(hosts[0]!, `curl -s -o /dev/null -w '%{http_code}' http://${REGISTRY}/v2/ || true`)) === "401") return;
      await new Promise((resolve) => setTimeout(resolve, 200));
    }
    throw new Error(`the registry did not come up: ${await onScratchHost(hosts[0]!, "docker logs registry 2>&1 | tail")}`);
  }, 180_000);

  test("is pushed by content under several names at once, and nothing of it stays on the manager", async () => {
    const before = await images(hosts[0]!);
    const made = await Promise.all(["app/one", "app/two", "app/three"].map((repository) => provider.create(IMAGE, inputs(repository))));
    const references = made.map(({ outputs }) => String(outputs["reference"]));
    expect(references[0]).toMatch(/^127\.0\.0\.1:5000\/app\/one@sha256:[0-9a-f]{64}$/);
    expect(new Set(references.map((reference) => reference.split("@")[1])).size).toBe(1);
    expect(await images(hosts[0]!)).toEqual(before);
    await onScratchHost(hosts[0]!, `docker login -u dock -p right-password ${REGISTRY} 2>/dev/null; docker pull -q ${references[1]}`);
    expect(await provider.create(IMAGE, inputs("app/one"))).toEqual(made[0]);
  }, 270_000);

  test("that the registry lost is gone, and pushed anew", async () => {
    const { id, outputs } = await provider.create(IMAGE, inputs("app/one"));
    expect(await provider.read(IMAGE, id, { inputs: inputs("app/one"), outputs })).toEqual({ inputs: inputs("app/one"), outputs });
    await onScratchHost(hosts[0]!, "docker restart registry"); // it keeps everything in memory
    await new Promise((resolve) => setTimeout(resolve, 2000));
    expect(await provider.read(IMAGE, id, { inputs: inputs("app/one"), outputs })).toBeUndefined();
    expect((await provider.create(IMAGE, inputs("app/one"))).outputs).toEqual(outputs);
  }, 180_000);

  describe("whose tag somebody with the registry's login gives to another image", () => {
    const tagOf = (repository: string) => `${REGISTRY}/${repository}:content-${content}`;
    const onManager = (command: string) => onScratchHost(hosts[0]!, command);
    const push = async (tag: string) => /digest: (sha256:[0-9a-f]{64})/.exec(await onManager(`docker login -u dock -p right-password ${REGISTRY} 2>/dev/null; docker tag strange:1 ${tag} && docker push ${tag} && docker rmi ${tag}`))![1]!;
    const inRegistry = async (tag: string) =>
      /docker-content-digest: (\S+)/i.exec(await onManager(`curl -sI -u dock:right-password -H 'Accept: application/vnd.docker.distribution.manifest.v2+json' http://${REGISTRY}/v2/${tag.slice(REGISTRY.length + 1).replace(":", "/manifests/")}`))![1]!;
    beforeAll(() => strangeOn(hosts[0]!));

    test("keeps its digest through a refresh, and the next update pushes it again", async () => {
      const { id, outputs } = await provider.create(IMAGE, inputs("app/one"));
      const known = String(outputs["reference"]).split("@")[1]!;
      expect(await inRegistry(id)).toBe(known);
      const strange = await push(id);
      expect(await inRegistry(id)).toBe(strange);
      const seen = (await provider.read(IMAGE, id, { inputs: inputs("app/one"), outputs }))!;
      expect(seen).toEqual({ inputs: { ...inputs("app/one"), found: strange }, outputs });
      expect((await provider.diff(IMAGE, id, seen, inputs("app/one"))).detail).toEqual({ found: "delete" });
      expect(await provider.update(IMAGE, id, seen, inputs("app/one"))).toEqual(outputs);
      expect(await inRegistry(id)).toBe(known);
    }, 180_000);

    test("before its release is not taken for sent", async () => {
      const tag = tagOf("app/early");
      const strange = await push(tag);
      const { id, outputs } = await provider.create(IMAGE, inputs("app/early"));
      expect(id).toBe(tag);
      const known = String(outputs["reference"]).split("@")[1]!;
      expect(known).not.toBe(strange);
      expect(await inRegistry(tag)).toBe(known);
    }, 180_000);

    test("takes no name from another image of the manager, whatever the archive calls it", async () => {
      await onManager("docker tag strange:1 dockyard/standin:1.0.0");
      const before = await images(hosts[0]!);
      await provider.create(IMAGE, inputs("app/named"));
      expect(await images(hosts[0]!)).toEqual(before);
      expect(await onManager("docker image inspect --format '{{.Id}}' dockyard/standin:1.0.0")).toBe(await onManager("docker image inspect --format '{{.Id}}' strange:1"));
    }, 180_000);
  });

  test("a wrong password is an error that names the registry and not the password", async () => {
    const wrong = await ProviderProcess.start({ privateKey: hosts[0]!.privateKey, managers: [connection(hosts[0]!)], registries: { [REGISTRY]: { username: "dock", password: "wrong-password" } } });
    try {
      const failure = await wrong.create(IMAGE, inputs("app/four")).catch((error: Error) => error.message);
      expect(failure).toContain(`the registry of ${REGISTRY}/app/four`);
      expect(failure).not.toContain("wrong-password");
    } finally {
      wrong.stop();
    }
  }, 180_000);
});

describe("what Swarm keeps of the login on a node's disk", () => {
  /** As the engine has it for the task of a service, in the database of its own. */
  const KEPT = "grep -aoE 'eyJ1c2VybmFtZSI6[A-Za-z0-9+/=_-]+' /var/lib/docker/swarm/worker/tasks.db | tail -n 1";
  let login: { username: string; password: string };
  let digest: string;

  /** Status of a request to the registry with that login. */
  const asks = async (method: string, path: string, ...options: string[]) =>
    Number(await onScratchHost(hosts[0]!, `curl -s -o /dev/null -w '%{http_code}' -u '${login.username}:${login.password}' -X ${method} ${options.join(" ")} 'http://${REGISTRY}/v2/${path}'`));

  beforeAll(async () => {
    const { outputs } = await provider.create(IMAGE, { source: { archive }, content, repository: "app/kept", registry: REGISTRY });
    const cluster = (await onScratchHost(hosts[0]!, "docker info --format '{{.Swarm.Cluster.ID}}'")).trim();
    await provider.create("dockyard:swarm:Service", { cluster, name: "kept", image: outputs["reference"], endpointMode: "dnsrr" });
    digest = String(outputs["reference"]).split("@")[1]!;
    login = JSON.parse(Buffer.from((await onScratchHost(hosts[0]!, KEPT)).trim(), "base64url").toString()) as typeof login;
  }, 180_000);

  test("is the one to pull with", () => expect(login).toMatchObject({ username: "dock-pull", password: "pull-password" }));

  test("reads, and neither writes nor deletes", async () => {
    const found = {
      manifest: await asks("GET", `app/kept/manifests/${digest}`),
      tags: await asks("GET", "app/kept/tags/list"),
      catalog: await asks("GET", "_catalog"),
      upload: await asks("POST", "app/kept/blobs/uploads/", "-d ''"),
      tag: await asks("PUT", "app/kept/manifests/stolen", "-H 'Content-Type: application/vnd.docker.distribution.manifest.v2+json'", "-d '{}'"),
      deletion: await asks("DELETE", `app/kept/manifests/${digest}`),
      afterwards: await asks("GET", `app/kept/manifests/${digest}`),
    };
    expect(found).toEqual({ manifest: 200, tags: 200, catalog: 401, upload: 401, tag: 401, deletion: 401, afterwards: 200 });
  }, 60_000);
});

describe("check", () => {
  const base = { source: { archive: "/x.tar" }, content: "0123456789abcdef".repeat(4), repository: "a" };
  test("wants one place to go to", async () => {
    expect(await provider.check(IMAGE, base)).toEqual([expect.stringContaining("either `registry`")]);
    expect(await provider.check(IMAGE, { ...base, registry: "r:5000", hosts: [] })).toHaveLength(1);
    expect(await provider.check(IMAGE, { ...base, registry: "r:5000" })).toEqual([]);
    expect(await provider.check(IMAGE, { ...base, registry: "r:5000", content: base.content.slice(0, 12) })).toEqual([expect.stringContaining("64 digits")]);
  });
  test("an archive that is not there is named with the next step", async () => {
    await expect(provider.create(IMAGE, { ...base, hosts: [connection(hosts[0]!)] })).rejects.toThrow("the image archive /x.tar is not there");
  });
  test("only other content is another image, wherever the archive lies", async () => {
    const old = { inputs: { ...base, registry: "r:5000" } };
    expect((await provider.diff(IMAGE, "id", old, { ...old.inputs, source: { archive: "/y.tar" } })).changes).toBe(false);
    expect((await provider.diff(IMAGE, "id", old, { ...old.inputs, content: "f".repeat(64) })).detail).toEqual({ content: "update!" });
  });
});
