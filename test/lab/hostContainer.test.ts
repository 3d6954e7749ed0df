import { detectCgroup, hostContainerOptions, hostUploads } from "../../lab/hostContainer";

describe("hostContainerOptions", () => {
  test("are the same on both generations of control groups, but for what systemd is told", () => {
    const [{ command: first, ...v1 }, { command: second, ...v2 }] = [hostContainerOptions(1), hostContainerOptions(2)];
    expect(v1).toEqual(v2);
    expect(first.slice(1)).toEqual(["systemd.unified_cgroup_hierarchy=0", "SYSTEMD_CGROUP_ENABLE_LEGACY_FORCE=1"]);
    expect(second).toEqual(first.slice(0, 1));
  });

  test("ask for no privileged container and for nothing that the engine does not report back as it was given", () => {
    const options = hostContainerOptions(1);
    expect(options).not.toHaveProperty("privileged");
    expect(options.securityOpts).not.toContain("systempaths=unconfined");
    // The engine adds the prefix to whatever has none, except to ALL.
    for (const name of [...options.capabilities.adds, ...options.capabilities.drops]) expect(name).toMatch(/^(ALL|CAP_[A-Z_]+)$/);
  });

  test("leave what each host has for itself to the caller", () => {
    expect(hostContainerOptions(2).volumes.map(({ containerPath }) => containerPath)).toEqual(["/sys/fs/cgroup"]);
  });
});

test("the uploaded identity is readable by root alone, else sshd refuses the key", () => {
  const uploads = hostUploads("host key", "user key");
  expect(uploads.map(({ content }) => content)).toEqual(["host key", "user key"]);
  expect(uploads.every(({ permissions }) => permissions === "0600")).toBe(true);
});

test("the generation of control groups is found on this machine", () => {
  expect([1, 2]).toContain(detectCgroup());
});
