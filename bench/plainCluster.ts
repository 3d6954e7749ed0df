import { execFile } from "node:child_process";
import { dirname, join } from "node:path";
import { promisify } from "node:util";
import { type ScratchHost, startScratchHosts, stopScratchHosts } from "../lab/scratch";
import { ROOT } from "../cli/environment";
import { STANDIN_ARCHIVE } from "./names";

const NAME = "bench-plain";
const SUBNET = 81;
/** Seconds after which a script that waits for something is an error. */
const PATIENCE = 180;

/** What the scripts have in common. `$KEYS` is the folder of the keys; addresses come as arguments. */
const COMMON = `
set -eu
on() { host=$1; shift; ssh -n -i "$KEYS/id_ed25519" -o UserKnownHostsFile="$KEYS/known_hosts" -o BatchMode=yes -o LogLevel=ERROR "root@$host" "$@"; }
wait_for() { end=$(($(date +%s) + ${PATIENCE})); until "$@"; do [ "$(date +%s)" -lt "$end" ] || { echo "waited in vain for: $*" >&2; exit 1; }; sleep 0.2; done; }
ready() { [ "$(on "$1" "docker node ls --format '{{.Status}}'" | grep -c Ready)" -ge "$2" ]; }
reachable() { [ "$(on "$1" "docker node ls --format '{{.ManagerStatus}}'" | grep -cE 'Leader|Reachable')" -ge "$2" ]; }
empty() { [ -z "$(on "$1" "docker node ps $2 -q --filter desired-state=running")" ]; }
whole() { on "$1" "docker service ls --format '{{.Replicas}}'" | grep -q '^2/2'; }
answers() { on "$1" docker info >/dev/null 2>&1; }
`;

/** Arguments: the first three are managers. */
const BEGIN = `
m1=$1; shift
on $m1 docker swarm init --advertise-addr $m1 >/dev/null
token=$(on $m1 docker swarm join-token -q manager)
for m in $1 $2; do on $m docker swarm join --token $token $m1:2377 >/dev/null; done
on $m1 docker service create --quiet --detach --name web --replicas 2 --no-resolve-image --env STANDIN_PORTS=none $IMAGE >/dev/null
wait_for whole $m1
`;
const SCALE = `
m1=$1; shift
token=$(on $m1 docker swarm join-token -q worker)
for host in "$@"; do on $host docker swarm join --token $token $m1:2377 >/dev/null & done
wait
wait_for ready $m1 6
`;
/** Arguments: a manager to ask, the one that goes and its name, the one that comes. */
const REPLACE = `
token=$(on $1 docker swarm join-token -q manager)
on $4 docker swarm join --token $token $1:2377 >/dev/null
wait_for reachable $1 4
on $1 docker node update --availability drain $3 >/dev/null
wait_for empty $1 $3
on $1 docker node demote $3 >/dev/null
wait_for on $2 docker swarm leave >/dev/null 2>&1
on $1 docker node rm --force $3 >/dev/null
wait_for whole $1
`;
/** Arguments: two managers to ask, then address and name of each host. */
const RESTART = `
m1=$1; m2=$2; shift 2
while [ $# -gt 0 ]; do
  asked=$m1; [ "$1" != "$m1" ] || asked=$m2
  on $asked docker node update --availability drain $2 >/dev/null
  wait_for empty $asked $2
  on $1 systemctl restart docker
  wait_for answers $1
  wait_for ready $asked 6
  on $asked docker node update --availability active $2 >/dev/null
  wait_for whole $asked
  shift 2
done
`;

/** Seven lab hosts of their own, and a Swarm on them as the docker client makes it: by shell scripts over SSH. */
export class PlainCluster {
  private constructor(private readonly hosts: readonly ScratchHost[]) {}

  /** Three managers and a service of two replicas; the others are up and in no Swarm. */
  static async start(): Promise<PlainCluster> {
    const hosts = await startScratchHosts({ name: NAME, subnet: SUBNET, count: 7 });
    const cluster = new PlainCluster(hosts);
    await Promise.all(hosts.map(({ address }) => cluster.run('ssh -i "$KEYS/id_ed25519" -o UserKnownHostsFile="$KEYS/known_hosts" -o BatchMode=yes "root@$1" docker load < "$ARCHIVE" >/dev/null', address)));
    await cluster.run(BEGIN, ...cluster.addresses(1, 2, 3));
    return cluster;
  }

  /** Three workers more. @returns milliseconds */
  scale(): Promise<number> {
    return this.run(SCALE, ...this.addresses(1, 5, 6, 7));
  }

  /** The fourth host in the place of the third manager. @returns milliseconds */
  replace(): Promise<number> {
    return this.run(REPLACE, ...this.addresses(1, 3), this.hosts[2]!.name, ...this.addresses(4));
  }

  /** Every engine, workers first, the leader last. @returns milliseconds */
  restart(): Promise<number> {
    const order = [5, 6, 7, 2, 4, 1].map((number) => this.hosts[number - 1]!);
    return this.run(RESTART, ...this.addresses(1, 2), ...order.flatMap(({ address, name }) => [address, name]));
  }

  stop(): Promise<void> {
    return stopScratchHosts(NAME);
  }

  private addresses(...numbers: number[]): string[] {
    return numbers.map((number) => this.hosts[number - 1]!.address);
  }

  private async run(script: string, ...args: string[]): Promise<number> {
    const start = Date.now();
    const env = { ...process.env, KEYS: dirname(this.hosts[0]!.privateKeyFile), ARCHIVE: join(ROOT, STANDIN_ARCHIVE), IMAGE: "dockyard/standin:1.0.0" };
    await promisify(execFile)("bash", ["-c", COMMON + script, "bash", ...args], { env });
    return Date.now() - start;
  }
}
