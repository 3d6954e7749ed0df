import { mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";

/*
 * What a stranger's bundle is after, and a folder in which it may try: the bundle in `app`, what is none of its business
 * beside it.
 */

/** Each is to be found nowhere. Long enough not to turn up by chance, also encoded. */
export const CANARIES = {
  passphrase: "canary-passphrase-4d1f7a",
  outside: "canary-outside-93be02",
  git: "canary-git-c55e18",
  configuration: "canary-configuration-7f20aa",
  configPassphrase: "canary-config-passphrase-18c3d9",
  awsKey: "canary-aws-key-e0427b",
  token: "canary-arbitrary-token-6a9d51",
  agent: "/tmp/canary-agent-b81c44.sock",
} as const;

/** Variables of the process in which the bundle is read. */
export const HOSTILE_ENVIRONMENT: Readonly<Record<string, string>> = {
  PULUMI_CONFIG: JSON.stringify({ "dockyard:apiToken": CANARIES.configuration }),
  PULUMI_CONFIG_PASSPHRASE: CANARIES.configPassphrase,
  AWS_SECRET_ACCESS_KEY: CANARIES.awsKey,
  SSH_AUTH_SOCK: CANARIES.agent,
  DOCKYARD_TOKEN: CANARIES.token,
  SOME_TOKEN: CANARIES.token,
};

/** Fills a folder with canaries and an empty `app` for a bundle; links in `app` lead out of it. */
export function hostileFolder(folder: string): void {
  const files: Readonly<Record<string, string>> = {
    "STATE/passphrase": `${CANARIES.passphrase}\n`,
    "outside.txt": `${CANARIES.outside}: [\n`,
    "outside.env": `PASSWORD=${CANARIES.outside}\n${CANARIES.outside} broken line\n`,
    "outside.yaml": `services: { web: { image: "${CANARIES.outside}", user: [${CANARIES.outside}], ${CANARIES.outside}: 1, hostname: "\${${CANARIES.outside.replaceAll("-", "_")}}" } }\n`,
    "app/.git/config": `token = ${CANARIES.git}\n`,
    "app/own.env": "A=1\n",
  };
  for (const [path, content] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), content);
  }
  const links = { "app/link.txt": "../STATE/passphrase", "app/link.env": "../outside.env", "app/link.yaml": "../outside.yaml", "app/up": "..", "app/chain": "chain2", "app/chain2": "link.txt" };
  for (const [path, to] of Object.entries(links)) symlinkSync(to, join(folder, path));
}

/** The canaries that a text holds: as they are, in base64, in a URL, in JSON within JSON. */
export function canariesIn(text: string): string[] {
  return Object.values(CANARIES).filter((canary) => spellings(canary).some((spelling) => text.includes(spelling)));
}

/** Base64 of a text within another begins at any of three places; what lies on the edges is left out. */
function spellings(canary: string): string[] {
  const base64 = [0, 1, 2].map((shift) => Buffer.from(" ".repeat(shift) + canary).toString("base64").slice(shift === 0 ? 0 : 4, -4));
  return [canary, encodeURIComponent(canary), Buffer.from(canary).toString("hex"), ...base64, ...base64.map((text) => text.replaceAll("+", "-").replaceAll("/", "_"))];
}

const IMAGE = `example/app@sha256:${"a".repeat(64)}`;

/** Compose files of which each, alone, was an attack that once succeeded, or is a way to spell one. */
export const HOSTILE_FILES: Readonly<Record<string, object>> = {
  "config of a file outside": { configs: { q: { file: "../STATE/passphrase" } } },
  "secret of a file outside": { secrets: { q: { file: "../STATE/passphrase" } } },
  "config of a link": { configs: { q: { file: "link.txt" } } },
  "config in a hidden folder": { configs: { q: { file: ".git/config" } } },
  "config of the process's variables": { configs: { q: { file: "/proc/self/environ" } } },
  "config of a variable": { configs: { q: { environment: "AWS_SECRET_ACCESS_KEY" } } },
  "config of any variable": { configs: { q: { environment: "SOME_TOKEN" } } },
  "secret of a variable": { secrets: { q: { environment: "PULUMI_CONFIG_PASSPHRASE" } } },
  "configuration in a variable": { web: { environment: { X: "${PULUMI_CONFIG}" } } },
  "any variable": { web: { environment: { X: "$SOME_TOKEN" } } },
  "a variable in a message": { web: { environment: { X: "${NOT_THERE:?$SOME_TOKEN}" } } },
  "a variable in a config": { configs: { q: { content: "${SSH_AUTH_SOCK} ${SOME_TOKEN:-}" } } },
  "a variable without a value": { web: { environment: ["SOME_TOKEN", "AWS_SECRET_ACCESS_KEY"] } },
  "a variable in a label": { web: { labels: { x: "${SOME_TOKEN}" } } },
  "a variable in the path of a file": { web: { env_file: "../${SOME_TOKEN:-outside.env}" } },
  "extends from outside": { web: { extends: { file: "../outside.txt", service: "web" } } },
  "extends from outside, as YAML": { web: { extends: { file: "../outside.yaml", service: "web" } } },
  "extends by a link": { web: { extends: { file: "link.yaml", service: "web" } } },
  "extends by a linked folder": { web: { extends: { file: "up/outside.yaml", service: "web" } } },
  "env_file outside": { web: { env_file: "../outside.env" } },
  "env_file by a link": { web: { env_file: [{ path: "link.env", format: "raw" }] } },
  "label_file outside": { web: { label_file: "../outside.env" } },
  include: { include: ["../outside.yaml"] },
};

/** The text of such a file. */
export function hostileText(file: object): string {
  const { web = {}, ...rest } = file as { web?: object };
  const mounted = Object.fromEntries(["secrets", "configs"].filter((kind) => kind in rest).map((kind) => [kind, ["q"]]));
  return JSON.stringify({ services: { web: { image: IMAGE, ...mounted, ...web } }, ...rest });
}
