import { readCompose } from "../../../components/bundle/compose/read";
import { ApplicationPlan, planApplication, PlanOptions } from "../../../components/bundle/plan";
import { parseSettings } from "../../../components/bundle/settings/parse";
import { problemsOf } from "./compose/reading";

const anyImage: PlanOptions = { resolveImage: (image) => ({ kind: "digest", reference: image }) };
const STACK = { "com.docker.stack.namespace": "demo" };

function plan(compose: string, settings = ""): ApplicationPlan {
  const { application } = readCompose([{ path: "app/compose.yaml", text: compose }]);
  return planApplication("demo", application, parseSettings(settings, "s.yaml"), anyImage);
}

const COMPOSE = `
  services:
    web: { image: w, secrets: [token, { source: cert, target: /tls.pem, uid: "5", mode: 0400 }], configs: [page] }
    api: { image: a, secrets: [token] }
  secrets: { token: { file: ./t }, cert: { external: true, name: wildcard }, unused: { file: u } }
  configs: { page: { content: hello, name: front-page, labels: { a: b } } }`;

describe("secrets and configs", () => {
  test("the plan has those that are mounted, with the beginnings of their names and where their content is", () => {
    const { secrets, configs } = plan(COMPOSE);
    expect(secrets).toEqual([
      { kind: "external", key: "cert", name: "wildcard" },
      { kind: "own", key: "token", nameBase: "demo_token", labels: STACK, source: { kind: "file", path: "app/t" } },
    ]);
    expect(configs).toEqual([{ kind: "own", key: "page", nameBase: "front-page", labels: { a: "b" }, source: { kind: "inline", content: "hello" } }]);
  });

  test("one with a name of its own is the same for every application that says it, and belongs to none", () => {
    const { application } = readCompose([{ path: "app/compose.yaml", text: COMPOSE }]);
    const [demo, shop] = ["demo", "shop"].map((stack) => planApplication(stack, application, {}, anyImage));
    expect(shop!.configs).toEqual(demo!.configs);
    expect(shop!.secrets).not.toEqual(demo!.secrets);
  });

  test("each service says where they are mounted, in order, with the reference client's defaults", () => {
    const web = plan(COMPOSE).services[1]!;
    expect(web.secrets).toEqual([
      { file: "cert", target: "/tls.pem", uid: "5", gid: "0", mode: 0o400 },
      { file: "token", target: "token", uid: "0", gid: "0", mode: 0o444 },
    ]);
    expect(web.configs).toEqual([{ file: "page", target: "page", uid: "0", gid: "0", mode: 0o444 }]);
    expect(web.spec).not.toHaveProperty("secrets");
  });

  test("the settings say where the content is, and mount what the bundle does not know", () => {
    const settings = `
      secrets: { token: { fromConfig: apiToken }, extra: { environment: EXTRA, name: e } }
      configs: { page: { file: page.html } }
      services: { api: { secrets: [token, { source: extra, target: /x, mode: "0400" }], configs: [page] } }`;
    const { secrets, configs, services } = plan(COMPOSE, settings);
    expect(secrets.map((secret) => (secret.kind === "own" ? [secret.nameBase, secret.source] : secret.name))).toEqual([
      "wildcard",
      ["e", { kind: "environment", variable: "EXTRA" }],
      ["demo_token", { kind: "fromConfig", key: "apiToken" }],
    ]);
    expect(configs).toMatchObject([{ nameBase: "demo_page", source: { kind: "file", path: "page.html" } }]);
    expect(services[0]!.secrets.map(({ file, target, mode }) => [file, target, mode])).toEqual([["extra", "/x", 0o400], ["token", "token", 0o444]]);
  });

  test.each([
    ["services: { web: { image: w, secrets: [tokn] } }\nsecrets: { token: { file: t } }", "", 'services.web.secrets[0]: unknown secret "tokn"; write "token" (allowed: token); a new one is defined under secrets'],
    ["services: { web: { image: w, secrets: [a, { source: b, target: a }] } }\nsecrets: { a: { file: t }, b: { file: t } }", "", 'services.web.secrets[1].target: found "a", where another secret is already; write another target'],
    [COMPOSE, "secrets: { tken: { file: t } }", 'secrets: unknown secret "tken"; write "token" (allowed: cert, token, unused)'],
    [`services: { web: { image: w, configs: [c] } }\nconfigs: { c: { file: f, name: ${"x".repeat(52)} } }`, "", `config "c": "${"x".repeat(52)}" has 52 characters, and with a hash of the content Swarm takes 51; shorten it by 1`],
    ["services: { web: { image: w, configs: [c] } }\nconfigs: { c: { file: f, name: a/b } }", "", 'config "c": "a/b" is no name for Swarm, which takes ASCII letters, digits, -, _ and .; write another'],
  ])("%s with %s is refused", (compose, settings, problem) => expect(problemsOf(() => plan(compose, settings))).toEqual([problem]));

  test.each([
    ["secrets: { token: {} }", "secrets.token: found a block; write where its content is: one of file, environment, fromConfig, external (a config: or content), not nothing of it"],
    ["secrets: { token: { file: a, environment: B } }", "secrets.token: found a block; write where its content is: one of file, environment, fromConfig, external (a config: or content), not file and environment"],
    ["secrets: { token: { content: s3cret } }", 'secrets.token: unknown key "content"; remove it (allowed: file, environment, fromConfig, external, name, labels)'],
    ["services: { web: { secrets: [{ target: x }] } }", /^services\.web\.secrets\[0\](\.source)?: found .*; write /],
  ])("settings %s are refused", (settings, problem) => {
    const [found] = problemsOf(() => plan(COMPOSE, settings));
    if (typeof problem === "string") expect(found).toBe(problem);
    else expect(found).toMatch(problem);
  });
});
