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
  /** SHA-256 of the files that were asked for, by path. */
  readonly hashes: Readonly<Record<string, string>>;
}

/**
 * Asks the same port of one host after the other until one answers well: a port in host mode is open only where a task runs.
 * @throws Error with every host's last answer after 20 s.
 */
export async function askAny<T>(addresses: readonly string[], port: number, path = "/"): Promise<T> {
  for (const deadline = Date.now() + 20_000; ; await sleep(250)) {
    const problems: string[] = [];
    for (const address of addresses) {
      const answer = await ask<T>(`http://${address}:${port}${path}`);
      if ("body" in answer) return answer.body;
      problems.push(answer.problem);
    }
    if (Date.now() > deadline) throw new Error(`port ${port} answers nowhere: ${problems.join("; ")}`);
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
