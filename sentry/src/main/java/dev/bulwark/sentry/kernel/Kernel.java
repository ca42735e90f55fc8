package dev.bulwark.sentry.kernel;

import dev.bulwark.sentry.fs.epoll.EpollSystem;
import dev.bulwark.sentry.fs.pipe.PipeSystem;
import dev.bulwark.sentry.futex.FutexTable;
import dev.bulwark.sentry.signal.SignalSender;
import dev.bulwark.sentry.trace.Tracer;
import dev.bulwark.sentry.vfs.InodeNumbers;
import dev.bulwark.sentry.vfs.LockWaits;
import dev.bulwark.sentry.vfs.SpecialFiles;
import org.jspecify.annotations.Nullable;

/**
 * What all tasks of a sandbox share: one table or service of each kind. Thread-safe, as its parts
 * are.
 */
public final class Kernel {
  private final ProcessTree processes;
  private final FutexTable futexes = new FutexTable();
  private final InodeNumbers inodeNumbers = new InodeNumbers();
  private final PipeSystem pipes = new PipeSystem(inodeNumbers);
  private final EpollSystem epolls = new EpollSystem();
  private volatile SignalSink signals = SignalSender::sendAsItself;
  private final TaskTable tasks = new TaskTable();
  private final SpecialFiles specialFiles = new SpecialFiles();
  private final LockWaits lockWaits = new LockWaits();
  private volatile int fpStateSize;
  private volatile @Nullable Tracer tracer;
  private final UtsNames names = new UtsNames();

  /** A kernel whose first process runs nothing yet. */
  public Kernel(ProcessEvents events) {
    processes = new ProcessTree(events);
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
}
