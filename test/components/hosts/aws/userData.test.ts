import { execFileSync } from "node:child_process";
import fc from "fast-check";
import { parse } from "yaml";
import { DATA_DISK_SCRIPT } from "../../../../components/hosts/aws/boot/dataDisk";
import { METRICS_SCRIPT } from "../../../../components/hosts/aws/boot/metrics";
import { type FirstBoot, USER_DATA_LIMIT, userData } from "../../../../components/hosts/aws/boot/userData";
import { deriveHostKey } from "../../../../components/hosts/hostKey";

const boot = (more: Partial<FirstBoot> = {}): FirstBoot => ({
  name: "m1",
  user: "dockyard",
  authorizedKey: "ssh-ed25519 AAAA login",
  hostKey: deriveHostKey("seed", "m1"),
  dataVolume: "vol-0123456789abcdef0",
  ...more,
});

it("is cloud-init's configuration, in which every text is what it was", () => {
  fc.assert(
    fc.property(fc.stringMatching(/^[a-z0-9-]{1,63}$/), fc.string({ minLength: 1 }), (name, authorizedKey) => {
      const text = userData(boot({ name, authorizedKey }));
      expect(text.startsWith("#cloud-config\n")).toBe(true);
      const config = parse(text);
      expect(config.hostname).toBe(name);
      expect(config.users).toEqual([expect.objectContaining({ name: "dockyard", ssh_authorized_keys: [authorizedKey] })]);
      expect(config.bootcmd).toEqual([["sh", "-c", DATA_DISK_SCRIPT, "dockyard-data-disk", "vol-0123456789abcdef0"]]);
    }),
  );
});

it("gives the host its key, and keeps none of the image's", () => {
  const config = parse(userData(boot()));
  const { privateKeyOpenssh, publicKey } = deriveHostKey("seed", "m1");
  expect(config.ssh_keys).toEqual({ ed25519_private: privateKeyOpenssh, ed25519_public: `${publicKey} m1` });
  expect(config).toMatchObject({ ssh_deletekeys: true, ssh_pwauth: false, disable_root: true });
});

it("fits into what EC2 takes, and holds no other secret", () => {
  const text = userData(boot({ name: "a".repeat(63), authorizedKey: `ssh-rsa ${"A".repeat(800)}`, metrics: { region: "ap-southeast-1", stack: "s".repeat(100) } }));
  // The provider sends it in base64, the limit is on what that encodes.
  expect(Buffer.byteLength(text)).toBeLessThan(USER_DATA_LIMIT);
  expect(text.match(/PRIVATE KEY-----/g)).toHaveLength(2);
});

it("sends metrics only where they are asked for", () => {
  expect(userData(boot())).not.toContain("dockyard-metrics");
  const config = parse(userData(boot({ metrics: { region: "eu-west-1", stack: "prod" } })));
  expect(config.write_files.map(({ path }: { path: string }) => path)).toEqual([
    "/etc/systemd/system/docker.service.d/10-dockyard-data.conf",
    "/usr/local/sbin/dockyard-metrics",
    "/etc/systemd/system/dockyard-metrics.service",
    "/etc/systemd/system/dockyard-metrics.timer",
  ]);
});

it.each([["data disk", DATA_DISK_SCRIPT], ["metrics", METRICS_SCRIPT]])("the script for %s is one that sh reads", (_, script) => {
  execFileSync("sh", ["-n"], { input: script });
});
