import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync } from "node:fs";
import { join } from "node:path";
import { cacheDirectory } from "./cache";
import { withLock } from "./lock";
import { capture, succeed } from "./process";
import type { Obstacle, SetupStep } from "./step";

const REQUIREMENTS = join(__dirname, "..", "test", "aws", "requirements.txt");

/** Python with a local AWS API (moto), in an environment of its own. Only the suite "aws" needs it. */
export const moto: SetupStep = {
  title: "local AWS API (moto) for the tests",
  estimate: "about 1 minute",
  satisfied: async () => existsSync(motoPython()),
  async obstacles(): Promise<Obstacle[]> {
    const found = await capture("python3", ["-c", "import ensurepip, venv, sys; sys.exit(sys.version_info < (3, 10))"]);
    return found.code === 0 ? [] : [{ reason: "the tests of hosts in AWS need Python 3.10 or newer that can make virtual environments", fix: "apt-get install python3-venv" }];
  },
  async run(report): Promise<void> {
    const final = environment();
    mkdirSync(cacheDirectory(), { recursive: true });
    await withLock(`${final}.lock`, ({ pid }) => report(`waiting for another installation (process ${pid})`), async () => {
      if (existsSync(motoPython())) return;
      const temporary = `${final}.tmp`;
      rmSync(temporary, { recursive: true, force: true });
      await succeed("python3", ["-m", "venv", temporary], { onLine: report });
      const pip = ["-m", "pip", "--disable-pip-version-check", "install", "--no-deps", "--progress-bar", "off", "-r", REQUIREMENTS];
      await succeed(join(temporary, "bin", "python"), pip, { onLine: report });
      renameSync(temporary, final);
    });
  },
};

/** The Python that has moto; there once the step is satisfied. Called by this path, an environment may be moved. */
export function motoPython(): string {
  return join(environment(), "bin", "python");
}

function environment(): string {
  return join(cacheDirectory(), `moto-${createHash("sha256").update(readFileSync(REQUIREMENTS)).digest("hex").slice(0, 16)}`);
}
