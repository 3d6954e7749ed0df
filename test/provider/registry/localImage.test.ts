import { Readable } from "node:stream";
import { imageArchive } from "../../../lab/imageArchive";
import { checkedImage } from "../../../provider/registry/source";
import { sha256 } from "./fakeEngine";

const bytes = imageArchive({ reference: "web:latest", architecture: "amd64", config: { Entrypoint: ["/e"] }, entries: [] });
const asked: string[] = [];
let id = "";

jest.mock("dockerode", () =>
  function engine() {
    return {
      getImage: (name: string) => ({
        inspect: async () => {
          if (name === "none:1") throw new Error("no such image");
          return { Id: id };
        },
        get: async () => {
          asked.push(name);
          return Readable.from([bytes]);
        },
      }),
    };
  },
);

describe("an image of the local engine", () => {
  test("is taken by its id, whatever its name stands for afterwards", async () => {
    id = `sha256:${sha256("ours")}`;
    const image = await checkedImage({ local: "web:latest" }, sha256("ours"));
    id = `sha256:${sha256("strange")}`;
    for await (const _ of await image.openAs("demo/web:ours"));
    expect(asked).toEqual([`sha256:${sha256("ours")}`, `sha256:${sha256("ours")}`]);
  });

  test("whose name was given to another one is refused with both ids", async () => {
    id = `sha256:${sha256("strange")}`;
    const failure = await checkedImage({ local: "web:latest" }, sha256("ours")).catch((error: Error) => error.message);
    for (const found of ["web:latest", sha256("strange"), sha256("ours")]) expect(failure).toContain(found);
  });

  test("that is not there is named", async () => expect(checkedImage({ local: "none:1" }, sha256("ours"))).rejects.toThrow("the local engine does not give the image none:1: no such image"));
});
