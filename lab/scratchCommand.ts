import { scratchFolder, startScratchHosts, stopScratchHosts } from "./scratch";
import { print, say } from "../cli/terminal";
import { visible } from "../provider/visible";
import { hostImage } from "./image";

const USAGE = "usage: scratch.sh up NAME SUBNET COUNT   hosts at 10.213.SUBNET.11, .12, ...\n       scratch.sh down NAME";

async function main([command, name, subnet, count]: string[]): Promise<void> {
  if (command === "up" && name && subnet && count) await up(name, Number(subnet), Number(count));
  else if (command === "down" && name) await stopScratchHosts(name);
  else throw new Error(USAGE);
}

async function up(name: string, subnet: number, count: number): Promise<void> {
  if (!(await hostImage.satisfied())) await hostImage.run(say);
  const folder = scratchFolder(name);
  for (const host of await startScratchHosts({ name, subnet, count })) {
    print(`${host.name}: ssh -i ${folder}/id_ed25519 -o UserKnownHostsFile=${folder}/known_hosts root@${host.address}`);
  }
}

main(process.argv.slice(2)).catch((error: Error) => {
  say(visible(error.message));
  process.exitCode = 1;
});
