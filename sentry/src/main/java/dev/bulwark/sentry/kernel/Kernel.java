package dev.bulwark.sentry.kernel;

import dev.bulwark.linux.HostMemory;
import dev.bulwark.linux.Sys;
import dev.bulwark.platform.Platform;
import dev.bulwark.platform.Vdso;
import dev.bulwark.sentry.Log;
import dev.bulwark.sentry.fs.epoll.EpollSystem;
import dev.bulwark.sentry.fs.mqueue.MqueueSystem;
import dev.bulwark.sentry.fs.pipe.PipeSystem;
import dev.bulwark.sentry.fs.tmpfs.MemoryFiles;
import dev.bulwark.sentry.futex.FutexTable;
import dev.bulwark.sentry.futex.OwnedFutexes;
import dev.bulwark.sentry.ipc.IpcNamespace;
import dev.bulwark.sentry.loader.HostCpu;
import dev.bulwark.sentry.mm.MemoryAccount;
import dev.bulwark.sentry.net.inet.HostStack;
import dev.bulwark.sentry.net.unix.UnixSystem;
import dev.bulwark.sentry.signal.SignalSender;
import dev.bulwark.sentry.syscall.SyscallTable;
import dev.bulwark.sentry.time.Timers;
import dev.bulwark.sentry.trace.Tracer;
import dev.bulwark.sentry.tty.PtySystem;
import dev.bulwark.sentry.vfs.FileSystemTypes;
import dev.bulwark.sentry.vfs.InodeNumbers;
import dev.bulwark.sentry.vfs.LockWaits;
import dev.bulwark.sentry.vfs.SpecialFiles;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * What all tasks of a sandbox share: one table or service of each kind. Thread-safe, as its parts
 * are.
 */
public final class Kernel {
  private static final int SIGKILL = 9;

  /** A hostile program may meet as many as it likes. */
  private final ProcessTree processes;

  private final PtySystem terminals;
  private final FutexTable futexes = new FutexTable();
  private final OwnedFutexes ownedFutexes = new OwnedFutexes();
  private final InodeNumbers inodeNumbers = new InodeNumbers();
  private final PipeSystem pipes = new PipeSystem(inodeNumbers);
  private final EpollSystem epolls = new EpollSystem();
  private final UnixSystem unixSockets = new UnixSystem(inodeNumbers);
  private final IpcNamespace ipc = new IpcNamespace();
  private final MqueueSystem mqueues = new MqueueSystem();
  private final Resources resources = new Resources(this);
  private final AtomicBoolean guarded = new AtomicBoolean();
  private volatile boolean running;
  private final Timers timers = new Timers();
  private volatile SignalSink signals = SignalSender::sendAsItself;
  private final TaskTable tasks = new TaskTable();
  private final SpecialFiles specialFiles = new SpecialFiles();
  private final LockWaits lockWaits = new LockWaits();
  private final FileSystemTypes fileSystemTypes = new FileSystemTypes();
  private @Nullable MemoryFiles memoryFiles;
  private volatile int fpStateSize;
  private volatile @Nullable Tracer tracer;
  private final UtsNames names = new UtsNames();

  private final TaskThreads threads = new TaskThreads();
  private final CompletableFuture<WaitStatus> ended = new CompletableFuture<>();
  private final Notices notices = new Notices();
  private final long startNanos = System.nanoTime();
  private @Nullable Machine machine;
  private long killedTold;
  private volatile Runnable outOfMemory = () -> {};
  private volatile @Nullable HostStack network;

  /** A kernel whose first process runs nothing yet. */
  public Kernel(ProcessEvents events) {
    processes = new ProcessTree(events);
    terminals = new PtySystem(processes);
    terminals.register(specialFiles);
    specialFiles.fifo(pipes::openNamed);
  }

  /** The tree of processes. */
  public ProcessTree processes() {
    return processes;
  }

  /** The futexes on which tasks sleep. */
  public FutexTable futexes() {
    return futexes;
  }

  /** The futexes that have owners. */
  public OwnedFutexes ownedFutexes() {
    return ownedFutexes;
  }

  /** Numbers for inodes without a name. */
  public InodeNumbers inodeNumbers() {
    return inodeNumbers;
  }

  /** The pipes. */
  public PipeSystem pipes() {
    return pipes;
  }

  /** What the sets of watched files share. */
  public EpollSystem epolls() {
    return epolls;
  }

  /** The Unix sockets. */
  public UnixSystem unixSockets() {
    return unixSockets;
  }

  /** The objects of System V IPC. */
  public IpcNamespace ipc() {
    return ipc;
  }

  /** The POSIX message queues. */
  public MqueueSystem mqueues() {
    return mqueues;
  }

  /** What the sandbox may use. */
  public Resources resources() {
    return resources;
  }

  /** What rings alarms. */
  public Timers timers() {
    return timers;
  }

  /** Where signals that the kernel makes are sent to. */
  public SignalSink signals() {
    return signals;
  }

  /** Sends them elsewhere; for tests. To be called before any task runs. */
  public void setSignals(SignalSink sink) {
    signals = sink;
  }

  /** The tasks by their thread identifiers. */
  public TaskTable tasks() {
    return tasks;
  }

  /** What mount(2) can mount. */
  public FileSystemTypes fileSystemTypes() {
    return fileSystemTypes;
  }

  /** The files of memfd_create(2), which may take half of the sandbox's memory. */
  public synchronized MemoryFiles memoryFiles() {
    MemoryFiles now = memoryFiles;
    if (now == null) {
      long all = HostMemory.total();
      MemoryAccount account = machine == null ? null : machine.account();
      MemoryFiles made =
          new MemoryFiles((account == null ? all : Math.min(all, account.limit())) / 2);
      if (account != null) {
        account.measure(made, made::bytesUsed);
      }
      memoryFiles = made;
      now = made;
    }
    return now;
  }

  /** Which owners of POSIX locks wait for which. */
  public LockWaits lockWaits() {
    return lockWaits;
  }

  /** What device nodes and FIFOs stand for. */
  public SpecialFiles specialFiles() {
    return specialFiles;
  }

  /** {@link dev.bulwark.platform.Platform#fpStateSize}, for signal frames. */
  public int fpStateSize() {
    if (fpStateSize == 0) {
      throw new IllegalStateException("a kernel that was not told the platform's FP state size");
    }
    return fpStateSize;
  }

  /** Tells how large the floating-point state is. To be called before any task runs. */
  public void setFpStateSize(int bytes) {
    fpStateSize = bytes;
  }

  /** The names that uname(2) tells. */
  public UtsNames names() {
    return names;
  }

  /** Who writes down what tasks do, or null. */
  public @Nullable Tracer tracer() {
    return tracer;
  }

  /** Sets or takes away who writes down what tasks do. */
  public void setTracer(@Nullable Tracer next) {
    tracer = next;
  }

  /** Tells what the kernel runs on. To be called before any task runs. */
  public void install(Machine on) {
    machine = on;
    fpStateSize = on.platform().fpStateSize();
    on.account().setVdso(on.platform().vdso());
  }

  private Machine machine() {
    return Objects.requireNonNull(machine, "a kernel without a machine");
  }

  /** Where application code runs. */
  public Platform platform() {
    return machine().platform();
  }

  /** What programs are told of the processor. */
  public HostCpu hostCpu() {
    Vdso vdso = platform().vdso();
    return vdso == null ? machine().cpu() : machine().cpu().withVdso(vdso.address());
  }

  /** The memory of all applications together. */
  public MemoryAccount account() {
    return machine().account();
  }

  /** Answers a system call of a task; see {@link SyscallTable#dispatch}. */
  long dispatch(Task task, long number, long a, long b, long c, long d, long e, long f) {
    Tracer watching = tracer;
    return watching == null
        ? machine().calls().dispatch(task, number, a, b, c, d, e, f)
        : watching.dispatch(machine().calls(), task, number, a, b, c, d, e, f);
  }

  /** The table of system calls. */
  public SyscallTable calls() {
    return machine().calls();
  }

  /** Reserves a place for one more task; false when the sandbox has as many as it may have. */
  boolean takeTask() {
    return threads.take();
  }

  /** Gives back a place that {@link #takeTask} reserved, for a task that never started. */
  void giveTask() {
    threads.give();
  }

  /** Lets a task run on a thread of its own; its place is given back when it ends. */
  void start(Task task) {
    threads.start(task);
  }

  /**
   * Starts the first task of the sandbox, which {@link Execution} has given a program.
   *
   * @throws IllegalStateException when there is a task already
   */
  public void startFirst(Task task) {
    running = true;
    if (account().limit() != MemoryAccount.UNLIMITED) {
      guardMemory();
    }
    if (!startProcess(task)) {
      throw new IllegalStateException("the first task cannot start");
    }
  }

  /**
   * Starts the first task of a process.
   *
   * @return false when there are as many tasks as there may be, or the process is to end already
   */
  public boolean startProcess(Task task) {
    if (!takeTask()) {
      return false;
    }
    if (!task.process().signals().attach(task.signals())) {
      giveTask();
      return false;
    }
    tasks.add(task);
    start(task);
    return true;
  }

  /** Whether the first task was started. */
  boolean running() {
    return running;
  }

  /** Starts the guard of the memory's limit, unless there is one. */
  void guardMemory() {
    if (guarded.compareAndSet(false, true)) {
      MemoryGuard.start(this);
    }
  }

  /** Lets somebody outside know when a process was killed for a lack of memory. */
  public void whenOutOfMemory(Runnable told) {
    outOfMemory = told;
  }

  /** Tells of killed processes that were not told of yet. */
  public synchronized void tellOutOfMemory() {
    long killed = resources.killed();
    if (killed > killedTold) {
      killedTold = killed;
      outOfMemory.run();
    }
  }

  /** What a person should know when the sandbox has ended badly. */
  public Notices notices() {
    return notices;
  }

  /** How the first process ended, when it has. */
  public CompletableFuture<WaitStatus> ended() {
    return ended;
  }

  /** A process has ended: tells its relatives; with the first process everything ends. */
  void exited(ThreadGroup process, WaitStatus status) {
    if (process.equals(processes.init())) {
      killAll();
      ended.complete(status);
    } else {
      processes.exit(process, status);
      process.tellEnd(status);
    }
  }

  /** Ends every process. */
  public void killAll() {
    for (ThreadGroup each : processes.all()) {
      each.signals().exitGroup(new WaitStatus.Signalled(SIGKILL, false));
    }
  }

  /** A mistake of the Sentry, met while it served a task, which dies of it. */
  void faulted(Task task, Throwable fault) {
    String what =
        "the Sentry failed in system call %s of process %d (%s), which was killed: %s"
            .formatted(
                Sys.name(task.context().syscallNumber()),
                task.process().pid(),
                task.attributes().name(),
                fault);
    notices.add(what);
    Log.failure(what, fault);
  }

  /** The terminals. */
  public PtySystem terminals() {
    return terminals;
  }

  /** What carries the Internet protocols, or null in a sandbox that has none. */
  public @Nullable HostStack network() {
    return network;
  }

  /** Gives it a network. To be called before any task runs. */
  public void setNetwork(HostStack stack) {
    network = stack;
  }

  /** How long the sandbox exists, in nanoseconds. */
  public long uptimeNanos() {
    return System.nanoTime() - startNanos;
  }
}
