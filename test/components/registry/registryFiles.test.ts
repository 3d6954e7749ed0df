import { createHmac, randomBytes } from "node:crypto";
import { compareSync } from "bcryptjs";
import { parse } from "yaml";
import { contentName } from "../../../components/contentName";
import { paths, renderConfig } from "../../../components/registry/config";
import { htpasswd } from "../../../components/registry/htpasswd";
import { madePassword, type RegistryUser } from "../../../components/registry/passwords";

/** A user who chose the password. */
const user = (name: string, password: string, more: Partial<RegistryUser> = {}): RegistryUser => ({ name, password, role: "push", made: false, ...more });

describe("htpasswd", () => {
  const [zoe, adam] = [user("zoe", "z-secret"), user("adam", "a-secret", { role: "pull" })];
  const file = htpasswd([zoe, adam], "stack");
  test("holds a bcrypt entry for each user that accepts the password and no other, and the role behind it", () => {
    const lines = file.trim().split("\n").map((line) => line.split(":"));
    expect(lines.map(([name, , ...role]) => [name, ...role])).toEqual([["adam", "pull"], ["zoe", "push"]]);
    const entries = Object.fromEntries(lines.map(([name, hash]) => [name!, hash!]));
    expect(compareSync("a-secret", entries["adam"]!)).toBe(true);
    expect(compareSync("z-secret", entries["adam"]!)).toBe(false);
    expect(entries["adam"]).toMatch(/^\$2b\$10\$[./A-Za-z0-9]{53}$/);
  });
  test("is slow to guess at, and quick to check where there is nothing to guess", () => {
    const made = randomBytes(32).toString("base64url");
    const [a, b] = htpasswd([user("a", made, { made: true }), user("b", made)], "stack").split("\n");
    expect(a).toContain("$2b$05$");
    expect(compareSync(made, a!.split(":")[1]!)).toBe(true);
    // Who chose it counts, not its length: "aaaa…" is long, too.
    expect(b).toContain("$2b$10$");
  });
  test("is the same for the same users, whatever their order, and another for another stack", () => {
    expect(htpasswd([adam, zoe], "stack")).toBe(file);
    expect(htpasswd([adam, zoe], "other")).not.toBe(file);
  });
  test("two users with one password have different hashes", () => {
    const [a, b] = htpasswd([user("a", "same"), user("b", "same")], "stack").trim().split("\n").map((line) => line.slice(2));
    expect(a).not.toBe(b);
  });
});

test("a made password is another one for each key, role, user and generation, and not the one of before there were roles", () => {
  const made = (["pull", "push"] as const).flatMap((role) => ["a", "2", "a 2"].flatMap((name) => [1, 2, 22].map((generation) => madePassword("key", role, name, generation))));
  const former = ["a", "2", "a 2"].map((name) => createHmac("sha256", "key").update(name).digest("base64url"));
  expect(new Set([...made, madePassword("other", "pull", "a", 1), ...former]).size).toBe(made.length + 1 + former.length);
  expect(made.every((password) => /^[\w-]{43}$/.test(password))).toBe(true);
});

test("the registry's configuration names its files, speaks TLS only and asks for a login that has a role", () => {
  const config = parse(renderConfig({ address: "r.example:5000", port: 5000, secret: "s" }));
  expect(config.version).toBe(0.1);
  expect(config.http).toMatchObject({ addr: ":5000", host: "https://r.example:5000", tls: { certificate: paths.certificate, key: paths.key, minimumtls: "tls1.2" } });
  expect(config.auth).toEqual({ dockyard: { realm: "r.example:5000", path: paths.htpasswd } });
  expect(config.storage).not.toHaveProperty("delete");
});

test("a name follows the content", () => {
  expect(contentName("tls-key", "a")).toMatch(/^tls-key-[0-9a-f]{12}$/);
  expect(contentName("tls-key", "a")).not.toBe(contentName("tls-key", "b"));
});

describe("the registry's configuration for images in S3", () => {
  const config = (more = {}) => parse(renderConfig({ address: "registry.example:5000", port: 5000, secret: "s", s3: { bucket: "images", region: "eu-west-1", ...more } }));
  test("names the bucket and no key to it: the instance's role is that", () => {
    expect(config().storage).toEqual({ s3: { bucket: "images", region: "eu-west-1", rootdirectory: "/registry", secure: true }, redirect: { disable: true } });
  });
  test("asks S3 to encrypt under a key of one's own", () => expect(config({ key: "arn:key" }).storage.s3).toMatchObject({ encrypt: true, keyid: "arn:key" }));
  test("keeps nothing in one replica's memory", () => expect(config().storage).not.toHaveProperty("cache"));
});
