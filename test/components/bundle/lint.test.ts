import { readFileSync } from "node:fs";
import { join } from "node:path";
import { readCompose } from "../../../components/bundle/compose/read";
import { applicationOf } from "../../../components/bundle/dab/application";
import { readBundle } from "../../../components/bundle/dab/read";
import { lint, LintOptions } from "../../../components/bundle/lint";
import { parseSettings } from "../../../components/bundle/settings/parse";

const DIGEST = `@sha256:${"a".repeat(64)}`;
/** A service with nothing to find. */
const GOOD = `image: i${DIGEST}, user: "1000", healthcheck: { test: x }, mem_limit: 64M`;

const application = (stack: string, body: string, settings = "", rest = "") => ({
  stack,
  application: readCompose([{ path: "c.yaml", text: `services: { web: { ${body} } }\n${rest}` }]).application,
  settings: parseSettings(settings, "s.yaml"),
});
const found = (body: string, settings = "", rest = "", options: LintOptions = {}) =>
  lint([application("demo", body, settings, rest)], options).map(({ severity, path, message }) => `${severity} ${path}: ${message}`);

test("a careful service has no findings", () => expect(found(GOOD)).toEqual([]));

test.each([
  [GOOD.replace(DIGEST, ""), /^warning demo\.services\.web\.image: "i" is whatever was pushed last; pin it/],
  [GOOD.replace(DIGEST, ":latest"), /^warning demo\.services\.web\.image: "i:latest" is whatever was pushed last/],
  [GOOD.replace(`i${DIGEST}`, "h:5000/i:1.2"), /^warning demo\.services\.web\.image: "h:5000\/i:1\.2" may become another image/],
  [GOOD.replace(`i${DIGEST}`, "h:5000/i"), /is whatever was pushed last/],
  [GOOD.replace('user: "1000", ', ""), /^info demo\.services\.web\.user: is the image's/],
  [GOOD.replace('"1000"', '"0:0"'), /^warning demo\.services\.web\.user: is root/],
  [GOOD.replace('"1000"', "root"), /^warning demo\.services\.web\.user: is root/],
  [GOOD.replace("{ test: x }", ""), /^info demo\.services\.web\.healthcheck: none is written/],
  [GOOD.replace("{ test: x }", "{ disable: true }"), /^warning demo\.services\.web\.healthcheck: is switched off/],
  [GOOD.replace(", mem_limit: 64M", ""), /^warning demo\.services\.web\.resources\.limits\.memory: no limit/],
  [`${GOOD}, volumes: ["/var/run/docker.sock:/var/run/docker.sock:ro"]`, /^warning demo\.services\.web\.mounts\[0\]: \/var\/run\/docker\.sock makes the container root of its host, read-only or not/],
  [`${GOOD}, volumes: ["/srv:/srv"]`, /^info demo\.services\.web\.mounts\[0\]: \/srv must be on every host/],
])("%s", (body, finding) => expect(found(body)).toEqual([expect.stringMatching(finding)]));

test("relocated images are pinned, and jobs need no healthcheck", () => {
  expect(found(GOOD.replace(DIGEST, ":1"), 'relocate: { "i:1": { archive: a, repository: r } }')).toEqual([]);
  expect(found(GOOD.replace("{ test: x }", ""), "services: { web: { job: true } }")).toEqual([]);
});

test.each([
  ["POSTGRES_PASSWORD", "x", true],
  ["DB_PASS", "x", true],
  ["MYSQL_ROOT_PASSWORD", "${literal}", true],
  ["aws_secret_access_key", "x", true],
  ["GITHUB_TOKEN", "x", true],
  ["APIKEY", "x", true],
  ["DATABASE_URL", "postgres://app:pw@db/app", true],
  ["TLS", "-----BEGIN RSA PRIVATE KEY-----", true],
  ["POSTGRES_PASSWORD_FILE", "/run/secrets/pw", false],
  ["DB_PASSWORD", "/run/secrets/pw", false],
  ["PASSWORD", "", false],
  ["DATABASE_URL", "postgres://db/app", false],
  ["COMPASS_MODE", "on", false],
  ["TOKEN_TTL", "1h", false],
  ["KEYBOARD", "de", false],
  ["PASSENGER_APP_ENV", "prod", false],
])("a variable %s=%s looks like a secret: %s", (name, value, expected) => {
  const findings = found(`${GOOD}, environment: ${JSON.stringify({ [name]: value.replaceAll("$", "$$$$") })}`);
  expect(findings).toHaveLength(expected ? 1 : 0);
  if (expected) expect(findings[0]).toContain(`warning demo.services.web.environment.${name}: `);
  if (value.includes("pw@")) expect(findings[0]).not.toContain("pw@");
});

test("ports that clash across applications, and names that are too long", () => {
  const clash = lint([application("a", `${GOOD}, ports: ["80:80"]`), application("b", `${GOOD}, ports: ["80:81"]`)]);
  expect(clash).toEqual([{ severity: "warning", path: "ports", message: expect.stringMatching(/^port 80\/tcp is published by service web of a .* and service web of b/) as string }]);
  expect(lint([application("x".repeat(60), GOOD)])).toEqual([{ severity: "warning", path: `${"x".repeat(60)}.services.web`, message: expect.stringMatching(/64 characters.*shorten it by 1$/) as string }]);
});

test("a network without room for its tasks, on all hosts and at the worst moment of an update", () => {
  const small = "networks: { default: { ipam: { config: [{ subnet: 10.1.0.0/28 }] } } }";
  expect(found(`${GOOD}, scale: 9`, "", small, { hosts: 3 })).toEqual([]);
  expect(found(`${GOOD}, scale: 9, deploy: { update_config: { order: start-first } }`, "", small, { hosts: 3 })).toEqual([expect.stringMatching(/^warning demo\.networks\.default: 10\.1\.0\.0\/28 has 13 addresses to give, but 14 are needed/)]);
  expect(found(`${GOOD}, scale: 9, deploy: { update_config: { order: start-first } }`, "services: { web: { endpointMode: dnsrr } }", small, { hosts: 3 })).toEqual([]);
  expect(found(`${GOOD}, deploy: { mode: global }`, "", small, { hosts: 7 })).toHaveLength(1);
});

test("the passwords of a real bundle are found, and not said", () => {
  const bundle = applicationOf(readBundle(readFileSync(join(__dirname, "../../fixtures/dab/forklol-db.dab"))));
  const findings = lint([{ stack: "f", application: bundle }]).filter(({ path }) => path.includes(".environment."));
  expect(findings).toHaveLength(2);
  const values = bundle.services.flatMap(({ environment }) => environment.map(({ value }) => value!));
  for (const value of values.filter((text) => text.length > 4)) expect(JSON.stringify(findings)).not.toContain(`${value}"`);
});
