import { type ScratchHost, startScratchHosts, stopScratchHosts } from "../../../lab/scratch";
import { Connections } from "../../../provider/remote/connections";
import type { Machine } from "../../../provider/remote/machine";

const LAB = "ptsocket";
let connections: Connections;
let machine: Machine;

beforeAll(async () => {
  const [host] = (await startScratchHosts({ name: LAB, subnet: 240, count: 1 })) as [ScratchHost];
  connections = new Connections({ privateKey: host.privateKey, connectTimeout: 3000, commandTimeout: 20_000 });
  machine = await connections.machine({ address: host.address, hostKey: host.hostKey });
}, 360_000);
afterAll(async () => {
  connections?.close();
  await stopScratchHosts(LAB);
}, 180_000);

/** So many at once, some of them followed by others, as resources do it. */
async function calls(count: number): Promise<void> {
  const sequence = async (place: number) => {
    for (let call = 0; call <= place % 5; call++) expect(await machine.docker.listContainers()).toEqual([]);
  };
  await Promise.all(Array.from({ length: count }, (_, place) => sequence(place)));
}

describe("many calls to an engine at once", () => {
  // More than the agent keeps: the connections of the others are closed after them, and have to make room for later ones.
  test("are all answered, and so are those that come after them", async () => {
    for (let round = 0; round < 5; round++) await calls(64);
  }, 90_000);

  test("fail when they take too long, and leave the engine's socket to the next ones", async () => {
    const late = (abortSignal: AbortSignal) => machine.docker.listContainers({ abortSignal } as never);
    const aborted = await Promise.allSettled(Array.from({ length: 64 }, () => late(AbortSignal.timeout(1))));
    expect(aborted.every(({ status }) => status === "rejected")).toBe(true);
    await calls(64);
  }, 90_000);
});
