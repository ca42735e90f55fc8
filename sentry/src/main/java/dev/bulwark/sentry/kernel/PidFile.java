package dev.bulwark.sentry.kernel;

import dev.bulwark.linux.Errno;
import dev.bulwark.sentry.ErrnoException;
import dev.bulwark.sentry.vfs.AnonymousInode;
import dev.bulwark.sentry.vfs.Attributes;
import dev.bulwark.sentry.vfs.FileDescription;
import dev.bulwark.sentry.vfs.Location;
import dev.bulwark.sentry.wait.PollEvents;
import dev.bulwark.sentry.wait.WaitQueue;

/**
 * A descriptor of a process (pidfd_open(2)), which stays that of this process when its identifier
 * is used again. Readable for poll(2) from its end on. Thread-safe.
 */
public final class PidFile extends FileDescription {
  private static final AnonymousInode INODE = AnonymousInode.named("[pidfd]");

  private final ThreadGroup process;

  /** A descriptor of a process, with flags of open(2). */
  public PidFile(ThreadGroup process, int flags) {
    super(flags);
    this.process = process;
  }

  /** The process. */
  public ThreadGroup process() {
    return process;
  }

  /**
   * The process behind a descriptor of a task.
   *
   * @throws ErrnoException EBADF when there is no such descriptor, or it is no pidfd
   */
  public static PidFile acquire(Task task, int fd) throws ErrnoException {
    FileDescription file = task.files().acquire(fd);
    if (file instanceof PidFile pidFile) {
      return pidFile;
    }
    file.close();
    throw ErrnoException.of(Errno.EBADF);
  }

  /**
   * The process that a descriptor of a task stands for: a pidfd, or the directory of a process in
   * /proc, which pidfd_send_signal(2) takes as well.
   *
   * @throws ErrnoException EBADF when it stands for none
   */
  public static ThreadGroup processOf(Task task, int fd) throws ErrnoException {
    try (FileDescription file = task.files().acquire(fd)) {
      if (file instanceof PidFile pidFile) {
        return pidFile.process;
      }
      Location location = file.location();
      if (location != null && location.inode() instanceof ProcessReference reference) {
        return reference.process();
      }
      throw ErrnoException.of(Errno.EBADF);
    }
  }

  @Override
  public int poll() {
    return process.over() ? PollEvents.IN | PollEvents.RDNORM : 0;
  }

  @Override
  public WaitQueue waitQueue() {
    return process.end();
  }

  @Override
  public Attributes attributes() {
    return INODE.attributes();
  }

  @Override
  public String describe() {
    return INODE.describe();
  }

  @Override
  public String fdInfo() {
    int pid = process.over() ? -1 : process.pid();
    return "Pid:\t" + pid + "\nNSpid:\t" + pid + "\n";
  }
}
