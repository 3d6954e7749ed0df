import { labHosts, platformOn, standInApplication, type HostEntry } from "../test/e2e/support/configuration";
import { time, type Section } from "./measure";
import { SUBNET_NUMBER } from "./names";
import { PlainCluster } from "./plainCluster";
import type { BenchStack } from "./stack";

const [M1, M2, M3] = labHosts(SUBNET_NUMBER).hosts as [HostEntry, HostEntry, HostEntry];
const host = (name: string, number: number, role: "manager" | "worker"): HostEntry => ({ name, role, address: `10.213.${SUBNET_NUMBER}.${10 + number}` });
const M4 = host("m4", 4, "manager");
const WORKERS = [host("w1", 5, "worker"), host("w2", 6, "worker"), host("w3", 7, "worker")];

/**
 * Three hosts more, another manager in the place of one, and a restart of all six engines; beside the same with the plain docker client, by
 * shell scripts over SSH, on lab hosts of their own that are up already.
 */
export async function benchDayTwo(stack: BenchStack, say: (line: string) => void): Promise<Section> {
  const configure = (hosts: readonly HostEntry[], maxSize = "10m") => {
    const pair = standInApplication(stack.platform, "pair", { replicas: 2 });
    stack.platform.configure({ ...platformOn({ source: "lab", subnet: `10.213.${SUBNET_NUMBER}.0/24`, hosts }, { applications: [pair] }), engine: { daemon: { "log-opts": { "max-size": maxSize } } } });
  };
  const changed = async (what: string, ...configuration: Parameters<typeof configure>) => {
    say(what);
    configure(...configuration);
    return (await stack.up()).took;
  };
  await changed("three managers, and a service of two replicas", [M1, M2, M3]);
  const scaled = await changed("three workers more", [M1, M2, M3, ...WORKERS]);
  const replaced = await changed("a manager in the place of another", [M1, M2, M4, ...WORKERS]);
  const restarted = await changed("a setting that every engine restarts for", [M1, M2, M4, ...WORKERS], "11m");

  say("the same with the docker client and shell scripts");
  const plain = await PlainCluster.start();
  try {
    const theirs = { scaled: await plain.scale(), replaced: await plain.replace(), restarted: await plain.restart() };
    return {
      id: "day-two",
      title: "Day two: six hosts, three or four of them managers",
      measures: [
        time("3 → 6 hosts, pulumi up (containers made, booted, checked and set up)", scaled),
        time("3 → 6 hosts, docker swarm join on hosts that are ready", theirs.scaled),
        time("a manager replaced, pulumi up (its container made and the former one's removed)", replaced),
        time("a manager replaced, docker client, on a host that is ready", theirs.replaced),
        time("six engines restarted one by one, pulumi up (services moved first)", restarted),
        time("six engines restarted one by one, drained first, docker client", theirs.restarted),
      ],
    };
  } finally {
    await plain.stop();
  }
}
