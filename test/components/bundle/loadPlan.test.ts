import { mkdirSync, writeFileSync } from "node:fs";
import { loadApplication, loadPlan } from "../../../components/bundle/loadPlan";
import { failureOf } from "./failure";
import { inFolderOfItsOwn } from "./inFolder";

const DIGEST = `@sha256:${"a".repeat(64)}`;
inFolderOfItsOwn(() => {
  mkdirSync("app");
  writeFileSync("app/compose.yaml", `services: { web: { image: "\${IMAGE}${DIGEST}", env_file: web.env, secrets: [s] }, debug: { image: d, profiles: [debug] } }\nsecrets: { s: { file: s.txt } }`);
  writeFileSync("app/prod.yml", "services: { web: { user: www } }");
  writeFileSync("app/web.env", "A=1\n");
  writeFileSync("settings.yaml", "variables: { IMAGE: w }");
  writeFileSync("app.json", `{"Services":{"web":{"Image":"w${DIGEST}"}}}`);
});

test("Compose files are laid over each other; variables come from the settings, other files from beside the first", () => {
  const notices: string[] = [];
  const plan = loadPlan("demo", { bundle: ["app/compose.yaml", "app/prod.yml"], settings: "settings.yaml" }, { notice: (line) => notices.push(line), environment: {} });
  expect(plan.services).toMatchObject([{ name: "demo_web", image: { reference: `w${DIGEST}` }, spec: { env: ["A=1"], user: "www" } }]);
  expect(plan.secrets).toMatchObject([{ source: { kind: "file", path: "app/s.txt" } }]);
  expect(notices).toEqual([
    "Loading Compose file from app/compose.yaml",
    "Loading Compose file from app/prod.yml",
    "info: services.debug: left out: the settings name none of its profiles (debug)",
  ]);
});

test("variables of the environment are seen where the settings name them", () => {
  writeFileSync("named.yaml", "variables: { IMAGE: { environment: WEB_IMAGE } }");
  const { application, notices } = loadApplication("demo", { bundle: "app/compose.yaml", settings: "named.yaml" }, { environment: { IMAGE: "no", WEB_IMAGE: "e" } });
  expect(application.services[0]!.image).toBe(`e${DIGEST}`);
  expect(notices.map(({ path }) => path)).toEqual(["services.debug"]);
  expect(failureOf(() => loadApplication("demo", { bundle: "app/compose.yaml" }, { environment: { IMAGE: "e" } }))).toBe(
    "compose file app/compose.yaml: variable IMAGE: the environment of this run has it, but files see only what the settings name; write variables: { IMAGE: { environment: IMAGE } } in the settings, or its value there",
  );
});

test("any other name is a bundle's", () => {
  expect(loadPlan("demo", { bundle: "app.json" }).services.map(({ name }) => name)).toEqual(["demo_web"]);
  expect(loadPlan("demo", { bundle: ["app.json"] }).services).toHaveLength(1);
  expect(failureOf(() => loadPlan("demo", {}))).toBe("Bundle demo.dab not found. Specify the path with --file");
});

test.each([
  ["app/none.yaml", "compose file app/none.yaml: there is no such file; write one, or correct the path"],
  ["app/compose.yaml/x.yaml", "compose file app/compose.yaml/x.yaml: there is no such file; write one, or correct the path"],
  [["app/compose.yaml", "app.json"], "application demo: only Compose files (.yaml, .yml) can be laid over each other, found app/compose.yaml, app.json; name one bundle, or Compose files only"],
])("%j", (bundle, message) => expect(failureOf(() => loadPlan("demo", { bundle }))).toBe(message));

test("a folder for a Compose file", () => {
  mkdirSync("dir.yaml");
  expect(failureOf(() => loadPlan("demo", { bundle: "dir.yaml" }))).toMatch(/^file dir\.yaml: EISDIR/);
});
