import * as z from "zod";
import type { Obstacle } from "./step";

/** What is known about this machine when its engine does not answer. */
export interface EngineSituation {
  /** DOCKER_HOST, when it is set. */
  readonly dockerHost: string | undefined;
  /** Why the engine did not answer, `undefined` when it did. */
  readonly pingError: NodeJS.ErrnoException | undefined;
  readonly root: boolean;
  /** Content of /etc/os-release, "" when there is none. */
  readonly osRelease: string;
  /** Whether dockerd and iptables are there already, so that only a start is needed. */
  readonly installed: boolean;
  /** Name of the user, for the commands that we propose. */
  readonly user: string;
}

/** Who started the engine: a unit that we started, or a process of ours identified by number and start tick. */
export type EngineRecord = { readonly by: "systemd" } | { readonly by: "launcher"; readonly pid: number; readonly tick: string };

const recordSchema = z.discriminatedUnion("by", [
  z.object({ by: z.literal("systemd") }),
  z.object({ by: z.literal("launcher"), pid: z.int().positive(), tick: z.string() }),
]);

/** Reads an engine record; one that was cut off by a kill counts as none. */
export function parseEngineRecord(text: string): EngineRecord | undefined {
  try {
    return recordSchema.parse(JSON.parse(text));
  } catch {
    return undefined;
  }
}

/** The process number in a pid file, `undefined` when the file holds anything else. */
export function parsePid(text: string): number | undefined {
  return /^\s*[1-9]\d*\s*$/.test(text) ? Number(text) : undefined;
}

/** Whether the recorded engine is still the one we started; a reused process number is not. */
export function ownsProcess(
  record: EngineRecord,
  nameOf: (pid: number) => string | undefined,
  tickOf: (pid: number) => string | undefined,
): boolean {
  return record.by === "systemd" || (nameOf(record.pid) === "dockerd" && tickOf(record.pid) === record.tick);
}

/** Why no engine can be brought up here, and what the user can do; none when it can. */
export function engineObstacles(situation: EngineSituation): Obstacle[] {
  const { dockerHost, pingError, root, installed, user } = situation;
  if (pingError === undefined) return [];
  if (dockerHost) {
    return [{ reason: `DOCKER_HOST is ${dockerHost}, and no engine answers there (${pingError.message})`, fix: "unset DOCKER_HOST" }];
  }
  if (pingError.code === "EACCES") {
    return [{ reason: "an engine runs, but this user may not use /var/run/docker.sock", fix: `sudo usermod -aG docker ${user} && newgrp docker` }];
  }
  if (installed) {
    return root ? [] : [{ reason: "the engine is installed but does not run, and only root may start it", fix: "sudo systemctl start docker" }];
  }
  if (!isDebianLike(situation.osRelease)) {
    const found = field(situation.osRelease, "PRETTY_NAME") ?? "an unknown distribution";
    return [
      {
        reason: `there is no Docker engine, and it can be installed by itself on Debian and Ubuntu only (this is ${found})`,
        fix: "install Docker Engine as https://docs.docker.com/engine/install/ says, then run this again",
      },
    ];
  }
  if (root) return [];
  return [
    {
      reason: "there is no Docker engine, and only root may install one",
      fix: `sudo apt-get install -y docker.io iptables && sudo usermod -aG docker ${user} && newgrp docker`,
    },
  ];
}

function isDebianLike(osRelease: string): boolean {
  const ids = `${field(osRelease, "ID") ?? ""} ${field(osRelease, "ID_LIKE") ?? ""}`.split(/\s+/);
  return ids.includes("debian") || ids.includes("ubuntu");
}

function field(osRelease: string, name: string): string | undefined {
  return new RegExp(`^${name}="?(.*?)"?$`, "m").exec(osRelease)?.[1];
}
