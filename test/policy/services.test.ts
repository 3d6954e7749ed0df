import fc from "fast-check";
import { noSecretsInEnvironment } from "../../policy/rules/environment";
import { imagePinned } from "../../policy/rules/image";
import { noSensitiveMounts } from "../../policy/rules/mounts";
import { healthCheck, memoryLimit, notRoot } from "../../policy/rules/tasks";
import type { ServiceMount } from "../../provider/swarm/service/inputs";
import { findings } from "./support";

const DIGEST = `sha256:${"0a".repeat(32)}`;
const name = "shop_web";

describe("an image", () => {
  it.each([DIGEST, `redis@${DIGEST}`, `registry.example:5000/shop/web@${DIGEST}`, `shop/web:1.2@${DIGEST}`])("is pinned by its digest or id: %s", (image) =>
    expect(findings(imagePinned, { image })).toEqual([]),
  );
  it.each(["redis", "redis:7", "registry.example:5000/web:1", `redis@${DIGEST.slice(0, -1)}`, `redis@${DIGEST.toUpperCase()}`, DIGEST.slice(0, -1), `x${DIGEST}`, "", `redis@${DIGEST}\n`])(
    "is refused: %j",
    (image) => {
      const [found] = findings(imagePinned, { image });
      expect(found).toContain(JSON.stringify(image).slice(1, -1).split("\\n")[0]);
      expect(found).toContain("name@sha256:");
    },
  );
});

const bind = (source: string, more: Partial<ServiceMount> = {}): ServiceMount => ({ type: "bind", source, target: "/in", ...more });
const mounted = (mount: ServiceMount, ...allowed: string[]) => findings(noSensitiveMounts, { name, mounts: [mount] }, ...allowed);

describe("a mount", () => {
  it.each(["/srv/shop", "/data", "/mnt/disk/shop", "/srv/etc", "/data/home/shop"])("of a folder of the application's own is fine: %s", (path) => expect(mounted(bind(path))).toEqual([]));
  it("that is a volume or in memory is fine", () => {
    const mounts: ServiceMount[] = [{ type: "volume", source: "data", target: "/data" }, { type: "tmpfs", target: "/etc" }, { type: "volume", target: "/x", volumeDriverOptions: { type: "nfs", o: "addr=10.0.0.1", device: ":/etc" } }];
    expect(findings(noSensitiveMounts, { name, mounts })).toEqual([]);
    expect(findings(noSensitiveMounts, { name })).toEqual([]);
  });
  it.each(["/var/run/docker.sock", "/run/docker.sock", "/run/containerd/containerd.sock", "/var/run", "/run/", "/", "/var", "/var/./run//docker.sock", "/srv/../run/docker.sock"])(
    "that holds the engine's socket is refused, read-only too: %s",
    (path) => {
      expect(mounted(bind(path))[0]).toContain("the engine's socket");
      expect(mounted(bind(path, { readOnly: true }))[0]).toContain("the engine's socket");
    },
  );
  it.each(["/etc", "/etc/", "/etc/shadow", "/etc/../etc", "/proc", "/sys", "/dev/mem", "/root/.ssh", "/usr/bin", "/boot", "/var/lib/docker/volumes", "/run/lock", "/var/lib/shop", "/opt/etc", "/home/shop"])("of the host's own is refused: %s", (path) =>
    expect(mounted(bind(path))).toEqual([expect.stringMatching(/^mounts\[0\]: \/.*the host's/)]),
  );
  it("cannot be hidden in a volume of the local driver", () => {
    const volume = (o: string): ServiceMount => ({ type: "volume", source: "x", target: "/x", volumeDriverOptions: { type: "none", o, device: "/var/run/docker.sock" } });
    expect(mounted(volume("bind"))).toHaveLength(1);
    expect(mounted(volume("ro,rbind"))).toHaveLength(1);
  });
  it("of the local time is fine as long as it is read-only", () => {
    expect(mounted(bind("/etc/localtime", { readOnly: true }))).toEqual([]);
    expect(mounted(bind("/etc/localtime"))).toHaveLength(1);
  });
  it("is let pass by an exception for all services or for this one, and by no other", () => {
    expect(mounted(bind("/dev/snd/"), "/dev/snd")).toEqual([]);
    expect(mounted(bind("/var/run/docker.sock"), "shop_web:/var/run/docker.sock")).toEqual([]);
    expect(mounted(bind("/dev/snd"), "shop_api:/dev/snd", "/dev")).toHaveLength(1);
    expect(mounted(bind("/var/lib/shop/data"), "/var/lib/shop/*")).toEqual([]);
    expect(mounted(bind("/var/lib/shop/data"), "shop_web:/var/lib/*")).toEqual([]);
    expect(mounted(bind("/var/lib/shop"), "/var/lib/shop/*", "shop_api:/var/lib/*")).toHaveLength(1);
    expect(mounted(bind("/var/lib/shop/../docker"), "/var/lib/shop/*")).toHaveLength(1);
    expect(mounted(bind("/var/run/docker.sock"), "/var/*", "/var/run/*")).toHaveLength(1);
  });
  it("of a sensitive folder is refused however its path is written", () => {
    const noise = fc.array(fc.constantFrom("/", "/.", "/x/..", "/etc/.."), { maxLength: 4 }).map((parts) => parts.join(""));
    fc.assert(
      fc.property(noise, fc.constantFrom("/etc", "/proc/1", "/var/lib/docker", "/run/docker.sock"), noise, (before, path, after) => mounted(bind(before + path + after)).length === 1),
    );
  });
});

const inEnvironment = (line: string, ...allowed: string[]) => findings(noSecretsInEnvironment, { name, env: [line] }, ...allowed);

describe("an environment variable", () => {
  it.each(["PATH=/usr/bin", "STORE_URL=http://store:8082", "POSTGRES_PASSWORD_FILE=/run/secrets/db", "DB_PASSWORD", "DB_PASSWORD=", "TOKEN={{.Service.Name}}", "MONKEY=banana", "TOKEN_TTL=1h"])(
    "is no secret: %s",
    (line) => expect(inEnvironment(line)).toEqual([]),
  );
  it.each(["POSTGRES_PASSWORD=hunter2", "GITHUB_TOKEN=hunter2", "CLIENT_SECRET=hunter2", "API_KEY=hunter2", "db_password=hunter2", "DATABASE_URL=postgres://shop:hunter2@db/shop", "X=-----BEGIN RSA PRIVATE KEY-----\nhunter2", "DB_PASSWORD=a=hunter2", "DB_PASSWORD={{.X}}\nhunter2"])(
    "is a secret, which the message does not tell: %j",
    (line) => {
      const [found, ...more] = inEnvironment(line);
      expect(more).toEqual([]);
      expect(found).toContain(line.split("=")[0]);
      expect(found).not.toContain("hunter2");
    },
  );
  it("is let pass by an exception for all services or for this one, and by no other", () => {
    expect(inEnvironment("API_KEY=x", "API_KEY")).toEqual([]);
    expect(inEnvironment("API_KEY=x", "shop_web:API_KEY")).toEqual([]);
    expect(inEnvironment("API_KEY=x", "shop_api:API_KEY", "api_key", "KEY")).toHaveLength(1);
  });
  it("is told of each for itself", () => expect(findings(noSecretsInEnvironment, { name, env: ["A_TOKEN=x", "B=1", "C_TOKEN=x"] })).toHaveLength(2));
});

describe("a task", () => {
  it("has a memory limit, unless excepted", () => {
    expect(findings(memoryLimit, { name, resources: { limits: { memory: 2 ** 26 } } })).toEqual([]);
    expect(findings(memoryLimit, { name })).toHaveLength(1);
    expect(findings(memoryLimit, { name, resources: { limits: { cpus: 1 }, reservations: { memory: 2 ** 26 } } })).toHaveLength(1);
    expect(findings(memoryLimit, { name }, name)).toEqual([]);
  });
  it.each(["app", "1000", "1000:0", "rooty"])("runs as %s", (user) => expect(findings(notRoot, { name, user })).toEqual([]));
  it.each(["root", "0", "0:0", "root:app", "00", "", undefined])("is told of as root: %j", (user) => {
    expect(findings(notRoot, { name, user })).toHaveLength(1);
    expect(findings(notRoot, { name, user }, name)).toEqual([]);
  });
  it("has a health check that is not switched off, unless excepted", () => {
    expect(findings(healthCheck, { name, healthcheck: { test: ["CMD", "true"] } })).toEqual([]);
    // Only the interval changed: the test is the image's.
    expect(findings(healthCheck, { name, healthcheck: { interval: "5s" } })).toEqual([]);
    expect(findings(healthCheck, { name })).toEqual([expect.stringContaining("unless the image has one")]);
    expect(findings(healthCheck, { name, healthcheck: { test: ["NONE"] } })).toEqual([expect.stringContaining("switched off")]);
    expect(findings(healthCheck, { name }, name)).toEqual([]);
  });
});
