import fc from "fast-check";
import {
  addressAt,
  contains,
  enclosingSubnet,
  isAddress,
  overlap,
  parseSubnet,
  singleAddress,
  slotAt,
  slotCount,
  slotOfName,
} from "../../../provider/swarm/subnet";

/** Every subnet, each prefix length as likely as any other. */
const subnets = fc.tuple(fc.integer({ min: 0, max: 2 ** 32 - 1 }), fc.integer({ min: 0, max: 32 })).map(([address, prefix]) => {
  const text = [24, 16, 8, 0].map((shift) => Math.floor(address / 2 ** shift) % 256).join(".");
  return enclosingSubnet(`${text}/${prefix}`)!;
});

describe("a subnet", () => {
  it("knows its first and last address", () => {
    expect(parseSubnet("10.144.7.0/24")).toEqual({ text: "10.144.7.0/24", first: 0x0a900700, last: 0x0a9007ff, prefix: 24 });
    expect(parseSubnet("0.0.0.0/0")).toMatchObject({ first: 0, last: 2 ** 32 - 1 });
    expect(parseSubnet("255.255.255.255/32")).toMatchObject({ first: 2 ** 32 - 1, last: 2 ** 32 - 1 });
  });

  it.each([
    "",
    "10.0.0.0",
    "10.0.0/24",
    "10.0.0.0/33",
    "10.0.0.0/",
    "10.0.0.0/08",
    "010.0.0.0/8",
    "0xa.0.0.0/8",
    "256.0.0.0/8",
    "fd00::/8",
    " 10.0.0.0/8",
  ])("is not %j", (text) => {
    expect(() => parseSubnet(text)).toThrow('write an IPv4 subnet such as "10.144.7.0/24"');
  });

  it("has no bits behind its prefix", () => {
    expect(() => parseSubnet("10.144.7.9/24")).toThrow('the address has bits behind the prefix: write "10.144.7.0/24"');
    expect(enclosingSubnet("10.144.7.9/24")!.text).toBe("10.144.7.0/24");
  });

  it("reads what it writes", () => {
    fc.assert(fc.property(subnets, (subnet) => expect(parseSubnet(subnet.text)).toEqual(subnet)));
  });

  it("overlaps another exactly when one holds the other's first address", () => {
    fc.assert(
      fc.property(subnets, subnets, (a, b) => {
        const holds = contains(a, singleAddress(addressAt(b, 0))) || contains(b, singleAddress(addressAt(a, 0)));
        expect(overlap(a, b)).toBe(holds);
      }),
    );
  });

  it("is cut into slots that fill it, side by side", () => {
    const cut = fc.tuple(subnets, fc.integer({ min: 0, max: 8 })).filter(([pool, more]) => pool.prefix + more <= 32);
    fc.assert(
      fc.property(cut, ([pool, more]) => {
        const size = pool.prefix + more;
        const slots = Array.from({ length: slotCount(pool, size) }, (_, index) => slotAt(pool, size, index));
        expect(slots[0]!.first).toBe(pool.first);
        expect(slots.at(-1)!.last).toBe(pool.last);
        slots.slice(1).forEach((slot, index) => expect(slot.first).toBe(slots[index]!.last + 1));
      }),
    );
    expect(slotCount(parseSubnet("10.0.0.0/24"), 23)).toBe(0);
  });

  it("is found for a name within the slots there are, always the same one", () => {
    fc.assert(
      fc.property(fc.string(), fc.integer({ min: 1, max: 4096 }), (name, slots) => expect(slotOfName(name, slots)).toBeLessThan(slots)),
    );
    // A change of this number would move the networks of every platform that is running.
    expect(slotOfName("platform", 4096)).toBe(3272);
  });
});

it.each<[string, boolean]>([
  ["10.0.0.1", true],
  ["10.0.0.01", false],
  ["10.0.1", false],
  ["1", false],
  ["::1", false],
  ["m1", false],
])("%s is an address: %s", (text, expected) => {
  expect(isAddress(text)).toBe(expected);
});
