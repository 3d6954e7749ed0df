import { Bundlefile, BundleService, EMPTY_SERVICE } from "../../../../components/bundle/dab/bundlefile";
import { readBundle } from "../../../../components/bundle/dab/read";

const read = (text: string): Bundlefile => readBundle(Buffer.from(text));
const service = (fields: Partial<BundleService>): BundleService => ({ ...EMPTY_SERVICE, ...fields });
const services = (entries: Record<string, Partial<BundleService>>): Map<string, BundleService> =>
  new Map(Object.entries(entries).map(([name, fields]) => [name, service(fields)]));
/** The service `a` of a file that holds only `body` in it. */
const a = (body: string): BundleService => read(`{"Services":{"a":${body}}}`).services!.get("a")!;

const REDIS = "redis@sha256:4b24131101fa0117bcaa18ac37055fffd9176aa1a240392bb8ea85e0be50f2ce";
const HELLO = "dockercloud/hello-world@sha256:fe79a2cfbd17eefc344fb8419420808df95a1e22d93b7f621a7399fd1e9dca1d";

describe("what the reference client accepts", () => {
  test("A1: the sample of its documentation", () => {
    const file = `{"Version":"0.1","Services":{"redis":{"Image":"${REDIS}","Networks":["default"]},"web":{"Image":"${HELLO}","Networks":["default"],"User":"web"}}}`;
    expect(read(file)).toEqual({
      version: "0.1",
      services: services({ redis: { image: REDIS, networks: ["default"] }, web: { image: HELLO, networks: ["default"], user: "web" } }),
    });
  });

  test.each(["{}", "null", '{"Services":null}'])("A3: %s has no services", (file) => {
    expect(read(file)).toEqual({ version: "", services: undefined });
  });

  test("A4: keys in any case", () => {
    const file = '{"version":"0.1","services":{"a":{"image":"i","workingdir":"/w","USER":"u","networks":["n"]}}}';
    expect(read(file)).toEqual({ version: "0.1", services: services({ a: { image: "i", workingDir: "/w", user: "u", networks: ["n"] } }) });
  });

  test("keys with the long s and the Kelvin sign", () => {
    expect(a('{"Port\u017f":[{"Port":80,"Protocol":"tcp"}],"Networ\u212aS":["n"]}')).toEqual(
      service({ ports: [{ port: 80, protocol: "tcp" }], networks: ["n"] }),
    );
  });

  test("A5: service names keep their case", () => {
    expect(read('{"Services":{"A":{"Image":"i"},"a":{"Image":"j"}}}').services).toEqual(services({ A: { image: "i" }, a: { image: "j" } }));
  });

  test.each(['{"Version":"0.1"} junk', '{"Version":"0.1"}{"Version":"0.2"}'])("A6: %s ends with its first value", (file) => {
    expect(read(file).version).toBe("0.1");
  });

  test("A7: unknown keys are dropped", () => {
    expect(a('{"Image":"i","Replicas":3,"Volumes":["/x"]}')).toEqual(service({ image: "i" }));
  });

  test("A8: a published port is unknown too", () => {
    expect(a('{"Ports":[{"Port":80,"Protocol":"tcp","PublishedPort":8080}]}').ports).toEqual([{ port: 80, protocol: "tcp" }]);
  });

  test.each(["null", "{}"])("A9: the service %s has nothing in it", (body) => expect(a(body)).toEqual(EMPTY_SERVICE));

  test("A10: a service without a name", () => expect(read('{"Services":{"":{"Image":"i"}}}').services).toEqual(services({ "": { image: "i" } })));

  test("A11: names that objects of this language have", () => {
    const found = read('{"Services":{"__proto__":{"Image":"i"},"constructor":{"Image":"j"}}}').services!;
    expect([...found.keys()]).toEqual(["__proto__", "constructor"]);
    expect(found.get("__proto__")!.image).toBe("i");
  });

  test("A12: an empty user is a user", () => {
    expect(a('{"User":""}').user).toBe("");
    expect(a('{"User":null}').user).toBeUndefined();
  });

  test("A13: an empty command is none", () => expect(a('{"Command":[]}')).toEqual(EMPTY_SERVICE));

  test("A14: null within lists and maps is an empty text", () => {
    expect(a('{"Args":["a",null]}').args).toEqual(["a", ""]);
    expect(a('{"Labels":{"A":null}}').labels).toEqual(new Map([["A", ""]]));
    expect(a('{"Networks":[null]}').networks).toEqual([""]);
  });

  test("A15: ports as written", () => {
    expect(a('{"Ports":[{"Port":70000},{"Port":0,"Protocol":"tcp"},{"Port":80,"Protocol":"TCP"},null,{}]}').ports).toEqual([
      { port: 70000, protocol: "" },
      { port: 0, protocol: "tcp" },
      { port: 80, protocol: "TCP" },
      { port: 0, protocol: "" },
      { port: 0, protocol: "" },
    ]);
  });

  test("A16: repeated networks are kept", () => expect(a('{"Networks":["n","n"]}').networks).toEqual(["n", "n"]));

  test("A17: the last version", () => expect(read('{"Version":"0.1","Version":"0.2"}').version).toBe("0.2"));

  test("A18: repeated maps merge", () => {
    const file = '{"Services":{"a":{"Image":"i"}},"services":{"b":{"Image":"j"}}}';
    expect(read(file).services).toEqual(services({ a: { image: "i" }, b: { image: "j" } }));
  });

  test("A19: a repeated service replaces", () => {
    expect(read('{"Services":{"a":{"Image":"i","User":"u"},"a":{"Image":"j"}}}').services).toEqual(services({ a: { image: "j" } }));
  });

  test("A20: within a service maps merge and lists replace", () => {
    expect(a('{"Labels":{"A":"1"},"Labels":{"B":"2"},"Args":["a","b"],"Args":["c"]}')).toEqual(
      service({ labels: new Map([["A", "1"], ["B", "2"]]), args: ["c"] }),
    );
  });

  test("A21: null leaves text and empties optional text", () => {
    expect(a('{"Image":"i","image":null,"User":"u","user":null}')).toEqual(service({ image: "i" }));
  });

  test("A22: a repeated list of ports shows nothing of the first (the reference decoder's defect is not copied)", () => {
    expect(a('{"Ports":[{"Port":80,"Protocol":"udp"}],"Ports":[{"Port":81}]}').ports).toEqual([{ port: 81, protocol: "" }]);
  });

  test("A23: what is no character becomes U+FFFD", () => {
    expect(read('{"Version":"\\ud800"}').version).toBe("\ufffd");
    const bytes = Buffer.concat([Buffer.from('{"Version":"a'), Buffer.from([0xff]), Buffer.from('b"}')]);
    expect(readBundle(bytes).version).toBe("a\ufffdb");
  });

  test("every byte of a broken UTF-8 sequence counts, as in Go", () => {
    const bytes = Buffer.concat([Buffer.from('{"Version":"'), Buffer.from([0xe2, 0x82, 0x41, 0xf0, 0x9f]), Buffer.from('"}')]);
    expect(readBundle(bytes).version).toBe("\ufffd\ufffdA\ufffd\ufffd");
  });

  test("escapes", () => {
    expect(read('{"Version":"\\"\\\\\\/\\b\\f\\n\\r\\t\\u00e9\\ud83d\\ude00\\ud800\\u0041"}').version).toBe('"\\/\b\f\n\r\té😀\ufffdA');
  });
});
