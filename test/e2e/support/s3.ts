import { type ChildProcess, spawn } from "node:child_process";
import { existsSync, mkdirSync, renameSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { CreateBucketCommand, S3Client } from "@aws-sdk/client-s3";
import { cacheDirectory } from "../../../toolchain/cache";
import { capture, succeed } from "../../../toolchain/process";

/** The S3 of the tests: moto's server, with no more of its packages than S3 needs. */
const PACKAGES = ["moto[s3]==5.1.22", "flask==3.1.2", "flask-cors==6.0.1"];

/** A service on this machine's loopback that speaks S3, and the environment in which its clients find it. */
export interface LocalS3 {
  readonly env: Readonly<Record<string, string>>;
  stop(): void;
}

/** Why there can be no local S3 on this machine; undefined when there can. */
export async function s3Missing(): Promise<string | undefined> {
  const pip = await capture("python3", ["-m", "pip", "--version"]);
  return pip.code === 0 ? undefined : "python3 with pip is not here, from which the local S3 server is installed";
}

/** Starts it with one empty bucket. Its packages are installed into the cache the first time, which takes half a minute. */
export async function startS3(bucket: string): Promise<LocalS3> {
  const port = await freePort();
  const child = spawn(join(await installed(), "bin", "moto_server"), ["-H", "127.0.0.1", "-p", String(port)], { stdio: "ignore" });
  const env = { AWS_ENDPOINT_URL: `http://127.0.0.1:${port}`, AWS_REGION: "us-east-1", AWS_ACCESS_KEY_ID: "test", AWS_SECRET_ACCESS_KEY: "test" };
  const client = new S3Client({ endpoint: env.AWS_ENDPOINT_URL, region: env.AWS_REGION, forcePathStyle: true, credentials: { accessKeyId: "test", secretAccessKey: "test" } });
  try {
    await created(client, bucket, child);
  } catch (error) {
    child.kill();
    throw error;
  } finally {
    client.destroy();
  }
  return { env, stop: () => child.kill() };
}

async function created(client: S3Client, bucket: string, child: ChildProcess): Promise<void> {
  for (const end = Date.now() + 60_000; ; await sleep(250)) {
    try {
      await client.send(new CreateBucketCommand({ Bucket: bucket }));
      return;
    } catch (error) {
      if (child.exitCode !== null || Date.now() > end) throw error;
    }
  }
}

async function installed(): Promise<string> {
  const folder = join(cacheDirectory(), "test-s3-moto-5.1.22");
  if (existsSync(folder)) return folder;
  const draft = `${folder}.${process.pid}`;
  rmSync(draft, { recursive: true, force: true });
  mkdirSync(cacheDirectory(), { recursive: true });
  await succeed("python3", ["-m", "venv", "--without-pip", draft]);
  await succeed("python3", ["-m", "pip", "--python", join(draft, "bin", "python3"), "install", "--quiet", "--disable-pip-version-check", ...PACKAGES]);
  // Scripts of an environment name its folder: they are made for their final place.
  await succeed("sed", ["-i", `1s|${draft}|${folder}|`, join(draft, "bin", "moto_server")]);
  renameSync(draft, folder);
  return folder;
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer().once("error", reject);
    server.listen(0, "127.0.0.1", () => {
      const { port } = server.address() as { port: number };
      server.close(() => resolve(port));
    });
  });
}
