import { noSecretsInEnvironment } from "../../policy/rules/environment";
import { noSecretsElsewhere, noSecretsInConfigs, noSecretsInServices } from "../../policy/rules/secretTexts";
import { findings, table } from "./support";

/*
 * Every secret in here is made up. Those with a known form are put together from parts, so that no scanner of repositories takes them for real.
 */

const name = "shop_web";
const of = (...parts: string[]) => parts.join("");
const LETTERS = "aB3dE5fG7hJ9kL1mN2pQ4rS6tU8vW0xY";
const RANDOM = "q7Zx2Lw9Vb4Nk8Tm3Rc6Yp1Hd5Js0Gf";
const JWT = of("eyJhbGciOiJIUzI1NiJ9", ".", "eyJzdWIiOiIxMjM0NTY3ODkwIn0", ".", "dozjgNryP4J3jVmNHl0w5N_XgL0n3I9PlFUP0THsR8U");
const PEM = (kind: string, body = "MC4CAQAwBQYDK2VwBCIEIJ") => of("-----BEGIN ", kind, "-----\n", body, "\n-----END ", kind, "-----\n");
const base64 = (text: string) => Buffer.from(text).toString("base64");

/** By kind, with the kind first. */
const SECRETS: readonly (readonly [string, string])[] = [
  ["AWS", of("AKIA", "IOSFODNN7EXAMPLE")],
  ["AWS", of("ASIA", "Y34FZKBOKMUTVV7A")],
  ["AWS", of("wJalrXUtnFEMI/K7MDENG/", "bPxRfiCYEXAMPLEKEY")],
  ["GitHub", of("ghp_", LETTERS, "abcd")],
  ["GitHub", of("ghs_", LETTERS, "abcd")],
  ["GitHub", of("github_pat_", "11ABCDEFG0", LETTERS)],
  ["GitLab", of("glpat-", "x1Y2z3_A4b5C6-d7E8f9")],
  ["GitLab", of("gldt-", "x1Y2z3xA4b5C6xd7E8f9")],
  ["Slack", of("xoxb-", "123456789012-1234567890123-AbCdEf")],
  ["Slack", of("xapp-1-", "A0123456789-1234567890123")],
  ["Slack", of("https://hooks.slack.com/", "services/T00000000/B00000000/XXXXXXXXXXXXXXXXXXXXXXXX")],
  ["Stripe", of("sk_live_", "4eC39HqLyjWDarjtT1zdp7dc")],
  ["Stripe", of("rk_test_", "4eC39HqLyjWDarjtT1zdp7dc")],
  ["Stripe", of("whsec_", "MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")],
  ["Google", of("AIza", "SyA1b2C3d4E5f6G7h8I9j0K1l2M3n4O5p6Q")],
  ["services", of("SG.", "ngeVfQFYQlKU0ufo8x5d1A", ".", "TwL2iGABf9DHoTf-09kqeF8tAmbihYzrnopKc-1s5cr")],
  ["services", of("sk-", "proj-", LETTERS, LETTERS)],
  ["services", of("npm_", LETTERS, "abcd")],
  ["services", of("dckr_pat_", "aBcDeFgHiJkLmNoPqRsTuVwXyZ0")],
  ["services", of("hvs.", "CAESIJlU3Q2xkTm9wZXJzaG91bGQ")],
  ["Swarm", of("SWMTKN-1-", "49nj1cmql0jkz5s954yi3oex3nedyz0fb0xx14ie39trti4wxv-8vxv8rssmk743ojnwacrr2e7c")],
  ["Swarm", of("SWMKEY-1-", "7c37Cc8654o6p38HnroywCi19pllOnGtbdZEgtKxZu8")],
  ["JWT", JWT],
  ["JWT", `Bearer ${JWT}`],
  ["private keys", PEM("PRIVATE KEY")],
  ["private keys", PEM("RSA PRIVATE KEY")],
  ["private keys", PEM("EC PRIVATE KEY").replace(/\n/g, "\\n")],
  ["private keys", PEM("OPENSSH PRIVATE KEY").replace(/\n/g, " ")],
  ["private keys", PEM("ENCRYPTED PRIVATE KEY")],
  ["private keys", PEM("PGP PRIVATE KEY BLOCK")],
  ["private keys", base64(PEM("PRIVATE KEY"))],
  ["private keys", of("AGE-SECRET-KEY-1", "QYQSZQGPQYQSZQGPQYQSZQGPQYQSZQGP")],
  ["private keys", PEM("CERTIFICATE") + PEM("PRIVATE KEY")],
  ["addresses", "postgres://shop:hunter2@db/shop"],
  ["addresses", "redis://:hunter2@cache:6379/0"],
  ["addresses", "https://user:hunter2@example.net/x"],
  ["addresses", "amqp://u:p%40ss@mq:5672/%2f"],
  ["addresses", "mongodb+srv://u:hunter2@cluster.example"],
  ["addresses", "postgres://u:hunt/er2@db/shop"],
  ["addresses", "POSTGRESQL://U:HUNTER2@DB/SHOP"],
  ["addresses", "jdbc:postgresql://db/shop?user=shop&password=hunter2"],
  ["addresses", "shop:hunter2@tcp(db:3306)/shop"],
  ["addresses", "a,b http://x:y@z c"],
  ["addresses", "host=db user=shop password=hunter2 dbname=shop"],
  ["addresses", "Server=db;User Id=sa;Password=hunter2;"],
  ["addresses", "Server=db;Uid=sa;Pwd=hunter2"],
  ["addresses", "DefaultEndpointsProtocol=https;AccountName=a;AccountKey=aGVsbG8gaGVsbG8gaGVsbG8="],
  ["headers", "Authorization: Basic c2hvcDpodW50ZXIy"],
  ["headers", "authorization: bearer hunter2hunter2"],
  ["headers", "Authorization: Token hunter2"],
  ["headers", `{"Authorization": "Bearer hunter2"}`],
  ["headers", "Basic c2hvcDpodW50ZXIy"],
  ["headers", "X-Api-Key: hunter2"],
  ["headers", "X-Auth-Token:hunter2"],
  ["pairs", "-Dspring.datasource.password=hunter2 -Xmx1g"],
  ["pairs", "a=1 PGPASSWORD=hunter2 psql"],
  ["pairs", `{"user":"shop","password":"hunter2"}`],
  ["pairs", `{\\"password\\":\\"hunter2\\"}`],
  ["pairs", "user: shop\npassword: hunter2\n"],
  ["pairs", "password: 'correct horse'"],
  ["pairs", "clientSecret = \"hunter2\""],
  ["pairs", "api_key=>hunter2"],
  ["pairs", "db.password = hunter2"],
  ["pairs", "[db]\npasswd=hunter2"],
  ["hashes", of("admin:$", "apr1$H6uskkkW$IgXLP6ewTrSuBkTrqE8wj/")],
  ["hashes", of("admin:$$", "2y$$05$$abcdefghijklmnopqrstuv")],
  ["hashes", of("$", "argon2id$v=19$m=65536,t=3,p=4$c29tZXNhbHQ$RdescudvJCsgt3ub+b4dWRWJTmaaJObG")],
  ["random", RANDOM],
  ["random", `x ${RANDOM}== y`],
  ["random", base64(Buffer.from("9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08", "hex").toString("latin1")).slice(0, 10) + RANDOM],
  ["random", Buffer.from("9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08", "hex").toString("base64")],
  ["base64", base64(JSON.stringify({ auths: { "r.example": { username: "shop", password: "hunter2" } } }))],
  ["base64", base64("postgres://shop:hunter2@db/shop")],
];

/** What looks alike and is none. */
const HARMLESS: readonly (readonly [string, string])[] = [
  ["hashes", `sha256:${"0a1b2c3d".repeat(8)}`],
  ["hashes", `r.example:5000/shop/web@sha256:${"0a1b2c3d".repeat(8)}`],
  ["hashes", "d41d8cd98f00b204e9800998ecf8427e"],
  ["hashes", "da39a3ee5e6b4b0d3255bfef95601890afd80709"],
  ["hashes", "E3B0C44298FC1C149AFBF4C8996FB92427AE41E4649B934CA495991B7852B855"],
  ["hashes", "sha384-oqVuAfXRKap7fdgcCY5uykM6+R9GqQ8K/uxy9rx7HNQlGYl1kPzQho1wx4JwY8wC"],
  ["hashes", "SHA256:uNiVztksCsDhcc0u9e8BrvcxRyOgrZZKYuoLzgPlBvE"],
  ["ids", "550e8400-e29b-41d4-a716-446655440000"],
  ["ids", "550E8400-E29B-41D4-A716-446655440000"],
  ["ids", "q9u0ga3fek6rrr5h7hbzjw3fe"],
  ["ids", "arn:aws:iam::123456789012:role/ShopWebServerInstanceRole2"],
  ["ids", "i-0123456789abcdef0"],
  ["ids", "01ARZ3NDEKTSV4RRFFQ69G5FAV"],
  ["public keys", PEM("CERTIFICATE", "MIIBiDCCAS2gAwIBAgIUawG9Ej9AAwGewFs79tmEX7/I9g4wCgYIKoZIzj0EAwIwq7Zx2Lw9Vb4Nk8Tm3Rc6Yp1Hd5Js0Gf")],
  ["public keys", PEM("PUBLIC KEY", "MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAE7/7mvtXWU8Q27Bgkm7BgJEXzcwG5")],
  ["public keys", "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIGPJrrLrp2VY0ocVyg+2NHW4vrlTqhzq5YoN3ArkHQnE ops"],
  ["public keys", "ecdsa-sha2-nistp256 AAAAE2VjZHNhLXNoYTItbmlzdHAyNTYAAAAIbmlzdHAyNTYAAABBBEmKSENjQEezOmxkZMy7opKgwFB9nkt5YRrYMjNuG5N87uRgg6CLrbo5wAdT"],
  ["base64", "aGVsbG8="],
  ["base64", base64("a short and readable text about nothing")],
  ["base64", base64("{\"level\":\"info\",\"port\":8080,\"hosts\":[\"a\",\"b\"]}")],
  ["paths", "/run/secrets/db_password"],
  ["paths", "/usr/share/nginx/html/assets/Application2Controller.Min.js"],
  ["paths", "/srv/Shop1/Releases2026/Build4711/bin/ShopServer"],
  ["paths", "https://example.net/a/b/c?page=2&sort=name"],
  ["paths", "http://store:8082/healthz"],
  ["hosts", "ip-10-0-12-34.eu-central-1.compute.internal"],
  ["hosts", "http://secret-store:8082/x"],
  ["hosts", "token-service:8080"],
  ["hosts", "api.prod1.example.net:443"],
  ["hosts", "user@example.net"],
  ["hosts", "http://web:8080/users/@me"],
  ["references", "postgres://$DB_USER:$DB_PASSWORD@db/shop"],
  ["references", "postgres://u:${DB_PASSWORD}@db/shop"],
  ["references", "--password-file /run/secrets/db"],
  ["references", "--password=$PASSWORD"],
  ["references", "PGPASSWORD=$(cat /run/secrets/db) psql"],
  ["references", "password: ${DB_PASSWORD}"],
  ["references", "password_file=/run/secrets/db"],
  ["references", "token={{.Service.Name}}"],
  ["references", "{\"passwordFile\":\"/run/secrets/db\"}"],
  ["references", "secret: arn:aws:secretsmanager:eu-central-1:123456789012:secret:shop"],
  ["words", "Password: ask the administrator of the shop"],
  ["words", "password:\n  file: /run/secrets/db"],
  ["words", "no password, no token and no secret"],
  ["words", "basic authentication is off"],
  ["words", "require_password=true"],
  ["words", "getUserNameByIdAndStatusOrNothing2AndThenSome3More"],
  ["words", "OrderShippingAddressValidation2026ServiceImplementation1"],
  ["words", "keyboard=de monkey=banana compass=north"],
  ["words", "Lorem ipsum dolor sit amet: consectetur; adipiscing = elit"],
  ["words", "proxy_pass http://backend:8080;"],
  ["words", "if [ \"$1\" = start ]; then echo '$2 = $3'; fi"],
  ["words", "Host(`shop.example.net`) && PathPrefix(`/api`)"],
  ["words", "max_tokens=4096 token_ttl=1h"],
];

describe("a text", () => {
  const places = (text: string): [string, object][] => [
    ["command", { command: ["sh", text] }],
    ["args", { args: [text] }],
    ["healthcheck.test", { healthcheck: { test: ["CMD-SHELL", text] } }],
    ["labels.org.example.note", { labels: { "org.example.note": text } }],
    ["containerLabels.org.example.note", { containerLabels: { "org.example.note": text } }],
  ];
  it.each(SECRETS)("that is a secret is found wherever a service can have it (%s): %j", (_, secret) => {
    for (const [at, props] of places(secret)) expect([at, findings(noSecretsInServices, { name, ...props })]).toEqual([at, [expect.stringMatching(new RegExp(`^${at.replace(/\./g, "\\.")}: (holds|gives) `))]]);
    expect(findings(noSecretsInEnvironment, { name, env: [`NOTE=${secret}`] })).toHaveLength(1);
    expect(findings(noSecretsInConfigs, { name: "shop_motd", data: `# a file\n${secret}\nend\n` })).toHaveLength(1);
  });
  it.each(SECRETS)("that is a secret is never said (%s): %j", (_, secret) => {
    const told = [...places(secret).flatMap(([, props]) => findings(noSecretsInServices, { name, ...props })), ...findings(noSecretsInEnvironment, { name, env: [`NOTE=${secret}`] }), ...findings(noSecretsInConfigs, { name: "shop_motd", data: secret })].join("\n");
    expect(told).not.toMatch(/hunter|c2hvcDp/i);
    for (const part of secret.match(/[A-Za-z0-9+/_-]{16,}/g) ?? []) expect(told).not.toContain(part);
  });
  it.each(HARMLESS)("that is none passes everywhere (%s): %j", (_, text) => {
    for (const [at, props] of places(text)) expect([at, findings(noSecretsInServices, { name, ...props })]).toEqual([at, []]);
    expect(findings(noSecretsInEnvironment, { name, env: [`NOTE=${text}`] })).toEqual([]);
    expect(findings(noSecretsInConfigs, { name: "shop_motd", data: `# a file\n${text}\nend\n` })).toEqual([]);
  });
});

const env = (...lines: string[]) => lines.map((line) => ({ name, env: ["PATH=/bin", line] }));
table(noSecretsInEnvironment, {
  refused: env(
    ...["DB_PASSWORD", "db_password", "DbPassword", "dbPassword", "db-password", "db.password", "DB_PASSWD", "DB_PASS", "DB_PWD", "PGPASSWORD", "MYSQL_ROOT_PASSWORD", "PASSPHRASE", "SMTP_PASSCODE", "GITHUB_TOKEN", "githubToken", "ACCESS_TOKEN", "accesstoken", "API_KEY", "apiKey", "APIKEY", "APP_KEY", "JWT_KEY", "SECRET_KEY_BASE", "AWS_SECRET_ACCESS_KEY", "PrivateKey", "SIGNING_KEY", "MASTER_KEY", "SESSION_KEY", "CLIENT_SECRET", "clientsecret", "CREDENTIALS", "Spring__Datasource__Password", "password1", "Password_2", "MYSECRETVALUE", "AZURE_STORAGE_KEY"].map((key) => `${key}=hunter2`),
    "DB_PASSWORD=1234", "DB_PASSWORD=$hunter2", "DB_PASSWORD=${literal}", "DB_PASSWORD=changeme", "DB_PASSWORD= ", "DB_PASSWORD=/", "PASSWORD_NAME=postgres://a:b@c/d", "JAVA_OPTS=-Xmx1g -Ddb.password=hunter2", "X={\"token\":\"hunter2\"}",
  ),
  accepted: env(
    ...["DB_PASSWORD_FILE=/run/secrets/db", "DB_PASSWORD=/run/secrets/db", "DB_PASSWORD=", "DB_PASSWORD", "TOKEN={{.Task.ID}}", "TOKEN_TTL=1h", "tokenExpiry=3600", "PASSWORD_MIN_LENGTH=12", "PASSWORD_POLICY=strict", "SECRET_NAME=db", "ALLOW_EMPTY_PASSWORD=yes", "REQUIRE_PASSWORD=true", "PASSWORD_ALGORITHM=bcrypt", "TOKEN_ISSUER=https://id.example.net", "MAX_TOKENS=4096", "KEYBOARD=de", "MONKEY=banana", "COMPASS_MODE=on", "PASSENGER_APP_ENV=prod", "KEY=value", "PRIMARY_KEY=id", "SORT_KEY=name", "CACHE_KEY_PREFIX=shop", "BYPASS=1", "AUTHOR=me", "STORE_URL=http://store:8082", "SECRET_STORE_PORT=8200", "TOKEN_COUNT=5"],
  ),
});

const service = (props: object) => ({ name, ...props });
table(noSecretsInServices, {
  refused: [
    ...[["--password", "hunter2"], ["--password=hunter2"], ["-password", "hunter2"], ["--db-password", "hunter2"], ["--dbPassword", "hunter2"], ["serve", "--api-key", "hunter2"], ["--token", "'hunter2'"], ["sh", "-c", "app --password hunter2"], ["sh", "-c", "exec app --token=hunter2 >/dev/null"], ["curl", "-u", "shop:hunter2", "x"], ["curl", "--user", "shop:hunter2"], ["curl -fsS -u shop:hunter2 http://x/"], ["curl", "-H", "X-Api-Key: hunter2"], ["redis-server", "--requirepass", "hunter2"], ["redis-server", "requirepass", "hunter2"], ["redis-cli", "-a", "hunter2", "ping"], ["mysql", "-uroot", "-phunter2"], ["mysqladmin -uroot -phunter2 ping"], ["sshpass", "-p", "hunter2"], ["--masterSecret", "hunter2"]].flatMap((words) => [service({ args: words }), service({ command: words }), service({ healthcheck: { test: ["CMD", ...words] } })]),
    ...["db.password", "apiKey", "com.example.token", "X_SECRET"].flatMap((label) => [service({ labels: { [label]: "hunter2" } }), service({ containerLabels: { [label]: "hunter2" } })]),
    service({ labels: { "traefik.http.middlewares.auth.basicauth.users": of("a:$", "apr1$H6uskkkW$IgXLP6ewTrSuBkTrqE8wj/") } }),
    service({ logDriver: { name: "splunk", options: { "splunk-token": "hunter2" } } }),
    service({ mounts: [{ type: "volume", target: "/x", volumeDriverOptions: { type: "cifs", o: "username=a,password=hunter2" } }] }),
    service({ mounts: [{ type: "volume", target: "/x", volumeLabels: { password: "hunter2" } }] }),
    service({ hosts: [`10.0.0.1 ${RANDOM}`] }), service({ hostname: RANDOM }), service({ dir: `/x?token=hunter2` }), service({ user: RANDOM }), service({ configs: [{ id: "x", name: RANDOM, target: "/x" }] }), service({ placement: { constraints: ["node.labels.password==hunter2", "x"] } }), service({ dns: { search: [`${RANDOM}.example`] } }),
  ],
  accepted: [
    ...[["--password-file", "/run/secrets/x"], ["--password-file=/run/secrets/x"], ["--password", "$PASSWORD"], ["--password", "${PASSWORD}"], ["--password", "/run/secrets/x"], ["--password"], ["--password", "--verbose"], ["--no-password", "--x"], ["--token-ttl", "1h"], ["curl", "-u", "1000:1000"], ["docker", "-u", "0:0"], ["--user", "app"], ["curl", "-u", "shop:$PASSWORD"], ["mysql", "-p", "x"], ["mysql", "-P", "3306", "--protocol=tcp"], ["redis-cli", "ping"], ["--key", "value"], ["--keyfile=/x"], ["sh", "-c", "PGPASSWORD=$(cat /run/secrets/db) exec psql"], ["--secret-name", "db"], ["CMD", "/probe", "https://127.0.0.1:5000/"]].map((args) => service({ args })),
    service({}), service({ labels: { "com.docker.stack.namespace": "shop", "traefik.http.routers.web.rule": "Host(`x`)" } }), service({ secrets: [{ id: "q9u0ga3fek6rrr5h7hbzjw3fe", name: "shop_db_password-0a1b2c3d4e5f", target: "db_password" }] }), service({ image: `web@sha256:${"0a".repeat(32)}` }), service({ env: ["NOTE=x"] }), service({ hosts: ["10.0.0.1 db"] }), service({ configs: [{ id: "x", name: "dockyard-registry-tls-crt-0123456789ab", target: "/etc/x" }] }),
  ],
});

const SUBJECT = { name: "shop_motd" };
table(noSecretsInConfigs, {
  refused: [
    ...["password=hunter2", "password: hunter2\n", "db:\n  password: hunter2 # old\n", "{\n  \"token\": \"hunter2\"\n}", "requirepass hunter2", "api_key = 'hunter2'", "export TOKEN=hunter2", "<add key=\"x\" value=\"Server=db;Password=hunter2\"/>", "machine x\nlogin y\npassword=hunter2", "proxy_set_header Authorization \"Basic c2hvcDpodW50ZXIy\";", "url: redis://:hunter2@cache", of("admin:$", "2y$05$abcdefghijklmnopqrstuv"), PEM("PRIVATE KEY"), `x ${JWT}`, RANDOM].map((data) => ({ ...SUBJECT, data })),
    ...["password=hunter2", PEM("EC PRIVATE KEY"), "url: redis://:hunter2@cache"].map((data) => ({ ...SUBJECT, data: base64(data), encoding: "base64" as const })),
    { ...SUBJECT, data: "x", labels: { token: "hunter2" } }, { ...SUBJECT, data: "x", labels: { note: JWT } }, { name: RANDOM, data: "x" },
  ],
  accepted: [
    ...["Welcome to the shop", "", "port: 80", PEM("CERTIFICATE", `MIIB${RANDOM}`), PEM("CERTIFICATE") + PEM("CERTIFICATE"), "password_file: /run/secrets/db", "password: ${DB_PASSWORD}", "password: \"\"", "password: null", "{\"password\": {\"file\": \"x\"}}", "server { listen 80; location / { proxy_pass http://web:8080; } }", "[server]\nhttp_port = 3000\n", "<html><body><a href='/login?token_type=x'>in</a></body></html>", "scrape_configs:\n  - job_name: web\n", "auth:\n  htpasswd:\n    path: /run/secrets/htpasswd", "a: b\nc: d\n", `background: url(data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJ${RANDOM})`, "# The password is in the vault.\n"].map((data) => ({ ...SUBJECT, data })),
    { ...SUBJECT, data: base64("port: 80"), encoding: "base64" as const }, { ...SUBJECT, data: "/////w==", encoding: "base64" as const }, { ...SUBJECT }, { name: "dockyard-registry-tls-crt-0123456789ab", data: "x", labels: { "com.docker.stack.namespace": "dockyard" } },
  ],
});

table(noSecretsElsewhere, {
  refused: [
    ...["token", "db.password", "apiKey", "x-secret", "ACCESS_KEY"].flatMap((label) => [{ name: "m1", labels: { [label]: "hunter2" } }]),
    ...[JWT, RANDOM, PEM("PRIVATE KEY"), "postgres://a:b@c/d", "password=hunter2", "Basic c2hvcDpodW50ZXIy"].map((note) => ({ name: "m1", labels: { note } })),
    ...[{ proxies: { "http-proxy": "http://u:hunter2@proxy:3128" } }, { "registry-mirrors": ["https://u:hunter2@m.example"] }, { "log-opts": { "splunk-token": "hunter2" } }, { "log-opts": { tag: RANDOM } }, { labels: ["token=hunter2"] }, { labels: [`x=${JWT}`] }, { "cluster-store-opts": { password: "hunter2" } }, { a: { b: { c: { apiKey: "hunter2" } } } }, { a: [{ secret: "hunter2" }] }].map((daemon) => ({ daemon })),
    { name: RANDOM },
  ],
  accepted: [
    {}, { name: "m1" }, { name: "m1", labels: {} }, { daemon: {} },
    ...["zone", "storage", "registry", "gpu", "disk.type", "org.example.team"].map((label) => ({ name: "m1", labels: { [label]: "a" } })),
    { name: "m1", labels: { "com.docker.stack.namespace": "shop" } }, { name: "shop_db_password-0a1b2c3d4e5f", data: "hunter2" } as { name: string },
    ...[{ debug: true }, { mtu: 1450 }, { "log-opts": { "max-size": "10m" } }, { "default-address-pools": [{ base: "10.0.0.0/8", size: 24 }] }, { proxies: { "http-proxy": "http://proxy:3128" } }, { labels: ["zone=a"] }, { "registry-mirrors": ["https://m.example"] }, { dns: ["10.0.0.2"] }].map((daemon) => ({ daemon })),
  ],
});

describe("exceptions", () => {
  it("are for a place of a service, for all or for one", () => {
    const args = (...allowed: string[]) => findings(noSecretsInServices, { name, ...{ args: ["--token", "hunter2"] } }, ...allowed);
    expect([args("args"), args("shop_web:args")]).toEqual([[], []]);
    expect([args("shop_api:args"), args("command"), args("arg")].map(({ length }) => length)).toEqual([1, 1, 1]);
  });
  it("are for a config by its name, with its hash or without, or for a place elsewhere", () => {
    const config = (...allowed: string[]) => findings(noSecretsInConfigs, { name: "shop_motd-0a1b2c3d4e5f", data: "token=hunter2" }, ...allowed);
    expect([config("shop_motd"), config("shop_motd-0a1b2c3d4e5f")]).toEqual([[], []]);
    expect([config("shop"), config("motd"), config("shop_motd-")].map(({ length }) => length)).toEqual([1, 1, 1]);
    expect(findings(noSecretsElsewhere, { name: "m1", labels: { token: "x1" } }, "labels.token")).toEqual([]);
  });
});
