import { Command, InvalidArgumentError, Option } from "commander";
import color from "picocolors";
import { ApplicationError, BundleError } from "../../components/bundle";
import { ConfigurationError } from "../../components/config";
import { UserError } from "../error";
import { REFUSED } from "./exitCodes";
import { lint, type LintOptions } from "./lint";
import { lintStack } from "./lintStack";
import { pack, type PackOptions } from "./pack";
import { relocate, type RelocateOptions } from "./relocate";
import { show, type ShowOptions } from "./show";
import { visible } from "../../provider/visible";
import { say } from "../terminal";

const EXIT_CODES = "\nExit codes: 0 done, 1 failed (the message says what to do), 2 the files are refused: they cannot be read, or not be deployed.";
const PATHS = "a bundle (.dab, .dsb), or Compose files to lay over each other";

/** `dockyard bundle …`: tools for the files of an application. They need neither Pulumi nor hosts, and set nothing up. */
export function bundleCommand(): Command {
  const bundle = new Command("bundle").description("look at an application's files, check them, pack them, relocate their images; docs/bundles.md");
  const subcommand = (name: string, description: string, argument: readonly [string, string]) => bundle.command(name).description(description).argument(...argument);
  const readOptions = (command: Command) =>
    command
      .addOption(new Option("--settings <file>", "the operator's settings for the environment"))
      .addOption(new Option("--stack <name>", "name of the application (default: from the file, or from its folder)"));
  const archive = ["-a, --archive <[image=]file>", "image archive: docker save, or an OCI layout (tar or folder); may be repeated", collected] as const;

  readOptions(subcommand("show", "what an application consists of and how it would run", ["<path...>", PATHS]))
    .addOption(new Option("--dab", "print the bundle as the reference client does, without settings").default(false).conflicts("plan"))
    .option("--plan", "print the plan as JSON, without values that look like secrets", false)
    .addHelpText("after", EXIT_CODES)
    .action(ending<ShowOptions>(show));

  readOptions(subcommand("lint", "what is risky, not as its file says, or refused", ["[path...]", PATHS]))
    .addOption(new Option("--config-file <file>", "all applications of a stack's configuration instead, also together: Pulumi.dev.yaml").conflicts(["settings", "stack", "hosts"]))
    .addOption(new Option("--hosts <n>", "hosts of the platform, for the addresses that networks need (default: 1)").argParser(positive))
    .option("--strict", "fail on warnings too", false)
    .addHelpText("after", "\nWithout --settings an image without a digest is a warning, as settings may pin it; with them it is refused.")
    .addHelpText("after", "\nExit codes: 0 nothing is refused, 1 there are warnings (--strict) or the command failed, 2 the files are refused.")
    .action(ending<Partial<LintOptions> & { configFile?: string; strict: boolean }>(lintPathsOrStack));

  readOptions(subcommand("pack", "make a bundle, and settings for what a bundle has no words for", ["<compose...>", "Compose files to lay over each other, or a bundle whose images lack digests"]))
    .option("-o, --output <file>", "the bundle (default: STACK.dab)")
    .option("--settings-out <file>", "the settings (default: NAME.settings.yaml beside the bundle)")
    .option(...archive)
    .option("--no-engine", "ask neither the local engine nor, through it, registries for digests")
    .option("-f, --force", "replace a settings file that is there", false)
    .addHelpText(
      "after",
      `
A digest comes from the image as written, else from an archive, else from the local engine, else from the registry as that
engine sees it. A docker archive has none: it goes into the settings, and the platform's registry is filled from it.
--archive IMAGE=FILE says which image an archive stands for when it calls its own differently, and goes before all else.
Nothing is written when a digest is missing. --settings gives the variables and profiles of Compose files.`,
    )
    .addHelpText("after", EXIT_CODES)
    .action(ending<PackOptions>(pack));

  subcommand("relocate", "say in the settings where each image comes from: a registry, or archives", ["<path...>", PATHS])
    .requiredOption("--to <registry>", "registry that holds the images under their paths: registry.example:5000, or with a path")
    .option("--stack <name>", "name of the application (default: from the file, or from its folder)")
    .option(...archive)
    .option("-o, --output <file>", "settings file to write or to add to; all else in it stays (default: standard output)")
    .option("--no-engine", "ask neither the local engine nor, through it, registries for digests")
    .addHelpText("after", "\nDigests are kept: REGISTRY/name@sha256:… is the very image. Variables and profiles of Compose files come from the settings file.")
    .addHelpText("after", EXIT_CODES)
    .action(ending<RelocateOptions>(relocate));
  return bundle;
}

/** Either paths of one application, or the configuration file of a stack. */
async function lintPathsOrStack(paths: readonly string[], { configFile, hosts = 1, ...options }: Partial<LintOptions> & { configFile?: string; strict: boolean }): Promise<number> {
  if (configFile !== undefined && paths.length > 0) throw new UserError(`found both ${paths.join(" ")} and --config-file`, "name an application's files, or a stack's configuration");
  if (configFile !== undefined) return lintStack(configFile, options);
  if (paths.length === 0) throw new UserError("nothing to look at: no file is named", "dockyard bundle lint PATH..., or --config-file Pulumi.dev.yaml");
  return lint(paths, { hosts, ...options });
}

const collected = (value: string, before: readonly string[] = []): readonly string[] => [...before, value];

function positive(value: string): number {
  if (!/^[1-9]\d{0,3}$/.test(value)) throw new InvalidArgumentError("a number from 1 to 9999 is expected");
  return Number(value);
}

/** Gives the shell a command's exit code. What is wrong with the files of an application is told from what is wrong otherwise. */
function ending<O>(command: (paths: readonly string[], options: O) => Promise<number>) {
  return async (paths: readonly string[], options: O): Promise<void> => {
    try {
      process.exitCode = await command(paths, options);
    } catch (error) {
      if (!(error instanceof ApplicationError || error instanceof BundleError || error instanceof ConfigurationError)) throw error;
      say(`${color.red("dockyard:")} ${visible(error.message.trimEnd())}`);
      process.exitCode = REFUSED;
    }
  };
}
