import { execFileSync } from "node:child_process";
import { mkdirSync, symlinkSync, truncateSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { applicationPlans } from "../../../components/applicationPlans";
import type { Configuration } from "../../../components/config";
import { loadApplication, loadPlan } from "../../../components/bundle/loadPlan";
import { canariesIn, HOSTILE_ENVIRONMENT, hostileFolder, hostileText } from "../../support/hostileBundle";
import { failureOf } from "./failure";
import { inFolderOfItsOwn } from "./inFolder";

inFolderOfItsOwn(() => {
  hostileFolder(".");
  mkdirSync("beside");
  writeFileSync("beside/shared.env", "SHARED=1\n");
  writeFileSync("beside/bad.env", "PASSWORD=hunter2$\n");
  writeFileSync("beside/asks.env", "A=$hunter2\nhunter3\nB='hunter4'\n");
  writeFileSync("beside/base.yaml", "services: { base: { image: hunter2, user: [hunter3], hunter4: 1 } }");
  writeFileSync("beside/good.yaml", "services: { base: { privileged: true, labels: { hunter2: x }, environment: { A: \"$hunter3\" } } }");
  writeFileSync("beside/broken.yaml", "services: { hunter2: *hunter3 }");
  writeFileSync("outside.dab", '{"Version": hunter2}');
  symlinkSync("../outside.dab", "app/bundle.dab");
  symlinkSync("../beside", "app/beside");
  symlinkSync("loop", "app/loop");
  symlinkSync("own.env", "app/inner.env");
  symlinkSync("/proc/self/cwd", "app/cwd");
  symlinkSync("app", "linked");
  writeFileSync("none.yaml", "");
});

/** What a Compose file is refused for; "" when it is taken. */
function refusal(file: object, settings = "none.yaml", path = "app/compose.yaml"): string {
  writeFileSync("app/compose.yaml", hostileText(file));
  return failureOf(() => loadPlan("demo", { bundle: path, settings }, { environment: HOSTILE_ENVIRONMENT }));
}

/** Every way in which a bundle names a file. */
const WAYS: Readonly<Record<string, (path: string) => object>> = {
  config: (path) => ({ configs: { q: { file: path } } }),
  secret: (path) => ({ secrets: { q: { file: path } } }),
  env_file: (path) => ({ web: { env_file: path } }),
  "env_file that may be missing": (path) => ({ web: { env_file: [{ path, required: false }] } }),
  "raw env_file": (path) => ({ web: { env_file: [{ path, format: "raw" }] } }),
  label_file: (path) => ({ web: { label_file: [path] } }),
  extends: (path) => ({ web: { extends: { file: path, service: "web" } } }),
};

test.each<[string, string]>([
  ["config", 'config "q"'],
  ["secret", 'secret "q"'],
  ["env_file", "services.web.env_file"],
  ["env_file that may be missing", "services.web.env_file[0]"],
  ["raw env_file", "services.web.env_file[0]"],
  ["label_file", "services.web.label_file[0]"],
  ["extends", "services.web.extends"],
])("a refused %s is told of the place that names the file", (way, place) => {
  expect(refusal(WAYS[way]!("../outside.env"))).toContain(place);
  expect(refusal(WAYS[way]!("../outside.env"))).toContain("outside.env\" leads out of the bundle's folder app");
});

test("what is wrong with one application hides nothing of the others", () => {
  const application = (name: string, file: object) => {
    writeFileSync(`app/${name}.yaml`, hostileText(file));
    return { name, bundle: `app/${name}.yaml`, settings: "none.yaml" };
  };
  const [bad, worse, good] = [application("bad", WAYS["extends"]!("../outside.txt")), application("worse", WAYS["secret"]!("/etc/passwd")), application("good", {})];
  const refusalOf = (...applications: object[]) => failureOf(() => applicationPlans({ applications, swarm: {}, networks: [], registry: { port: 5000 } } as unknown as Configuration, () => undefined));
  expect(refusalOf(bad, worse, good)).toMatch(/^the applications of this stack: 2 problems\n {2}- compose file app\/bad\.yaml: .*\n {2}- application worse: secret "q": /);
  expect(refusalOf(bad, good)).toMatch(/^compose file app\/bad\.yaml: /);
});

/** Spellings of a path that leads out of the bundle's folder. */
const OUT = [
  "../STATE/passphrase",
  "./../STATE/passphrase",
  "x/../../STATE/passphrase",
  "./a/b/../../../outside.env",
  "..//STATE//passphrase",
  "../app/../STATE/passphrase",
  "../STATE/./passphrase",
  "../STATE/passphrase/",
  "../../../../../../../../../../etc/passwd",
  "/etc/passwd",
  "//etc/passwd",
  "/proc/self/environ",
  "/proc/self/cwd/STATE/passphrase",
  "/proc/self/root/etc/passwd",
  "/dev/stdin",
  "/dev/zero",
  "link.txt",
  "chain",
  "up/STATE/passphrase",
  "up/app/up/outside.env",
  "cwd/STATE/passphrase",
  "beside/shared.env",
  ".git/config",
  "../none",
  "up/none",
  "link.env",
];

describe.each(Object.entries(WAYS))("%s", (_way, file) => {
  test.each(OUT)("%s leads out, and nothing of it is told", (path) => {
    const message = refusal(file(path));
    expect(message).toMatch(/leads out of the bundle's folder app; move the file into it, or write folders: \[.+\] in the settings|leads to \/(proc|dev), which holds no files|is in the folder \.git/);
    expect(canariesIn(message)).toEqual([]);
    expect(message).not.toMatch(/root:/);
  });
});

/** Spellings that lead nowhere: they are taken for names, as they stand. */
test.each(["..\\STATE\\passphrase", "~/x", "%2e%2e/STATE/passphrase", "..%2fSTATE/passphrase", "\u2025/STATE/passphrase", "LINK.TXT/", ". ./STATE", "file:///etc/passwd", "C:\\x", "app/own.env"])("%j is no file of the bundle", (path) => {
  expect(refusal(WAYS["env_file"]!(path))).toMatch(/there is no file|leads out of the bundle's folder|is in the folder/);
});

test.each([["own\0.env"], ["../STATE/passphrase\0.txt"]])("%j holds a NUL", (path) => expect(refusal(WAYS["env_file"]!(path))).toMatch(/holds a NUL/));

test("a circle of links is told", () => expect(refusal(WAYS["env_file"]!("loop"))).toMatch(/ELOOP|there is no file/));

test.each(["own.env", "./own.env", "inner.env", "../app/own.env", "x/../own.env", "up/app/own.env", "/proc/self/cwd/app/own.env"])("%s is the bundle's own", (path) => {
  expect(refusal(WAYS["env_file"]!(path))).toBe("");
});

describe("the bundle itself", () => {
  test("is refused as a link to elsewhere, by none of its words", () => {
    expect(failureOf(() => loadApplication("demo", { bundle: "app/bundle.dab" }))).toMatch(/^open app\/bundle\.dab: .* leads out of the bundle's folder app/);
    expect(failureOf(() => loadApplication("demo", { bundle: "app/link.yaml" }))).toMatch(/^file app\/link\.yaml: .* leads out of the bundle's folder app/);
    expect(failureOf(() => loadApplication("demo", { bundle: ["app/compose.yaml", "app/link.yaml"] }))).toMatch(/leads out of the bundle's folder app/);
  });

  test("in a linked folder has no other folder for its own than the one that is written", () => {
    expect(refusal({}, "none.yaml", "app/up/app/compose.yaml")).toMatch(/leads out of the bundle's folder app\/up\/app/);
    expect(refusal({}, "none.yaml", "linked/compose.yaml")).toMatch(/leads out of the bundle's folder linked; .*folders/);
  });
});

describe("folders of the settings", () => {
  beforeAll(() => {
    writeFileSync("folders.yaml", "folders: [beside]");
    writeFileSync("all.yaml", "folders: [/]");
  });

  test.each(["../beside/shared.env", "beside/shared.env"])("allow %s", (path) => expect(refusal(WAYS["env_file"]!(path), "folders.yaml")).toBe(""));
  test.each(["../outside.env", "../beside/../outside.env", "link.env"])("do not allow %s", (path) => expect(refusal(WAYS["env_file"]!(path), "folders.yaml")).toMatch(/leads out/));
  test.each(["/proc/self/environ", "/dev/zero", "/sys/kernel/hostname"])("never allow %s", (path) => expect(refusal(WAYS["env_file"]!(path), "all.yaml")).toMatch(/which holds no files/));

  test.each([
    ["env_file", { web: { env_file: "../beside/bad.env" } }, /nothing of it is quoted/],
    ["extends", { web: { extends: { file: "../beside/base.yaml", service: "base" } } }, /nothing of it is quoted/],
    ["a service that is not there", { web: { extends: { file: "../beside/base.yaml", service: "bas" } } }, /nothing of it is quoted/],
    ["broken YAML", { web: { extends: { file: "../beside/broken.yaml", service: "x" } } }, /nothing of it is quoted/],
  ])("are not quoted: %s", (_what, file, message) => {
    const text = refusal(file, "folders.yaml");
    expect(text).toMatch(message);
    expect(text).not.toMatch(/hunter/);
  });

  test.each([
    ["env_file", { web: { env_file: "../beside/asks.env" } }],
    ["extends", { web: { extends: { file: "../beside/good.yaml", service: "base" } } }],
  ])("are not quoted by notices: %s", (_what, file) => {
    const lines: string[] = [];
    writeFileSync("app/compose.yaml", hostileText(file));
    loadPlan("demo", { bundle: "app/compose.yaml", settings: "folders.yaml" }, { environment: { hunter2: "x", hunter3: "y" }, notice: (line) => lines.push(line) });
    expect(lines.length).toBeGreaterThan(1);
    expect(lines.join("\n")).not.toMatch(/hunter/);
  });
});

describe("what is no regular file, or too much of one", () => {
  test("a folder", () => expect(refusal(WAYS["env_file"]!("."))).toMatch(/it is a folder/));

  test("a pipe, which would wait for ever", () => {
    execFileSync("mkfifo", ["app/pipe"]);
    expect(refusal(WAYS["env_file"]!("pipe"))).toMatch(/is no regular file; name one/);
  });

  test("a socket", async () => {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen("app/socket", resolve));
    const message = refusal(WAYS["env_file"]!("socket"));
    await new Promise((resolve) => server.close(resolve));
    expect(message).toMatch(/is no regular file; name one/);
  });

  test.each([
    ["env_file", "env_file", 524_288],
    ["extends", "extends", 1_048_576],
  ])("a file of terabytes as %s", (_what, way, limit) => {
    writeFileSync("app/huge", "");
    truncateSync("app/huge", 2 ** 42);
    expect(refusal(WAYS[way]!("huge"))).toMatch(new RegExp(`has more than ${limit.toLocaleString("en")} bytes`));
  });

  test("more files than are read", () => {
    const many = (services: number, each: number) => {
      const files = Array.from({ length: each }, () => "own.env");
      writeFileSync("app/compose.yaml", JSON.stringify({ services: Object.fromEntries(Array.from({ length: services }, (_, index) => [`s${index}`, { image: "i", label_file: files }])) }));
      return failureOf(() => loadApplication("demo", { bundle: "app/compose.yaml" }));
    };
    expect(many(600, 1)).toBe("");
    expect(many(100, 50)).toBe("compose file app/compose.yaml: more than 4,000 files are read; write fewer");
  });
});
