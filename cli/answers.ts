import { get as httpGet } from "node:http";
import { get as httpsGet } from "node:https";
import { setTimeout as sleep } from "node:timers/promises";

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
      response.resume();
      finish({ status: response.statusCode });
    });
    request.once("timeout", () => request.destroy(new Error(`no answer within ${timeoutMs / 1000} s`)));
    request.once("error", (error: NodeJS.ErrnoException) => finish({ status: undefined, reason: error.message || (error.code ?? "no answer") }));
  });
}

/**
 * Asks every URL until it answers well or the time is over; what is published on a host may take a moment after the rollout.
 * @returns the last answer of each, in the same order.
 */
export function fetchUntilGood(urls: readonly string[], authority: string | undefined, timeoutMs: number): Promise<Answer[]> {
  const deadline = Date.now() + timeoutMs;
  const settle = async (url: string): Promise<Answer> => {
    for (;;) {
      const answer = await fetchOnce(url, authority);
      if (isGood(answer) || Date.now() > deadline) return answer;
      await sleep(500);
    }
  };
  return Promise.all(urls.map(settle));
}
