import { createHash } from "node:crypto";
import { askAny, type StandIn, type Visit } from "./support/answers";
import { labHosts, platformOn, shop, type ApplicationEntry } from "./support/configuration";
import { onHost } from "./support/labHost";
import { underLoad } from "./support/load";
import { requireSetup } from "./support/machine";
import { failure, Platform, type PulumiRun } from "./support/platform";
import { addressesIn, nodes, replicas, runningTasks, serviceIds, stackObjects } from "./support/swarm";

jest.setTimeout(600_000);

const SUBNET = 66;
const HOSTS = ["m1", "m2", "m3"];
const ADDRESSES = HOSTS.map((_, index) => `10.213.${SUBNET}.${11 + index}`);
const [PAGE, MAIL, DESK] = [8090, 8091, 8092];
const KEY_FILE = "/run/secrets/api_key";

const platform = new Platform("compose");
const m1 = platform.container("m1");

beforeAll(async () => {
  await requireSetup();
  await platform.clear();
});

afterAll(async () => {
  delete process.env.SHOP_API_KEY;
  await platform.clear();
});

describe("a shop of Compose files", () => {
  let first: PulumiRun;

  it("comes up", async () => {
    setKey("first");
    configure(shop(platform), desk());
    first = await platform.up();
    expect(failure(first)).toBe("");
    expect(await replicas(m1)).toEqual({ desk_desk: "1/1", dockyard_registry: "1/1", shop_api: "2/2", shop_mail: "1/1", shop_store: "1/1", shop_web: "2/2" });
  });

  it("was made in the order of what depends on what, its migration run to the end before the rest", () => {
    const begun = (name: string) => first.log.messages.find((message) => message.name === name)!.at;
    const done = (name: string) => first.log.steps.find((step) => step.name === name && step.op === "create")!.at;
    expect(done("shop-store")).toBeLessThan(begun("shop-migrate"));
    expect(done("shop-migrate")).toBeLessThan(begun("shop-api"));
    expect(done("shop-api")).toBeLessThan(begun("shop-web"));
  });

  it("leaves in the Swarm what it needs, and nothing of the migration", async () => {
    expect(await stackObjects(m1, "shop")).toEqual([
      expect.stringMatching(/^config shop_motd-[0-9a-f]{12}$/),
      "network shop_back",
      "network shop_front",
      keyObject("first"),
      "service shop_api",
      "service shop_mail",
      "service shop_store",
      "service shop_web",
    ]);
  });

  it("shows no content of secrets and configs, in the run or in the state", async () => {
    const state = JSON.stringify(await platform.resources());
    for (const content of [valueOf("first").trim(), "Welcome to the shop"]) {
      for (const spelling of [content, Buffer.from(content).toString("base64").slice(0, -4)]) {
        expect(first.output).not.toContain(spelling);
        expect(state).not.toContain(spelling);
      }
    }
  });

  it("gives a service its secret, byte for byte", async () => {
    expect(await mountedKey()).toBe(sha256("first"));
  });

  it("answers", async () => {
    const before = await askAny<Visit>(ADDRESSES, PAGE);
    expect((await askAny<Visit>(ADDRESSES, PAGE)).visits).toBe(before.visits + 1);
  });

  it("has nothing to do a second time", async () => {
    const again = await platform.preview("--expect-no-changes");
    expect(failure(again)).toBe("");
    expect(again.changes).toEqual([]);
  });
});

describe("two applications on a network of the platform", () => {
  it("find each other by alias", async () => {
    const mail = await askAny<StandIn>(ADDRESSES, MAIL, "/?resolve=help-desk");
    const desk = await askAny<StandIn>(ADDRESSES, DESK, "/?resolve=shop-mail,api");
    expect(mail.peers["help-desk"]).toEqual(await addressesIn(m1, "platform", "desk_desk"));
    expect(desk.peers["shop-mail"]).toEqual(await addressesIn(m1, "platform", "shop_mail"));
    expect(mail.peers["help-desk"]).toHaveLength(1);
    expect(desk.peers["shop-mail"]).toHaveLength(1);
    // What is on a network of the shop alone stays there.
    expect(desk.peers.api).toEqual([]);
  });
});

describe("a version that does not start, with another secret", () => {
  it("fails the up with the reason, and no visitor notices", async () => {
    const tasks = await taskIds("shop_api");
    setKey("second");
    configure(shop(platform, (settings) => {
      settings.relocate["demo/api"]!.archive = settings.relocate["tools/standin"]!.archive;
      settings.services.api = { environment: { STANDIN_EXIT: "3" } };
    }), desk());
    const { result, visits, lost } = await visited(() => platform.up());
    expect(result.code).not.toBe(0);
    const reason = result.log.messages.filter(({ name, severity }) => name === "shop-api" && severity === "error").map(({ text }) => text).join("\n");
    expect(reason).toMatch(/the update failed and was rolled back/);
    expect(reason).toMatch(/task on m[123] failed: task: non-zero exit \(3\)/);
    expect(reason).toContain("told to end with 3");
    expect(lost).toEqual([]);
    expect(visits).toBeGreaterThan(50);
    expect(await taskIds("shop_api")).toEqual(tasks);
    // The version that is back needs the former one, and the next run may go on to the new one.
    expect(await keyObjects()).toEqual([keyObject("first"), keyObject("second")].sort());
  });

  it("is followed by one that does, with the former secret, and no visitor notices", async () => {
    const tasks = await taskIds("shop_api");
    setKey("first");
    configure(shop(platform, ({ services }) => (services.api = { environment: { RELEASE: "2" } })), desk());
    const { result, visits, lost } = await visited(() => platform.up());
    expect(failure(result)).toBe("");
    expect(told(result)).toContain("update dockyard:swarm:Service shop-api");
    expect(lost).toEqual([]);
    expect(visits).toBeGreaterThan(50);
    const now = await taskIds("shop_api");
    expect(now).toHaveLength(2);
    expect(now.filter((id) => tasks.includes(id))).toEqual([]);
    expect(await keyObjects()).toEqual([keyObject("first")]);
    expect(await mountedKey()).toBe(sha256("first"));
  });

  it("leaves nothing to do", async () => {
    const again = await platform.up("--expect-no-changes");
    expect(failure(again)).toBe("");
    expect(await keyObjects()).toEqual([keyObject("first")]);
  });
});

describe("a service scaled by hand", () => {
  it("is missed when nothing of it is left, so that a lost request shows", async () => {
    const { lost } = await visited(() => onHost(m1, "docker", "service", "scale", "shop_api=0"));
    expect(lost).not.toEqual([]);
  });

  it("is not scaled back", async () => {
    await onHost(m1, "docker", "service", "scale", "shop_api=3");
    const again = await platform.up();
    expect(failure(again)).toBe("");
    expect(again.changes).toEqual([]);
    expect((await replicas(m1)).shop_api).toBe("3/3");
  });
});

describe("a secret that changes under load", () => {
  it.each(["second", "first"])("becomes the %s one, the former goes, and no visitor notices", async (key) => {
    setKey(key);
    const { result, visits, lost } = await visited(() => platform.up());
    expect(failure(result)).toBe("");
    expect(result.output).not.toContain(valueOf(key));
    expect(lost).toEqual([]);
    expect(visits).toBeGreaterThan(50);
    expect(await keyObjects()).toEqual([keyObject(key)]);
    expect(await stackObjects(m1, "shop")).toHaveLength(8);
    expect(await mountedKey()).toBe(sha256(key));
  });

  it("did not scale the service back either", async () => {
    expect((await replicas(m1)).shop_api).toBe("3/3");
  });
});

describe("an application that is taken away and put back at once", () => {
  let visits: number;
  let ids: Record<string, string>;

  it("leaves nothing but its data", async () => {
    ({ visits } = await askAny<Visit>(ADDRESSES, PAGE));
    ids = await serviceIds(m1);
    configure(desk());
    expect(failure(await platform.up())).toBe("");
    expect(await stackObjects(m1, "shop")).toEqual([]);
    expect(Object.keys(await serviceIds(m1)).sort()).toEqual(["desk_desk", "dockyard_registry"]);
  });

  it("is back with its data, and what was beside it was left alone", async () => {
    configure(shop(platform), desk());
    expect(failure(await platform.up())).toBe("");
    expect(await stackObjects(m1, "shop")).toHaveLength(8);
    expect((await askAny<Visit>(ADDRESSES, PAGE)).visits).toBe(visits + 1);
    const now = await serviceIds(m1);
    expect(now.desk_desk).toBe(ids.desk_desk);
    expect(now.shop_api).not.toBe(ids.shop_api);
  });
});

function configure(...applications: ApplicationEntry[]): void {
  platform.configure(platformOn(labHosts(SUBNET), { applications }));
}

/** A neighbour on the platform's network, without a file of settings of its own services. */
function desk(): ApplicationEntry {
  const compose = {
    services: {
      desk: {
        image: "tools/standin",
        environment: { STANDIN_PORTS: "80" },
        networks: { platform: { aliases: ["help-desk"] } },
        ports: [{ target: 80, published: DESK, mode: "host" }],
      },
    },
    networks: { platform: { external: true } },
  };
  const settings = { relocate: { "tools/standin": { archive: ".dockyard/images/standin.tar", repository: "desk/standin" } } };
  return { name: "desk", bundle: platform.write("desk.yaml", JSON.stringify(compose)), settings: platform.write("desk.settings.yaml", JSON.stringify(settings)) };
}

const valueOf = (key: string) => `the ${key} key of the shop\n`;
const sha256 = (key: string) => createHash("sha256").update(valueOf(key)).digest("hex");
const keyObject = (key: string) => `secret shop_api_key-${sha256(key).slice(0, 12)}`;

function setKey(key: string): void {
  process.env.SHOP_API_KEY = valueOf(key);
}

/** SHA-256 of the secret that the mailer has. */
async function mountedKey(): Promise<string | undefined> {
  return (await askAny<StandIn>(ADDRESSES, MAIL, `/?hash=${KEY_FILE}`)).hashes[KEY_FILE];
}

const keyObjects = async () => (await stackObjects(m1, "shop")).filter((object) => object.startsWith("secret "));

const told = ({ changes }: PulumiRun) => changes.map(({ op, type, name }) => `${op} ${type} ${name}`).sort();

async function taskIds(service: string): Promise<string[]> {
  return (await runningTasks(m1, service)).map(({ ID }) => ID).sort();
}

/** Visits the page wherever it runs while something is done to what is behind it; the store has to have counted every visit. */
async function visited<R>(work: () => Promise<R>): Promise<{ result: R; visits: number; lost: readonly string[] }> {
  const members = await nodes(m1);
  const pages = new Set((await runningTasks(m1, "shop_web")).map(({ NodeID }) => NodeID));
  const urls = HOSTS.flatMap((host, index) => (pages.has(members[host]!.id) ? [`http://${ADDRESSES[index]}:${PAGE}/`] : []));
  expect(urls).toHaveLength(2);
  const { answers, lost, result } = await underLoad<Visit, R>(urls, work);
  const counted = answers.map(({ visits }) => visits);
  expect(new Set(counted).size).toBe(counted.length);
  return { result, visits: answers.length, lost };
}
