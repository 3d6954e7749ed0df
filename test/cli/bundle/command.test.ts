import { execFile } from "node:child_process";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { stripVTControlCharacters } from "node:util";
import { bundleCommand } from "../../../cli/bundle/command";
import { UserError } from "../../../cli/error";
import { dockerArchive, ociLayout, tarred, temporaryFolder, written } from "./archives";

jest.setTimeout(60_000);

const ROOT = join(__dirname, "../../..");
const folder = temporaryFolder();
const at = (name: string): string => join(folder, name);
const NO_ENGINE = "tcp://127.0.0.1:1";
const SHOP = "bundles/shop/compose.yaml";

interface Done {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** The launcher's program as a process of its own. */
function dockyard(args: readonly string[]): Promise<Done> {
  const env = { ...process.env, NO_COLOR: "1", DOCKER_HOST: NO_ENGINE };
  return new Promise((resolve) =>
    execFile(process.execPath, ["-r", "tsx/cjs", "cli/main.ts", "bundle", ...args], { cwd: ROOT, env }, (error, stdout, stderr) =>
      resolve({ code: error === null ? 0 : Number(error.code), stdout, stderr }),
    ),
  );
}

/** The same command in this process, which is quicker; no engine answers it unless one is given. */
async function bundle(args: readonly string[], engine = NO_ENGINE): Promise<Done> {
  const written = { stdout: "", stderr: "" };
  const spies = (["stdout", "stderr"] as const).map((stream) =>
    jest.spyOn(process[stream], "write").mockImplementation((text) => ((written[stream] += stripVTControlCharacters(String(text))), true)),
  );
  const before = { exitCode: process.exitCode, host: process.env.DOCKER_HOST };
  process.env.DOCKER_HOST = engine;
  try {
    await bundleCommand().parseAsync(args, { from: "user" });
    return { code: Number(process.exitCode ?? 0), ...written };
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    return { code: 1, stdout: written.stdout, stderr: written.stderr + error.message };
  } finally {
    spies.forEach((spy) => spy.mockRestore());
    process.exitCode = before.exitCode;
    if (before.host === undefined) delete process.env.DOCKER_HOST;
    else process.env.DOCKER_HOST = before.host;
  }
}

test("show: the demo as its settings make it", async () => {
  const { code, stdout } = await dockyard(["show", "bundles/demo/demo.dab", "--settings", "bundles/demo/settings.dev.yaml"]);
  expect(code).toBe(0);
  expect(stdout).toMatch(/^Application demo from bundles\/demo\/demo\.dab with bundles\/demo\/settings\.dev\.yaml\n/);
  expect(stdout).toMatch(/^web +demo\/web from \.dockyard\/images\/demo-web\.tar +2 +8080->8080\/tcp host +app$/m);
  expect(stdout).toMatch(/^store .* 1 +\(8082\/tcp\) +app$/m);
  expect(stdout).toMatch(/^\/data +store +volume data$/m);
});

test("show: a Compose file, without settings", async () => {
  const { code, stdout } = await dockyard(["show", SHOP]);
  expect(code).toBe(0);
  expect(stdout).toMatch(/^api +demo\/api \(no digest\) +2, then as scaled +back, front +migrate$/m);
  expect(stdout).toMatch(/^migrate .* job, once a change +back +store$/m);
  expect(stdout).toMatch(/^platform +the platform's +mail$/m);
  expect(stdout).toMatch(/^api_key +variable SHOP_API_KEY +api, mail$/m);
});

test("show --plan: JSON, and nothing that looks like a secret", async () => {
  written(folder, { "leaky.yaml": `services: { web: { image: "w@sha256:${"a".repeat(64)}", environment: { DB_PASSWORD: hunter2, URL: "redis://:hunter2@db/1", PLAIN: seen } } }` });
  const { code, stdout } = await bundle(["show", "--plan", at("leaky.yaml")]);
  expect(code).toBe(0);
  const { services } = JSON.parse(stdout) as { services: { name: string; spec: { env: string[] } }[] };
  expect(services[0]).toMatchObject({ name: "leaky_web", spec: { env: ["DB_PASSWORD=(hidden: looks like a secret)", "PLAIN=seen", "URL=(hidden: looks like a secret)"] } });
});

test("show --dab: as the reference client prints it", async () => {
  const { stdout } = await bundle(["show", "--dab", "bundles/demo/demo.dab"]);
  expect(stdout).toContain('{\n    "Version": "0.1",\n    "Services": {\n        "api": {\n            "Image": "demo/api",\n');
});

test("lint: warnings end well, but not with --strict; what cannot be deployed is refused", async () => {
  written(folder, { "none.yaml": "" });
  const plain = await bundle(["lint", SHOP]);
  const strict = await bundle(["lint", "--strict", SHOP]);
  const unpinned = await bundle(["lint", SHOP, "--settings", at("none.yaml")]);
  expect([plain.code, strict.code, unpinned.code]).toEqual([0, 1, 2]);
  expect(plain.stdout).toMatch(/warning {2}image: "demo\/api" is whatever was pushed last/);
  expect(plain.stdout.trimEnd()).toMatch(/\n\d+ warnings, \d+ notes, 0 refusals$/);
  expect(unpinned.stdout).toMatch(/^refused {2}service "api": image "demo\/api" has no digest and no relocation; write /m);
  expect(unpinned.stdout).not.toMatch(/is whatever was pushed last/);
});

test("lint of a stack: all of its applications, alone and together", async () => {
  const dev = await bundle(["lint", "--config-file", "Pulumi.dev.yaml"]);
  expect(dev.code).toBe(0);
  expect(dev.stdout).toMatch(/^demo from bundles\/demo\/demo\.dab with [^]*^voting from bundles\/voting\/voting\.dab with /m);

  const twice = readFileSync(join(ROOT, "Pulumi.dev.yaml"), "utf8").replace("name: voting", "name: demo2").replaceAll("bundles/voting/voting.dab", "bundles/demo/demo.dab").replace("bundles/voting/settings", "bundles/demo/settings");
  written(folder, { "Pulumi.twice.yaml": twice, "Pulumi.typo.yaml": twice.replace("bundle:", "bundel:") });
  const clash = await bundle(["lint", "--config-file", at("Pulumi.twice.yaml")]);
  expect(clash.code).toBe(2);
  expect(clash.stdout).toMatch(/^refused {2}.*8080.*demo.*demo2/m);
  const typo = await bundle(["lint", "--config-file", at("Pulumi.typo.yaml")]);
  expect(typo.code).toBe(2);
  expect(typo.stderr).toMatch(/applications\[0\].*bundel/);
  for (const args of [["lint"], ["lint", SHOP, "--config-file", "Pulumi.dev.yaml"], ["lint", "--config-file", "no.yaml"]]) expect((await bundle(args)).code).toBe(1);
});

test.each<[string, string[], RegExp]>([
  ["no file", ["show", "no.dab"], /no\.dab: there is no such file in /],
  ["a broken bundle", ["lint", "package.json", "README.md"], /only Compose files \(\.yaml, \.yml\) can be laid over each other/],
  ["settings that are not there", ["show", SHOP, "--settings", "no.yaml"], /settings no\.yaml: there is no such file/],
])("refused with 2: %s", async (_what, args, message) => {
  const { code, stdout, stderr } = await bundle(args);
  expect([code, stdout]).toEqual([2, ""]);
  expect(stderr).toMatch(message);
  expect(stderr).not.toMatch(/\n\s+at /);
});

test("pack without digests: nothing is written, and who needs what is said", async () => {
  const { code, stderr } = await dockyard(["pack", SHOP, "-o", at("lost.dab"), "--no-engine"]);
  expect(code).toBe(1);
  expect(stderr).toContain("The following images need to be pulled:\n\n    api\n    mail\n    migrate\n    store\n    web\n");
  expect([existsSync(at("lost.dab")), existsSync(at("lost.settings.yaml"))]).toEqual([false, false]);
});

test("pack, show, relocate: a Compose file whose images are in archives, without any network", async () => {
  const layout = ociLayout([{ annotations: { "io.containerd.image.name": "docker.io/library/db:1" }, manifest: '{"schemaVersion":2}' }]);
  written(folder, {
    "two/compose.yaml": "services: { web: { image: 'me/web:1', build: ., depends_on: [db] }, db: { image: 'db:1', deploy: { replicas: 2 } } }",
    "web.tar": dockerArchive("me/web:1"),
    "db.tar": tarred(layout.files),
  });
  const archives = ["-a", at("web.tar"), "--archive", at("db.tar")];
  const packed = await bundle(["pack", at("two/compose.yaml"), "-o", at("two.dab"), ...archives]);
  expect(packed.stderr).toContain(`Wrote bundle to ${at("two.dab")}\nWrote settings to ${at("two.settings.yaml")} (services, order, relocate)\n`);
  expect(readFileSync(at("two.dab"), "utf8")).toContain(`"Image": "db:1@${layout.digests[0]!}"`);

  const shown = await bundle(["show", at("two.dab"), "--settings", at("two.settings.yaml")]);
  expect(shown.code).toBe(0);
  expect(shown.stdout).toMatch(/^web +me\/web from .*web\.tar +1, then as scaled +default +db$/m);

  const again = await bundle(["pack", at("two/compose.yaml"), "-o", at("two.dab"), ...archives]);
  expect(again.code).toBe(1);
  expect(again.stderr).toMatch(/two\.settings\.yaml is there already, and may hold an operator's work/);

  writeFileSync(at("two.settings.yaml"), `${readFileSync(at("two.settings.yaml"), "utf8")}# mine\n`);
  const moved = await bundle(["relocate", at("two.dab"), "--to", "registry.example:5000", "-o", at("two.settings.yaml"), "-a", at("web.tar")]);
  expect([moved.code, moved.stderr]).toEqual([0, expect.stringContaining(`registry.example:5000/db@${layout.digests[0]!}`)]);
  const settings = readFileSync(at("two.settings.yaml"), "utf8");
  expect(settings).toMatch(/\n# mine\n$/);
  expect(settings).toContain(`\n  db:1@${layout.digests[0]!}: registry.example:5000/db@${layout.digests[0]!}\n`);
  expect((await bundle(["lint", at("two.dab"), "--settings", at("two.settings.yaml")])).code).toBe(0);
});

describe("an engine that knows a digest, and a registry behind it", () => {
  const digest = `sha256:${"d".repeat(64)}`;
  const answers: Record<string, [number, object]> = {
    "/images/known:1/json": [200, { RepoDigests: [`known@${digest}`] }],
    "/images/built:1/json": [200, { RepoDigests: [] }],
    "/images/away:1/json": [404, { message: "No such image: away:1" }],
    "/distribution/away:1/json": [200, { Descriptor: { digest } }],
    "/distribution/built:1/json": [403, { message: "denied: requested access to the resource is denied" }],
  };
  let engine: Server;
  let host: string;
  beforeAll(async () => {
    engine = createServer((request, response) => {
      const [status, body] = answers[decodeURIComponent(request.url!.replace(/^\/v[\d.]+/, ""))] ?? [500, { message: `unexpected ${request.url}` }];
      response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(body));
    });
    await new Promise<void>((resolve) => engine.listen(0, "127.0.0.1", resolve));
    host = `tcp://127.0.0.1:${(engine.address() as AddressInfo).port}`;
  });
  afterAll(() => engine.close());

  test("pack takes the recorded digest, else what the registry says", async () => {
    written(folder, { "pulled.yaml": "services: { a: { image: 'known:1', environment: { DB_PASSWORD: hunter2 } }, b: { image: 'away:1' } }" });
    const { code, stderr } = await bundle(["pack", at("pulled.yaml"), "-o", at("pulled.dab")], host);
    expect([code, stderr]).toEqual([0, expect.stringContaining("no settings are needed")]);
    expect(stderr).toMatch(/^warning: services\.a\.environment\.DB_PASSWORD: looks like a secret.* in the bundle as well/m);
    expect(stderr).not.toContain("hunter2");
    expect(readFileSync(at("pulled.dab"), "utf8")).toMatch(/"Image": "known@sha256:d+"[^]*"Image": "away:1@sha256:d+"/);
  });

  test("what neither knows is missing, with the registry's reason", async () => {
    written(folder, { "built.yaml": "services: { c: { image: 'built:1', build: . } }" });
    const { code, stderr } = await bundle(["pack", at("built.yaml"), "-o", at("built.dab")], host);
    expect(code).toBe(1);
    expect(stderr).toContain("The following images can be pushed:\n\n    built:1\n");
    expect(stderr).toMatch(/built:1: no archive holds it, the local engine knows no digest of it, and its registry gives none \(docker\.io: .*denied/);
  });
});
