import { Readable } from "node:stream";
import { Decrypter, Encrypter } from "age-encryption";
import fc from "fast-check";
import { PassphraseIdentity, PassphraseRecipient } from "../../backup/passphraseKey";
import { lockKey, makeKey, seal, unlockKey, unseal } from "../../backup/seal";

jest.setTimeout(60_000);

/** Cheap enough for a test: 2^10 instead of 2^18. */
const CHEAP = 10;
const PASSPHRASE = "correct horse battery staple";

async function bytes(stream: Readable): Promise<Buffer> {
  const pieces: Buffer[] = [];
  for await (const piece of stream) pieces.push(Buffer.from(piece as Uint8Array));
  return Buffer.concat(pieces);
}

/** In pieces of this size, as a stream from a host would bring them. */
function inPieces(content: Buffer, size: number): Readable {
  return Readable.from(Array.from({ length: Math.ceil(content.length / size) }, (_, index) => content.subarray(index * size, (index + 1) * size)));
}

describe("a part of a backup", () => {
  it("comes back as it was, in whatever pieces it comes", async () => {
    const key = await makeKey();
    // age's own frames are 64 kB: around their edges is where it would go wrong.
    const sizes = fc.oneof(fc.nat(200), fc.integer({ min: 65_530, max: 65_545 }), fc.integer({ min: 131_065, max: 131_080 }));
    await fc.assert(
      fc.asyncProperty(sizes, fc.integer({ min: 1000, max: 70_000 }), async (size, piece) => {
        const content = Buffer.alloc(size, "content");
        const sealed = await bytes(await seal(inPieces(content, piece), key));
        expect((await bytes(await unseal(inPieces(sealed, piece), key))).equals(content)).toBe(true);
      }),
      { numRuns: 10 },
    );
  });

  it("does not come back when a byte of it was changed, or its end is missing", async () => {
    const key = await makeKey();
    const sealed = await bytes(await seal(Readable.from([Buffer.alloc(200_000, "x")]), key));
    const opens = async (damaged: Buffer) => bytes(await unseal(Readable.from([damaged]), key));
    for (const at of [300, 100_000, sealed.length - 1]) {
      const changed = Buffer.from(sealed);
      changed[at]! ^= 1;
      await expect(opens(changed)).rejects.toThrow();
    }
    for (const length of [sealed.length - 1, 150_000, 65_752]) await expect(opens(sealed.subarray(0, length))).rejects.toThrow();
  });

  it("does not open with the key of another backup", async () => {
    const sealed = await bytes(await seal(Readable.from([Buffer.from("x")]), await makeKey()));
    await expect(unseal(Readable.from([sealed]), await makeKey())).rejects.toThrow(/no identity matched/);
  });

  it("passes the failure of what it is made from on", async () => {
    const broken = Readable.from((async function* () {
      yield Buffer.from("x");
      throw new Error("the host is gone");
    })());
    await expect(bytes(await seal(broken, await makeKey()))).rejects.toThrow("the host is gone");
  });
});

describe("a backup's key", () => {
  it("opens with its passphrase, and with no other", async () => {
    const key = await makeKey();
    const locked = await lockKey(key, PASSPHRASE, CHEAP);
    expect(locked.toString("latin1")).not.toContain(key.identity);
    expect(await unlockKey(locked, PASSPHRASE)).toEqual(key);
    await expect(unlockKey(locked, `${PASSPHRASE}!`)).rejects.toThrow("the passphrase does not open this backup");
    await expect(unlockKey(Buffer.from("no such file"), PASSPHRASE)).rejects.toThrow(/the backup's key cannot be read/);
  });

  it("is one that any age opens with the passphrase: the library's own code reads it, and we read what that writes", async () => {
    const decrypter = new Decrypter();
    decrypter.addPassphrase(PASSPHRASE);
    const key = await makeKey();
    expect(await decrypter.decrypt(await lockKey(key, PASSPHRASE, CHEAP), "text")).toBe(`${key.identity}\n`);

    const encrypter = new Encrypter();
    encrypter.setPassphrase(PASSPHRASE);
    encrypter.setScryptWorkFactor(CHEAP);
    expect(await unlockKey(Buffer.from(await encrypter.encrypt(key.identity)), PASSPHRASE)).toEqual(key);
  });

  it("is not asked of scrypt with a cost that would keep us for hours, nor in another form", async () => {
    const [stanza] = await new PassphraseRecipient(PASSPHRASE, CHEAP).wrapFileKey(new Uint8Array(16));
    const identity = new PassphraseIdentity(PASSPHRASE);
    await expect(identity.unwrapFileKey([{ args: ["scrypt", stanza!.args[1]!, "30"], body: stanza!.body }])).rejects.toThrow("its scrypt work factor 30 is above 22");
    await expect(identity.unwrapFileKey([stanza!, stanza!])).rejects.toThrow(/not wrapped as age does it/);
    await expect(identity.unwrapFileKey([{ args: ["scrypt", "AAAA", "10"], body: stanza!.body }])).rejects.toThrow(/not wrapped as age does it/);
    expect(await identity.unwrapFileKey([{ args: ["X25519", "AAAA"], body: new Uint8Array(32) }])).toBeNull();
  });
});
