import { publishedPortClashes, PublishingApplication } from "../../../components/bundle/publishedPorts";
import type { PublishedPort } from "../../../components/bundle/model";

const publishing = (stack: string, services: Record<string, PublishedPort[]>): PublishingApplication => ({
  stack,
  services: Object.entries(services).map(([key, ports]) => ({ key, spec: { ports } })),
});

test("two applications, both named", () => {
  const demo = publishing("demo", { web: [{ target: 8080, published: 5000, mode: "host" }] });
  const voting = publishing("voting", { vote: [{ target: 80, published: 5000 }] });
  expect(publishedPortClashes([demo, voting])).toEqual([
    "port 5000/tcp is published by service web of demo (for its port 8080, mode host) and service vote of voting (for its port 80, mode ingress); " +
      'leave it to one of them and write another "published" for the rest',
  ]);
});

test("within a service", () => {
  const ports: PublishedPort[] = [{ target: 80, published: 80 }, { target: 81, published: 80, protocol: "tcp" }];
  expect(publishedPortClashes([publishing("demo", { web: ports })])).toHaveLength(1);
});

test("other protocols, other ports and unpublished ones do not clash", () => {
  const ports: PublishedPort[] = [{ target: 53, published: 53 }, { target: 53, published: 53, protocol: "udp" }, { target: 80 }, { target: 80 }];
  expect(publishedPortClashes([publishing("demo", { dns: ports, other: [{ target: 53 }] }), { stack: "x", services: [{ key: "y", spec: {} }] }])).toEqual([]);
});
