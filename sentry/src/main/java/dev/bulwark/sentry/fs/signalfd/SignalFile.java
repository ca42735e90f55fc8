package dev.bulwark.sentry.fs.signalfd;

import dev.bulwark.linux.Errno;
import dev.bulwark.sentry.io.IoBuffer;
import dev.bulwark.sentry.kernel.Task;
import dev.bulwark.sentry.signal.ProcessSignals;
import dev.bulwark.sentry.signal.SignalInfo;
import dev.bulwark.sentry.signal.SignalSet;
import dev.bulwark.sentry.vfs.AnonymousInode;
import dev.bulwark.sentry.vfs.Attributes;
import dev.bulwark.sentry.vfs.FileDescription;
import dev.bulwark.sentry.vfs.OpenFlags;
import dev.bulwark.sentry.wait.PollEvents;
import dev.bulwark.sentry.wait.WaitQueue;

/**
 * What signalfd(2) makes. It has no signals of its own: whoever reads or polls it sees those that
 * are pending for itself, whichever process made it, as in Linux. Thread-safe.
 */
public final class SignalFile extends FileDescription {
  private static final AnonymousInode INODE = AnonymousInode.named("[signalfd]");

  private final ProcessSignals maker;
  private volatile long mask;

  /**
   * A descriptor for some signals.
   *
   * @param flags of open(2)
   * @param maker the process that makes it; its signals count where no task asks
   * @param mask the signals; SIGKILL and SIGSTOP are left out
   */
  public SignalFile(int flags, ProcessSignals maker, long mask) {
    super(OpenFlags.RDWR | flags);
    this.maker = maker;
    this.mask = mask & ~SignalSet.UNBLOCKABLE;
  }

  /** Replaces the signals. */
  public void setMask(long next) {
    mask = next & ~SignalSet.UNBLOCKABLE;
    waitQueue().wake(PollEvents.IN); // what is pending already may be wanted now
  }

  @Override
  public long read(IoBuffer to, long offset) {
    if (to.remaining() < SignalRecord.SIZE) {
      return -Errno.EINVAL;
    }
    Task task = Task.current();
    long done = 0;
    while (task != null && to.remaining() >= SignalRecord.SIZE) {
      SignalInfo info = task.signals().take(mask);
      if (info == null) {
        break;
      }
      long n = to.put(SignalRecord.encode(info), 0, SignalRecord.SIZE);
      if (n < SignalRecord.SIZE) { // the signal is lost, as in Linux
        return done > 0 ? done : -Errno.EFAULT;
      }
      done += n;
    }
    return done > 0 ? done : -Errno.EAGAIN;
  }

  @Override
  public int poll() {
    Task task = Task.current();
    long pending = task == null ? maker.sharedPending() & mask : task.signals().pendingAmong(mask);
    return pending == 0 ? 0 : PollEvents.IN;
  }

  @Override
  public WaitQueue waitQueue() {
    Task task = Task.current();
    return (task == null ? maker : task.process().signals()).arrivals();
  }

  @Override
  public long seek(long offset, int whence) {
    return 0; // Linux accepts it and does nothing (noop_llseek)
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
    return String.format("sigmask:\t%016x\n", mask);
  }
}
