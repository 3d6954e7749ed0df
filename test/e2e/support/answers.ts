import { setTimeout as sleep } from "node:timers/promises";

/** The demo's page as data. */
export interface Visit {
  readonly visits: number;
  /** Hostname of the task that answered, of each service. */
  readonly web: string;
  readonly api: string;
  readonly store: string;
}

/** What a stand-in tells of itself. */
export interface StandIn {
  readonly hostname: string;
  readonly peers: Readonly<Record<string, readonly string[]>>;
}

/**
 * Asks the same port of all hosts until one answers well; a port in host mode is open only where a task runs.
 * @throws Error with every host's last answer after 20 s.
 */
export async function askAny<T>(addresses: readonly string[], port: number, path = "/"): Promise<T> {
  const deadline = Date.now() + 20_000;
  for (;;) {
    const answers = await Promise.all(addresses.map((address) => ask<T>(`http://${address}:${port}${path}`)));
    const good = answers.find((answer) => "body" in answer);
    if (good && "body" in good) return good.body;
    if (Date.now() > deadline) throw new Error(`port ${port} answers nowhere: ${answers.map((answer) => ("problem" in answer ? answer.problem : "")).join("; ")}`);
    await sleep(250);
  }
}

async function ask<T>(url: string): Promise<{ body: T } | { problem: string }> {
  try {
    const response = await fetch(url, { headers: { Accept: "application/json" }, signal: AbortSignal.timeout(5_000) });
    if (!response.ok) return { problem: `${url}: ${response.status} ${await response.text()}` };
    return { body: (await response.json()) as T };
  } catch (error) {
    return { problem: `${url}: ${(error as Error).message}` };
  }
}
