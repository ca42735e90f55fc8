package dev.bulwark.sentry.fs.proc;

import dev.bulwark.sentry.auth.Credentials;
import dev.bulwark.sentry.kernel.Kernel;
import dev.bulwark.sentry.kernel.Task;
import dev.bulwark.sentry.vfs.Dentry;
import dev.bulwark.sentry.vfs.FileClock;
import dev.bulwark.sentry.vfs.FileSystem;
import dev.bulwark.sentry.vfs.Inode;
import dev.bulwark.sentry.vfs.Statfs;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/** The file system of processes, for mount(2) with the type {@code proc}. */
public final class ProcSystem extends FileSystem {
  private static final long MAGIC = 0x9fa0;

  /** Where Linux begins to number the files that are about the system. */
  private static final long FIRST_NUMBER = 0xf0000000L;

  private final Kernel kernel;
  private final SystemView view;
  private final long started;
  private final long bootTime;
  private final AtomicLong numbers = new AtomicLong(FIRST_NUMBER);
  private final RootDirectory root;
  private final ProcDirectory net;

  /** A file system that shows the processes of a kernel and the machine that it runs on. */
  public ProcSystem(Kernel kernel) {
    this(kernel, new MachineView(kernel));
  }

  /**
   * A file system that shows the processes of a kernel.
   *
   * @param view what it tells of the machine
   */
  @SuppressWarnings("this-escape") // the inodes only keep the reference
  public ProcSystem(Kernel kernel, SystemView view) {
    super("proc");
    this.kernel = kernel;
    this.view = view;
    this.started = kernel.processes().init().startedNanos();
    this.bootTime = FileClock.now() - (System.nanoTime() - started);
    this.root = new RootDirectory(this);
    SystemFiles.addTo(root, this);
    net = NetFiles.directory(this);
    NetFiles.addTo(root, this);
    root.directory("sysvipc")
        .text("msg", kernel.ipc()::messageText)
        .text("sem", kernel.ipc()::semaphoreText)
        .text("shm", kernel.ipc()::sharedMemoryText);
    SysctlFiles.addTo(root.directory("sys"), this);
  }

  Kernel kernel() {
    return kernel;
  }

  SystemView view() {
    return view;
  }

  /** When the sandbox began, in nanoseconds since the epoch. */
  long bootTime() {
    return bootTime;
  }

  /** Nanoseconds since the sandbox began. */
  long uptime() {
    return System.nanoTime() - started;
  }

  /** The clock of {@link System#nanoTime} when the sandbox began. */
  long started() {
    return started;
  }

  /** The directory net, which all processes share. */
  ProcDirectory net() {
    return net;
  }

  /** The number of another inode about the system. */
  long nextNumber() {
    return numbers.getAndIncrement();
  }

  /** The credentials of the task whose call is being answered, if any. */
  @Nullable Credentials reader() {
    Task current = Task.current();
    return current == null ? null : current.credentials();
  }

  @Override
  protected Inode root() {
    return root;
  }

  @Override
  public Statfs statfs() {
    return Statfs.sizeless(MAGIC);
  }

  @Override
  protected boolean valid(Dentry name) {
    return name.inode() instanceof ProcInode inode && inode.valid();
  }

  @Override
  protected boolean cachesAbsence() {
    return false;
  }
}
