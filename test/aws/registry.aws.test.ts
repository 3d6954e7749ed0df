import { execFile, spawn, type ChildProcess } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { promisify } from "node:util";
import { parse, stringify } from "yaml";
import { renderConfig } from "../../components/registry/config";
import { demoImages, imageProgram } from "../../lab/images";
import { LocalAws } from "./support/localAws";

/** The registry's own program with its images in S3: two of them share one bucket, as on two hosts. */

jest.setTimeout(600_000);
let aws: LocalAws;
const folder = mkdtempSync(join(tmpdir(), "dockyard-registry-"));
const replicas: { process: ChildProcess; url: string }[] = [];

beforeAll(async () => {
  if (!(await demoImages.satisfied())) await demoImages.run(() => undefined);
  aws = await LocalAws.start();
  await fetch(`${aws.url}/images`, { method: "PUT", body: "", headers: { authorization: "AWS4-HMAC-SHA256 Credential=test/20260101/us-east-1/s3/aws4_request, SignedHeaders=host, Signature=0" } });
  for (const name of ["one", "two"]) replicas.push(await start(name));
});
afterAll(async () => {
  for (const { process } of replicas) process.kill();
  await aws?.stop();
  rmSync(folder, { recursive: true });
});

/** In AWS the keys come from the instance's role; where they come from is not the registry's concern. */
const ENVIRONMENT = { PATH: "/usr/bin", OTEL_TRACES_EXPORTER: "none", AWS_ACCESS_KEY_ID: "test", AWS_SECRET_ACCESS_KEY: "test" };

/** With the configuration that the platform renders, but for TLS and logins, which are the same wherever the images are. */
async function start(name: string) {
  const port = await freePort();
  const config = parse(renderConfig({ address: "registry.example:5000", port, secret: "shared", s3: { bucket: "images", region: "us-east-1", endpoint: aws.url } }));
  delete config.http.tls;
  delete config.http.host;
  delete config.auth;
  const path = join(folder, `${name}.yml`);
  writeFileSync(path, stringify(config));
  const process = spawn(imageProgram("registry"), ["serve", path], { env: ENVIRONMENT, stdio: "ignore" });
  const url = `http://127.0.0.1:${port}`;
  for (let attempt = 0; !(await fetch(`${url}/v2/`).catch(() => undefined))?.ok; attempt++) {
    if (attempt === 300 || process.exitCode !== null) throw new Error(`registry ${name} does not answer (exit code ${process.exitCode})`);
    await sleep(100);
  }
  return { process, url };
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  await promisify(server.close.bind(server))();
  return port;
}

const digest = (content: string) => `sha256:${createHash("sha256").update(content).digest("hex")}`;

async function push(url: string, repository: string, content: string): Promise<void> {
  const begun = await fetch(`${url}/v2/${repository}/blobs/uploads/`, { method: "POST" });
  const location = new URL(begun.headers.get("location")!, url);
  location.searchParams.set("digest", digest(content));
  const ended = await fetch(location, { method: "PUT", body: content, headers: { "content-type": "application/octet-stream" } });
  expect(ended.status).toBe(201);
}

const blob = (url: string, repository: string, content: string) => fetch(`${url}/v2/${repository}/blobs/${digest(content)}`, { redirect: "manual" });

test("what one replica takes the other one gives, by itself and without sending clients to the bucket", async () => {
  const [one, two] = [replicas[0]!, replicas[1]!];
  await push(one.url, "shop/web", "a layer");
  const answer = await blob(two.url, "shop/web", "a layer");
  expect([answer.status, await answer.text()]).toEqual([200, "a layer"]);
});

test("an upload that one replica began the other one ends: they share the secret that signs its state", async () => {
  const [one, two] = [replicas[0]!, replicas[1]!];
  const begun = await fetch(`${one.url}/v2/shop/web/blobs/uploads/`, { method: "POST" });
  const location = new URL(begun.headers.get("location")!, one.url);
  const elsewhere = new URL(location.pathname + location.search, two.url);
  elsewhere.searchParams.set("digest", digest("another layer"));
  expect((await fetch(elsewhere, { method: "PUT", body: "another layer", headers: { "content-type": "application/octet-stream" } })).status).toBe(201);
  expect((await blob(one.url, "shop/web", "another layer")).status).toBe(200);
});

test("the images are in the bucket", async () => {
  const listed = await promisify(execFile)("curl", ["-fsS", "-H", "Authorization: AWS4-HMAC-SHA256 Credential=test/20260101/us-east-1/s3/aws4_request, SignedHeaders=host, Signature=0", `${aws.url}/images?list-type=2`]);
  expect(listed.stdout).toContain("registry/docker/registry/v2/blobs/sha256/");
});

test("nothing is deleted over the network, and what a clean-up beside them takes is gone for both", async () => {
  const [one, two] = [replicas[0]!, replicas[1]!];
  await push(one.url, "shop/old", "an old layer");
  const both = () => Promise.all([one, two].map(async ({ url }) => (await blob(url, "shop/old", "an old layer")).status));
  expect((await fetch(`${one.url}/v2/shop/old/blobs/${digest("an old layer")}`, { method: "DELETE" })).status).toBe(405);
  expect(await both()).toEqual([200, 200]);
  await promisify(execFile)(imageProgram("registry"), ["garbage-collect", join(folder, "one.yml")], { env: ENVIRONMENT });
  expect(await both()).toEqual([404, 404]);
});
