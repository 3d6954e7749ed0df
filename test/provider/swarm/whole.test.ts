import type Docker from "dockerode";
import type { Operation } from "../../../provider/resource";
import type { SwarmNode } from "../../../provider/swarm/node/membership";
import { heardByNewLeader, notWhole } from "../../../provider/swarm/node/whole";
import { leading, node } from "../support/swarmNode";

const as = (State: SwarmNode["Status"]["State"], it: SwarmNode): SwarmNode => ({ ...it, Status: { State, Addr: "" } });

describe("a cluster after a restart", () => {
  const leader = leading("l");
  const down = (it: SwarmNode) => as("down", it);
  const before = [leader, node("m", "reachable"), node("w"), down(node("d"))];

  test.each<[string, SwarmNode[], string | undefined]>([
    ["is whole when it is what it was", before, undefined],
    ["may be better than before", [leader, node("m", "reachable"), node("w"), node("d")], undefined],
    ["may have lost a node that was removed", [leader, node("m", "reachable"), down(node("d"))], undefined],
    ["may have a manager less that was demoted", [leader, node("m"), node("w")], undefined],
    ["has a node that is not back", [leader, node("m", "reachable"), down(node("w"))], "host-w is down"],
    ["has a manager that is not back", [leader, node("m", "unreachable"), node("w")], "manager host-m does not answer"],
    ["has no leader", [node("l", "reachable"), node("m", "reachable"), node("w")], "there is no leader"],
  ])("%s", (_name, now, obstacle) => expect(notWhole(before, now)).toBe(obstacle));
});

describe("when the leader was taken out of raft, the wait", () => {
  const before = [leading("l"), node("m", "reachable"), node("w"), node("v")];

  /** What the managers answer, look by look; the last answer stays. */
  async function looks(id: string, ...answers: (SwarmNode[] | Error)[]): Promise<number> {
    let asked = 0;
    const docker = {
      listNodes: async () => {
        const answer = answers[Math.min(asked++, answers.length - 1)]!;
        if (answer instanceof Error) throw answer;
        return answer;
      },
    } as unknown as Docker;
    const op = { timeouts: { membership: 5000 }, signal: new AbortController().signal, status: () => undefined } as unknown as Operation;
    await heardByNewLeader(op, docker, before, id);
    return asked;
  }

  const after = [node("l"), leading("m"), node("w"), node("v")];

  test("lasts until its successor has heard of every node that answered, through a moment without a leader", async () => {
    const noLeader = new Error("rpc error: The swarm does not have a leader.");
    const notYet = [noLeader, [node("l"), leading("m"), as("unknown", node("w")), node("v")]];
    expect(await looks("l", ...notYet, after)).toBeGreaterThan(notYet.length);
  });
  test("believes a new leader that has not yet taken the nodes for unknown only after a moment", async () => {
    expect(await looks("l", after, [node("l"), leading("m"), as("unknown", node("w")), node("v")], after)).toBeGreaterThan(3);
  });
  test("does not wait for a node that the new leader has given up", async () => {
    await looks("l", [node("l"), leading("m"), as("down", node("w")), node("v")]);
  });
  test("asks nobody where the leader stays", async () => expect(await looks("m", after)).toBe(0));
  test("ends where the managers cannot be asked at all", async () => {
    await expect(looks("l", new Error("this node is not a swarm manager"))).rejects.toThrow("not a swarm manager");
  });
});
