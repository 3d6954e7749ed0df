import { composeFile, REPOSITORY, smallServices } from "./bundle";
import { amount, ratio, time, type Section } from "./measure";
import { hostMemory, peaks } from "./platformBench";
import type { BenchStack, StateEntry } from "./stack";
import { StackDeploy } from "./stackDeploy";

const AIM = { ratio: 1.5, refresh: 5_000, preview: 7_000, stateBytes: 2_000 };

/** First deploy, changes and removal of many small services, beside `docker stack deploy` of the same ones on the same hosts. */
export async function benchServices(stack: BenchStack, count: number, say: (line: string) => void): Promise<Section> {
  say("bringing the small services' image to all hosts");
  stack.configure(smallServices(0));
  await stack.up();
  const without = { state: stack.stateSize(), entries: await stack.state() };
  const theirs = new StackDeploy(stack.platform.container("m1"));
  say(`${count} services with docker stack deploy`);
  const deployed = await theirs.deploy(composeFile(count, imageIn(without.entries)), count);
  const updated = await theirs.change("RELEASE", "2");
  const removed = await theirs.remove();

  say(`${count} services with pulumi up`);
  stack.configure(smallServices(count));
  const up = await stack.up();
  const memory = await hostMemory(stack);
  const state = { bytes: stack.stateSize() - without.state, entries: await stack.state() };
  say("nothing changed, one environment changed, refresh");
  const preview = await stack.preview();
  const refresh = await stack.refresh();
  stack.configure(smallServices(count, (service) => (service === 1 ? "2" : "1")));
  const changed = await stack.up();
  say(`removing the ${count} services`);
  stack.configure(smallServices(0));
  const gone = await stack.up();

  return {
    id: `services-${count}`,
    title: `${count} small services on three lab hosts`,
    measures: [
      time("docker stack deploy, until all tasks run", deployed),
      time("pulumi up, until all have converged", up.took),
      ratio("pulumi up beside docker stack deploy", up.took / deployed, AIM.ratio),
      time("pulumi preview, nothing changed", preview.took, AIM.preview),
      time("pulumi refresh, nothing changed", refresh.took, AIM.refresh),
      time("pulumi up, one environment changed", changed.took),
      time("docker service update, one environment changed", updated),
      time("docker stack rm, until no task is left", removed),
      time("pulumi up, all services removed", gone.took),
      amount("state of a service", bytesPerService(state.entries), AIM.stateBytes),
      amount("state of a service, compressed on disk", state.bytes / count),
      ...peaks("first deploy", up),
      ...memory,
    ],
  };
}

/** The reference under which the registry has the image: the same for both ways. */
function imageIn(entries: readonly StateEntry[]): string {
  const image = entries.find(({ type, outputs }) => type === "dockyard:registry:Image" && String(outputs?.["reference"]).includes(`/${REPOSITORY}@`));
  if (!image) throw new Error(`no image ${REPOSITORY} in the state`);
  return String(image.outputs!["reference"]);
}

/** Of the services' own entries, as `pulumi stack export` has them without its spaces. */
function bytesPerService(entries: readonly StateEntry[]): number {
  const services = entries.filter(({ type, urn }) => type === "dockyard:swarm:Service" && /-s\d+$/.test(urn));
  return services.reduce((sum, service) => sum + JSON.stringify(service).length, 0) / services.length;
}
