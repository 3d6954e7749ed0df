/**
 * One thing that has to be on this machine before `pulumi up` can run. The launcher asks every step for its
 * obstacles before it runs the first one, so that a machine on which something cannot be installed stays as it was.
 */
export interface SetupStep {
  /** What it provides, as the user reads it: "Pulumi CLI 3.259.0". */
  readonly title: string;
  /** How long `run` takes when nothing is cached, as the user reads it: "about 3 minutes". Left out when it is quick. */
  readonly estimate?: string;
  /** Whether it is there already. Cheap (well under a second), changes nothing. */
  satisfied(): Promise<boolean>;
  /** Why it cannot be done here; none when it can. Asked only when not satisfied; changes nothing. */
  obstacles(): Promise<Obstacle[]>;
  /** Does it. Idempotent, and safe to repeat after being killed anywhere. `report` shows one line of progress. */
  run(report: (line: string) => void): Promise<void>;
}

/** A reason why a step cannot be done on this machine, and the command that would remove it. */
export interface Obstacle {
  readonly reason: string;
  readonly fix: string;
}
