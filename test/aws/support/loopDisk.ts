import { execFileSync } from "node:child_process";
import { rmSync, truncateSync, writeFileSync } from "node:fs";

/** A file that is a disk: what an EBS volume is to an instance. */
export class LoopDisk {
  private constructor(
    private readonly file: string,
    /** "/dev/loop3" */
    readonly device: string,
  ) {}

  /** A new, empty one in place of what an earlier run left under the name. @throws Error where the kernel has no loop devices, or this is not root */
  static attach(name: string, size: number): LoopDisk {
    const file = `/var/tmp/dockyard-${name}.disk`;
    detach(file);
    writeFileSync(file, "");
    truncateSync(file, size);
    return new LoopDisk(file, execFileSync("losetup", ["--find", "--show", file], { stdio: ["ignore", "pipe", "pipe"] }).toString().trim());
  }

  remove(): void {
    detach(this.file);
  }
}

function detach(file: string): void {
  const found = execFileSync("losetup", ["--noheadings", "--output", "NAME", "--associated", file]).toString().trim();
  for (const device of found.split("\n").filter(Boolean)) execFileSync("losetup", ["--detach", device.trim()]);
  rmSync(file, { force: true });
}
