package dev.bulwark.sentry.kernel;

import dev.bulwark.linux.Errno;
import dev.bulwark.linux.Sys;
import dev.bulwark.platform.Context;
import dev.bulwark.sentry.auth.Credentials;
import dev.bulwark.sentry.mm.MemoryMap;
import dev.bulwark.sentry.mm.UserMemory;
import dev.bulwark.sentry.seccomp.SeccompFilters;
import dev.bulwark.sentry.signal.TaskSignals;
import dev.bulwark.sentry.vfs.FdTable;
import dev.bulwark.sentry.vfs.FsContext;
import java.util.Objects;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * One application thread as the kernel sees it. Its own Java thread runs its context and answers
 * its calls; that thread alone calls every method but {@link #wake}, {@link #interrupt} and the
 * plain getters.
 */
public final class Task {
  /** A deadline that never comes. */
  public static final long NEVER = Long.MAX_VALUE;

  private static final ThreadLocal<@Nullable Task> CURRENT = new ThreadLocal<>();

  private volatile int tid;
  private volatile Context context;
  private @Nullable Kernel kernel;
  private @Nullable ThreadGroup process;
  private @Nullable TaskSignals signals;
  private volatile @Nullable UserMemory memory;
  private volatile @Nullable FdTable files;
  private volatile @Nullable FsContext fs;
  private volatile Credentials credentials = Credentials.of(0, 0, new int[0], 0);
  private volatile TaskAttributes attributes = new TaskAttributes();
  private volatile @Nullable Thread thread;
  private volatile boolean interrupted;
  private final ThreadClock clock = new ThreadClock();
  private @Nullable VforkWait vfork;
  private @Nullable WaitStatus exit;
  private long clearTid;
  private volatile long robustList;
  private volatile @Nullable SeccompFilters seccomp;

  /**
   * Makes a task that no thread runs yet.
   *
   * @param tid its thread identifier, at least 1
   * @param context the stopped context of its application thread
   */
  public Task(int tid, Context context) {
    if (tid < 1) {
      throw new IllegalArgumentException("thread identifier " + tid);
    }
    this.tid = tid;
    this.context = context;
  }

  /** The thread identifier, at least 1. */
  public int tid() {
    return tid;
  }

  /** The context of the application thread. */
  public Context context() {
    return context;
  }

  /**
   * Tells the task where it belongs. To be called before anything but {@link #tid} and {@link
   * #context} is asked.
   */
  public Task in(Kernel sandbox, ThreadGroup threadGroup) {
    kernel = sandbox;
    process = threadGroup;
    signals = new TaskSignals(this, threadGroup.signals());
    return this;
  }

  /** The kernel of the sandbox. */
  public Kernel kernel() {
    return Objects.requireNonNull(kernel, "a task outside a kernel");
  }

  /** The process that the task is a thread of. */
  public ThreadGroup process() {
    return Objects.requireNonNull(process, "a task outside a process");
  }

  /** Its signal mask, its pending signals and what else it has of signals. Any thread. */
  public TaskSignals signals() {
    return Objects.requireNonNull(signals, "a task outside a process");
  }

  /** The application memory, which execve(2) replaces. Any thread. */
  public UserMemory memory() {
    return Objects.requireNonNull(memory, "a task without memory");
  }

  /** The application memory, for those who change what is mapped. Any thread. */
  public MemoryMap memoryMap() {
    if (memory() instanceof MemoryMap map) {
      return map;
    }
    throw new IllegalStateException("a task whose memory cannot be mapped");
  }

  /** Replaces the memory. */
  public void setMemory(UserMemory next) {
    memory = next;
  }

  /** The descriptor table. Any thread. */
  public FdTable files() {
    return Objects.requireNonNull(files, "a task without files");
  }

  /** Replaces the descriptor table; the caller closes the old one. */
  public void setFiles(FdTable next) {
    files = next;
  }

  /** Root directory, working directory and umask. Any thread. */
  public FsContext fs() {
    return Objects.requireNonNull(fs, "a task without a root directory");
  }

  /** Replaces root, working directory and umask; the caller closes the old ones. */
  public void setFs(FsContext next) {
    fs = next;
  }

  /** Lets go of everything, for a task that was never started. */
  public void discard() {
    closeFiles();
    context.close();
    if (memory instanceof MemoryMap map) {
      map.close();
    }
  }

  /** Lets go of the descriptors and places that are set. */
  void closeFiles() {
    if (files != null) {
      files.close();
    }
    if (fs != null) {
      fs.close();
    }
  }

  /** Identities and capabilities. Any thread. */
  public Credentials credentials() {
    return credentials;
  }

  /** Replaces the credentials; only the task itself does so. */
  public void setCredentials(Credentials next) {
    credentials = next;
  }

  /** What prctl(2) and personality(2) keep. Any thread. */
  public TaskAttributes attributes() {
    return attributes;
  }

  /** Replaces the attributes of a task that does not run yet. */
  public void setAttributes(TaskAttributes next) {
    attributes = next;
  }

  /** Takes over what clone(2) hands down without a choice. */
  void inherit(Task parent) {
    credentials = parent.credentials;
    attributes = parent.attributes.forChild();
  }

  /** The filters that judge its calls, or null. Any thread. */
  public @Nullable SeccompFilters seccomp() {
    return seccomp;
  }

  /** Replaces the filters; the caller holds the monitor of the process once the task runs. */
  public void setSeccomp(@Nullable SeccompFilters next) {
    seccomp = next;
    identify();
  }

  /**
   * Takes over the filters of the task that cloned it, once its process lists it: filters that are
   * set for all tasks of the process at the same time reach it one way or the other.
   */
  void inheritSeccomp(Task parent) {
    synchronized (process()) {
      seccomp = parent.seccomp;
      if (parent.attributes.noNewPrivileges()) {
        attributes.refuseNewPrivileges();
      }
    }
    identify();
  }

  /**
   * Lets the platform answer getpid(2) and gettid(2) by itself unless somebody has to see or may
   * refuse them. Called whenever something of that changes; any thread.
   */
  synchronized void identify() {
    if (kernel == null || process == null) {
      return; // it does not run yet
    }
    SeccompFilters filters = seccomp;
    boolean unseen =
        kernel.tracer() == null
            && (filters == null
                || (filters.alwaysAllows(Sys.GETPID) && filters.alwaysAllows(Sys.GETTID)));
    context.setIdentity(unseen ? process.pid() : 0, tid);
  }

  /** Another address space, for execve(2); the caller closes what it had. */
  void enter(Context nextContext, MemoryMap nextMemory) {
    context = nextContext;
    memory = nextMemory;
  }

  /** The only task left in its process takes the process's identifier (execve(2)). */
  void becomeLeader() {
    int pid = process().pid();
    if (tid != pid) {
      kernel().tasks().remove(this);
      kernel().processes().releaseThread(process(), tid);
      tid = pid;
      kernel().tasks().add(this);
    }
  }

  /** Makes a parent wait for this task's execve(2) or end. */
  void setVfork(VforkWait wait) {
    vfork = wait;
  }

  /** The parent that waits, or null; the second time always null. */
  @Nullable VforkWait takeVfork() {
    VforkWait wait = vfork;
    vfork = null;
    return wait;
  }

  /**
   * Where the identifier is cleared, and the futex woken, when the task leaves its memory
   * (set_tid_address(2)); 0 for nowhere.
   */
  public long clearTid() {
    return clearTid;
  }

  /** Where the list of locks that the task holds begins; 0 for none. Any thread. */
  public long robustList() {
    return robustList;
  }

  /** Sets {@link #robustList}. */
  public void setRobustList(long head) {
    robustList = head;
  }

  /** Sets {@link #clearTid}. */
  public void setClearTid(long address) {
    clearTid = address;
  }

  /** Makes the task end when the call that it is in returns. */
  public void exit(WaitStatus status) {
    exit = status;
  }

  /** Whether {@link #exit} was called. */
  boolean exiting() {
    return exit != null;
  }

  /** How the task ended by its own call, or null. */
  @Nullable WaitStatus exitStatus() {
    return exit;
  }

  /** CPU time of the Sentry for this task, in nanoseconds: its system time. Any thread. */
  public long systemNanos() {
    return clock.nanos();
  }

  /** Makes the calling Java thread the one that runs this task. */
  public void adopt() {
    thread = Thread.currentThread();
    clock.start();
    CURRENT.set(this);
  }

  /** The task that the calling Java thread runs, or null on a thread of the Sentry's own. */
  public static @Nullable Task current() {
    return CURRENT.get();
  }

  /** Whether the task waits inside a system call at about this moment. Any thread. */
  public boolean sleeping() {
    Thread now = thread;
    return now != null
        && switch (now.getState()) {
          case WAITING, TIMED_WAITING -> true;
          default -> false;
        };
  }

  /** Makes {@link #sleep} look at its condition again. Any thread. */
  public void wake() {
    LockSupport.unpark(thread);
  }

  /**
   * Ends a sleep, or the next one, with ERESTARTSYS, and takes the context out of application code.
   * Any thread; the task's own needs neither.
   */
  public void interrupt() {
    interrupted = true;
    if (!Thread.currentThread().equals(thread)) {
      context.kick();
      wake();
    }
  }

  /** Whether an interrupt is pending; it stays so until {@link #clearInterrupt}. */
  public boolean interrupted() {
    return interrupted;
  }

  /**
   * Takes note of an interrupt. The caller looks at what is pending afterwards, so that none is
   * lost.
   */
  public void clearInterrupt() {
    interrupted = false;
  }

  /**
   * Waits inside a system call. A condition that holds wins over the deadline, and the deadline
   * over an interrupt, so that a call that can be answered is answered.
   *
   * @param ready looked at first and after each {@link #wake}; must not block
   * @param deadline on the clock of {@link System#nanoTime}, or {@link #NEVER}
   * @return 0 when the condition holds, or negated: ETIMEDOUT after the deadline, ERESTARTSYS when
   *     interrupted
   */
  public long sleep(BooleanSupplier ready, long deadline) {
    while (true) {
      if (ready.getAsBoolean()) {
        return 0;
      }
      long left = deadline == NEVER ? NEVER : deadline - System.nanoTime();
      if (left <= 0) {
        return -Errno.ETIMEDOUT;
      }
      if (interrupted) {
        return -Errno.ERESTARTSYS;
      }
      context.waits();
      if (left == NEVER) {
        LockSupport.park(this);
      } else {
        LockSupport.parkNanos(this, left);
      }
    }
  }

  /**
   * Waits where signals must not end the wait, such as while stopped: until the condition holds.
   *
   * @param ready looked at first and after each {@link #wake}; must not block, and must hold when
   *     {@link TaskSignals#dying} does
   */
  public void await(BooleanSupplier ready) {
    while (!ready.getAsBoolean()) {
      context.waits();
      LockSupport.park(this);
    }
  }
}
