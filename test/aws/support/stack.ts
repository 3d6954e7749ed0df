import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { stringify } from "yaml";
import { capture } from "../../../toolchain/process";
import { findPulumi } from "../../../toolchain/pulumi";

const PROGRAM = join(__dirname, "../program");

/** A step of an operation, as the CLI reports it. */
export interface Step {
  readonly op: string;
  readonly type: string;
  readonly name: string;
}

/** The program test/aws/program as a stack of its own, with its state in a folder of its own, by the real CLI. */
export class AwsStack {
  private readonly folder = mkdtempSync(join(tmpdir(), "dockyard-aws-"));
  private readonly configuration = join(this.folder, "Pulumi.test.yaml");

  constructor(private readonly url: string) {}

  /** @param configuration by key, without the project's prefix */
  configure(configuration: Readonly<Record<string, unknown>>): void {
    const config = Object.fromEntries(Object.entries(configuration).map(([key, value]) => [`dockyard:${key}`, value]));
    writeFileSync(this.configuration, stringify({ config }));
  }

  /** @throws Error with everything that the CLI said when it failed */
  async run(...args: string[]): Promise<string> {
    const done = await capture("pulumi", [...args, "--non-interactive"], { cwd: PROGRAM, env: await this.environment() });
    if (done.code !== 0) throw new Error(`pulumi ${args.join(" ")} failed:\n${done.stdout}\n${done.stderr}`);
    return done.stdout;
  }

  init(): Promise<string> {
    return this.run("stack", "init", "test");
  }

  /** What an `up` would do; what stays the same is left out. */
  async preview(): Promise<Step[]> {
    const { steps = [] } = JSON.parse(await this.run("preview", "--json", "--stack", "test")) as { steps?: { op: string; urn: string }[] };
    return steps.filter(({ op }) => op !== "same" && op !== "read").map(step);
  }

  async up(): Promise<void> {
    await this.run("up", "--yes", "--skip-preview", "--stack", "test", "--parallel", "64");
  }

  async outputs(): Promise<Record<string, unknown>> {
    return JSON.parse(await this.run("stack", "output", "--json", "--stack", "test")) as Record<string, unknown>;
  }

  async state(): Promise<{ readonly text: string; readonly resources: readonly Record<string, unknown>[] }> {
    const text = await this.run("stack", "export", "--stack", "test");
    return { text, resources: (JSON.parse(text) as { deployment: { resources: Record<string, unknown>[] } }).deployment.resources };
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }

  private async environment(): Promise<NodeJS.ProcessEnv> {
    const installation = (await findPulumi())!;
    // No credentials and no profile of whoever runs this: nothing here may reach an account.
    const { AWS_PROFILE: _1, AWS_SESSION_TOKEN: _2, HTTPS_PROXY: _3, https_proxy: _4, ...env } = process.env;
    return {
      ...env,
      ...(installation.home === undefined ? {} : { PULUMI_HOME: installation.home }),
      PATH: [installation.bin, env["PATH"]].join(delimiter),
      PULUMI_BACKEND_URL: `file://${this.folder}`,
      PULUMI_CONFIG_PASSPHRASE: "test",
      PULUMI_OPTION_CONFIG_FILE: this.configuration,
      PULUMI_OPTION_SKIP_PLUGIN_PRE_INSTALL: "true",
      PULUMI_SKIP_UPDATE_CHECK: "true",
      DOCKYARD_TEST_AWS: this.url,
      AWS_ACCESS_KEY_ID: "test",
      AWS_SECRET_ACCESS_KEY: "test",
      AWS_CONFIG_FILE: "/dev/null",
      AWS_SHARED_CREDENTIALS_FILE: "/dev/null",
      AWS_EC2_METADATA_DISABLED: "true",
    };
  }
}

function step({ op, urn }: { op: string; urn: string }): Step {
  const [, , types, name] = urn.split("::");
  return { op, type: types!.split("$").at(-1)!, name: name! };
}
