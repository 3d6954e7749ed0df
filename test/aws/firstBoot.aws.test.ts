import { execFileSync } from "node:child_process";
import { createServer, type IncomingMessage, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import Docker from "dockerode";
import { userData } from "../../components/hosts/aws/boot/userData";
import { deriveHostKey } from "../../components/hosts/hostKey";
import { hostImage } from "../../lab/image";
import { onScratchHost, type ScratchHost, startScratchHosts, stopScratchHosts } from "../../lab/scratch";
import { tarOf } from "../../lab/tar";
import { Connections } from "../../provider/remote/connections";
import { LoopDisk } from "./support/loopDisk";

/**
 * The first boot of an instance, with Debian's cloud-init and the very user data: on a lab host, with a file as its data disk. What
 * the metadata service does there, a seed folder does here (cloud-init's data source NoCloud).
 */

jest.setTimeout(900_000);
const LAB = "awsboot";
const VOLUME = "vol-0123456789abcdef0";
const LINK = "nvme-Amazon_Elastic_Block_Store_vol0123456789abcdef0";
const hostKey = deriveHostKey("seed", "web-1");
const docker = new Docker();
let disk: LoopDisk;
let host: ScratchHost;
let connections: Connections;

/** As root through the engine: SSH is part of what is tested. */
function inside(...command: string[]): string {
  return execFileSync("docker", ["exec", host.name, ...command], { stdio: ["ignore", "pipe", "pipe"] }).toString();
}

beforeAll(async () => {
  if (!(await hostImage.satisfied())) await hostImage.run(() => undefined);
  disk = LoopDisk.attach(LAB, 256 * 2 ** 20);
  [host] = (await startScratchHosts({ name: LAB, subnet: 139, count: 1, devices: { "/dev/nvme1n1": disk.device }, dataPath: "/mnt" })) as [ScratchHost];
  await onScratchHost(host, "apt-get -q update && DEBIAN_FRONTEND=noninteractive apt-get -q install -y --no-install-recommends cloud-init e2fsprogs");
  const login = execFileSync("ssh-keygen", ["-y", "-f", host.privateKeyFile]).toString().trim();
  const seed = userData({ name: "web-1", user: "dockyard", authorizedKey: login, hostKey, dataVolume: VOLUME, metrics: { region: "eu-central-1", stack: "test" } });
  await docker.getContainer(host.name).putArchive(
    tarOf([
      { path: "/etc/cloud/cloud.cfg.d/99-source.cfg", content: Buffer.from("datasource_list: [NoCloud]\n"), mode: 0o644 },
      { path: "/var/lib/cloud/seed/nocloud/meta-data", content: Buffer.from("instance-id: i-1\n"), mode: 0o600 },
      { path: "/var/lib/cloud/seed/nocloud/user-data", content: Buffer.from(seed), mode: 0o600 },
      // The part of EC2 and udev: the disk is attached some seconds after the machine runs.
      { path: "/etc/systemd/system/late-disk.service", content: Buffer.from(LATE_DISK), mode: 0o644 },
    ]),
    { path: "/" },
  );
  inside("systemctl", "enable", "late-disk.service");
  // By which the laboratory lets us in; an image of EC2 has none.
  inside("rm", "/root/.ssh/authorized_keys");
  await restart();
  // Root cannot log in any more; the user that cloud-init made can.
  connections = new Connections({ privateKey: host.privateKey, connectTimeout: 5000, commandTimeout: 60_000 });
});
afterAll(async () => {
  connections?.close();
  await stopScratchHosts(LAB);
  disk?.remove();
});

const LATE_DISK = `[Unit]
DefaultDependencies=no
[Service]
ExecStart=/bin/sh -c "sleep 4; mkdir -p /dev/disk/by-id; ln -s /dev/nvme1n1 /dev/disk/by-id/${LINK}"
[Install]
WantedBy=sysinit.target
`;

async function restart(): Promise<void> {
  await docker.getContainer(host.name).restart({ t: 30 });
}

const machine = () => connections.machine({ address: host.address, user: "dockyard", hostKey: hostKey.publicKey }, 300_000);

test("the first one that logs in finds the key that was pinned, and the disk mounted", async () => {
  const found = await machine();
  expect(await found.run(["findmnt", "--noheadings", "--output", "SOURCE,FSTYPE", "/var/lib/docker"])).toMatch(/^\/dev\/nvme1n1\s+ext4/);
  expect(await found.run(["id", "-u"])).toBe("0\n");
  expect(await found.run(["hostname"])).toBe("web-1\n");
});

test("no key of the image is left, and the host's own is the one that was derived", async () => {
  const found = await machine();
  expect(await found.run(["sh", "-c", "ls /etc/ssh/ssh_host_*"])).toBe("/etc/ssh/ssh_host_ed25519_key\n/etc/ssh/ssh_host_ed25519_key.pub\n");
  expect(await found.run(["ssh-keygen", "-y", "-f", "/etc/ssh/ssh_host_ed25519_key"])).toBe(`${hostKey.publicKey}\n`);
});

test("nobody logs in as root, or by a password", async () => {
  const root = { address: host.address, user: "root", hostKey: hostKey.publicKey };
  await expect(connections.machine(root)).rejects.toThrow(/refuses the login/);
  expect(await (await machine()).run(["sh", "-c", "sshd -T | grep -i ^passwordauthentication"])).toBe("passwordauthentication no\n");
});

test("cloud-init ended without an error, and the user data are for root alone", async () => {
  const found = await machine();
  const status = JSON.parse(await found.run(["sh", "-c", "cloud-init status --wait --format json || true"]));
  expect({ status: status.status, errors: status.errors }).toEqual({ status: "done", errors: [] });
  expect(await found.run(["sh", "-c", "stat -L -c %a /var/lib/cloud/instance/user-data.txt"])).toBe("600\n");
});

test("the engine runs on the disk, and would not without it", async () => {
  const found = await machine();
  await eventually(async () => expect(await found.run(["docker", "info", "--format", "{{.Driver}} {{.DockerRootDir}}"])).toBe("overlay2 /var/lib/docker\n"));
  await found.run(["systemctl", "stop", "docker.socket", "docker.service"]);
  await found.run(["umount", "/var/lib/docker"]);
  await found.run(["sh", "-c", "systemctl start docker.service || true"]);
  expect((await found.run(["sh", "-c", "systemctl is-active docker.service || true"])).trim()).not.toBe("active");
});

test("another boot mounts the same disk again, with what is on it", async () => {
  const found = await machine();
  await found.run(["mount", "/dev/nvme1n1", "/var/lib/docker"]);
  await found.run(["touch", "/var/lib/docker/of-the-first-boot"]);
  connections.close();
  await restart();
  const again = await machine();
  expect(await again.run(["ls", "/var/lib/docker/of-the-first-boot"])).toBe("/var/lib/docker/of-the-first-boot\n");
  await eventually(async () => expect(await again.run(["docker", "info", "--format", "{{.Driver}}"])).toBe("overlay2\n"));
});

test("metrics go out signed with the role's credentials, which no list of processes shows", async () => {
  const found = await machine();
  expect(await found.run(["systemctl", "is-enabled", "dockyard-metrics.timer"])).toBe("enabled\n");
  const calls = await withServer(async (url) => {
    await found.run(["env", `DOCKYARD_IMDS=${url}`, `DOCKYARD_CLOUDWATCH=${url}/`, "/usr/local/sbin/dockyard-metrics", "eu-central-1", "Dockyard/test", "web-1"]);
  });
  const [call] = calls;
  expect(calls).toHaveLength(1);
  expect(call!.headers["authorization"]).toMatch(/^AWS4-HMAC-SHA256 Credential=AKIDTEST\/\d{8}\/eu-central-1\/monitoring\/aws4_request, .*Signature=[0-9a-f]{64}$/);
  expect(call!.headers["x-amz-security-token"]).toBe("session/token==");
  expect(Object.fromEntries(new URLSearchParams(call!.body))).toMatchObject({ Action: "PutMetricData", Namespace: "Dockyard/test", "MetricData.member.1.MetricName": "DataDiskUsed", "MetricData.member.1.Dimensions.member.1.Value": "web-1" });
});

/** The metadata service and CloudWatch in one: gives a role's credentials for a token alone, and keeps what is sent to it. */
async function withServer(work: (url: string) => Promise<void>) {
  const calls: { headers: IncomingMessage["headers"]; body: string }[] = [];
  const server: Server = createServer((request, response) => {
    let body = "";
    request.on("data", (chunk: Buffer) => (body += chunk.toString()));
    request.on("end", () => {
      if (request.method === "PUT" && request.url === "/latest/api/token") return response.end("token-1");
      if (request.method === "POST") {
        calls.push({ headers: request.headers, body });
        return response.end();
      }
      if (request.headers["x-aws-ec2-metadata-token"] !== "token-1") return response.writeHead(401).end();
      const role = "/latest/meta-data/iam/security-credentials/";
      if (request.url === role) return response.end("web-role");
      return response.end(JSON.stringify({ Code: "Success", AccessKeyId: "AKIDTEST", SecretAccessKey: "secret/with+signs=", Token: "session/token==" }, undefined, 2));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, host.address.replace(/\d+$/, "1"), resolve));
  try {
    await work(`http://${host.address.replace(/\d+$/, "1")}:${(server.address() as AddressInfo).port}`);
    return calls;
  } finally {
    server.close();
  }
}

async function eventually(check: () => Promise<void>): Promise<void> {
  for (let attempt = 0; ; attempt++) {
    try {
      return await check();
    } catch (error) {
      if (attempt === 60) throw error;
      await sleep(1000);
    }
  }
}
