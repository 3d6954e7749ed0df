import { amount, median, time, type Measure, type Section } from "./measure";
import { bringUpPhases } from "./phases";
import type { BenchStack, Timed } from "./stack";

/** Times a run that does nothing: the median says more than a single one. */
const REPEATS = 3;

const AIM = { preview: 3_000, bringUp: 45_000, launcher: 20_000 };

/** Brings the platform up and measures that. Everything else is measured on what stands then. */
export async function benchBringUp(stack: BenchStack, say: (line: string) => void): Promise<Section> {
  say("bringing three hosts up, with registry, demo and voting");
  stack.configure(undefined);
  const up = await stack.up();
  const phases = bringUpPhases(await stack.state(), up.start);
  return {
    id: "bring-up",
    title: "Bring-up with warm caches: three hosts, registry, demo, voting",
    measures: [
      ...phases.map(({ name, took, ready }) => ({ ...time(name, took), value: `${time("", took).value} (at ${time("", ready).value})` })),
      time("total", up.took, AIM.bringUp),
    ],
  };
}

/** Measures runs that have nothing to do, and memory. */
export async function benchIdle(stack: BenchStack, say: (line: string) => void): Promise<Section[]> {
  say("runs that have nothing to do");
  const preview = await repeat(() => stack.preview());
  const up = await repeat(() => stack.idleUp());
  const refresh = await repeat(() => stack.refresh());
  const launcher = await benchLauncher(stack);
  const idle: Section = {
    id: "idle",
    title: "Nothing to do: the same platform",
    measures: [time("pulumi preview", preview.took, AIM.preview), time("pulumi up", up.took), time("pulumi refresh", refresh.took), launcher],
  };
  return [idle, { id: "memory", title: "Memory: the same platform", measures: [...(await hostMemory(stack)), ...peaks("pulumi up", up)] }];
}

/** Destroys the platform and measures that. */
export async function benchDestroy(stack: BenchStack, say: (line: string) => void): Promise<Section> {
  say("destroying the platform");
  const { took } = await stack.destroy();
  return { id: "destroy", title: "Destroying the same platform", measures: [time("pulumi destroy", took)] };
}

/** What each lab host holds, engine and tasks included. */
export async function hostMemory(stack: BenchStack): Promise<Measure[]> {
  const bytes = await stack.hostMemory();
  return stack.hosts.map((host, index) => amount(`lab host ${host}`, bytes[index]!));
}

/** What the processes of a run held at most. */
export function peaks(what: string, { peaks: { program, provider, engine } }: Timed): Measure[] {
  return [amount(`${what}: program, peak`, program), amount(`${what}: provider, peak`, provider), amount(`${what}: Pulumi's engine, peak`, engine)];
}

async function benchLauncher(stack: BenchStack): Promise<Measure> {
  const start = Date.now();
  const { code, output } = await stack.platform.dockyard("up");
  if (code !== 0) throw new Error(`./dockyard up failed (${code}):\n${output}`);
  return time("./dockyard up", Date.now() - start, AIM.launcher);
}

/** The run in the middle of several. */
async function repeat(run: () => Promise<Timed>): Promise<Timed> {
  const runs: Timed[] = [];
  for (let round = 0; round < REPEATS; round++) runs.push(await run());
  const took = median(runs.map((each) => each.took));
  return runs.find((each) => each.took === took)!;
}
