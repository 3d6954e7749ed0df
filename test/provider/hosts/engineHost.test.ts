import { parseEngine } from "../../../provider/hosts/engineHost";

describe("what a host says of its engine", () => {
  test("an engine of the distribution that runs", () =>
    expect(
      parseEngine("machine-id=abc\nengine=Docker version 26.1.5+dfsg1, build 411e817\npackage=docker.io 26.1.5+dfsg1-9+b9 installed\nenabled=enabled\nactive=active\npending=\nbridge-filter=yes\n"),
    ).toEqual({
      machineId: "abc",
      engineVersion: "26.1.5+dfsg1",
      package: { source: "distribution", version: "26.1.5+dfsg1-9+b9" },
      enabled: true,
      active: true,
      pending: "none",
      bridgeFilter: true,
    }));

  test("no engine; a removed package whose settings stayed is none", () =>
    expect(parseEngine("machine-id=abc\nengine=\npackage=docker.io 26.1.5 config-files\nenabled=\nactive=inactive\npending=\n")).toEqual({
      machineId: "abc",
      engineVersion: undefined,
      package: undefined,
      enabled: false,
      active: false,
      pending: "none",
      bridgeFilter: false,
    }));

  test("Docker's own package, a restart that is still to come", () => {
    const facts = parseEngine("machine-id=abc\nengine=Docker version 27.5.1, build 9f9e405\npackage=docker-ce 5:27.5.1-1 installed\nenabled=disabled\nactive=failed\npending=restart\n");
    expect(facts).toMatchObject({ package: { source: "docker", version: "5:27.5.1-1" }, enabled: false, active: false, pending: "restart" });
  });
});
