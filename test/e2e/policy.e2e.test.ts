import { join } from "node:path";
import { ROOT } from "../../cli/environment";
import { labHosts, platformOn, standInApplication } from "./support/configuration";
import { requireSetup } from "./support/machine";
import { failure, Platform, type Run } from "./support/platform";

jest.setTimeout(600_000);

const PACK = join(ROOT, "policy");
const platform = new Platform("policy");

beforeAll(async () => {
  await requireSetup();
  await platform.clear();
});

afterAll(() => platform.clear());

/** What the launcher's preview says of a platform with one service "web", set so. */
function preview(service: Record<string, unknown>, ...options: string[]): Promise<Run> {
  platform.configure(platformOn(labHosts(79, 1), { applications: [standInApplication(platform, "shop", service)] }));
  return platform.dockyard("preview", "--policy-pack", PACK, ...options);
}

/** Violations as "level rule resource". */
function violations({ output }: Run): string[] {
  return [...output.matchAll(/\[(\w+)\]\s+([\w-]+)\s+\([\w:/]+: ([\w.-]+)\)/g)].map(([, level, rule, resource]) => `${level} ${rule} ${resource}`).sort();
}

const SOUND = { user: "1000", resources: { limits: { memory: "64M" } }, healthcheck: { test: ["CMD", "true"] } };
const SOCKET = { type: "bind", source: "/var/run/docker.sock", target: "/engine.sock" };

describe("the policy pack", () => {
  it("lets the platform itself pass, and tells what could be better about it", async () => {
    const run = await preview(SOUND);
    expect(failure(run)).toBe("");
    // Nothing about "web", and nothing about images whose digest only the registry will know.
    expect(violations(run)).toEqual([
      "advisory encrypted-overlay platform",
      "advisory encrypted-overlay shop-default",
      "advisory memory-limit registry",
    ]);
    expect(run.output).not.toContain("can't run policy");
  });

  it("stops an application that mounts the engine's socket, or has a password in the open, without telling it", async () => {
    const run = await preview({ ...SOUND, mounts: [SOCKET], environment: { STANDIN_PORTS: "80", DB_PASSWORD: "correct-horse" } });
    expect(run.code).toBeGreaterThan(0);
    expect(violations(run).filter((each) => each.startsWith("mandatory"))).toEqual(["mandatory no-secrets-in-environment shop-web", "mandatory no-sensitive-mounts shop-web"]);
    expect(run.output).toContain("/var/run/docker.sock gives the container the engine's socket");
    expect(run.output).toContain("DB_PASSWORD looks like a secret");
    expect(run.output).not.toContain("correct-horse");
  });

  it("takes exceptions and levels from its configuration", async () => {
    const config = platform.write(
      "policy.json",
      JSON.stringify({
        "no-sensitive-mounts": { allow: ["shop_web:/var/run/docker.sock"] },
        "encrypted-overlay": { enforcementLevel: "mandatory", allow: ["platform"] },
        "memory-limit": "disabled",
      }),
    );
    const run = await preview({ ...SOUND, mounts: [SOCKET] }, "--policy-pack-config", config);
    expect(violations(run)).toEqual(["mandatory encrypted-overlay shop-default"]);
    expect(run.code).toBeGreaterThan(0);
  });
});
