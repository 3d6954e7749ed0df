import { LivingObjects } from "../../provider/living";

const [KEY, OTHER] = ["urn:key", "urn:other"];

describe("the objects that a run goes on with", () => {
  let living: LivingObjects;
  beforeEach(() => {
    living = new LivingObjects();
  });

  test("one that a replacement took over stays, and the one before it goes", () => {
    living.keeps(KEY, "secret", "b");
    living.leaves(KEY);
    living.keeps(KEY, "secret", "a");
    expect(living.has("secret", "a")).toBe(true);
    expect(living.has("secret", "b")).toBe(false);
  });

  test("one that nobody went on with goes, and so does that of a resource which is to get another", () => {
    expect(living.has("secret", "a")).toBe(false);
    living.keeps(KEY, "secret", "a");
    living.leaves(KEY);
    expect(living.has("secret", "a")).toBe(false);
  });

  test("another resource may have it, but only one of the same type", () => {
    living.keeps(OTHER, "secret", "a");
    living.leaves(KEY);
    expect(living.has("secret", "a")).toBe(true);
    expect(living.has("config", "a")).toBe(false);
  });
});
