import { fetchPorts, portWorks, type Answer } from "../answers";
import { hostsAreInAws, type StackPaths } from "../environment";
import { UserError } from "../error";
import { WITHOUT_BACKUP } from "../../provider/hosts/freshBackup";
import { hasLooked, mustLookFirst } from "../lookFirst";
import { milestones, renderMilestones } from "../milestones";
import { parseOutputs, type Outputs } from "../outputs";
import { policyPackArguments, type PolicyPackOptions } from "../policyPacks";
import { ensureStack, exportStack, must, openPulumi, PARALLEL, type Pulumi } from "../pulumi";
import { recover } from "../recovery";
import { renderPhases, renderStack, type Phase } from "../report";
import { AWS_CHAINS, CHAINS, setUp } from "../setup";
import { createProgress } from "../progress";
import { TAKE_OVER } from "../../provider/swarm/owner/owner";
import { print, say } from "../terminal";

/** How long an application may take, after its rollout, until it answers through the platform. */
const ANSWER_TIMEOUT_MS = 30_000;

/** Options of `up`, see its help. */
export interface UpOptions extends PolicyPackOptions {
  readonly refresh: boolean;
  readonly parallel: number;
  /** Holder of the cluster's lease who is dead and will not be waited for. */
  readonly breakLease?: string;
  /** Id of the owner who is to lose the platform to this stack. */
  readonly takeOver?: string;
  /** The stack's own name: its engines may get another version although the last backup is too old. */
  readonly withoutBackup?: string;
}

/** Set-up, `pulumi up`, and the proof: the applications answer through the platform. @returns the exit code. */
export async function up(paths: StackPaths, options: UpOptions): Promise<number> {
  const policies = policyPackArguments(options);
  if (options.withoutBackup !== undefined && options.withoutBackup !== paths.stack) {
    throw new UserError(`--without-backup ${options.withoutBackup}: the stack is ${paths.stack}`, `--without-backup ${paths.stack}`);
  }
  // The provider inherits them; the CLI has no other way to hand it a word.
  if (options.breakLease !== undefined) process.env.DOCKYARD_BREAK_LEASE = options.breakLease;
  if (options.takeOver !== undefined) process.env[TAKE_OVER] = options.takeOver;
  if (options.withoutBackup !== undefined) process.env[WITHOUT_BACKUP] = options.withoutBackup;
  const phases: Phase[] = [];
  const timed = phaseClock(phases);
  const { pulumi, unsure } = await timed("set-up", () => openReady(paths));
  if (unsure) say("An interrupted run left changes of which nobody knows how they ended: looking at what is there first");
  const looked = await lookAtSwarm(pulumi);
  if (looked !== 0) return looked;
  const look = options.refresh || unsure ? ["--refresh"] : [];
  const start = new Date();
  const code = await timed("pulumi up", () =>
    pulumi.show("up", "--yes", "--suppress-outputs", "--parallel", String(options.parallel), ...look, ...policies),
  );
  if (code !== 0) return code;
  const outputs = await readOutputs(pulumi);
  const answers = await timed("first answer", () => awaitAnswers(outputs));
  print(`\n${renderStack(outputs, answers)}\n\nTime   ${renderPhases(phases)}`);
  const reached = renderMilestones(milestones(await exportStack(pulumi), start));
  if (reached !== "") print(`Ready  ${reached}   (after the start of pulumi up)`);
  const silent = answers.filter((port) => !portWorks(port)).flatMap((port) => port.map(({ url }) => url));
  if (silent.length === 0) return 0;
  throw new UserError(
    `The platform is up, but what is published at ${silent.join(", ")} did not answer well within ${ANSWER_TIMEOUT_MS / 1000} s`,
    `./dockyard status --stack ${paths.stack}`,
  );
}

/**
 * Has the state follow a Swarm that was changed outside of it. Hosts are not asked themselves: those that were lost would not
 * answer, and what is wanted of them is asked for right afterwards.
 */
async function lookAtSwarm(pulumi: Pulumi): Promise<number> {
  if (!mustLookFirst(pulumi.paths)) return 0;
  say("The Swarm was recovered: looking at what is there first");
  const exclude = ["Host", "Engine"].flatMap((kind) => ["--exclude", `**dockyard:hosts:${kind}::**`]);
  const code = await pulumi.show("refresh", "--yes", "--skip-preview", "--suppress-outputs", "--parallel", String(PARALLEL), ...exclude);
  if (code === 0) hasLooked(pulumi.paths);
  return code;
}

async function awaitAnswers(outputs: Outputs): Promise<Answer[][]> {
  const urls = outputs.applications.flatMap((each) => each.urls);
  if (urls.length === 0) return [];
  const title = "Fetching the applications through the platform";
  const progress = createProgress();
  progress.begin(title);
  const answers = await fetchPorts(urls, outputs.certificateAuthority, ANSWER_TIMEOUT_MS);
  progress.end(title, !answers.every(portWorks));
  progress.close();
  return answers;
}

/** The machine set up, the stack there, and nothing of a killed run in the way; `unsure`: see {@link recover}. */
export async function openReady(paths: StackPaths): Promise<{ pulumi: Pulumi; unsure: boolean }> {
  await setUp(hostsAreInAws(paths) ? AWS_CHAINS : CHAINS);
  const pulumi = await openPulumi(paths);
  await ensureStack(paths);
  return { pulumi, unsure: await recover(pulumi, say) };
}

/** The stack's outputs, secrets left out. */
export async function readOutputs(pulumi: Pulumi): Promise<Outputs> {
  return parseOutputs(await must(pulumi, "stack", "output", "--json"));
}

function phaseClock(phases: Phase[]) {
  return async <T>(name: string, work: () => Promise<T>): Promise<T> => {
    const started = Date.now();
    try {
      return await work();
    } finally {
      phases.push({ name, took: Date.now() - started });
    }
  };
}
