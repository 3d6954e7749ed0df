import { detectCgroup, hostContainerOptions, hostUploads } from "../../lab/hostContainer";
import { hostSeccomp } from "../../lab/hostSeccomp";

describe("hostContainerOptions", () => {
  test("are the same on both generations of control groups, but for what systemd is told and what runc needs for devices", () => {
    const [{ command: first, securityOpts: firstOpts, ...v1 }, { command: second, securityOpts: secondOpts, ...v2 }] = [hostContainerOptions(1), hostContainerOptions(2)];
    expect(v1).toEqual(v2);
    expect(first.slice(1)).toEqual(["systemd.unified_cgroup_hierarchy=0", "SYSTEMD_CGROUP_ENABLE_LEGACY_FORCE=1"]);
    expect(second).toEqual(first.slice(0, 1));
    expect(secondOpts.map((option) => option.replace(',"bpf"', ""))).toEqual(firstOpts);
  });

  test("ask for no privileged container and for nothing that the engine does not report back as it was given", () => {
    const options = hostContainerOptions(1);
    expect(options).not.toHaveProperty("privileged");
    expect(options.securityOpts).not.toContain("systempaths=unconfined");
    expect(options.securityOpts).not.toContain("seccomp=unconfined");
    // The engine adds the prefix to whatever has none, except to ALL.
    for (const name of [...options.capabilities.adds, ...options.capabilities.drops]) expect(name).toMatch(/^(ALL|CAP_[A-Z_]+)$/);
  });

  test("give the capabilities that are named, each once, and nothing of the machine's file systems", () => {
    const options = hostContainerOptions(2);
    expect(options.capabilities.drops).toEqual(["ALL"]);
    expect(options.capabilities.adds).not.toContain("ALL");
    expect(new Set(options.capabilities.adds).size).toBe(options.capabilities.adds.length);
    expect(options).not.toHaveProperty("volumes");
    expect(options.cgroupnsMode).toBe("private");
  });

  test.each(
    ("CAP_AUDIT_CONTROL CAP_AUDIT_READ CAP_BLOCK_SUSPEND CAP_BPF CAP_CHECKPOINT_RESTORE CAP_DAC_READ_SEARCH CAP_IPC_OWNER CAP_LEASE CAP_LINUX_IMMUTABLE " +
      "CAP_MAC_ADMIN CAP_MAC_OVERRIDE CAP_NET_BROADCAST CAP_PERFMON CAP_SYSLOG CAP_SYS_MODULE CAP_SYS_PACCT CAP_SYS_RAWIO CAP_SYS_RESOURCE CAP_SYS_TIME CAP_SYS_TTY_CONFIG CAP_WAKE_ALARM").split(" "),
  )("do not give %s", (capability) => {
    expect(hostContainerOptions(1).capabilities.adds).not.toContain(capability);
  });
});

describe("hostSeccomp", () => {
  const rules = (cgroup: 1 | 2) => JSON.parse(hostSeccomp(cgroup)) as { defaultAction: string; syscalls: { names: string[]; action: string; args?: unknown[] }[] };
  const allowed = (cgroup: 1 | 2) => rules(cgroup).syscalls.filter(({ action }) => action === "SCMP_ACT_ALLOW").flatMap(({ names }) => names);

  test("refuses what it does not name, and names each call once", () => {
    expect(rules(1).defaultAction).toBe("SCMP_ACT_ERRNO");
    const names = rules(1).syscalls.flatMap(({ names: some }) => some);
    const cases = rules(1).syscalls.flatMap(({ names: some, args = [] }) => some.map((name) => JSON.stringify([name, args])));
    expect(new Set(cases).size).toBe(cases.length);
    // Only a call that is judged by its arguments has several rules.
    expect(new Set(names).size).toBe(names.length - names.filter((name) => name === "socket").length + 1);
    expect(names.filter((name) => !/^[a-z0-9_]+$/.test(name))).toEqual([]);
  });

  test.each(
    ("acct add_key clock_settime create_module delete_module fanotify_init finit_module get_kernel_syms init_module io_uring_enter io_uring_register io_uring_setup ioperm iopl " +
      "kexec_file_load kexec_load keyctl lookup_dcookie migrate_pages move_pages nfsservctl open_by_handle_at perf_event_open query_module quotactl quotactl_fd request_key settimeofday " +
      "stime swapoff swapon sysfs syslog _sysctl uselib userfaultfd ustat vhangup vm86 vm86old").split(" "),
  )("does not allow %s", (name) => {
    for (const cgroup of [1, 2] as const) expect(allowed(cgroup)).not.toContain(name);
  });

  test("lets programs be put into the kernel only where runc needs them for devices", () => {
    expect(allowed(1)).not.toContain("bpf");
    expect(allowed(2)).toContain("bpf");
  });

  test("leads to no socket that has no name space", () => {
    expect(rules(1).syscalls.filter(({ names }) => names.includes("socket")).map(({ args }) => args)).toEqual([
      [{ index: 0, value: 38, op: "SCMP_CMP_LT" }],
      [{ index: 0, value: 39, op: "SCMP_CMP_EQ" }],
      [{ index: 0, value: 40, op: "SCMP_CMP_GT" }],
    ]);
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
