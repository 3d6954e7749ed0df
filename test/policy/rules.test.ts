import { RESOURCE_RULES, STACK_RULES } from "../../policy/rules";

const ALL = [...RESOURCE_RULES, ...STACK_RULES];

describe("the rules", () => {
  it("have names of their own, which the configuration of the pack goes by", () => {
    expect(new Set(ALL.map(({ name }) => name)).size).toBe(ALL.length);
    // A name that is gone or new breaks or widens what users have configured: change this list on purpose only.
    expect(Object.fromEntries(ALL.map(({ name, level }) => [name, level]))).toEqual({
      "image-pinned": "mandatory",
      "no-sensitive-mounts": "mandatory",
      "volume-options": "mandatory",
      capabilities: "mandatory",
      "service-networks": "mandatory",
      "port-numbers": "mandatory",
      sysctls: "mandatory",
      ulimits: "mandatory",
      "log-drivers": "mandatory",
      "reserved-labels": "mandatory",
      "no-secrets-in-environment": "mandatory",
      "no-secrets-in-services": "mandatory",
      "no-secrets-in-configs": "mandatory",
      "no-secrets-elsewhere": "mandatory",
      "memory-limit": "advisory",
      "not-root": "advisory",
      "health-check": "advisory",
      "engine-settings": "mandatory",
      "daemon-keys": "mandatory",
      "no-insecure-registries": "mandatory",
      "encrypted-overlay": "advisory",
      "network-options": "mandatory",
      "modern-keys": "mandatory",
      "short-lived-certificates": "mandatory",
      "lab-label": "mandatory",
      "aws-no-open-ports": "mandatory",
      "aws-metadata-tokens": "mandatory",
      "aws-encrypted-volumes": "mandatory",
      "restricted-user": "disabled",
      "restricted-capabilities": "disabled",
      "restricted-root-filesystem": "disabled",
      "restricted-host": "disabled",
      "restricted-limits": "disabled",
      "restricted-engine": "disabled",
      "restricted-network": "disabled",
      "published-ports": "mandatory",
      "network-room": "mandatory",
      "protected-authority": "mandatory",
      "aws-private-buckets": "mandatory",
      "aws-tags": "mandatory",
    });
  });
  it.each(ALL.map(({ name, description }) => [name, description]))("%s says what it asks for and why", (_, description) => expect(description).toMatch(/^[A-Z].*: .*\.$/));
  it("on services are on jobs too, but for the one on health", () => {
    const onServices = RESOURCE_RULES.filter(({ types }) => types.includes("dockyard:swarm:Service"));
    expect(onServices.filter(({ types }) => !types.includes("dockyard:swarm:Job")).map(({ name }) => name)).toEqual(["health-check"]);
  });
});
