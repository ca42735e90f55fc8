package dev.bulwark.sentry.trace;

/** What the arguments of each system call of Linux on x86-64 are. */
final class CallText {
  /**
   * A line is the name, its arguments as {@link Arguments#parse} reads them and, after an equals
   * sign, how the result is written when it is not a plain number.
   */
  static final String TEXT =
      """
      read fd >bytes@ret lu
      write fd bytes@2 lu
      open path openflags createmode
      close fd
      stat path >stat
      fstat fd >stat
      lstat path >stat
      poll pollfds@1 u d = poll
      lseek fd ld whence
      mmap ptr lu prot map fd x = x
      mprotect ptr lu prot
      munmap ptr lu
      brk ptr = x
      rt_sigaction sig &sigaction >sigaction lu
      rt_sigprocmask sighow &sigset >sigset lu
      rt_sigreturn
      ioctl fd ioctl ioctlarg
      pread64 fd >bytes@ret lu ld
      pwrite64 fd bytes@2 lu ld
      readv fd >iov@ret d
      writev fd iov@2 d
      access path access
      pipe >pair
      select d fdset@0 fdset@0 fdset@0 &timeval = select
      sched_yield
      mremap ptr lu lu mremap ptr = x
      msync ptr lu msync
      mincore ptr lu ptr
      madvise ptr lu madvise
      shmget x lu x
      shmat d ptr shmflags = x
      shmctl d ipccmd ptr
      dup fd
      dup2 fd fd
      pause
      nanosleep &timespec >timespec
      getitimer itimer >itimerval
      alarm u
      setitimer itimer &itimerval >itimerval
      getpid
      sendfile fd fd >long lu
      socket af socktypeflags ipproto
      connect fd sockaddr@2 d
      accept fd >sockaddrp@2 >int
      sendto fd bytes@2 lu msg sockaddr@5 d
      recvfrom fd >bytes@ret lu msg >sockaddrp@5 >int
      sendmsg fd &msghdr msg
      recvmsg fd >msghdr msg
      shutdown fd shut
      bind fd sockaddr@2 d
      listen fd d
      getsockname fd >sockaddrp@2 >int
      getpeername fd >sockaddrp@2 >int
      socketpair af socktypeflags ipproto >pair
      setsockopt fd level option &int d
      getsockopt fd level option >int >int
      clone cloneflags ptr >int >int ptr
      fork
      vfork
      execve path strings environment
      exit d
      wait4 d >waitstatus wait >rusage
      kill d sig
      uname >utsname
      semget x d x
      semop d ptr u
      semctl d d ipccmd x
      shmdt ptr
      msgget x ipcflags
      msgsnd d ptr lu ipcflags
      msgrcv d ptr lu ld ipcflags
      msgctl d ipccmd ptr
      fcntl fd fcntl fcntlarg
      flock fd flock
      fsync fd
      fdatasync fd
      truncate path ld
      ftruncate fd ld
      getdents fd ptr u
      getcwd >bytes@ret lu
      chdir path
      fchdir fd
      rename path path
      mkdir path mode
      rmdir path
      creat path mode
      link path path
      unlink path
      symlink str path
      readlink path >bytes@ret lu
      chmod path mode
      fchmod fd mode
      chown path id id
      fchown fd id id
      lchown path id id
      umask mode = mode
      gettimeofday >timeval >timezone
      getrlimit rlimit >rlimit
      getrusage rusagewho >rusage
      sysinfo >sysinfo
      times >tms
      ptrace ptrace d ptr x
      getuid
      syslog d ptr d
      getgid
      setuid id
      setgid id
      geteuid
      getegid
      setpgid d d
      getppid
      getpgrp
      setsid
      setreuid id id
      setregid id id
      getgroups d >ints@ret
      setgroups d ints@0
      setresuid id id id
      getresuid >int >int >int
      setresgid id id id
      getresgid >int >int >int
      getpgid d
      setfsuid id
      setfsgid id
      getsid d
      capget &capheader >capdata
      capset &capheader &capdata
      rt_sigpending >sigset lu
      rt_sigtimedwait &sigset >siginfo &timespec lu
      rt_sigqueueinfo d sig &siginfo
      rt_sigsuspend &sigset lu
      sigaltstack &stack >stack
      utime path &utimbuf
      mknod path modet dev
      uselib path
      personality personality
      ustat dev ptr
      statfs path >statfs
      fstatfs fd >statfs
      sysfs d x x
      getpriority priowhich d
      setpriority priowhich d d
      sched_setparam d &sched_param
      sched_getparam d >sched_param
      sched_setscheduler d schedpolicy &sched_param
      sched_getscheduler d
      sched_get_priority_max sched
      sched_get_priority_min sched
      sched_rr_get_interval d >timespec
      mlock ptr lu
      munlock ptr lu
      mlockall mlockall
      munlockall
      vhangup
      modify_ldt d ptr lu
      pivot_root path path
      _sysctl ptr
      prctl prctl x x x x
      arch_prctl archprctl x
      adjtimex ptr
      setrlimit rlimit &rlimit
      chroot path
      sync
      acct path
      settimeofday &timeval &timezone
      mount str path str mount ptr
      umount2 path umount
      swapon path x
      swapoff path
      reboot x x reboot ptr
      sethostname bytes@1 lu
      setdomainname bytes@1 lu
      iopl d
      ioperm x x d
      create_module str lu
      init_module ptr lu str
      delete_module str x
      get_kernel_syms ptr
      query_module str d ptr lu ptr
      quotactl x path d ptr
      nfsservctl d ptr ptr
      getpmsg x x x x x
      putpmsg x x x x x
      afs_syscall x x x x x
      tuxcall x x x
      security x x x
      gettid
      readahead fd ld lu
      setxattr path str bytes@3 lu xattr
      lsetxattr path str bytes@3 lu xattr
      fsetxattr fd str bytes@3 lu xattr
      getxattr path str >bytes@ret lu
      lgetxattr path str >bytes@ret lu
      fgetxattr fd str >bytes@ret lu
      listxattr path >bytes@ret lu
      llistxattr path >bytes@ret lu
      flistxattr fd >bytes@ret lu
      removexattr path str
      lremovexattr path str
      fremovexattr fd str
      tkill d sig
      time >long
      futex ptr futexop u futextimeout futex2 futex3
      sched_setaffinity d lu bytes@1
      sched_getaffinity d lu >bytes@ret
      set_thread_area >user_desc
      io_setup u ptr
      io_destroy x
      io_getevents x ld ld ptr &timespec
      io_submit x ld ptr
      io_cancel x ptr ptr
      get_thread_area >user_desc
      lookup_dcookie x ptr lu
      epoll_create d
      epoll_ctl_old x x x x
      epoll_wait_old x x x x
      remap_file_pages ptr lu prot lu map
      getdents64 fd >entries@ret u
      set_tid_address ptr
      restart_syscall
      semtimedop d ptr u &timespec
      fadvise64 fd ld lu fadvise
      timer_create clockid &sigevent >int
      timer_settime d timerflags &itimerspec >itimerspec
      timer_gettime d >itimerspec
      timer_getoverrun d
      timer_delete d
      clock_settime clockid &timespec
      clock_gettime clockid >timespec
      clock_getres clockid >timespec
      clock_nanosleep clockid timerflags &timespec >timespec
      exit_group d
      epoll_wait fd >events@ret d d
      epoll_ctl fd epollctl fd &epoll_event
      tgkill d d sig
      utimes path &timevals
      vserver x x x x x
      mbind ptr lu mempolicy ptr lu x
      set_mempolicy mempolicy ptr lu
      get_mempolicy >int ptr lu ptr x
      mq_open str mqopen mode &mq_attr
      mq_unlink str
      mq_timedsend fd bytes@2 lu u &timespec
      mq_timedreceive fd >bytes@ret lu >uint &timespec
      mq_notify fd &sigevent
      mq_getsetattr fd &mq_attr >mq_attr
      kexec_load ptr lu ptr x
      waitid idtype d >siginfo wait >rusage
      add_key str str bytes@3 lu d
      request_key str str str d
      keyctl d x x x x
      ioprio_set d d x
      ioprio_get d d
      inotify_init
      inotify_add_watch fd path inotify
      inotify_rm_watch fd d
      migrate_pages d lu ptr ptr
      openat dirfd path openflags createmode
      mkdirat dirfd path mode
      mknodat dirfd path modet dev
      fchownat dirfd path id id at
      futimesat dirfd path &timevals
      newfstatat dirfd path >stat at
      unlinkat dirfd path atremove
      renameat dirfd path dirfd path
      linkat dirfd path dirfd path at
      symlinkat str dirfd path
      readlinkat dirfd path >bytes@ret lu
      fchmodat dirfd path mode
      faccessat dirfd path access
      pselect6 d fdset@0 fdset@0 fdset@0 &timespec ptr = select
      ppoll pollfds@1 u &timespec &sigset lu = poll
      unshare clone
      set_robust_list ptr lu
      get_robust_list d >pointer >long
      splice fd >long fd >long lu splice
      tee fd fd lu splice
      sync_file_range fd ld ld syncrange
      vmsplice fd iov@2 lu splice
      move_pages d lu ptr ptr ptr x
      utimensat dirfd path &timespecs at
      epoll_pwait fd >events@ret d d &sigset lu
      signalfd fd &sigset lu
      timerfd_create clockid timerfdcreate
      eventfd u
      fallocate fd fallocate ld ld
      timerfd_settime fd timerfdset &itimerspec >itimerspec
      timerfd_gettime fd >itimerspec
      accept4 fd >sockaddrp@2 >int sockflags
      signalfd4 fd &sigset lu signalfd
      eventfd2 u eventfd
      epoll_create1 epollcreate
      dup3 fd fd openclo
      pipe2 >pair openclo
      inotify_init1 inotifyinit
      preadv fd >iov@ret d ld
      pwritev fd iov@2 d ld
      rt_tgsigqueueinfo d d sig &siginfo
      perf_event_open ptr d d fd x
      recvmmsg fd ptr u msg &timespec
      fanotify_init x x
      fanotify_mark fd x x dirfd path
      prlimit64 d rlimit &rlimit >rlimit
      name_to_handle_at dirfd path >file_handle >int at
      open_by_handle_at fd &file_handle openflags
      clock_adjtime clockid ptr
      syncfs fd
      sendmmsg fd ptr u msg
      setns fd clone
      getcpu >uint >uint ptr
      process_vm_readv d ptr lu ptr lu x
      process_vm_writev d ptr lu ptr lu x
      kcmp d d kcmp x x
      finit_module fd str x
      sched_setattr d &sched_attr x
      sched_getattr d >sched_attr u x
      renameat2 dirfd path dirfd path rename
      seccomp seccomp x ptr
      getrandom >bytes@ret lu getrandom
      memfd_create str memfd
      kexec_file_load fd fd lu str x
      bpf d ptr u
      execveat dirfd path strings environment at
      userfaultfd openclo
      membarrier membarrier x
      mlock2 ptr lu mlock2
      copy_file_range fd >long fd >long lu x
      preadv2 fd >iov@ret d ld ld rwf
      pwritev2 fd iov@2 d ld ld rwf
      pkey_mprotect ptr lu prot d
      pkey_alloc x x
      pkey_free d
      statx dirfd path statxflags statxmask >statx
      io_pgetevents x ld ld ptr &timespec ptr
      rseq ptr u x x
      pidfd_send_signal fd sig &siginfo x
      io_uring_setup u ptr
      io_uring_enter fd u u x ptr lu
      io_uring_register fd u ptr u
      open_tree dirfd path x
      move_mount dirfd path dirfd path x
      fsopen str x
      fsconfig fd d str ptr d
      fsmount fd x x
      fspick dirfd path x
      pidfd_open d pidfdopen
      clone3 &clone_args lu
      close_range u u closerange
      openat2 dirfd path &open_how lu
      pidfd_getfd fd fd x
      faccessat2 dirfd path access ataccess
      process_madvise fd iov@2 lu madvise x
      epoll_pwait2 fd >events@ret d &timespec &sigset lu
      mount_setattr dirfd path at ptr lu
      quotactl_fd fd x d ptr
      landlock_create_ruleset ptr lu x
      landlock_add_rule fd d ptr x
      landlock_restrict_self fd x
      memfd_secret openclo
      process_mrelease fd x
      futex_waitv &futex_waitv u x &timespec clockid
      set_mempolicy_home_node ptr lu lu x
      cachestat fd ptr ptr x
      fchmodat2 dirfd path mode at
      map_shadow_stack ptr lu x = x
      futex_wake ptr x d x
      futex_wait ptr x x x &timespec clockid
      futex_requeue ptr x d d
      statmount ptr ptr lu x
      listmount ptr ptr lu x
      lsm_get_self_attr u ptr ptr x
      lsm_set_self_attr u ptr u x
      lsm_list_modules ptr ptr x
      mseal ptr lu x
      setxattrat dirfd path at str ptr lu
      getxattrat dirfd path at str ptr lu
      listxattrat dirfd path at >bytes@ret lu
      removexattrat dirfd path at str
      """;

  private CallText() {}
}
