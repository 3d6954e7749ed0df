/**
 * What `work` comes to, if it does so in time; it is not stopped, only no longer waited for.
 * @param milliseconds how long to wait
 * @throws Error that begins with `what` when the time is over
 */
export async function within<T>(milliseconds: number, what: string, work: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`${what} (waited ${milliseconds / 1000} s)`)), milliseconds);
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}
