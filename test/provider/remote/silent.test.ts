import { gaveNoAnswer, machineToLookAt } from "../../../provider/remote/silent";
import { ConnectFailed } from "../../../provider/remote/ssh";
import type { Operation } from "../../../provider/resource";

const silent = new ConnectFailed("10.0.0.9: no SSH connection: timed out", true);
const refused = new ConnectFailed("10.0.0.9: the host shows another key", false);
const failing = (error: Error) => ({ machine: () => Promise.reject(error) }) as unknown as Operation;
const connection = { address: "10.0.0.9", hostKey: "ssh-ed25519 AAAA" };

test("a host gives no answer when nothing comes back, whatever stands around that; another key is an answer", () => {
  expect(gaveNoAnswer(silent)).toBe(true);
  expect(gaveNoAnswer(new Error("host m1 cannot be reached", { cause: silent }))).toBe(true);
  for (const error of [refused, new Error("no"), "no", undefined]) expect(gaveNoAnswer(error)).toBe(false);
});

test("a look goes on without a silent host, and not without one that answers otherwise", async () => {
  expect(await machineToLookAt(failing(silent), connection)).toBeUndefined();
  await expect(machineToLookAt(failing(refused), connection)).rejects.toBe(refused);
});
