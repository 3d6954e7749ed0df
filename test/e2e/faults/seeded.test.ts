import { chosen, random } from "./seeded";

test("the same seed gives the same numbers, another one others", () => {
  const take = (seed: number) => Array.from({ length: 5 }, random(seed));
  expect(take(7)).toEqual(take(7));
  expect(take(7)).not.toEqual(take(8));
  for (const number of take(7)) expect(number >= 0 && number < 1).toBe(true);
});

test("what is chosen is in order, each once, and never more than there is", () => {
  expect(chosen(4, "all", random(1))).toEqual([1, 2, 3, 4]);
  expect(chosen(2, "9", random(1))).toEqual([1, 2]);
  const some = chosen(40, "5", random(3));
  expect(new Set(some).size).toBe(5);
  expect([...some].sort((a, b) => a - b)).toEqual(some);
});
