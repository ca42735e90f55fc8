package dev.bulwark.sentry.seccomp;

import dev.bulwark.control.SeccompProfile;
import dev.bulwark.control.SeccompProfile.Action;
import dev.bulwark.control.SeccompProfile.Arg;
import dev.bulwark.control.SeccompProfile.Op;
import dev.bulwark.control.SeccompProfile.Rule;
import java.util.ArrayList;
import java.util.List;

/**
 * What docker run enforces on a container with its usual capabilities on x86-64: refused with EPERM
 * unless listed, new namespaces refused, clone3 unknown, no virtual sockets.
 */
final class DockerProfile {
  private static final String ALLOWED =
      """
      accept accept4 access adjtimex alarm bind brk cachestat capget capset chdir chmod chown
      chown32 clock_adjtime clock_getres clock_gettime clock_gettime64 clock_nanosleep close
      close_range connect copy_file_range creat dup dup2 dup3 epoll_create epoll_create1 epoll_ctl
      epoll_pwait epoll_pwait2 epoll_wait eventfd eventfd2 execve execveat exit exit_group faccessat
      faccessat2 fadvise64 fallocate fanotify_mark fchdir fchmod fchmodat fchmodat2 fchown fchownat
      fcntl fcntl64 fdatasync fgetxattr flistxattr flock fork fremovexattr fsetxattr fstat fstatfs
      fsync ftruncate futex futex_requeue futex_wait futex_waitv futex_wake futimesat getcpu getcwd
      getdents getdents64 getegid geteuid getgid getgroups getitimer getpeername getpgid getpgrp
      getpid getppid getpriority getrandom getresgid getresuid getrlimit get_robust_list getrusage
      getsid getsockname getsockopt get_thread_area gettid gettimeofday getuid getxattr
      inotify_add_watch inotify_init inotify_init1 inotify_rm_watch io_cancel ioctl io_destroy
      io_getevents ioprio_get ioprio_set io_setup io_submit kill landlock_add_rule
      landlock_create_ruleset landlock_restrict_self lchown lgetxattr link linkat listen listxattr
      llistxattr lremovexattr lseek lsetxattr lstat madvise map_shadow_stack membarrier memfd_create
      memfd_secret mincore mkdir mkdirat mknod mknodat mlock mlock2 mlockall mmap mmap2 mprotect
      mq_getsetattr mq_notify mq_open mq_timedreceive mq_timedsend mq_unlink mremap mseal msgctl
      msgget msgrcv msgsnd msync munlock munlockall munmap name_to_handle_at nanosleep newfstatat
      open openat openat2 pause pidfd_open pidfd_send_signal pipe pipe2 pkey_alloc pkey_free
      pkey_mprotect poll ppoll prctl pread64 preadv preadv2 prlimit64 process_mrelease pselect6
      pwrite64 pwritev pwritev2 read readahead readlink readlinkat readv recvfrom recvmmsg recvmsg
      remap_file_pages removexattr rename renameat renameat2 restart_syscall rmdir rseq rt_sigaction
      rt_sigpending rt_sigprocmask rt_sigqueueinfo rt_sigreturn rt_sigsuspend rt_sigtimedwait
      rt_tgsigqueueinfo sched_getaffinity sched_getattr sched_getparam sched_get_priority_max
      sched_get_priority_min sched_getscheduler sched_rr_get_interval sched_setaffinity
      sched_setattr sched_setparam sched_setscheduler sched_yield seccomp select semctl semget semop
      semtimedop sendfile sendmmsg sendmsg sendto setfsgid setfsuid setgid setgroups setitimer
      setpgid setpriority setregid setresgid setresuid setreuid setrlimit set_robust_list setsid
      setsockopt set_thread_area set_tid_address setuid setxattr shmat shmctl shmdt shmget shutdown
      sigaltstack signalfd signalfd4 socketpair splice stat statfs statx symlink symlinkat sync
      sync_file_range syncfs sysinfo tee tgkill time timer_create timer_delete timer_getoverrun
      timer_gettime timer_settime timerfd_create timerfd_gettime timerfd_settime times tkill
      truncate umask uname unlink unlinkat utime utimensat utimes vfork vmsplice wait4 waitid write
      writev process_vm_readv process_vm_writev ptrace arch_prctl modify_ldt chroot
      """;

  private static final long[] PERSONALITIES = {0, 8, 0x20000, 0x20008, 0xffffffffL};
  private static final long NAMESPACES = 0x7e020000L;

  private DockerProfile() {}

  static SeccompProfile profile() {
    int none = SeccompProfile.NO_ERRNO;
    List<Rule> rules = new ArrayList<>();
    rules.add(new Rule(List.of(ALLOWED.strip().split("\\s+")), Action.ALLOW, none, List.of()));
    rules.add(allow("socket", new Arg(0, 40, 0, Op.NE)));
    for (long personality : PERSONALITIES) {
      rules.add(allow("personality", new Arg(0, personality, 0, Op.EQ)));
    }
    rules.add(allow("clone", new Arg(0, NAMESPACES, 0, Op.MASKED_EQ)));
    rules.add(new Rule(List.of("clone3"), Action.ERRNO, 38, List.of()));
    return new SeccompProfile(Action.ERRNO, 1, List.of(), rules);
  }

  private static Rule allow(String name, Arg condition) {
    return new Rule(List.of(name), Action.ALLOW, SeccompProfile.NO_ERRNO, List.of(condition));
  }
}
