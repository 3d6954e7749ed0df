import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import * as fc from "fast-check";
import { Bundlefile, BundleService } from "../../../../components/bundle/dab/bundlefile";
import { printBundle } from "../../../../components/bundle/dab/print";
import { readBundle } from "../../../../components/bundle/dab/read";

const sha256 = (data: string | Buffer): string => createHash("sha256").update(data).digest("hex");
const fixture = (name: string): Buffer => readFileSync(join(__dirname, "../../../fixtures/dab", name));
const entries = (bundle: Bundlefile): [string, BundleService][] => [...bundle.services!];
const count = (bundle: Bundlefile, list: (service: BundleService) => readonly unknown[]): number =>
  entries(bundle).reduce((sum, [, service]) => sum + list(service).length, 0);

const A1 =
  '{"Version":"0.1","Services":{"redis":{"Image":"redis@sha256:4b24131101fa0117bcaa18ac37055fffd9176aa1a240392bb8ea85e0be50f2ce","Networks":["default"]},' +
  '"web":{"Image":"dockercloud/hello-world@sha256:fe79a2cfbd17eefc344fb8419420808df95a1e22d93b7f621a7399fd1e9dca1d","Networks":["default"],"User":"web"}}}';

/** File, sha256 of its bytes, services, ports, Env, Args, networks, services without ports, size and sha256 of its print. */
const FILES: readonly (readonly [string, string, number, number, number, number, string, string, number, string])[] = [
  ["auto-deploy-1.dab", "696e3d13315bcd0b6cab228f29f87f00b7cc0c5c73c6fd2f71342596b75d2e47", 2, 2, 0, 0, "my-network", "", 786, "1b10cf0a0833cf3545e79909d8658c6b7b5321d88cd78e882cfe2303b55d6964"],
  ["auto-deploy-2.dab", "1d185a17ccc5f09d3e6363286f866b2c31e6ec32f8eb984a162f40fdcd9b825f", 3, 4, 0, 0, "my-network", "", 1258, "901feeb8256866ad56525da9a6cd62c2d90e4ec4bb1f0369c700c27783e0a7cf"],
  ["bb-docker-dockercoins.dab", "b374fdb3ecf43d91fbc69912da817212274b12b13c9558866f1479bdb6101149", 5, 3, 0, 0, "default", "redis worker", 1498, "0dc7d7b9ed036892f8a5662944fd4d406432e121cf7702153f40bbaa0ae09344"],
  ["caching-on-demand.dab", "badc091845166bc1914e0fd9a13698d869d9fe6f16230681c4153dbbcea85621", 4, 6, 14, 20, "overlay", "", 3108, "5405396a04f8ae22797f204225df478764836e8efe0334a3d0e38a8021482e0c"],
  ["docker-cli-two-services.dab", "63140c9a27eb7d0aad236f624fee2fd25b763796ee6703733256cb86f122a8ff", 2, 2, 0, 0, "webnet", "", 739, "c1f5d107aaa630f214af91827743d90ff6e1ca99287317f20bb0b7eedcb7c965"],
  ["dockerstacks-voting.dab", "0108670ca5906c3ce4f9d2fd77bcb1fd8d28f027e93916779cec4c0703cc0703", 5, 4, 0, 4, "default", "db worker", 1877, "b953aac85b3a3c29c23ade15e28a2d3e1897f8dcf9d3c906157d2b24c7b48e39"],
  ["forklol-db.dab", "b7ceee12c92069d07cc82610a2729031752e4bb3b37a8e3aa84c0393cfe6dc5b", 1, 0, 3, 0, "main", "db", 402, "9375ee493ec47701508a4600c38e024a0d7f85d594ea284df87ca48103d179a8"],
  ["kompose-counter-final-newline.dab", "cca2f2e79ab02e31241e627f8468d8b0ff7d29307b08d87dd8867cbdd3bd72c4", 2, 2, 0, 0, "", "", 616, "a145eccb38b6fd9d42b16e4d21832dc40aabf0b15c4c92e41230accdf9004e3c"],
  ["kompose-counter-no-final-newline.dab", "1579a9a55c80a02952a975cf82a80eb5d4372f004ff1738395c02c9bda8c78b6", 2, 2, 0, 0, "", "", 616, "a145eccb38b6fd9d42b16e4d21832dc40aabf0b15c4c92e41230accdf9004e3c"],
  ["kompose-voting.dab", "44207273bf1630646b4947156f5ccd8684a232397cc9b054baa2474826ee4f11", 5, 4, 0, 0, "default", "worker", 1893, "cd9ac5d7f89bc21424f594e3fc4387410bc13369a7815234446d324079aaaf44"],
  ["whaleprint-voting-1.dsb", "d40c4d2ba60876237b275f225fcee6078fa30d175eb2c4c79657fc35cd167b0a", 5, 4, 0, 0, "default", "db worker", 1669, "f70a62809f41dc7e363e18d870c401ae9800f4a65f58db5b606cbaa6791a1671"],
  ["whaleprint-voting-2.dsb", "ba3deeceb3efe87d156170d3ffd4592539d15a23c8279c11b0bda9b0779a0abb", 5, 4, 0, 1, "default", "db worker", 1729, "b41f658f1fe8a664629ccd2b71f1e4303f37dffc03c4186af685a20bacab56fe"],
];

describe("real bundle files", () => {
  test.each(FILES)("%s reads and prints as the reference client does", (name, fileHash, services, ports, env, args, networks, portless, size, printHash) => {
    const bytes = fixture(name);
    expect(sha256(bytes)).toBe(fileHash);
    const bundle = readBundle(bytes);
    const printed = printBundle(bundle);
    expect({
      services: bundle.services!.size,
      ports: count(bundle, (service) => service.ports),
      env: count(bundle, (service) => service.env),
      args: count(bundle, (service) => service.args),
      networks: [...new Set(entries(bundle).flatMap(([, service]) => service.networks))].join(" "),
      portless: entries(bundle).filter(([, service]) => service.ports.length === 0).map(([key]) => key).sort().join(" "),
      size: Buffer.byteLength(printed),
      hash: sha256(printed),
    }).toEqual({ services, ports, env, args, networks, portless, size, hash: printHash });
  });

  test("the documentation's sample prints as the reference client does", () => {
    const printed = printBundle(readBundle(Buffer.from(A1)));
    expect([Buffer.byteLength(printed), sha256(printed)]).toEqual([487, "f281c189951784d415b32e222c7b5eb106ae6a6ac29503190535b67a2d243b06"]);
  });
});

describe("printing", () => {
  const print = (file: string): string => printBundle(readBundle(Buffer.from(file)));

  test("nothing is null, an empty map stays one", () => {
    expect(print("{}")).toBe('{\n    "Version": "",\n    "Services": null\n}');
    expect(print('{"Services":{}}')).toBe('{\n    "Version": "",\n    "Services": {}\n}');
  });

  test("a list goes over lines, its elements at 16 spaces", () => {
    expect(print('{"Version":"0.1","Services":{"a":{"Command":["echo","something"]}}}')).toContain(
      '            "Command": [\n                "echo",\n                "something"\n            ]\n',
    );
  });

  test("an empty user is printed, HTML and line separators are escaped, services sort by bytes", () => {
    const printed = print('{"Services":{"\ud83d\ude00":{},"\uffee":{"Image":"<a>&\\u2028","User":""},"b":{},"B":{}}}');
    expect(printed).toContain('"Image": "\\u003ca\\u003e\\u0026\\u2028",\n            "User": ""');
    expect([...printed.matchAll(/^ {8}"(.+?)"/gm)].map((match) => match[1])).toEqual(["B", "b", "\uffee", "\ud83d\ude00"]);
  });

  test("what is printed reads back as it was", () => {
    const text = fc.string({ unit: "binary" });
    const texts = fc.array(text, { maxLength: 3 });
    const service = fc.record({
      image: text,
      command: texts,
      args: texts,
      env: texts,
      labels: fc.array(fc.tuple(text, text), { maxLength: 3 }).map((pairs) => new Map(pairs)),
      ports: fc.array(fc.record({ protocol: text, port: fc.integer({ min: 0, max: 0xffff_ffff }) }), { maxLength: 3 }),
      workingDir: fc.option(text, { nil: undefined }),
      user: fc.option(text, { nil: undefined }),
      networks: texts,
    });
    const services = fc.array(fc.tuple(text, service), { maxLength: 4 }).map((pairs) => new Map(pairs));
    fc.assert(
      fc.property(fc.record({ version: text, services: fc.option(services, { nil: undefined }) }), (bundle) => {
        expect(readBundle(Buffer.from(printBundle(bundle)))).toEqual(bundle);
      }),
      { numRuns: 200 },
    );
  });

  test("no input makes the reader fail with anything but its own error", () => {
    const seeds = FILES.map(([name]) => fixture(name));
    fc.assert(
      fc.property(fc.constantFrom(...seeds), fc.nat(), fc.uint8Array({ maxLength: 4 }), (seed, at, bytes) => {
        const broken = Buffer.from(seed);
        broken.set(bytes.subarray(0, broken.length), at % Math.max(1, broken.length - bytes.length));
        try {
          readBundle(broken);
        } catch (error) {
          expect((error as Error).message).toMatch(/^(unexpected EOF|EOF|JSON syntax error at byte \d+: .+|Unexpected type at byte \d+\. Expected .+ but received .+\.)$/s);
        }
      }),
      { numRuns: 300 },
    );
  });
});
