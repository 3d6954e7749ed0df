import { AwsHosts } from "../../../../components/config/awsSchema";
import { ruleName, securityRules, type SecurityRule, type Traffic } from "../../../../components/hosts/aws/securityRules";
import { existing, full, smallest, type Written } from "./samples";

const TRAFFIC: Traffic = { dataPathPort: 4789, encrypted: false, registryPort: 5000 };
const rules = (written: Written, traffic: Partial<Traffic> = {}) => securityRules(AwsHosts.parse(written), { ...TRAFFIC, ...traffic });
const peerText = ({ peer }: SecurityRule) => ("cidr" in peer ? peer.cidr : "group" in peer ? peer.group : peer.securityGroup);
const text = (rule: SecurityRule) => `${rule.group} ${rule.direction} ${rule.protocol}/${rule.port ?? "-"} ${peerText(rule)}`;
const inwards = (list: SecurityRule[]) => list.filter(({ direction }) => direction === "in").map(text);

describe("what is open inwards", () => {
  it("is the Swarm's ports between members, SSH from the given range and the edge", () =>
    expect(inwards(rules(existing()))).toEqual([
      "managers in tcp/2377 members",
      "members in tcp/7946 members",
      "members in udp/7946 members",
      "members in udp/4789 members",
      "members in tcp/5000 members",
      "members in tcp/22 10.0.0.0/8",
      "balancer in tcp/443 198.51.100.0/24",
      "edge in tcp/443 balancer",
    ]));
  it("is SSH from the bastion's group, and the targets of the balancer's ports", () => {
    const found = inwards(rules(full()));
    expect(found.filter((line) => line.includes("/22 "))).toEqual(["members in tcp/22 sg-0123456789abcdef0"]);
    expect(found.slice(-4)).toEqual(["balancer in tcp/80 0.0.0.0/0", "balancer in tcp/443 0.0.0.0/0", "edge in tcp/80 balancer", "edge in tcp/8443 balancer"]);
  });
  it("follows the configured data path, and takes ESP where an overlay is encrypted", () => {
    const found = inwards(rules(smallest(), { dataPathPort: 9789, encrypted: true }));
    expect(found).toContain("members in udp/9789 members");
    expect(found).toContain("members in 50/- members");
    expect(found.join()).not.toContain("udp/4789");
  });
  it("is the hosts' own port where there is no balancer", () => {
    const found = inwards(rules(smallest({ edge: { ports: [{ port: 80 }], balancer: false, from: ["198.51.100.0/24"] } })));
    expect(found.slice(-1)).toEqual(["edge in tcp/80 198.51.100.0/24"]);
  });
  it("is open to everybody at the edge alone", () => {
    for (const written of [smallest(), full(), existing()]) {
      const everybody = rules(written).filter((rule) => rule.direction === "in" && peerText(rule) === "0.0.0.0/0");
      expect(everybody.filter(({ group }) => group !== "balancer" && group !== "edge")).toEqual([]);
    }
  });
});

describe("what is open outwards", () => {
  it("is what comes in elsewhere, and packages", () =>
    expect(rules(smallest()).filter(({ direction }) => direction === "out").map(text)).toEqual([
      "members out tcp/2377 managers",
      "members out tcp/7946 members",
      "members out udp/7946 members",
      "members out udp/4789 members",
      "members out tcp/5000 members",
      "members out tcp/80 0.0.0.0/0",
      "members out tcp/443 0.0.0.0/0",
    ]));
});

it("each rule has a name of its own", () => {
  const names = rules(full(), { encrypted: true }).map(ruleName);
  expect(new Set(names).size).toBe(names.length);
});
