package dev.bulwark.linux;

import org.jspecify.annotations.Nullable;

/**
 * Numbers and names of the system calls of Linux on x86-64 ({@code asm/unistd_64.h}, up to Linux
 * 6.13).
 */
public final class Sys {
  /** read(2). */
  public static final int READ = 0;

  /** write(2). */
  public static final int WRITE = 1;

  /** open(2). */
  public static final int OPEN = 2;

  /** close(2). */
  public static final int CLOSE = 3;

  /** stat(2). */
  public static final int STAT = 4;

  /** fstat(2). */
  public static final int FSTAT = 5;

  /** lstat(2). */
  public static final int LSTAT = 6;

  /** poll(2). */
  public static final int POLL = 7;

  /** lseek(2). */
  public static final int LSEEK = 8;

  /** mmap(2). */
  public static final int MMAP = 9;

  /** mprotect(2). */
  public static final int MPROTECT = 10;

  /** munmap(2). */
  public static final int MUNMAP = 11;

  /** brk(2). */
  public static final int BRK = 12;

  /** rt_sigaction(2). */
  public static final int RT_SIGACTION = 13;

  /** rt_sigprocmask(2). */
  public static final int RT_SIGPROCMASK = 14;

  /** rt_sigreturn(2). */
  public static final int RT_SIGRETURN = 15;

  /** ioctl(2). */
  public static final int IOCTL = 16;

  /** pread64(2). */
  public static final int PREAD64 = 17;

  /** pwrite64(2). */
  public static final int PWRITE64 = 18;

  /** readv(2). */
  public static final int READV = 19;

  /** writev(2). */
  public static final int WRITEV = 20;

  /** access(2). */
  public static final int ACCESS = 21;

  /** pipe(2). */
  public static final int PIPE = 22;

  /** select(2). */
  public static final int SELECT = 23;

  /** sched_yield(2). */
  public static final int SCHED_YIELD = 24;

  /** mremap(2). */
  public static final int MREMAP = 25;

  /** msync(2). */
  public static final int MSYNC = 26;

  /** mincore(2). */
  public static final int MINCORE = 27;

  /** madvise(2). */
  public static final int MADVISE = 28;

  /** shmget(2). */
  public static final int SHMGET = 29;

  /** shmat(2). */
  public static final int SHMAT = 30;

  /** shmctl(2). */
  public static final int SHMCTL = 31;

  /** dup(2). */
  public static final int DUP = 32;

  /** dup2(2). */
  public static final int DUP2 = 33;

  /** pause(2). */
  public static final int PAUSE = 34;

  /** nanosleep(2). */
  public static final int NANOSLEEP = 35;

  /** getitimer(2). */
  public static final int GETITIMER = 36;

  /** alarm(2). */
  public static final int ALARM = 37;

  /** setitimer(2). */
  public static final int SETITIMER = 38;

  /** getpid(2). */
  public static final int GETPID = 39;

  /** sendfile(2). */
  public static final int SENDFILE = 40;

  /** socket(2). */
  public static final int SOCKET = 41;

  /** connect(2). */
  public static final int CONNECT = 42;

  /** accept(2). */
  public static final int ACCEPT = 43;

  /** sendto(2). */
  public static final int SENDTO = 44;

  /** recvfrom(2). */
  public static final int RECVFROM = 45;

  /** sendmsg(2). */
  public static final int SENDMSG = 46;

  /** recvmsg(2). */
  public static final int RECVMSG = 47;

  /** shutdown(2). */
  public static final int SHUTDOWN = 48;

  /** bind(2). */
  public static final int BIND = 49;

  /** listen(2). */
  public static final int LISTEN = 50;

  /** getsockname(2). */
  public static final int GETSOCKNAME = 51;

  /** getpeername(2). */
  public static final int GETPEERNAME = 52;

  /** socketpair(2). */
  public static final int SOCKETPAIR = 53;

  /** setsockopt(2). */
  public static final int SETSOCKOPT = 54;

  /** getsockopt(2). */
  public static final int GETSOCKOPT = 55;

  /** clone(2). */
  public static final int CLONE = 56;

  /** fork(2). */
  public static final int FORK = 57;

  /** vfork(2). */
  public static final int VFORK = 58;

  /** execve(2). */
  public static final int EXECVE = 59;

  /** exit(2). */
  public static final int EXIT = 60;

  /** wait4(2). */
  public static final int WAIT4 = 61;

  /** kill(2). */
  public static final int KILL = 62;

  /** uname(2). */
  public static final int UNAME = 63;

  /** semget(2). */
  public static final int SEMGET = 64;

  /** semop(2). */
  public static final int SEMOP = 65;

  /** semctl(2). */
  public static final int SEMCTL = 66;

  /** shmdt(2). */
  public static final int SHMDT = 67;

  /** msgget(2). */
  public static final int MSGGET = 68;

  /** msgsnd(2). */
  public static final int MSGSND = 69;

  /** msgrcv(2). */
  public static final int MSGRCV = 70;

  /** msgctl(2). */
  public static final int MSGCTL = 71;

  /** fcntl(2). */
  public static final int FCNTL = 72;

  /** flock(2). */
  public static final int FLOCK = 73;

  /** fsync(2). */
  public static final int FSYNC = 74;

  /** fdatasync(2). */
  public static final int FDATASYNC = 75;

  /** truncate(2). */
  public static final int TRUNCATE = 76;

  /** ftruncate(2). */
  public static final int FTRUNCATE = 77;

  /** getdents(2). */
  public static final int GETDENTS = 78;

  /** getcwd(2). */
  public static final int GETCWD = 79;

  /** chdir(2). */
  public static final int CHDIR = 80;

  /** fchdir(2). */
  public static final int FCHDIR = 81;

  /** rename(2). */
  public static final int RENAME = 82;

  /** mkdir(2). */
  public static final int MKDIR = 83;

  /** rmdir(2). */
  public static final int RMDIR = 84;

  /** creat(2). */
  public static final int CREAT = 85;

  /** link(2). */
  public static final int LINK = 86;

  /** unlink(2). */
  public static final int UNLINK = 87;

  /** symlink(2). */
  public static final int SYMLINK = 88;

  /** readlink(2). */
  public static final int READLINK = 89;

  /** chmod(2). */
  public static final int CHMOD = 90;

  /** fchmod(2). */
  public static final int FCHMOD = 91;

  /** chown(2). */
  public static final int CHOWN = 92;

  /** fchown(2). */
  public static final int FCHOWN = 93;

  /** lchown(2). */
  public static final int LCHOWN = 94;

  /** umask(2). */
  public static final int UMASK = 95;

  /** gettimeofday(2). */
  public static final int GETTIMEOFDAY = 96;

  /** getrlimit(2). */
  public static final int GETRLIMIT = 97;

  /** getrusage(2). */
  public static final int GETRUSAGE = 98;

  /** sysinfo(2). */
  public static final int SYSINFO = 99;

  /** times(2). */
  public static final int TIMES = 100;

  /** ptrace(2). */
  public static final int PTRACE = 101;

  /** getuid(2). */
  public static final int GETUID = 102;

  /** syslog(2). */
  public static final int SYSLOG = 103;

  /** getgid(2). */
  public static final int GETGID = 104;

  /** setuid(2). */
  public static final int SETUID = 105;

  /** setgid(2). */
  public static final int SETGID = 106;

  /** geteuid(2). */
  public static final int GETEUID = 107;

  /** getegid(2). */
  public static final int GETEGID = 108;

  /** setpgid(2). */
  public static final int SETPGID = 109;

  /** getppid(2). */
  public static final int GETPPID = 110;

  /** getpgrp(2). */
  public static final int GETPGRP = 111;

  /** setsid(2). */
  public static final int SETSID = 112;

  /** setreuid(2). */
  public static final int SETREUID = 113;

  /** setregid(2). */
  public static final int SETREGID = 114;

  /** getgroups(2). */
  public static final int GETGROUPS = 115;

  /** setgroups(2). */
  public static final int SETGROUPS = 116;

  /** setresuid(2). */
  public static final int SETRESUID = 117;

  /** getresuid(2). */
  public static final int GETRESUID = 118;

  /** setresgid(2). */
  public static final int SETRESGID = 119;

  /** getresgid(2). */
  public static final int GETRESGID = 120;

  /** getpgid(2). */
  public static final int GETPGID = 121;

  /** setfsuid(2). */
  public static final int SETFSUID = 122;

  /** setfsgid(2). */
  public static final int SETFSGID = 123;

  /** getsid(2). */
  public static final int GETSID = 124;

  /** capget(2). */
  public static final int CAPGET = 125;

  /** capset(2). */
  public static final int CAPSET = 126;

  /** rt_sigpending(2). */
  public static final int RT_SIGPENDING = 127;

  /** rt_sigtimedwait(2). */
  public static final int RT_SIGTIMEDWAIT = 128;

  /** rt_sigqueueinfo(2). */
  public static final int RT_SIGQUEUEINFO = 129;

  /** rt_sigsuspend(2). */
  public static final int RT_SIGSUSPEND = 130;

  /** sigaltstack(2). */
  public static final int SIGALTSTACK = 131;

  /** utime(2). */
  public static final int UTIME = 132;

  /** mknod(2). */
  public static final int MKNOD = 133;

  /** uselib(2). */
  public static final int USELIB = 134;

  /** personality(2). */
  public static final int PERSONALITY = 135;

  /** ustat(2). */
  public static final int USTAT = 136;

  /** statfs(2). */
  public static final int STATFS = 137;

  /** fstatfs(2). */
  public static final int FSTATFS = 138;

  /** sysfs(2). */
  public static final int SYSFS = 139;

  /** getpriority(2). */
  public static final int GETPRIORITY = 140;

  /** setpriority(2). */
  public static final int SETPRIORITY = 141;

  /** sched_setparam(2). */
  public static final int SCHED_SETPARAM = 142;

  /** sched_getparam(2). */
  public static final int SCHED_GETPARAM = 143;

  /** sched_setscheduler(2). */
  public static final int SCHED_SETSCHEDULER = 144;

  /** sched_getscheduler(2). */
  public static final int SCHED_GETSCHEDULER = 145;

  /** sched_get_priority_max(2). */
  public static final int SCHED_GET_PRIORITY_MAX = 146;

  /** sched_get_priority_min(2). */
  public static final int SCHED_GET_PRIORITY_MIN = 147;

  /** sched_rr_get_interval(2). */
  public static final int SCHED_RR_GET_INTERVAL = 148;

  /** mlock(2). */
  public static final int MLOCK = 149;

  /** munlock(2). */
  public static final int MUNLOCK = 150;

  /** mlockall(2). */
  public static final int MLOCKALL = 151;

  /** munlockall(2). */
  public static final int MUNLOCKALL = 152;

  /** vhangup(2). */
  public static final int VHANGUP = 153;

  /** modify_ldt(2). */
  public static final int MODIFY_LDT = 154;

  /** pivot_root(2). */
  public static final int PIVOT_ROOT = 155;

  /** _sysctl(2). */
  public static final int SYSCTL = 156;

  /** prctl(2). */
  public static final int PRCTL = 157;

  /** arch_prctl(2). */
  public static final int ARCH_PRCTL = 158;

  /** adjtimex(2). */
  public static final int ADJTIMEX = 159;

  /** setrlimit(2). */
  public static final int SETRLIMIT = 160;

  /** chroot(2). */
  public static final int CHROOT = 161;

  /** sync(2). */
  public static final int SYNC = 162;

  /** acct(2). */
  public static final int ACCT = 163;

  /** settimeofday(2). */
  public static final int SETTIMEOFDAY = 164;

  /** mount(2). */
  public static final int MOUNT = 165;

  /** umount2(2). */
  public static final int UMOUNT2 = 166;

  /** swapon(2). */
  public static final int SWAPON = 167;

  /** swapoff(2). */
  public static final int SWAPOFF = 168;

  /** reboot(2). */
  public static final int REBOOT = 169;

  /** sethostname(2). */
  public static final int SETHOSTNAME = 170;

  /** setdomainname(2). */
  public static final int SETDOMAINNAME = 171;

  /** iopl(2). */
  public static final int IOPL = 172;

  /** ioperm(2). */
  public static final int IOPERM = 173;

  /** create_module(2). */
  public static final int CREATE_MODULE = 174;

  /** init_module(2). */
  public static final int INIT_MODULE = 175;

  /** delete_module(2). */
  public static final int DELETE_MODULE = 176;

  /** get_kernel_syms(2). */
  public static final int GET_KERNEL_SYMS = 177;

  /** query_module(2). */
  public static final int QUERY_MODULE = 178;

  /** quotactl(2). */
  public static final int QUOTACTL = 179;

  /** nfsservctl(2). */
  public static final int NFSSERVCTL = 180;

  /** getpmsg(2). */
  public static final int GETPMSG = 181;

  /** putpmsg(2). */
  public static final int PUTPMSG = 182;

  /** afs_syscall(2). */
  public static final int AFS_SYSCALL = 183;

  /** tuxcall(2). */
  public static final int TUXCALL = 184;

  /** security(2). */
  public static final int SECURITY = 185;

  /** gettid(2). */
  public static final int GETTID = 186;

  /** readahead(2). */
  public static final int READAHEAD = 187;

  /** setxattr(2). */
  public static final int SETXATTR = 188;

  /** lsetxattr(2). */
  public static final int LSETXATTR = 189;

  /** fsetxattr(2). */
  public static final int FSETXATTR = 190;

  /** getxattr(2). */
  public static final int GETXATTR = 191;

  /** lgetxattr(2). */
  public static final int LGETXATTR = 192;

  /** fgetxattr(2). */
  public static final int FGETXATTR = 193;

  /** listxattr(2). */
  public static final int LISTXATTR = 194;

  /** llistxattr(2). */
  public static final int LLISTXATTR = 195;

  /** flistxattr(2). */
  public static final int FLISTXATTR = 196;

  /** removexattr(2). */
  public static final int REMOVEXATTR = 197;

  /** lremovexattr(2). */
  public static final int LREMOVEXATTR = 198;

  /** fremovexattr(2). */
  public static final int FREMOVEXATTR = 199;

  /** tkill(2). */
  public static final int TKILL = 200;

  /** time(2). */
  public static final int TIME = 201;

  /** futex(2). */
  public static final int FUTEX = 202;

  /** sched_setaffinity(2). */
  public static final int SCHED_SETAFFINITY = 203;

  /** sched_getaffinity(2). */
  public static final int SCHED_GETAFFINITY = 204;

  /** set_thread_area(2). */
  public static final int SET_THREAD_AREA = 205;

  /** io_setup(2). */
  public static final int IO_SETUP = 206;

  /** io_destroy(2). */
  public static final int IO_DESTROY = 207;

  /** io_getevents(2). */
  public static final int IO_GETEVENTS = 208;

  /** io_submit(2). */
  public static final int IO_SUBMIT = 209;

  /** io_cancel(2). */
  public static final int IO_CANCEL = 210;

  /** get_thread_area(2). */
  public static final int GET_THREAD_AREA = 211;

  /** lookup_dcookie(2). */
  public static final int LOOKUP_DCOOKIE = 212;

  /** epoll_create(2). */
  public static final int EPOLL_CREATE = 213;

  /** epoll_ctl_old(2). */
  public static final int EPOLL_CTL_OLD = 214;

  /** epoll_wait_old(2). */
  public static final int EPOLL_WAIT_OLD = 215;

  /** remap_file_pages(2). */
  public static final int REMAP_FILE_PAGES = 216;

  /** getdents64(2). */
  public static final int GETDENTS64 = 217;

  /** set_tid_address(2). */
  public static final int SET_TID_ADDRESS = 218;

  /** restart_syscall(2). */
  public static final int RESTART_SYSCALL = 219;

  /** semtimedop(2). */
  public static final int SEMTIMEDOP = 220;

  /** fadvise64(2). */
  public static final int FADVISE64 = 221;

  /** timer_create(2). */
  public static final int TIMER_CREATE = 222;

  /** timer_settime(2). */
  public static final int TIMER_SETTIME = 223;

  /** timer_gettime(2). */
  public static final int TIMER_GETTIME = 224;

  /** timer_getoverrun(2). */
  public static final int TIMER_GETOVERRUN = 225;

  /** timer_delete(2). */
  public static final int TIMER_DELETE = 226;

  /** clock_settime(2). */
  public static final int CLOCK_SETTIME = 227;

  /** clock_gettime(2). */
  public static final int CLOCK_GETTIME = 228;

  /** clock_getres(2). */
  public static final int CLOCK_GETRES = 229;

  /** clock_nanosleep(2). */
  public static final int CLOCK_NANOSLEEP = 230;

  /** exit_group(2). */
  public static final int EXIT_GROUP = 231;

  /** epoll_wait(2). */
  public static final int EPOLL_WAIT = 232;

  /** epoll_ctl(2). */
  public static final int EPOLL_CTL = 233;

  /** tgkill(2). */
  public static final int TGKILL = 234;

  /** utimes(2). */
  public static final int UTIMES = 235;

  /** vserver(2). */
  public static final int VSERVER = 236;

  /** mbind(2). */
  public static final int MBIND = 237;

  /** set_mempolicy(2). */
  public static final int SET_MEMPOLICY = 238;

  /** get_mempolicy(2). */
  public static final int GET_MEMPOLICY = 239;

  /** mq_open(2). */
  public static final int MQ_OPEN = 240;

  /** mq_unlink(2). */
  public static final int MQ_UNLINK = 241;

  /** mq_timedsend(2). */
  public static final int MQ_TIMEDSEND = 242;

  /** mq_timedreceive(2). */
  public static final int MQ_TIMEDRECEIVE = 243;

  /** mq_notify(2). */
  public static final int MQ_NOTIFY = 244;

  /** mq_getsetattr(2). */
  public static final int MQ_GETSETATTR = 245;

  /** kexec_load(2). */
  public static final int KEXEC_LOAD = 246;

  /** waitid(2). */
  public static final int WAITID = 247;

  /** add_key(2). */
  public static final int ADD_KEY = 248;

  /** request_key(2). */
  public static final int REQUEST_KEY = 249;

  /** keyctl(2). */
  public static final int KEYCTL = 250;

  /** ioprio_set(2). */
  public static final int IOPRIO_SET = 251;

  /** ioprio_get(2). */
  public static final int IOPRIO_GET = 252;

  /** inotify_init(2). */
  public static final int INOTIFY_INIT = 253;

  /** inotify_add_watch(2). */
  public static final int INOTIFY_ADD_WATCH = 254;

  /** inotify_rm_watch(2). */
  public static final int INOTIFY_RM_WATCH = 255;

  /** migrate_pages(2). */
  public static final int MIGRATE_PAGES = 256;

  /** openat(2). */
  public static final int OPENAT = 257;

  /** mkdirat(2). */
  public static final int MKDIRAT = 258;

  /** mknodat(2). */
  public static final int MKNODAT = 259;

  /** fchownat(2). */
  public static final int FCHOWNAT = 260;

  /** futimesat(2). */
  public static final int FUTIMESAT = 261;

  /** newfstatat(2). */
  public static final int NEWFSTATAT = 262;

  /** unlinkat(2). */
  public static final int UNLINKAT = 263;

  /** renameat(2). */
  public static final int RENAMEAT = 264;

  /** linkat(2). */
  public static final int LINKAT = 265;

  /** symlinkat(2). */
  public static final int SYMLINKAT = 266;

  /** readlinkat(2). */
  public static final int READLINKAT = 267;

  /** fchmodat(2). */
  public static final int FCHMODAT = 268;

  /** faccessat(2). */
  public static final int FACCESSAT = 269;

  /** pselect6(2). */
  public static final int PSELECT6 = 270;

  /** ppoll(2). */
  public static final int PPOLL = 271;

  /** unshare(2). */
  public static final int UNSHARE = 272;

  /** set_robust_list(2). */
  public static final int SET_ROBUST_LIST = 273;

  /** get_robust_list(2). */
  public static final int GET_ROBUST_LIST = 274;

  /** splice(2). */
  public static final int SPLICE = 275;

  /** tee(2). */
  public static final int TEE = 276;

  /** sync_file_range(2). */
  public static final int SYNC_FILE_RANGE = 277;

  /** vmsplice(2). */
  public static final int VMSPLICE = 278;

  /** move_pages(2). */
  public static final int MOVE_PAGES = 279;

  /** utimensat(2). */
  public static final int UTIMENSAT = 280;

  /** epoll_pwait(2). */
  public static final int EPOLL_PWAIT = 281;

  /** signalfd(2). */
  public static final int SIGNALFD = 282;

  /** timerfd_create(2). */
  public static final int TIMERFD_CREATE = 283;

  /** eventfd(2). */
  public static final int EVENTFD = 284;

  /** fallocate(2). */
  public static final int FALLOCATE = 285;

  /** timerfd_settime(2). */
  public static final int TIMERFD_SETTIME = 286;

  /** timerfd_gettime(2). */
  public static final int TIMERFD_GETTIME = 287;

  /** accept4(2). */
  public static final int ACCEPT4 = 288;

  /** signalfd4(2). */
  public static final int SIGNALFD4 = 289;

  /** eventfd2(2). */
  public static final int EVENTFD2 = 290;

  /** epoll_create1(2). */
  public static final int EPOLL_CREATE1 = 291;

  /** dup3(2). */
  public static final int DUP3 = 292;

  /** pipe2(2). */
  public static final int PIPE2 = 293;

  /** inotify_init1(2). */
  public static final int INOTIFY_INIT1 = 294;

  /** preadv(2). */
  public static final int PREADV = 295;

  /** pwritev(2). */
  public static final int PWRITEV = 296;

  /** rt_tgsigqueueinfo(2). */
  public static final int RT_TGSIGQUEUEINFO = 297;

  /** perf_event_open(2). */
  public static final int PERF_EVENT_OPEN = 298;

  /** recvmmsg(2). */
  public static final int RECVMMSG = 299;

  /** fanotify_init(2). */
  public static final int FANOTIFY_INIT = 300;

  /** fanotify_mark(2). */
  public static final int FANOTIFY_MARK = 301;

  /** prlimit64(2). */
  public static final int PRLIMIT64 = 302;

  /** name_to_handle_at(2). */
  public static final int NAME_TO_HANDLE_AT = 303;

  /** open_by_handle_at(2). */
  public static final int OPEN_BY_HANDLE_AT = 304;

  /** clock_adjtime(2). */
  public static final int CLOCK_ADJTIME = 305;

  /** syncfs(2). */
  public static final int SYNCFS = 306;

  /** sendmmsg(2). */
  public static final int SENDMMSG = 307;

  /** setns(2). */
  public static final int SETNS = 308;

  /** getcpu(2). */
  public static final int GETCPU = 309;

  /** process_vm_readv(2). */
  public static final int PROCESS_VM_READV = 310;

  /** process_vm_writev(2). */
  public static final int PROCESS_VM_WRITEV = 311;

  /** kcmp(2). */
  public static final int KCMP = 312;

  /** finit_module(2). */
  public static final int FINIT_MODULE = 313;

  /** sched_setattr(2). */
  public static final int SCHED_SETATTR = 314;

  /** sched_getattr(2). */
  public static final int SCHED_GETATTR = 315;

  /** renameat2(2). */
  public static final int RENAMEAT2 = 316;

  /** seccomp(2). */
  public static final int SECCOMP = 317;

  /** getrandom(2). */
  public static final int GETRANDOM = 318;

  /** memfd_create(2). */
  public static final int MEMFD_CREATE = 319;

  /** kexec_file_load(2). */
  public static final int KEXEC_FILE_LOAD = 320;

  /** bpf(2). */
  public static final int BPF = 321;

  /** execveat(2). */
  public static final int EXECVEAT = 322;

  /** userfaultfd(2). */
  public static final int USERFAULTFD = 323;

  /** membarrier(2). */
  public static final int MEMBARRIER = 324;

  /** mlock2(2). */
  public static final int MLOCK2 = 325;

  /** copy_file_range(2). */
  public static final int COPY_FILE_RANGE = 326;

  /** preadv2(2). */
  public static final int PREADV2 = 327;

  /** pwritev2(2). */
  public static final int PWRITEV2 = 328;

  /** pkey_mprotect(2). */
  public static final int PKEY_MPROTECT = 329;

  /** pkey_alloc(2). */
  public static final int PKEY_ALLOC = 330;

  /** pkey_free(2). */
  public static final int PKEY_FREE = 331;

  /** statx(2). */
  public static final int STATX = 332;

  /** io_pgetevents(2). */
  public static final int IO_PGETEVENTS = 333;

  /** rseq(2). */
  public static final int RSEQ = 334;

  /** pidfd_send_signal(2). */
  public static final int PIDFD_SEND_SIGNAL = 424;

  /** io_uring_setup(2). */
  public static final int IO_URING_SETUP = 425;

  /** io_uring_enter(2). */
  public static final int IO_URING_ENTER = 426;

  /** io_uring_register(2). */
  public static final int IO_URING_REGISTER = 427;

  /** open_tree(2). */
  public static final int OPEN_TREE = 428;

  /** move_mount(2). */
  public static final int MOVE_MOUNT = 429;

  /** fsopen(2). */
  public static final int FSOPEN = 430;

  /** fsconfig(2). */
  public static final int FSCONFIG = 431;

  /** fsmount(2). */
  public static final int FSMOUNT = 432;

  /** fspick(2). */
  public static final int FSPICK = 433;

  /** pidfd_open(2). */
  public static final int PIDFD_OPEN = 434;

  /** clone3(2). */
  public static final int CLONE3 = 435;

  /** close_range(2). */
  public static final int CLOSE_RANGE = 436;

  /** openat2(2). */
  public static final int OPENAT2 = 437;

  /** pidfd_getfd(2). */
  public static final int PIDFD_GETFD = 438;

  /** faccessat2(2). */
  public static final int FACCESSAT2 = 439;

  /** process_madvise(2). */
  public static final int PROCESS_MADVISE = 440;

  /** epoll_pwait2(2). */
  public static final int EPOLL_PWAIT2 = 441;

  /** mount_setattr(2). */
  public static final int MOUNT_SETATTR = 442;

  /** quotactl_fd(2). */
  public static final int QUOTACTL_FD = 443;

  /** landlock_create_ruleset(2). */
  public static final int LANDLOCK_CREATE_RULESET = 444;

  /** landlock_add_rule(2). */
  public static final int LANDLOCK_ADD_RULE = 445;

  /** landlock_restrict_self(2). */
  public static final int LANDLOCK_RESTRICT_SELF = 446;

  /** memfd_secret(2). */
  public static final int MEMFD_SECRET = 447;

  /** process_mrelease(2). */
  public static final int PROCESS_MRELEASE = 448;

  /** futex_waitv(2). */
  public static final int FUTEX_WAITV = 449;

  /** set_mempolicy_home_node(2). */
  public static final int SET_MEMPOLICY_HOME_NODE = 450;

  /** cachestat(2). */
  public static final int CACHESTAT = 451;

  /** fchmodat2(2). */
  public static final int FCHMODAT2 = 452;

  /** map_shadow_stack(2). */
  public static final int MAP_SHADOW_STACK = 453;

  /** futex_wake(2). */
  public static final int FUTEX_WAKE = 454;

  /** futex_wait(2). */
  public static final int FUTEX_WAIT = 455;

  /** futex_requeue(2). */
  public static final int FUTEX_REQUEUE = 456;

  /** statmount(2). */
  public static final int STATMOUNT = 457;

  /** listmount(2). */
  public static final int LISTMOUNT = 458;

  /** lsm_get_self_attr(2). */
  public static final int LSM_GET_SELF_ATTR = 459;

  /** lsm_set_self_attr(2). */
  public static final int LSM_SET_SELF_ATTR = 460;

  /** lsm_list_modules(2). */
  public static final int LSM_LIST_MODULES = 461;

  /** mseal(2). */
  public static final int MSEAL = 462;

  /** setxattrat(2). */
  public static final int SETXATTRAT = 463;

  /** getxattrat(2). */
  public static final int GETXATTRAT = 464;

  /** listxattrat(2). */
  public static final int LISTXATTRAT = 465;

  /** removexattrat(2). */
  public static final int REMOVEXATTRAT = 466;

  /** One more than the highest number known. */
  public static final int LIMIT = 467;

  private static final @Nullable String[] NAMES = new @Nullable String[LIMIT];

  static {
    NAMES[0] = "read";
    NAMES[1] = "write";
    NAMES[2] = "open";
    NAMES[3] = "close";
    NAMES[4] = "stat";
    NAMES[5] = "fstat";
    NAMES[6] = "lstat";
    NAMES[7] = "poll";
    NAMES[8] = "lseek";
    NAMES[9] = "mmap";
    NAMES[10] = "mprotect";
    NAMES[11] = "munmap";
    NAMES[12] = "brk";
    NAMES[13] = "rt_sigaction";
    NAMES[14] = "rt_sigprocmask";
    NAMES[15] = "rt_sigreturn";
    NAMES[16] = "ioctl";
    NAMES[17] = "pread64";
    NAMES[18] = "pwrite64";
    NAMES[19] = "readv";
    NAMES[20] = "writev";
    NAMES[21] = "access";
    NAMES[22] = "pipe";
    NAMES[23] = "select";
    NAMES[24] = "sched_yield";
    NAMES[25] = "mremap";
    NAMES[26] = "msync";
    NAMES[27] = "mincore";
    NAMES[28] = "madvise";
    NAMES[29] = "shmget";
    NAMES[30] = "shmat";
    NAMES[31] = "shmctl";
    NAMES[32] = "dup";
    NAMES[33] = "dup2";
    NAMES[34] = "pause";
    NAMES[35] = "nanosleep";
    NAMES[36] = "getitimer";
    NAMES[37] = "alarm";
    NAMES[38] = "setitimer";
    NAMES[39] = "getpid";
    NAMES[40] = "sendfile";
    NAMES[41] = "socket";
    NAMES[42] = "connect";
    NAMES[43] = "accept";
    NAMES[44] = "sendto";
    NAMES[45] = "recvfrom";
    NAMES[46] = "sendmsg";
    NAMES[47] = "recvmsg";
    NAMES[48] = "shutdown";
    NAMES[49] = "bind";
    NAMES[50] = "listen";
    NAMES[51] = "getsockname";
    NAMES[52] = "getpeername";
    NAMES[53] = "socketpair";
    NAMES[54] = "setsockopt";
    NAMES[55] = "getsockopt";
    NAMES[56] = "clone";
    NAMES[57] = "fork";
    NAMES[58] = "vfork";
    NAMES[59] = "execve";
    NAMES[60] = "exit";
    NAMES[61] = "wait4";
    NAMES[62] = "kill";
    NAMES[63] = "uname";
    NAMES[64] = "semget";
    NAMES[65] = "semop";
    NAMES[66] = "semctl";
    NAMES[67] = "shmdt";
    NAMES[68] = "msgget";
    NAMES[69] = "msgsnd";
    NAMES[70] = "msgrcv";
    NAMES[71] = "msgctl";
    NAMES[72] = "fcntl";
    NAMES[73] = "flock";
    NAMES[74] = "fsync";
    NAMES[75] = "fdatasync";
    NAMES[76] = "truncate";
    NAMES[77] = "ftruncate";
    NAMES[78] = "getdents";
    NAMES[79] = "getcwd";
    NAMES[80] = "chdir";
    NAMES[81] = "fchdir";
    NAMES[82] = "rename";
    NAMES[83] = "mkdir";
    NAMES[84] = "rmdir";
    NAMES[85] = "creat";
    NAMES[86] = "link";
    NAMES[87] = "unlink";
    NAMES[88] = "symlink";
    NAMES[89] = "readlink";
    NAMES[90] = "chmod";
    NAMES[91] = "fchmod";
    NAMES[92] = "chown";
    NAMES[93] = "fchown";
    NAMES[94] = "lchown";
    NAMES[95] = "umask";
    NAMES[96] = "gettimeofday";
    NAMES[97] = "getrlimit";
    NAMES[98] = "getrusage";
    NAMES[99] = "sysinfo";
    NAMES[100] = "times";
    NAMES[101] = "ptrace";
    NAMES[102] = "getuid";
    NAMES[103] = "syslog";
    NAMES[104] = "getgid";
    NAMES[105] = "setuid";
    NAMES[106] = "setgid";
    NAMES[107] = "geteuid";
    NAMES[108] = "getegid";
    NAMES[109] = "setpgid";
    NAMES[110] = "getppid";
    NAMES[111] = "getpgrp";
    NAMES[112] = "setsid";
    NAMES[113] = "setreuid";
    NAMES[114] = "setregid";
    NAMES[115] = "getgroups";
    NAMES[116] = "setgroups";
    NAMES[117] = "setresuid";
    NAMES[118] = "getresuid";
    NAMES[119] = "setresgid";
    NAMES[120] = "getresgid";
    NAMES[121] = "getpgid";
    NAMES[122] = "setfsuid";
    NAMES[123] = "setfsgid";
    NAMES[124] = "getsid";
    NAMES[125] = "capget";
    NAMES[126] = "capset";
    NAMES[127] = "rt_sigpending";
    NAMES[128] = "rt_sigtimedwait";
    NAMES[129] = "rt_sigqueueinfo";
    NAMES[130] = "rt_sigsuspend";
    NAMES[131] = "sigaltstack";
    NAMES[132] = "utime";
    NAMES[133] = "mknod";
    NAMES[134] = "uselib";
    NAMES[135] = "personality";
    NAMES[136] = "ustat";
    NAMES[137] = "statfs";
    NAMES[138] = "fstatfs";
    NAMES[139] = "sysfs";
    NAMES[140] = "getpriority";
    NAMES[141] = "setpriority";
    NAMES[142] = "sched_setparam";
    NAMES[143] = "sched_getparam";
    NAMES[144] = "sched_setscheduler";
    NAMES[145] = "sched_getscheduler";
    NAMES[146] = "sched_get_priority_max";
    NAMES[147] = "sched_get_priority_min";
    NAMES[148] = "sched_rr_get_interval";
    NAMES[149] = "mlock";
    NAMES[150] = "munlock";
    NAMES[151] = "mlockall";
    NAMES[152] = "munlockall";
    NAMES[153] = "vhangup";
    NAMES[154] = "modify_ldt";
    NAMES[155] = "pivot_root";
    NAMES[156] = "_sysctl";
    NAMES[157] = "prctl";
    NAMES[158] = "arch_prctl";
    NAMES[159] = "adjtimex";
    NAMES[160] = "setrlimit";
    NAMES[161] = "chroot";
    NAMES[162] = "sync";
    NAMES[163] = "acct";
    NAMES[164] = "settimeofday";
    NAMES[165] = "mount";
    NAMES[166] = "umount2";
    NAMES[167] = "swapon";
    NAMES[168] = "swapoff";
    NAMES[169] = "reboot";
    NAMES[170] = "sethostname";
    NAMES[171] = "setdomainname";
    NAMES[172] = "iopl";
    NAMES[173] = "ioperm";
    NAMES[174] = "create_module";
    NAMES[175] = "init_module";
    NAMES[176] = "delete_module";
    NAMES[177] = "get_kernel_syms";
    NAMES[178] = "query_module";
    NAMES[179] = "quotactl";
    NAMES[180] = "nfsservctl";
    NAMES[181] = "getpmsg";
    NAMES[182] = "putpmsg";
    NAMES[183] = "afs_syscall";
    NAMES[184] = "tuxcall";
    NAMES[185] = "security";
    NAMES[186] = "gettid";
    NAMES[187] = "readahead";
    NAMES[188] = "setxattr";
    NAMES[189] = "lsetxattr";
    NAMES[190] = "fsetxattr";
    NAMES[191] = "getxattr";
    NAMES[192] = "lgetxattr";
    NAMES[193] = "fgetxattr";
    NAMES[194] = "listxattr";
    NAMES[195] = "llistxattr";
    NAMES[196] = "flistxattr";
    NAMES[197] = "removexattr";
    NAMES[198] = "lremovexattr";
    NAMES[199] = "fremovexattr";
    NAMES[200] = "tkill";
    NAMES[201] = "time";
    NAMES[202] = "futex";
    NAMES[203] = "sched_setaffinity";
    NAMES[204] = "sched_getaffinity";
    NAMES[205] = "set_thread_area";
    NAMES[206] = "io_setup";
    NAMES[207] = "io_destroy";
    NAMES[208] = "io_getevents";
    NAMES[209] = "io_submit";
    NAMES[210] = "io_cancel";
    NAMES[211] = "get_thread_area";
    NAMES[212] = "lookup_dcookie";
    NAMES[213] = "epoll_create";
    NAMES[214] = "epoll_ctl_old";
    NAMES[215] = "epoll_wait_old";
    NAMES[216] = "remap_file_pages";
    NAMES[217] = "getdents64";
    NAMES[218] = "set_tid_address";
    NAMES[219] = "restart_syscall";
    NAMES[220] = "semtimedop";
    NAMES[221] = "fadvise64";
    NAMES[222] = "timer_create";
    NAMES[223] = "timer_settime";
    NAMES[224] = "timer_gettime";
    NAMES[225] = "timer_getoverrun";
    NAMES[226] = "timer_delete";
    NAMES[227] = "clock_settime";
    NAMES[228] = "clock_gettime";
    NAMES[229] = "clock_getres";
    NAMES[230] = "clock_nanosleep";
    NAMES[231] = "exit_group";
    NAMES[232] = "epoll_wait";
    NAMES[233] = "epoll_ctl";
    NAMES[234] = "tgkill";
    NAMES[235] = "utimes";
    NAMES[236] = "vserver";
    NAMES[237] = "mbind";
    NAMES[238] = "set_mempolicy";
    NAMES[239] = "get_mempolicy";
    NAMES[240] = "mq_open";
    NAMES[241] = "mq_unlink";
    NAMES[242] = "mq_timedsend";
    NAMES[243] = "mq_timedreceive";
    NAMES[244] = "mq_notify";
    NAMES[245] = "mq_getsetattr";
    NAMES[246] = "kexec_load";
    NAMES[247] = "waitid";
    NAMES[248] = "add_key";
    NAMES[249] = "request_key";
    NAMES[250] = "keyctl";
    NAMES[251] = "ioprio_set";
    NAMES[252] = "ioprio_get";
    NAMES[253] = "inotify_init";
    NAMES[254] = "inotify_add_watch";
    NAMES[255] = "inotify_rm_watch";
    NAMES[256] = "migrate_pages";
    NAMES[257] = "openat";
    NAMES[258] = "mkdirat";
    NAMES[259] = "mknodat";
    NAMES[260] = "fchownat";
    NAMES[261] = "futimesat";
    NAMES[262] = "newfstatat";
    NAMES[263] = "unlinkat";
    NAMES[264] = "renameat";
    NAMES[265] = "linkat";
    NAMES[266] = "symlinkat";
    NAMES[267] = "readlinkat";
    NAMES[268] = "fchmodat";
    NAMES[269] = "faccessat";
    NAMES[270] = "pselect6";
    NAMES[271] = "ppoll";
    NAMES[272] = "unshare";
    NAMES[273] = "set_robust_list";
    NAMES[274] = "get_robust_list";
    NAMES[275] = "splice";
    NAMES[276] = "tee";
    NAMES[277] = "sync_file_range";
    NAMES[278] = "vmsplice";
    NAMES[279] = "move_pages";
    NAMES[280] = "utimensat";
    NAMES[281] = "epoll_pwait";
    NAMES[282] = "signalfd";
    NAMES[283] = "timerfd_create";
    NAMES[284] = "eventfd";
    NAMES[285] = "fallocate";
    NAMES[286] = "timerfd_settime";
    NAMES[287] = "timerfd_gettime";
    NAMES[288] = "accept4";
    NAMES[289] = "signalfd4";
    NAMES[290] = "eventfd2";
    NAMES[291] = "epoll_create1";
    NAMES[292] = "dup3";
    NAMES[293] = "pipe2";
    NAMES[294] = "inotify_init1";
    NAMES[295] = "preadv";
    NAMES[296] = "pwritev";
    NAMES[297] = "rt_tgsigqueueinfo";
    NAMES[298] = "perf_event_open";
    NAMES[299] = "recvmmsg";
    NAMES[300] = "fanotify_init";
    NAMES[301] = "fanotify_mark";
    NAMES[302] = "prlimit64";
    NAMES[303] = "name_to_handle_at";
    NAMES[304] = "open_by_handle_at";
    NAMES[305] = "clock_adjtime";
    NAMES[306] = "syncfs";
    NAMES[307] = "sendmmsg";
    NAMES[308] = "setns";
    NAMES[309] = "getcpu";
    NAMES[310] = "process_vm_readv";
    NAMES[311] = "process_vm_writev";
    NAMES[312] = "kcmp";
    NAMES[313] = "finit_module";
    NAMES[314] = "sched_setattr";
    NAMES[315] = "sched_getattr";
    NAMES[316] = "renameat2";
    NAMES[317] = "seccomp";
    NAMES[318] = "getrandom";
    NAMES[319] = "memfd_create";
    NAMES[320] = "kexec_file_load";
    NAMES[321] = "bpf";
    NAMES[322] = "execveat";
    NAMES[323] = "userfaultfd";
    NAMES[324] = "membarrier";
    NAMES[325] = "mlock2";
    NAMES[326] = "copy_file_range";
    NAMES[327] = "preadv2";
    NAMES[328] = "pwritev2";
    NAMES[329] = "pkey_mprotect";
    NAMES[330] = "pkey_alloc";
    NAMES[331] = "pkey_free";
    NAMES[332] = "statx";
    NAMES[333] = "io_pgetevents";
    NAMES[334] = "rseq";
    NAMES[424] = "pidfd_send_signal";
    NAMES[425] = "io_uring_setup";
    NAMES[426] = "io_uring_enter";
    NAMES[427] = "io_uring_register";
    NAMES[428] = "open_tree";
    NAMES[429] = "move_mount";
    NAMES[430] = "fsopen";
    NAMES[431] = "fsconfig";
    NAMES[432] = "fsmount";
    NAMES[433] = "fspick";
    NAMES[434] = "pidfd_open";
    NAMES[435] = "clone3";
    NAMES[436] = "close_range";
    NAMES[437] = "openat2";
    NAMES[438] = "pidfd_getfd";
    NAMES[439] = "faccessat2";
    NAMES[440] = "process_madvise";
    NAMES[441] = "epoll_pwait2";
    NAMES[442] = "mount_setattr";
    NAMES[443] = "quotactl_fd";
    NAMES[444] = "landlock_create_ruleset";
    NAMES[445] = "landlock_add_rule";
    NAMES[446] = "landlock_restrict_self";
    NAMES[447] = "memfd_secret";
    NAMES[448] = "process_mrelease";
    NAMES[449] = "futex_waitv";
    NAMES[450] = "set_mempolicy_home_node";
    NAMES[451] = "cachestat";
    NAMES[452] = "fchmodat2";
    NAMES[453] = "map_shadow_stack";
    NAMES[454] = "futex_wake";
    NAMES[455] = "futex_wait";
    NAMES[456] = "futex_requeue";
    NAMES[457] = "statmount";
    NAMES[458] = "listmount";
    NAMES[459] = "lsm_get_self_attr";
    NAMES[460] = "lsm_set_self_attr";
    NAMES[461] = "lsm_list_modules";
    NAMES[462] = "mseal";
    NAMES[463] = "setxattrat";
    NAMES[464] = "getxattrat";
    NAMES[465] = "listxattrat";
    NAMES[466] = "removexattrat";
  }

  private Sys() {}

  /**
   * The name of a call as strace prints it; {@code syscall_N} (N in decimal) for an unknown number.
   */
  public static String name(long nr) {
    String name = nr >= 0 && nr < LIMIT ? NAMES[(int) nr] : null;
    return name != null ? name : "syscall_" + nr;
  }

  /** Whether Linux has a call of this number. */
  public static boolean exists(long nr) {
    return nr >= 0 && nr < LIMIT && NAMES[(int) nr] != null;
  }
}
