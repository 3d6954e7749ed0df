import type { CgroupVersion } from "./hostContainer";

/**
 * The calls of the kernel that a lab host may make: what programs, systemd and an engine with its containers need. Whatever
 * is not named is refused. Left out, because they act on the machine or on all of its kernel, whoever calls: modules (init_module),
 * another kernel (kexec_load), the clock (settimeofday), swap, quotas, accounting, raw ports (iopl), the kernel's log (syslog), files by
 * handle (open_by_handle_at), measuring other processes (perf_event_open), io_uring, userfaultfd, fanotify.
 */
const CALLS = {
  files: `access chdir chmod chown close close_range copy_file_range creat dup dup2 dup3 faccessat faccessat2 fadvise64 fallocate fchdir
    fchmod fchmodat fchmodat2 fchown fchownat fcntl fdatasync fgetxattr flistxattr flock fremovexattr fsetxattr fstat fstatfs fsync
    ftruncate futimesat getcwd getdents getdents64 getxattr getxattrat inotify_add_watch inotify_init inotify_init1 inotify_rm_watch
    ioctl lchown lgetxattr link linkat listxattr listxattrat llistxattr lremovexattr lseek lsetxattr lstat mkdir mkdirat mknod mknodat
    name_to_handle_at newfstatat open openat openat2 pread64 preadv preadv2 pwrite64 pwritev pwritev2 read readahead readlink readlinkat
    readv removexattr removexattrat rename renameat renameat2 rmdir sendfile setxattr setxattrat splice stat statfs statx symlink
    symlinkat sync sync_file_range syncfs tee truncate umask unlink unlinkat utime utimensat utimes vmsplice write writev`,
  waiting: `epoll_create epoll_create1 epoll_ctl epoll_ctl_old epoll_pwait epoll_pwait2 epoll_wait epoll_wait_old eventfd eventfd2
    io_cancel io_destroy io_getevents io_pgetevents io_setup io_submit pipe pipe2 poll ppoll pselect6 select signalfd signalfd4`,
  memory: `brk cachestat get_mempolicy madvise map_shadow_stack mbind membarrier memfd_create memfd_secret mincore mlock mlock2 mlockall
    mmap mprotect mremap mseal msync munlock munlockall munmap pkey_alloc pkey_free pkey_mprotect remap_file_pages set_mempolicy
    set_mempolicy_home_node`,
  network: `accept accept4 bind connect getpeername getsockname getsockopt listen recvfrom recvmmsg recvmsg sendmmsg sendmsg sendto
    setsockopt shutdown socketpair`,
  processes: `alarm arch_prctl capget capset execve execveat exit exit_group fork futex futex_requeue futex_wait futex_waitv futex_wake
    get_robust_list get_thread_area getcpu getegid geteuid getgid getgroups getitimer getpgid getpgrp getpid getppid getpriority
    getrandom getresgid getresuid getrlimit getrusage getsid gettid getuid ioprio_get ioprio_set kcmp kill landlock_add_rule
    landlock_create_ruleset landlock_restrict_self modify_ldt pause personality pidfd_getfd pidfd_open pidfd_send_signal prctl prlimit64
    process_madvise process_mrelease process_vm_readv process_vm_writev ptrace restart_syscall riscv_flush_icache riscv_hwprobe rseq
    rt_sigaction rt_sigpending rt_sigprocmask rt_sigqueueinfo rt_sigreturn rt_sigsuspend rt_sigtimedwait rt_tgsigqueueinfo
    sched_get_priority_max sched_get_priority_min sched_getaffinity sched_getattr sched_getparam sched_getscheduler
    sched_rr_get_interval sched_setaffinity sched_setattr sched_setparam sched_setscheduler sched_yield seccomp set_robust_list
    set_thread_area set_tid_address setfsgid setfsuid setgid setgroups setitimer setpgid setpriority setregid setresgid setresuid
    setreuid setrlimit setsid setuid sigaltstack sysinfo tgkill tkill uname vfork wait4 waitid`,
  messages: `mq_getsetattr mq_notify mq_open mq_timedreceive mq_timedsend mq_unlink msgctl msgget msgrcv msgsnd semctl semget semop
    semtimedop shmat shmctl shmdt shmget`,
  // Reading the clock and asking how it is kept; setting it needs a capability that hosts have not.
  time: `adjtimex clock_adjtime clock_getres clock_gettime clock_nanosleep gettimeofday nanosleep time timer_create timer_delete
    timer_getoverrun timer_gettime timer_settime timerfd_create timerfd_gettime timerfd_settime times`,
  // What an engine makes containers with. "reboot" in a name space of processes ends its first one, and nothing else.
  containers: `chroot clone clone3 fsconfig fsmount fsopen fspick listmount mount mount_setattr move_mount open_tree open_tree_attr
    pivot_root reboot setdomainname sethostname setns statmount umount umount2 unshare`,
} as const;

/** As a kernel without keyrings answers (ENOSYS): runc then goes on without one, where it would give up on "not permitted". */
const NO_KEYRING = { names: ["add_key", "keyctl", "request_key"], action: "SCMP_ACT_ERRNO", errnoRet: 38 };
/**
 * Every family of sockets but two that have no name space: AF_VSOCK (40) leads to whatever runs the machine, AF_ALG (38) to the kernel's ciphers,
 * by which a container wrote into any file's cached pages (CVE-2026-31431). One comparison a rule: the library takes no two of one argument.
 */
const SOCKETS = ([[38, "SCMP_CMP_LT"], [39, "SCMP_CMP_EQ"], [40, "SCMP_CMP_GT"]] as const).map(([value, op]) => ({ names: ["socket"], action: "SCMP_ACT_ALLOW", args: [{ index: 0, value, op }] }));

/**
 * The seccomp profile of a lab host in the engine's JSON, for the machine's own architecture alone.
 * @param cgroup on generation 2, runc says by a program in the kernel which devices a container may open: bpf is allowed there
 */
export function hostSeccomp(cgroup: CgroupVersion): string {
  const names = Object.values(CALLS).flatMap((group) => group.split(/\s+/));
  const allowed = { names: cgroup === 2 ? [...names, "bpf"] : names, action: "SCMP_ACT_ALLOW" };
  return JSON.stringify({ defaultAction: "SCMP_ACT_ERRNO", syscalls: [allowed, ...SOCKETS, NO_KEYRING] });
}
