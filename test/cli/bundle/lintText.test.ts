import { stripVTControlCharacters } from "node:util";
import { renderFindings } from "../../../cli/bundle/lintText";
import type { Application, Service } from "../../../components/bundle";

const service = (key: string): Service => ({ key, image: "i", command: [], args: [], environment: [], labels: {}, containerLabels: {}, exposes: [], networks: [], run: {} });
const application: Application = { services: [service("web"), service("web.api")], networks: [{ key: "front", kind: "own" }] };
const render = (...rest: [Parameters<typeof renderFindings>[2], readonly string[]]) => stripVTControlCharacters(renderFindings("shop from compose.yaml", application, ...rest));

test("by service and network, warnings first, with counts at the end", () => {
  const notices = [
    { severity: "info" as const, path: "services.web.user", message: "is the image's" },
    { severity: "warning" as const, path: "services.web.ports[0].host_ip", message: "ignored" },
    { severity: "info" as const, path: "services.web.api.user", message: "is the image's" },
    { severity: "warning" as const, path: "services.web", message: "the name is too long" },
    { severity: "warning" as const, path: "ports", message: "published twice" },
    { severity: "info" as const, path: "networks.front.driver", message: "changed" },
  ];
  expect(render(notices, ["order: web waits for itself"])).toBe(`shop from compose.yaml

networks.front
  info     driver: changed

services.web
  warning  ports[0].host_ip: ignored
  warning  the name is too long
  info     user: is the image's

services.web.api
  info     user: is the image's

application
  warning  ports: published twice

refused  order: web waits for itself

3 warnings, 3 notes, 1 refusal`);
});

test("nothing found", () => {
  expect(render([], [])).toBe("shop from compose.yaml\n\n0 warnings, 0 notes, 0 refusals");
});
