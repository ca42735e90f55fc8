package dev.bulwark.sentry.kernel;

/** The {@code CLONE_} flags of clone(2). */
public final class CloneFlags {
  /** The bits of clone's flags that hold the exit signal. */
  public static final long SIGNAL_MASK = 0xff;

  /** Share the memory. */
  public static final long VM = 0x100;

  /** Share root, working directory and umask. */
  public static final long FS = 0x200;

  /** Share the descriptor table. */
  public static final long FILES = 0x400;

  /** Share the signal actions. */
  public static final long SIGHAND = 0x800;

  /** Give the caller a descriptor of the child. */
  public static final long PIDFD = 0x1000;

  /** Let a tracer trace the child too. */
  public static final long PTRACE = 0x2000;

  /** Wait until the child executes or ends. */
  public static final long VFORK = 0x4000;

  /** The child becomes a sibling. */
  public static final long PARENT = 0x8000;

  /** The child becomes a task of the same process. */
  public static final long THREAD = 0x10000;

  /** A mount namespace of its own. */
  public static final long NEWNS = 0x20000;

  /** Share System V semaphore adjustments. */
  public static final long SYSVSEM = 0x40000;

  /** Set the thread pointer. */
  public static final long SETTLS = 0x80000;

  /** Store the identifier in the parent's memory. */
  public static final long PARENT_SETTID = 0x100000;

  /** Clear the identifier in the child's memory when it ends, and wake the futex there. */
  public static final long CHILD_CLEARTID = 0x200000;

  /** Obsolete, ignored. */
  public static final long DETACHED = 0x400000;

  /** A tracer cannot force itself on the child. */
  public static final long UNTRACED = 0x800000;

  /** Store the identifier in the child's memory. */
  public static final long CHILD_SETTID = 0x1000000;

  /** A cgroup namespace of its own. */
  public static final long NEWCGROUP = 0x2000000;

  /** A UTS namespace of its own. */
  public static final long NEWUTS = 0x4000000;

  /** An IPC namespace of its own. */
  public static final long NEWIPC = 0x8000000;

  /** A user namespace of its own. */
  public static final long NEWUSER = 0x10000000;

  /** A pid namespace of its own. */
  public static final long NEWPID = 0x20000000;

  /** A network namespace of its own. */
  public static final long NEWNET = 0x40000000;

  /** Share the I/O context. */
  public static final long IO = 0x80000000L;

  /** clone3 only: reset handlers to the default. */
  public static final long CLEAR_SIGHAND = 0x100000000L;

  /** clone3 only: start in another cgroup. */
  public static final long INTO_CGROUP = 0x200000000L;

  /** A time namespace of its own; clone3 and unshare only, since it overlaps the exit signal. */
  public static final long NEWTIME = 0x80;

  /** All that ask for a namespace. */
  public static final long NAMESPACES =
      NEWNS | NEWCGROUP | NEWUTS | NEWIPC | NEWUSER | NEWPID | NEWNET;

  private CloneFlags() {}
}
