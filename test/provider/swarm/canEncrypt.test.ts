import { FACTS_SCRIPT } from "../../../provider/hosts/facts";
import { assertCanEncrypt } from "../../../provider/swarm/node/canEncrypt";
import type { LiveNetwork } from "../../../provider/swarm/networkSpec";

const network = (Name: string, Options?: LiveNetwork["Options"]): LiveNetwork => ({ Id: Name, Name, Scope: "swarm", Driver: "overlay", Options });
const encrypted = (name: string) => network(name, { encrypted: "" });

/** Lets a host join; answers the refusal, or how often its kernel was tried. */
async function joining(networks: LiveNetwork[], code: number): Promise<string | number> {
  let tried = 0;
  const machine = { exec: (_command: readonly string[], { stdin }: { stdin?: unknown } = {}) => ((tried += String(stdin).includes("ip xfrm state add") ? 1 : 100), Promise.resolve({ code, stdout: "", stderr: "" })) };
  return assertCanEncrypt(machine as never, { listNetworks: () => Promise.resolve(networks) }, "w4").then(
    () => tried,
    (error: Error) => error.message,
  );
}

describe("a host that is to join a Swarm", () => {
  test.each<[string, LiveNetwork[], number, string | number]>([
    ["without networks is not tried", [], 1, 0],
    ["whose networks are all in the clear is not tried", [network("a"), network("b", null), network("c", {}), network("d", { encrypted: "false" })], 1, 0],
    ["and can encrypt", [encrypted("back"), network("a")], 0, 1],
    ["and cannot", [encrypted("back"), network("a")], 1, "w4 cannot join: the Swarm's network back is encrypted between hosts, and IPsec ESP does not work on this one."],
    ["and has no command for it", [encrypted("shop_back"), encrypted("back")], 127, "w4 cannot join: the Swarm's networks back, shop_back are encrypted"],
    ["with an option that is spelt out", [network("a", { encrypted: "true" })], 1, "network a is encrypted"],
  ])("%s", async (_which, networks, code, result) => {
    const said = await joining(networks, code);
    if (typeof result === "number") expect(said).toBe(result);
    else expect(said).toContain(result);
  });

  test("is tried as the preflight tries it", () => expect(FACTS_SCRIPT).toMatch(/^ {2}feature esp unshare -n ip xfrm state add .*rfc4106/m));
});
