import fc from "fast-check";
import { openProxy, proxyArguments } from "../../../provider/remote/proxy";

const host = { address: "10.0.0.11", port: 2222, hostKey: "ssh-ed25519 AAAA" };

describe("a proxy command", () => {
  it("gets the host's address and port", () => {
    expect(proxyArguments(["ssh", "-W", "%h:%p", "bastion"], host)).toEqual(["ssh", "-W", "10.0.0.11:2222", "bastion"]);
    expect(proxyArguments(["nc", "%h", "%p", "100%%"], { address: "10.0.0.11" })).toEqual(["nc", "10.0.0.11", "22", "100%"]);
  });
  it("keeps every other argument as it is, whatever a shell would make of it", () => {
    fc.assert(fc.property(fc.array(fc.string().filter((text) => !text.includes("%"))), (words) => expect(proxyArguments(words, host)).toEqual(words)));
  });
  it("is the connection, in both directions", async () => {
    const { stream, end } = openProxy(["cat"], host);
    stream.write("there and back");
    const [chunk] = await new Promise<Buffer[]>((resolve) => stream.once("data", (data: Buffer) => resolve([data])));
    expect(chunk!.toString()).toBe("there and back");
    stream.once("error", () => undefined);
    expect(await end()).toBe("");
  });
  it("that fails tells why", async () => {
    const proxy = openProxy(["sh", "-c", "echo no such bastion >&2; exit 7"], host);
    const error = await new Promise<Error>((resolve) => proxy.stream.once("error", resolve).resume());
    expect(error.message).toBe("the command ended with exit code 7");
    expect(await proxy.end()).toBe("no such bastion");
  });
  it("that is not there tells its name", async () => {
    const error = await new Promise<Error>((resolve) => openProxy(["/no/such/program"], host).stream.once("error", resolve).resume());
    expect(error.message).toContain("/no/such/program");
  });
});
