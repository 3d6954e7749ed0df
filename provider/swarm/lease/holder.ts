import { createHash } from "node:crypto";
import { hostname, userInfo } from "node:os";
import { foreignName } from "../foreignName";

/** Names a stack and where it is run from: "dockyard/dev, admin@desk:1f3a". The folder counts, as two checkouts are two people. */
export function leaseHolder(urn: string, folder: string = process.cwd()): string {
  const [stack = "", project = ""] = urn.replace(/^urn:pulumi:/, "").split("::");
  const place = createHash("sha256").update(folder).digest("hex").slice(0, 4);
  return foreignName(`${project}/${stack}, ${userName()}@${hostname()}:${place}`);
}

function userName(): string {
  try {
    return userInfo().username;
  } catch {
    return String(process.getuid?.() ?? "unknown"); // a user id without an entry, as in some containers
  }
}
