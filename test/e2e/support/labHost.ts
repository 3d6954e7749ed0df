import { PassThrough } from "node:stream";
import { finished } from "node:stream/promises";
import Docker from "dockerode";

const docker = new Docker();

/**
 * Runs a command inside a host's container, without SSH: also where SSH is what the test broke.
 * @returns its standard output.
 * @throws Error with both streams when it fails.
 */
export async function onHost(container: string, ...command: string[]): Promise<string> {
  const { code, stdout, stderr } = await tryOnHost(container, ...command);
  if (code !== 0) throw new Error(`${container}: ${command.join(" ")} failed (${code}):\n${stdout}${stderr}`);
  return stdout;
}

/** As {@link onHost}, for a command that may fail. */
export async function tryOnHost(container: string, ...command: string[]): Promise<{ code: number; stdout: string; stderr: string }> {
  const exec = await docker.getContainer(container).exec({ Cmd: command, AttachStdout: true, AttachStderr: true });
  const stream = await exec.start({ hijack: true, stdin: false });
  const [out, err] = [new PassThrough(), new PassThrough()];
  const texts = Promise.all([textOf(out), textOf(err)]);
  docker.modem.demuxStream(stream, out, err);
  stream.resume();
  await finished(stream, { writable: false });
  out.end();
  err.end();
  const [stdout, stderr] = await texts;
  return { code: (await exec.inspect()).ExitCode ?? -1, stdout, stderr };
}

/** Runs a shell line inside a host's container. */
export function shellOnHost(container: string, line: string): Promise<string> {
  return onHost(container, "sh", "-c", line);
}

/** Runs `docker ... --format json` on a host: one object for each line. */
export async function dockerJson<T = Record<string, string>>(container: string, ...command: string[]): Promise<T[]> {
  const output = await onHost(container, "docker", ...command, "--format", "json");
  return output.split("\n").filter((line) => line.trim() !== "").map((line) => JSON.parse(line) as T);
}

/** What the engine of a host says about Swarm objects: `docker inspect` in full. */
export async function inspectOnHost<T>(container: string, kind: "service" | "node" | "network" | "task", ids: readonly string[]): Promise<T[]> {
  if (ids.length === 0) return [];
  const command = kind === "task" ? ["docker", "inspect", "--type", "task"] : ["docker", kind, "inspect"];
  return JSON.parse(await onHost(container, ...command, ...ids)) as T[];
}

async function textOf(stream: NodeJS.ReadableStream): Promise<string> {
  const parts: Buffer[] = [];
  for await (const part of stream) parts.push(part as Buffer);
  return Buffer.concat(parts).toString();
}
