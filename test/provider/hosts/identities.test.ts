import { Identities } from "../../../provider/hosts/identities";

const [A, B] = ["a".repeat(32), "b".repeat(32)];

describe("identities", () => {
  let identities: Identities;
  beforeEach(() => (identities = new Identities()));
  const claim = (name: string, machineId: string, address: string) => identities.claim({ name, machineId, address });

  test("different hosts get along", () => {
    expect(claim("one", A, "10.0.0.1:22")).toEqual([]);
    expect(claim("two", B, "10.0.0.2:22")).toEqual([]);
  });

  test("two hosts with one machine-id: the second is refused, both are named", () => {
    claim("one", A, "10.0.0.1:22");
    expect(claim("two", A, "10.0.0.2:22")).toEqual([`machine-id ${A} is that of host one (10.0.0.1:22) too`]);
  });

  test("a new host beside one that is only known from state", () => {
    identities.remember({ name: "one", machineId: A, address: "10.0.0.1:22" });
    expect(claim("two", A, "10.0.0.2:22")).toHaveLength(1);
  });

  test("two machines of one hostname", () => {
    claim("one", A, "10.0.0.1:22");
    expect(claim("one", B, "10.0.0.2:22")).toEqual([`hostname one is that of the machine at 10.0.0.1:22 (machine-id ${A}) too`]);
  });

  test("the same host again, and at another address, is no conflict", () => {
    claim("one", A, "10.0.0.1:22");
    expect(claim("one", A, "10.0.0.1:22")).toEqual([]);
    expect(claim("one", A, "10.0.0.9:22")).toEqual([]);
  });

  test("a machine that was set up anew follows the one before at its address", () => {
    claim("one", A, "10.0.0.1:22");
    expect(claim("one", B, "10.0.0.1:22")).toEqual([]);
    expect(claim("two", A, "10.0.0.2:22")).toEqual([]);
  });

  test("a refused host takes nobody's place", () => {
    claim("one", A, "10.0.0.1:22");
    claim("two", A, "10.0.0.2:22");
    expect(claim("three", A, "10.0.0.3:22")).toEqual([`machine-id ${A} is that of host one (10.0.0.1:22) too`]);
  });

  test("a host that is gone leaves its machine-id to others, but not the one of its successor", () => {
    claim("one", A, "10.0.0.1:22");
    identities.release("one", B);
    expect(claim("two", A, "10.0.0.2:22")).toHaveLength(1);
    identities.release("one", A);
    expect(claim("two", A, "10.0.0.2:22")).toEqual([]);
  });
});
