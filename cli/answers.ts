import { get as httpGet } from "node:http";
import { get as httpsGet } from "node:https";
import { setTimeout as sleep } from "node:timers/promises";
import { visible } from "../provider/visible";

/** How one URL answered. */
export interface Answer {
  readonly url: string;
  /** Status code; `undefined` when nobody answered. */
  readonly status: number | undefined;
  /** Why nobody answered. */
  readonly reason?: string;
  /** Milliseconds from the request to the status line. */
  readonly took: number;
}

/** Whether an answer means that the application works: anything but silence, "not found" and server errors. */
export function isGood(answer: Answer): boolean {
  return answer.status !== undefined && answer.status < 400;
}

/** Asks one URL once. @param authority PEM of the authority to trust for https. */
export function fetchOnce(url: string, authority?: string, timeoutMs = 3_000): Promise<Answer> {
  const started = Date.now();
  return new Promise((resolve) => {
    const finish = (rest: { status: number | undefined; reason?: string }) => resolve({ url, ...rest, took: Date.now() - started });
    const secure = url.startsWith("https:");
    const options = { timeout: timeoutMs, agent: false as const, ...(secure && authority !== undefined ? { ca: authority } : {}) };
    const request = (secure ? httpsGet : httpGet)(url, options, (response) => {
      response.destroy(); // the status is all that we want to know; a body may have no end
      finish({ status: response.statusCode });
    });
    request.once("timeout", () => request.destroy(new Error(`no answer within ${timeoutMs / 1000} s`)));
    request.once("error", (error: NodeJS.ErrnoException) => finish({ status: undefined, reason: visible(error.message || (error.code ?? "no answer")) }));
  });
}

/** URLs that differ in their host alone: the same published port on every host of the platform. */
export function groupByPort(urls: readonly string[]): string[][] {
  const groups = new Map<string, string[]>();
  for (const url of urls) {
    const { protocol, port, pathname, search } = new URL(url);
    const key = [protocol, port, pathname, search].join(" ");
    groups.set(key, [...(groups.get(key) ?? []), url]);
  }
  return [...groups.values()];
}

/**
 * Whether one published port works: some host answers well, and the others do as well or refuse the connection.
 * A port in host mode is open only where a task of the service runs, so a refusal alone is no failure.
 */
export function portWorks(answers: readonly Answer[]): boolean {
  return answers.some(isGood) && answers.every((answer) => isGood(answer) || isRefused(answer));
}

/** Whether nobody listens at this address. */
export function isRefused(answer: Answer): boolean {
  return answer.status === undefined && answer.reason?.includes("ECONNREFUSED") === true;
}

/**
 * Asks every port until it works or the time is over; what is published on a host may take a moment after the rollout.
 * @returns the last answers, one group for each port.
 */
export function fetchPorts(urls: readonly string[], authority: string | undefined, timeoutMs: number): Promise<Answer[][]> {
  const deadline = Date.now() + timeoutMs;
  const settle = async (group: readonly string[]): Promise<Answer[]> => {
    for (;;) {
      const answers = await Promise.all(group.map((url) => fetchOnce(url, authority)));
      if (portWorks(answers) || Date.now() >= deadline) return answers;
      await sleep(500);
    }
  };
  return Promise.all(groupByPort(urls).map(settle));
}
