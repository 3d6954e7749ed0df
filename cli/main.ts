import { Argument, Command, InvalidArgumentError, Option } from "commander";
import color from "picocolors";
import { hostImage } from "../lab/image";
import { demoImages } from "../lab/images";
import { bundleCommand } from "./bundle/command";
import { backup } from "./commands/backup";
import { down } from "./commands/down";
import { preview } from "./commands/preview";
import { recoverSwarm } from "./commands/recover";
import { refresh } from "./commands/refresh";
import { restore, type RestoreOptions } from "./commands/restore";
import { type DrillOptions, restoreDrill } from "./commands/restoreDrill";
import { status } from "./commands/status";
import { test } from "./commands/test";
import { up } from "./commands/up";
import { stackPaths, type StackPaths } from "./environment";
import { UserError } from "./error";
import { PARALLEL } from "./pulumi";
import { setUp } from "./setup";
import { engine } from "../toolchain/engine";
import { SUITES } from "./suites";
import { print, say } from "./terminal";
import { message, visible } from "../provider/visible";

interface StackOptions {
  readonly stack: string;
  readonly configFile?: string;
}

const program = new Command("dockyard")
  .description("Bare hosts to a Docker Swarm platform with its own CA, registry, networks and applications, in one Pulumi diff.")
  .addHelpText(
    "after",
    `
Everything a machine needs for this is installed by the first command that needs it; what is there already is used.
State, passphrase and derived configuration are kept in .dockyard/ of this checkout, downloads and builds in ~/.cache/dockyard.
Who has Pulumi and Docker can do without this launcher: npm ci && pulumi up

Environment:
  DOCKYARD_STATE_DIR   folder instead of .dockyard (several platforms side by side)
  DOCKYARD_CONFIG      configuration file instead of Pulumi.<stack>.yaml
  DOCKYARD_CACHE       folder instead of ~/.cache/dockyard
  DOCKER_HOST          engine for lab hosts instead of /var/run/docker.sock

Exit codes: 0 done, 1 failed (the message says what to do), others are Pulumi's.`,
  )
  .showHelpAfterError("(dockyard --help lists the commands)");

const stackCommand = (name: string, description: string) =>
  program
    .command(name)
    .description(description)
    .addOption(new Option("-s, --stack <name>", "the stack to work on: one environment, configured by Pulumi.<name>.yaml").default("dev"))
    .addOption(new Option("--config-file <path>", "configuration file instead of Pulumi.<name>.yaml; it is read, never written"));

/** Adds the options of a command whose changes can be checked against policies. */
const checkedByPolicies = (command: Command) =>
  command
    .option("--policy-pack <folder>", "check every resource against this policy pack, such as this project's own: policy (may be repeated)", collected)
    .option("--policy-pack-config <file>", "levels and exceptions of the policy pack's rules, as JSON (one for each --policy-pack)", collected);

/** Gives a command its stack, and its exit code to the shell. */
const run =
  <O>(command: (paths: StackPaths, options: O) => Promise<number>) =>
  async (options: O & StackOptions): Promise<void> => {
    process.exitCode = await command(stackPaths(options.stack, options.configFile), options);
  };

checkedByPolicies(stackCommand("up", "bring this machine, the hosts and the platform to what the configuration says, and fetch the applications through it"))
  .option("-r, --refresh", "look at what is really there first, and repair what drifted", false)
  .option("--break-lease <holder>", "go on although this holder has the cluster's lease: its run is dead (an error names the holder)")
  .addOption(takeOverOption())
  .option("--without-backup <stack>", "change the version of engines although the last backup is too old (docs/day-two.md); the stack's name says that it is meant")
  .option("-p, --parallel <n>", "resources worked on at once", positive, PARALLEL)
  .addHelpText("after", "\nShows Pulumi's preview, then does it without asking; to look first: dockyard preview. Repeat it after any interruption.")
  .action(run(up));

checkedByPolicies(stackCommand("preview", "show what up would do, and do nothing"))
  .option("--diff", "every property that changes", false)
  .option("-r, --refresh", "look at what is really there first", false)
  .option("--expect-no-changes", "fail when there is anything to do", false)
  .addOption(takeOverOption())
  .action(run(preview));

stackCommand("refresh", "look at everything there is, show what drifted from the last up and record it; the next up repairs it")
  .option("--preview-only", "show it, record nothing", false)
  .option("--expect-no-changes", "fail when anything drifted", false)
  .action(run(refresh));

stackCommand("status", "show hosts, services and URLs, and whether each URL answers now")
  .addHelpText("after", "\nExit codes: 0 everything answers, 3 a URL does not answer well, 4 the stack is not up.")
  .action(run(status));

stackCommand("backup", "copy the Swarm's state, the registry's data and the stack's state, encrypted, to a folder or S3")
  .option("--to <place>", "folder, or s3://bucket/prefix, instead of the configuration's (dockyard:backup)")
  .option("--passphrase-file <file>", "file whose first line encrypts the backup; else DOCKYARD_BACKUP_PASSPHRASE_FILE, else dockyard:backupPassphrase")
  .option("--allow-downtime", "also where there is only one manager, whose engine has to stop for the copy", false)
  .option("--no-registry", "leave out the registry's data")
  .addHelpText("after", "\nThe engine of one manager, not the leader, is stopped for some seconds; nothing is done where the quorum would not bear that.\nWhat is in a backup, and how to restore it: docs/recovery.md")
  .action(run(backup));

stackCommand("restore-drill", "restore a backup onto a scratch host that is cut off from everything, compare, and remove it again")
  .argument("[backup]", "its name, such as 2026-11-25T22-10-00Z; default: the newest")
  .option("--from <place>", "folder, or s3://bucket/prefix, instead of the configuration's (dockyard:backup)")
  .option("--passphrase-file <file>", "file whose first line the backup was encrypted with; else as with backup")
  .option("--subnet <n>", "third number of the scratch host's network 10.213.N.0/24; default: one that is free", (value) => positive(value))
  .addHelpText("after", "\nExit codes: 0 everything came back, 5 something did not. ./dockyard status tells the last result and its age.")
  .action((id: string | undefined, options: DrillOptions & StackOptions) => run<DrillOptions>((paths, given) => restoreDrill(paths, given, id))(options));

stackCommand("restore", "bring back a Swarm of which no manager is left, from a backup")
  .argument("[backup]", "its name, such as 2026-11-25T22-10-00Z; default: the newest")
  .option("--from <place>", "folder, or s3://bucket/prefix, instead of the configuration's (dockyard:backup)")
  .option("--passphrase-file <file>", "file whose first line the backup was encrypted with; else as with backup")
  .option("--lost <manager>", "a manager that is gone and never starts again as it was (may be repeated)", collected, [])
  .option("--no-registry", "leave the registry's data out")
  .option("-y, --yes", "do not ask (without a terminal nothing is done unless this is given)", false)
  .addHelpText("after", "\nThe manager whose copy the backup is, or a machine in its place, becomes the only manager.\nAsks every manager, shows the plan, asks, does it; refuses while any of them has the Swarm's state. Repeat it after any interruption;\nthen ./dockyard up --refresh lets the other hosts join again. What it can and cannot do: docs/recovery.md")
  .action((id: string | undefined, options: RestoreOptions & StackOptions) => run<RestoreOptions>((paths, given) => restore(paths, given, id))(options));

stackCommand("recover", "bring back a Swarm that lost its quorum, from the manager whose state is the most recent")
  .option("--lost <manager>", "a manager that is gone and never starts again as it was (may be repeated)", collected, [])
  .option("-y, --yes", "do not ask (without a terminal nothing is done unless this is given)", false)
  .addHelpText("after", "\nAsks every manager, shows the plan, asks, does it. Repeat it after any interruption; then ./dockyard up lets the others join again.\nWhat it can and cannot do: docs/recovery.md")
  .action(run(recoverSwarm));

stackCommand("down", "destroy the stack and leave nothing of it: no container, volume, network, file or process")
  .option("-y, --yes", "do not ask (nobody is asked without a terminal either)", false)
  .option("--force", "also remove what only carries the stack's label on this machine's engine; when destroying fails, forget the rest", false)
  .option("--unprotect", "also destroy what is protected: the keys of the authority, outside the lab", false)
  .option("--purge", "remove the images and the cache too; the next up starts from nothing", false)
  .addHelpText("after", "\nThe Docker engine is stopped if this launcher started it and nothing else runs on it.")
  .action(run(down));

program.addCommand(bundleCommand());

program
  .command("images")
  .description("build the image of the lab's hosts and the archives of the demo's images; up does so by itself")
  .action(async () => {
    if (!(await setUp([[engine, hostImage], [demoImages]]))) print("The images are there already.");
  });

program
  .command("test")
  .description("run the tests: type check, lint, unit, component, provider (real lab hosts), aws (the AWS provider against a local API) and end-to-end")
  .addArgument(new Argument("[suites...]", "only these").choices(SUITES))
  .addHelpText("after", '\nThe last line is "N passed, N failed" over all suites; type check and lint count as one each.')
  .action(async (suites: (typeof SUITES)[number][]) => {
    process.exitCode = await test(suites);
  });

function takeOverOption(): Option {
  return new Option("--take-over <owner>", "take the platform from the state that owns it, which is locked out from then on (an error names the owner; docs/day-two.md)");
}

function collected(value: string, earlier: string[] = []): string[] {
  return [...earlier, value];
}

function positive(value: string): number {
  if (!/^[1-9]\d{0,3}$/.test(value)) throw new InvalidArgumentError("a number from 1 to 9999 is expected");
  return Number(value);
}

program.parseAsync().catch((error: unknown) => {
  if (error instanceof UserError) {
    say(`${color.red("dockyard:")} ${error.message}${error.fix === undefined ? "" : `\n  fix: ${color.bold(visible(error.fix))}`}`);
  } else {
    say(`${color.red("dockyard:")} ${message(error instanceof Error ? error.message : String(error))}`);
    if (process.env.DOCKYARD_DEBUG && error instanceof Error) say(visible(`${error.stack}`));
  }
  process.exitCode = 1;
});
