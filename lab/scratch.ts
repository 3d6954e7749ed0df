import { execFile } from "node:child_process";
import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createConnection } from "node:net";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { promisify } from "node:util";
import Docker from "dockerode";
import { AUTHORIZED_KEYS_PATH, detectCgroup, HOST_DATA_PATH, HOST_KEY_PATH, hostContainerOptions } from "./hostContainer";
import { LAB_HOST_IMAGE } from "./image";
import { tarOf } from "./tar";

/** Every object of a scratch laboratory carries this label, with the laboratory's name; removal goes by it alone. */
const LABEL = "dockyard.scratch";
const START_TIMEOUT_MS = 60_000;
const docker = new Docker();

/** What a scratch laboratory is made of. */
export interface ScratchOptions {
  /** Name of the laboratory: lower-case letters, digits and hyphens. */
  readonly name: string;
  /** Third number of its network 10.213.N.0/24; two laboratories at the same time need different ones. */
  readonly subnet: number;
  /** How many hosts: addresses .11, .12, ... */
  readonly count: number;
  /** Whether the hosts can reach each other and this machine alone. Default: they reach whatever this machine does. */
  readonly cutOff?: boolean;
  /** Block devices of this machine that each host gets, by the path that they have there. Default: none. */
  readonly devices?: Readonly<Record<string, string>>;
  /** Where the volume is mounted that is otherwise the engine's. Elsewhere, the engine is slow and takes little. */
  readonly dataPath?: string;
}

/** A running lab host whose SSH server and Docker Engine answer. */
export interface ScratchHost {
  /** Container name and hostname: `<laboratory>-1`, ... */
  readonly name: string;
  readonly address: string;
  readonly user: "root";
  /** PEM (OpenSSH) of the key that may log in. */
  readonly privateKey: string;
  /** File of that key, and of its public half with ".pub". */
  readonly privateKeyFile: string;
  /** The host's own public key as known_hosts writes it: "ssh-ed25519 AAAA...". */
  readonly hostKey: string;
}

/** Folder of a scratch laboratory's keys: id_ed25519, id_ed25519.pub, known_hosts, host_1.pub, ... */
export function scratchFolder(name: string): string {
  return `/tmp/dockyard-scratch-${name}`;
}

/**
 * Starts bare lab hosts for development and provider tests, outside of any Pulumi program. What an earlier laboratory
 * of the same name left is removed first.
 * @throws Error when a host does not answer within a minute.
 */
export async function startScratchHosts(options: ScratchOptions): Promise<ScratchHost[]> {
  check(options);
  await stopScratchHosts(options.name);
  const folder = scratchFolder(options.name);
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const numbers = Array.from({ length: options.count }, (_, index) => index + 1);
  await Promise.all([keyPair(folder, "id_ed25519"), ...numbers.map((number) => keyPair(folder, `host_${number}`)), createNetwork(options)]);
  const hosts = numbers.map((number) => describe(options, number));
  writeFileSync(join(folder, "known_hosts"), hosts.map((host) => `${host.address} ${host.hostKey}\n`).join(""));
  await Promise.all(hosts.map((host, index) => startHost(options, host, join(folder, `host_${index + 1}`))));
  await Promise.all(hosts.map(answering));
  return hosts;
}

/** Removes a scratch laboratory: containers with their volumes, network, keys. No error when there is none. */
export async function stopScratchHosts(name: string): Promise<void> {
  const filters = { label: [`${LABEL}=${name}`] };
  const containers = await docker.listContainers({ all: true, filters });
  await Promise.all(containers.map(({ Id }) => absent(docker.getContainer(Id).remove({ force: true, v: true }))));
  const { Volumes } = await docker.listVolumes({ filters });
  await Promise.all((Volumes ?? []).map(({ Name }) => absent(docker.getVolume(Name).remove())));
  const networks = await docker.listNetworks({ filters });
  await Promise.all(networks.map(({ Id }) => absent(docker.getNetwork(Id).remove())));
  rmSync(scratchFolder(name), { recursive: true, force: true });
}

/** Runs a command on a scratch host with the system's ssh, for a look from a test. The command is one shell line. */
export async function onScratchHost(host: ScratchHost, command: string): Promise<string> {
  const known = join(host.privateKeyFile, "..", "known_hosts");
  const options = ["-i", host.privateKeyFile, "-o", `UserKnownHostsFile=${known}`, "-o", "BatchMode=yes", "-o", "LogLevel=ERROR"];
  const { stdout } = await promisify(execFile)("ssh", [...options, `${host.user}@${host.address}`, command]);
  return stdout;
}

function check({ name, subnet, count }: ScratchOptions): void {
  if (!/^[a-z][a-z0-9-]{0,30}$/.test(name)) throw new Error(`scratch name "${name}": lower-case letters, digits and hyphens only`);
  if (!Number.isInteger(subnet) || subnet < 0 || subnet > 255) throw new Error(`scratch subnet ${subnet}: a number from 0 to 255`);
  if (!Number.isInteger(count) || count < 1 || count > 50) throw new Error(`scratch host count ${count}: a number from 1 to 50`);
}

async function keyPair(folder: string, file: string): Promise<void> {
  await promisify(execFile)("ssh-keygen", ["-q", "-t", "ed25519", "-N", "", "-C", file, "-f", join(folder, file)]);
}

async function createNetwork({ name, subnet, cutOff = false }: ScratchOptions): Promise<void> {
  const IPAM = { Driver: "default", Config: [{ Subnet: `10.213.${subnet}.0/24` }] };
  await docker.createNetwork({ Name: `scratch-${name}`, Driver: "bridge", Internal: cutOff, CheckDuplicate: true, IPAM, Labels: { [LABEL]: name } });
}

function describe({ name, subnet }: ScratchOptions, number: number): ScratchHost {
  const folder = scratchFolder(name);
  const privateKeyFile = join(folder, "id_ed25519");
  return {
    name: `${name}-${number}`,
    address: `10.213.${subnet}.${10 + number}`,
    user: "root",
    privateKey: readFileSync(privateKeyFile, "utf8"),
    privateKeyFile,
    hostKey: readFileSync(join(folder, `host_${number}.pub`), "utf8").split(" ").slice(0, 2).join(" "),
  };
}

async function startHost({ name: laboratory, devices = {}, dataPath = HOST_DATA_PATH }: ScratchOptions, host: ScratchHost, hostKeyFile: string): Promise<void> {
  const options = hostContainerOptions(detectCgroup());
  const volume = `scratch-${host.name}`;
  await docker.createVolume({ Name: volume, Labels: { [LABEL]: laboratory } });
  const request: Docker.ContainerCreateOptions & { HostConfig: { CgroupnsMode: string } } = {
    name: host.name,
    Hostname: host.name,
    Image: LAB_HOST_IMAGE,
    Cmd: options.command,
    StopSignal: options.stopSignal,
    Labels: { [LABEL]: laboratory },
    HostConfig: {
      CapAdd: options.capabilities.adds,
      CapDrop: options.capabilities.drops,
      SecurityOpt: options.securityOpts,
      CgroupnsMode: options.cgroupnsMode,
      Tmpfs: options.tmpfs,
      Binds: [`${volume}:${dataPath}`],
      Devices: Object.entries(devices).map(([inHost, here]) => ({ PathOnHost: here, PathInContainer: inHost, CgroupPermissions: "rwm" })),
    },
    NetworkingConfig: { EndpointsConfig: { [`scratch-${laboratory}`]: { IPAMConfig: { IPv4Address: host.address } } } },
  };
  const container = await docker.createContainer(request);
  const identity = [
    { path: HOST_KEY_PATH, content: readFileSync(hostKeyFile), mode: 0o600 },
    { path: AUTHORIZED_KEYS_PATH, content: readFileSync(`${host.privateKeyFile}.pub`), mode: 0o600 },
  ];
  await container.putArchive(tarOf(identity), { path: "/" });
  await container.start();
}

/** Waits until SSH lets us in and the engine of the host answers there. */
async function answering(host: ScratchHost): Promise<void> {
  const deadline = Date.now() + START_TIMEOUT_MS;
  for (;;) {
    try {
      await portOpen(host.address);
      await onScratchHost(host, "docker info >/dev/null");
      return;
    } catch (error) {
      if (Date.now() > deadline) throw new Error(`lab host ${host.name} (${host.address}) does not answer: ${(error as Error).message}`, { cause: error });
      await sleep(100);
    }
  }
}

function portOpen(address: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const socket = createConnection({ host: address, port: 22, timeout: 1000 });
    socket.once("connect", () => resolve(socket.destroy() && undefined));
    socket.once("timeout", () => socket.destroy(new Error("port 22 does not answer")));
    socket.once("error", reject);
  });
}

/** What is gone already, or is just being removed by somebody else, counts as removed. */
async function absent(removal: Promise<unknown>): Promise<void> {
  await removal.catch((error: { statusCode?: number }) => {
    if (error.statusCode !== 404 && error.statusCode !== 409) throw error;
  });
}
