import { setTimeout as sleep } from "node:timers/promises";

/** Milliseconds between an answer and the next request of the same visitor. */
const PAUSE = 50;
/** Milliseconds after which a request counts as lost: longer than every service on its way waits for the next one. */
const PATIENCE = 10_000;

/** What visitors saw. */
export interface Load<T, R> {
  readonly answers: readonly T[];
  /** Of each request that got no good answer, when and why. */
  readonly lost: readonly string[];
  /** What the work came to that went on meanwhile. */
  readonly result: R;
}

/**
 * Asks every URL for JSON again and again, each by a visitor of its own, from before the work until after it.
 * @throws whatever the work throws, when the last answer is in
 */
export async function underLoad<T, R>(urls: readonly string[], work: () => Promise<R>): Promise<Load<T, R>> {
  const answers: T[] = [];
  const lost: string[] = [];
  const began = Date.now();
  let over = false;
  const visitor = async (url: string): Promise<void> => {
    while (!over) {
      const at = ((Date.now() - began) / 1000).toFixed(1);
      await ask<T>(url).then((answer) => answers.push(answer), (error: Error) => lost.push(`${at} s: ${url}: ${error.message}`));
      await sleep(PAUSE);
    }
  };
  const visitors = urls.map(visitor);
  try {
    const result = await work();
    return { answers, lost, result };
  } finally {
    over = true;
    await Promise.all(visitors);
  }
}

async function ask<T>(url: string): Promise<T> {
  const response = await fetch(url, { headers: { Accept: "application/json" }, signal: AbortSignal.timeout(PATIENCE) });
  if (!response.ok) throw new Error(`${response.status} ${(await response.text()).trim()}`);
  return (await response.json()) as T;
}

/** Milliseconds in which a host that is there answers. */
const SOON = 2_000;

/**
 * Asks for each port again and again as a client with several addresses does: the host that answered last, then one after the other, and
 * all of them once more before a request counts as lost. A port in host mode is open only where a task runs.
 */
export async function visitAny<R>(addresses: readonly string[], ports: readonly number[], work: () => Promise<R>): Promise<{ answered: number; lost: readonly string[]; result: R }> {
  let answered = 0;
  const lost: string[] = [];
  let over = false;
  const began = Date.now();
  const visitor = async (port: number): Promise<void> => {
    let last = addresses[0]!;
    while (!over) {
      const at = ((Date.now() - began) / 1000).toFixed(1);
      const answering = await firstToAnswer([last, ...addresses, ...addresses], port);
      if (answering) [answered, last] = [answered + 1, answering];
      else lost.push(`${at} s: port ${port} answered nowhere`);
      await sleep(PAUSE);
    }
  };
  const visitors = ports.map(visitor);
  try {
    return { result: await work(), get answered() { return answered; }, lost };
  } finally {
    over = true;
    await Promise.all(visitors);
  }
}

async function firstToAnswer(addresses: readonly string[], port: number): Promise<string | undefined> {
  for (const address of addresses) {
    const good = await fetch(`http://${address}:${port}/`, { signal: AbortSignal.timeout(SOON) }).then(async (response) => (await response.text(), response.ok), () => false);
    if (good) return address;
  }
  return undefined;
}
