import { JoiningTurns } from "../../../../provider/swarm/service/joining";

/** Takes turns for these networks all at once; gives the order in which they begin, in groups that begin together. */
async function begun(turns: JoiningTurns, ...wanted: readonly (readonly string[])[]): Promise<string[][]> {
  const groups: { at: number; names: string[] }[] = [];
  await Promise.all(
    wanted.map(async (networks, place) => {
      await turns.turn(networks);
      const now = performance.now();
      const group = groups.at(-1);
      const name = `${place}:${networks.join("+")}`;
      if (group && now - group.at < 20) group.names.push(name);
      else groups.push({ at: now, names: [name] });
    }),
  );
  return groups.map(({ names }) => names.sort());
}

describe("services that begin at once", () => {
  it("go together in one network, and one network after the other", async () => {
    expect(await begun(new JoiningTurns(60), ["a"], ["b"], ["a"], ["b"], ["c"])).toEqual([["0:a", "2:a"], ["1:b", "3:b"], ["4:c"]]);
  });

  it("are in the same networks whatever their order", async () => {
    expect(await begun(new JoiningTurns(60), ["a", "b"], ["b", "a"], ["a"])).toEqual([["0:a+b", "1:b+a"], ["2:a"]]);
  });

  it("wait for nobody without a network", async () => {
    const turns = new JoiningTurns(60_000);
    await turns.turn(["a"]);
    expect(await begun(turns, [], [])).toEqual([["0:", "1:"]]);
  });

  it("wait for nobody whose turn is over", async () => {
    const turns = new JoiningTurns(10);
    await turns.turn(["a"]);
    await new Promise((resolve) => setTimeout(resolve, 40));
    expect(await begun(turns, ["b"], ["b"])).toEqual([["0:b", "1:b"]]);
    await turns.turn(["a"]);
  });
});
