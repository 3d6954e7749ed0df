import { imageKind } from "../../../provider/registry/image";
import type { Operation } from "../../../provider/resource";

const inputs = { source: { archive: "web.tar" }, content: "0123456789ab", repository: "web", registry: "r:5000" };
const digest = (digit: string) => `sha256:${digit.repeat(64)}`;
const stored = { inputs, outputs: { reference: `r:5000/web@${digest("1")}` } };

/** Reads the image with an engine that answers so when it is asked what the registry has. */
async function read(distribution: () => Promise<unknown>) {
  const warnings: string[] = [];
  const op = { warn: (line: string) => void warnings.push(line), registryAuth: () => undefined, manager: async () => ({ docker: { getImage: () => ({ distribution }) } }) };
  return { found: await imageKind.read(op as unknown as Operation, "r:5000/web:content-0123456789ab", stored as never), warnings };
}
const failing = (statusCode: number, message: string) => () => Promise.reject(Object.assign(new Error(message), { statusCode }));

describe("an image in the platform's registry, looked at", () => {
  it("is what was pushed, where the registry has it", async () => expect(await read(async () => ({ Descriptor: { digest: digest("1") } }))).toEqual({ found: stored, warnings: [] }));
  it("is what was pushed, whatever else the registry has under its tag", async () =>
    expect((await read(async () => ({ Descriptor: { digest: digest("2") } }))).found).toEqual({ inputs: { ...inputs, found: digest("2") }, outputs: stored.outputs }));
  it("is gone where the registry does not have it", async () => expect((await read(failing(404, "manifest unknown"))).found).toBeUndefined());
  it.each([[401, "unauthorized"], [500, "dial tcp: connect: connection refused"]])("stays what it was, with a warning, where the registry answers %i: %s", async (status, message) => {
    const { found, warnings } = await read(failing(status, message));
    expect(found).toEqual(stored);
    expect(warnings).toEqual([expect.stringMatching(new RegExp(`^whether r:5000 has web was not looked at: .*${message}`))]);
  });
});
