import { parseSettings, type Relocation } from "../../../components/bundle";
import { checkedRegistry, copyCommands, mergeRelocations, relocations } from "../../../cli/bundle/relocations";

const digest = `sha256:${"a".repeat(64)}`;

test("digests and paths stay, only the registry changes; what is in an archive stays there", () => {
  const pins = new Map([
    ["redis:7", { from: "engine" as const, to: { kind: "digest" as const, reference: `redis:7@${digest}` } }],
    [`old.example:5000/team/web@${digest}`, { from: "bundle" as const, to: { kind: "digest" as const, reference: `old.example:5000/team/web@${digest}` } }],
    ["demo/api", { from: "archive" as const, to: { kind: "archive" as const, archive: "api.tar", repository: "demo/api" } }],
  ]);
  expect(Object.fromEntries(relocations(pins, "new.example/mirror"))).toEqual({
    "redis:7": `new.example/mirror/redis@${digest}`,
    [`old.example:5000/team/web@${digest}`]: `new.example/mirror/team/web@${digest}`,
    "demo/api": { archive: "api.tar", repository: "demo/api" },
  });
});

test("how to copy what a registry must have", () => {
  const pinned = (reference: string, file?: string) => ({ from: "bundle" as const, to: { kind: "digest" as const, reference }, ...(file && { file }) });
  const pins = new Map([
    ["redis:7", pinned(`redis:7@${digest}`)],
    ["r.example/a/b", pinned(`r.example/a/b@${digest}`)],
    ["db", pinned(`db@${digest}`, "db.tar")],
    ["web", pinned(`web@${digest}`, "layout/")],
  ]);
  expect(copyCommands(pins, relocations(pins, "new.example"))).toEqual([
    `skopeo copy --all docker://docker.io/library/redis@${digest} docker://new.example/redis@${digest}`,
    `skopeo copy --all docker://r.example/a/b@${digest} docker://new.example/a/b@${digest}`,
    `skopeo copy --all oci-archive:db.tar docker://new.example/db@${digest}`,
    `skopeo copy --all oci:layout/ docker://new.example/web@${digest}`,
  ]);
});

test("the rest of the file stays to the letter, comments too", () => {
  const before = `# How the shop runs.
services:
  web: { replicas: 2 }   # two

relocate:
  # From the lab.
  demo/web: { archive: web.tar, repository: demo/web } # built here
  demo/old: "registry.example/old@${digest}"
  # Nothing more.

# First the database.
order: { web: [db] }
`;
  const { text, stale } = mergeRelocations(before, new Map<string, Relocation>([["demo/web", `registry.example/demo/web@${digest}`], ["demo/db", { archive: "db.tar", repository: "demo/db" }]]), ["demo/web", "demo/db"], ["head"]);
  expect(text).toBe(`# How the shop runs.
services:
  web: { replicas: 2 }   # two

relocate:
  # From the lab.
  demo/web: registry.example/demo/web@${digest} # built here
  demo/old: "registry.example/old@${digest}"
  demo/db: { archive: db.tar, repository: demo/db }
  # Nothing more.

# First the database.
order: { web: [db] }
`);
  expect(stale).toEqual(["demo/old"]);
});

test.each([undefined, "", "# only a comment\n", "services: { web: { replicas: 2 } }\n", "relocate: {}\n", "relocate:\n", "{ services: { web: { replicas: 2 } } }", "services: {}\n...\n", "relocate: { web: { archive: a.tar, repository: a } }", `services: { web: { replicas: 2 } }\r\nrelocate:\r\n  web: x.example/y@${digest}\r\norder: { }\r\n`, "relocate:\n  web: { archive: a.tar, repository: a }\n"])("merged into %j it can be read, and twice is once", (before) => {
  const map = new Map([["web", `registry.example/web@${digest}`]]);
  const once = mergeRelocations(before, map, ["web"], []).text;
  expect(parseSettings(once, "s.yaml").relocate).toEqual({ web: `registry.example/web@${digest}` });
  expect(mergeRelocations(once, map, ["web"], []).text).toBe(once);
  if (before?.startsWith("#")) expect(once).toContain("# only a comment");
});

test("a block that another shares is not changed", () => {
  const shared = "services: {}\nrelocate: &r { web: { archive: a.tar, repository: a } }\n";
  expect(mergeRelocations(shared, new Map([["web", `registry.example/web@${digest}`]]), ["web"], []).text).toContain("&r");
  expect(() => mergeRelocations("variables: &v { a: b }\nrelocate: *v\n", new Map([["web", "x"]]), ["web"], [])).toThrow(/relocate is an alias/);
});

test.each(["registry.example:5000", "localhost", "registry.example/mirror/", "10.0.0.1:5000"])("--to %s", (registry) => {
  expect(checkedRegistry(registry)).toBe(registry.replace(/\/$/, ""));
});

test.each(["https://registry.example", "mirror", "", "registry.example/UPPER", "registry.example:5000/x:1", "-o.example"])("--to %j is refused", (registry) => {
  expect(() => checkedRegistry(registry)).toThrow(/write the registry's host without https:\/\//);
});
