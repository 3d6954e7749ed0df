import { onHost, shellOnHost } from "./labHost";

/** Who may log in where. */
export interface RegistryLogin {
  readonly address: string;
  readonly username: string;
  readonly password: string;
}

/** What pulls in a row came to. */
export interface Pulls {
  readonly done: number;
  /** The engine's words for each pull that failed, with the time. */
  readonly failed: readonly string[];
  /** Seconds that the slowest one took. */
  readonly slowest: number;
}

/** Pushes an image that nothing runs, so that a pull of it fetches everything there is; of random content, some megabytes. */
export async function pushPullable(container: string, { address, username, password }: RegistryLogin): Promise<string> {
  const image = `${address}/e2e/pulled:1`;
  await shellOnHost(
    container,
    `printf %s '${password}' | docker login --username '${username}' --password-stdin ${address} >/dev/null 2>&1
     cd /tmp && head -c 8000000 /dev/urandom > random && tar -c random | docker import - ${image} >/dev/null && rm random
     docker push --quiet ${image} && docker rmi --force ${image}`,
  );
  return image;
}

/** Pulls the image on hosts again and again, each time from nothing, until `stop`. Hosts have to be logged in. */
export function keepPulling(containers: readonly string[], image: string): { stop(): Promise<Pulls> } {
  const loop = `rm -f /tmp/pulls-end
    while [ ! -e /tmp/pulls-end ]; do
      docker rmi --force ${image} >/dev/null 2>&1
      from=$(date +%s%N)
      if said=$(docker pull --quiet ${image} 2>&1); then echo "done $(( ($(date +%s%N) - from) / 1000000 ))"; else echo "failed $(date +%T) $(hostname): $said" | tr '\\n' ' '; echo; fi
    done`;
  const running = Promise.all(containers.map((container) => shellOnHost(container, loop)));
  return {
    async stop() {
      await Promise.all(containers.map((container) => onHost(container, "touch", "/tmp/pulls-end")));
      return pullsIn((await running).join("\n"));
    },
  };
}

function pullsIn(text: string): Pulls {
  const lines = text.split("\n");
  const took = lines.flatMap((line) => /^done (\d+)$/.exec(line)?.[1] ?? []).map(Number);
  return { done: took.length, failed: lines.filter((line) => line.startsWith("failed")), slowest: Math.max(0, ...took) / 1000 };
}

/** Logs a host in. */
export async function logIn(container: string, { address, username, password }: RegistryLogin): Promise<void> {
  await shellOnHost(container, `printf %s '${password}' | docker login --username '${username}' --password-stdin ${address} >/dev/null 2>&1`);
}
