import { readCompose } from "../../../components/bundle/compose/read";
import { ApplicationPlan, planApplication, PlanOptions } from "../../../components/bundle/plan";
import { parseSettings } from "../../../components/bundle/settings/parse";
import { problemsOf } from "./compose/reading";

const anyImage: PlanOptions = { resolveImage: (image) => ({ kind: "digest", reference: image }) };

function plan(services: string, settings = ""): ApplicationPlan {
  const { application } = readCompose([{ path: "c.yaml", text: `services: { ${services} }` }]);
  return planApplication("demo", application, parseSettings(settings, "s.yaml"), anyImage);
}
const order = ({ services }: ApplicationPlan) => Object.fromEntries(services.map(({ key, dependsOn }) => [key, dependsOn]));

describe("order", () => {
  const THREE = "web: { image: w, depends_on: [db, cache] }, db: { image: d }, cache: { image: c, depends_on: [db] }";

  test("is the bundle's, and the settings add to it", () => {
    expect(order(plan(THREE))).toEqual({ cache: ["db"], db: [], web: ["cache", "db"] });
    expect(order(plan("web: { image: w }, db: { image: d }", "order: { web: [db, db] }"))).toEqual({ db: [], web: ["db"] });
  });

  test.each([
    [THREE, "order: { db: [web] }", "services wait for each other in a circle: cache → db → web → cache; take one of these dependencies away"],
    ["a: { image: a, depends_on: [a] }", "", "services wait for each other in a circle: a → a; take one of these dependencies away"],
    ["web: { image: w, depends_on: [bd] }, db: { image: d }", "", 'services.web.depends_on: unknown service "bd"; write "db" (allowed: db, web)'],
    [THREE, "order: { web: [cahce] }", 'order.web: unknown service "cahce"; write "cache" (allowed: cache, db, web)'],
  ])("%s with %s is refused", (services, settings, problem) => expect(problemsOf(() => plan(services, settings))).toContain(problem));

  test("a hundred services in a row are no circle", () => {
    const row = Array.from({ length: 100 }, (_, index) => `s${index}: { image: i${index === 0 ? "" : `, depends_on: [s${index - 1}]`} }`).join(", ");
    expect(plan(row).services).toHaveLength(100);
  });
});

describe("jobs", () => {
  const AWAITED = "web: { image: w, depends_on: { migrate: { condition: service_completed_successfully } } }, migrate: { image: m }";
  const job = (found: ApplicationPlan) => found.services.find(({ key }) => key === "migrate")!;

  test("what others wait for to complete is one: it is not started again, and its failure rolls nothing back", () => {
    expect(job(plan(AWAITED))).toMatchObject({ job: true, spec: { replicas: 1, restartPolicy: { condition: "none" }, updateConfig: { failureAction: "pause" } } });
    expect(plan(AWAITED).services.map((service) => service.job)).toEqual([true, false]);
  });

  test.each([
    ["web: { image: w }, migrate: { image: m, deploy: { mode: replicated-job, replicas: 3 } }", "", { job: true, spec: { mode: "replicated", replicas: 3 } }],
    ["web: { image: w }, migrate: { image: m, deploy: { mode: global-job } }", "", { job: true, spec: { mode: "global", restartPolicy: { condition: "none" } } }],
    ["web: { image: w }, migrate: { image: m }", "services: { migrate: { job: true } }", { job: true, spec: { replicas: 1 } }],
    ["web: { image: w }, migrate: { image: m, restart: on-failure:2 }", "services: { migrate: { job: true } }", { spec: { restartPolicy: { condition: "on-failure", maxAttempts: 2 } } }],
  ])("%s with %s", (services, settings, expected) => expect(job(plan(services, settings))).toMatchObject(expected));

  test("a job that would run again and again is refused, so is waiting for what never ends", () => {
    expect(problemsOf(() => plan(AWAITED.replace("image: m", "image: m, restart: always")))).toEqual([
      "services.migrate.restart.condition: found any for a job, which would run again and again; write none or on-failure, or leave it out",
    ]);
    expect(problemsOf(() => plan(AWAITED, "services: { migrate: { job: false } }"))).toEqual([
      "services.web.depends_on.migrate: waits until migrate has completed, but that is said to be no job; write job: true for migrate, or leave job out",
    ]);
  });
});

describe("replicas", () => {
  const found = (settings: string) => {
    const { spec, initialReplicas } = plan("web: { image: w, deploy: { replicas: 3 } }", settings).services[0]!;
    return { pinned: spec.replicas, initial: initialReplicas };
  };

  test("of a Compose file count at creation; the settings pin them", () => {
    expect(found("")).toEqual({ pinned: undefined, initial: 3 });
    expect(found("services: { web: { replicas: 5 } }")).toEqual({ pinned: 5, initial: undefined });
    expect(found("services: { web: { initialReplicas: 2 } }")).toEqual({ pinned: undefined, initial: 2 });
    expect(found("services: { web: { mode: global } }")).toEqual({ pinned: undefined, initial: undefined });
  });
});
