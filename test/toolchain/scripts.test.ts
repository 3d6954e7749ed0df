import { readFileSync } from "node:fs";
import { join } from "node:path";

const ROOT = join(__dirname, "../..");
const read = (path: string) => readFileSync(join(ROOT, path), "utf8");

/** Packages that would run a script when they are installed, with what is missing without it. None may: one more in the lockfile is looked at first. */
const WITH_SCRIPTS: Readonly<Record<string, string>> = {
  "@parcel/watcher": "nothing: its binary comes as a package of its own",
  "@swc/core": "nothing: it would fetch a substitute where the binary's package is missing",
  "cpu-features": "a hint for ssh2 on which cipher is fast",
  esbuild: "nothing: it would replace its start script by the binary, which comes as a package of its own",
  protobufjs: "a warning about versions",
  ssh2: "its native cipher code; node's own is used, and 64 MiB take no longer",
  "unrs-resolver": "nothing: it would check for the binary, which comes as a package of its own",
};

test("no package runs a script when it is installed, whoever installs", () => {
  expect(read(".npmrc").split("\n")).toContain("ignore-scripts=true");
});

test("the packages that would are known, one by one", () => {
  const { packages } = JSON.parse(read("package-lock.json")) as { packages: Record<string, { hasInstallScript?: boolean }> };
  const found = Object.entries(packages).flatMap(([path, { hasInstallScript }]) => (hasInstallScript ? [path.replace(/^.*node_modules\//, "")] : []));
  expect([...new Set(found)].filter((name) => !Object.hasOwn(WITH_SCRIPTS, name))).toEqual([]);
  expect(Object.keys(WITH_SCRIPTS).filter((name) => !found.includes(name))).toEqual([]);
});
