package dev.bulwark.sentry.fs.pipe;

import dev.bulwark.linux.Errno;
import dev.bulwark.sentry.ErrnoException;
import dev.bulwark.sentry.io.PagePool;
import dev.bulwark.sentry.kernel.Task;
import dev.bulwark.sentry.vfs.AnonymousInode;
import dev.bulwark.sentry.vfs.FileDescription;
import dev.bulwark.sentry.vfs.Inode;
import dev.bulwark.sentry.vfs.InodeNumbers;
import dev.bulwark.sentry.vfs.OpenFlags;
import dev.bulwark.sentry.vfs.OpenPlace;
import dev.bulwark.sentry.vfs.Opening;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * All pipes of a sandbox: makes them and keeps their memory within limits. Linux counts for each
 * user; here the sandbox is the user, because the memory is the Sentry's. Thread-safe.
 */
public final class PipeSystem {
  /** /proc/sys/fs/pipe-max-size: the largest capacity in bytes. */
  public static final int MAX_SIZE = 1 << 20;

  /** /proc/sys/fs/pipe-user-pages-soft: pipes made beyond it are small. */
  public static final int SOFT_PAGES = 16384;

  /** /proc/sys/fs/pipe-user-pages-hard: no pipes are made beyond it. */
  public static final int HARD_PAGES = 65536;

  /** What capacity a pipe has unless limits forbid: 64 KiB (PIPE_DEF_BUFFERS). */
  static final int DEFAULT_SLOTS = 16;

  /** The capacity beyond the soft limit (PIPE_MIN_DEF_BUFFERS). */
  private static final int SMALL_SLOTS = 2;

  private final InodeNumbers numbers;
  private final PagePool pages = new PagePool(HARD_PAGES);
  private final AtomicInteger slots = new AtomicInteger();

  /** A system without pipes. */
  public PipeSystem(InodeNumbers numbers) {
    this.numbers = numbers;
  }

  PagePool pages() {
    return pages;
  }

  /** How many pages all pipes together may come to hold. */
  public int slots() {
    return slots.get();
  }

  /**
   * A pipe without ends.
   *
   * @throws ErrnoException ENFILE beyond the hard limit
   */
  Pipe create() throws ErrnoException {
    int wanted = slots.get() + DEFAULT_SLOTS > SOFT_PAGES ? SMALL_SLOTS : DEFAULT_SLOTS;
    if (slots.addAndGet(wanted) > HARD_PAGES) {
      slots.addAndGet(-wanted);
      throw ErrnoException.of(Errno.ENFILE);
    }
    return new Pipe(this, numbers.next(), wanted);
  }

  /** Counts a change of capacity that a program asked for; false when the soft limit forbids. */
  boolean resize(int change) {
    int now = slots.addAndGet(change);
    if (change > 0 && now > SOFT_PAGES) {
      slots.addAndGet(-change);
      return false;
    }
    return true;
  }

  void destroyed(int capacity) {
    slots.addAndGet(-capacity);
  }

  /** Both ends of a new pipe. */
  public record Ends(PipeEnd reader, PipeEnd writer) {}

  /**
   * A new pipe, as pipe2(2) makes it.
   *
   * @param flags O_DIRECT and O_NONBLOCK, for both ends
   * @throws ErrnoException ENFILE
   */
  public Ends open(Task task, int flags) throws ErrnoException {
    Pipe pipe = create();
    Fifo fifo = new Fifo(this, pipe);
    AnonymousInode inode = AnonymousInode.pipe(pipe.number(), task.credentials());
    PipeEnd reader = fifo.open(task, flags | OpenFlags.RDONLY, inode);
    PipeEnd writer = fifo.open(task, flags | OpenFlags.WRONLY, inode);
    return new Ends(reader, writer);
  }

  /** Opens a FIFO that has a name; it stays with the inode. As {@link Fifo#open}. */
  public FileDescription openNamed(Inode inode, Opening opening) throws ErrnoException {
    Task task = opening.task();
    if (task == null) {
      throw ErrnoException.of(Errno.ENXIO);
    }
    OpenPlace place = new OpenPlace(opening.location());
    try {
      return fifo(inode).open(task, opening.flags(), place);
    } catch (ErrnoException e) {
      place.closed();
      throw e;
    }
  }

  private Fifo fifo(Inode inode) {
    synchronized (inode) {
      if (inode.endpoint() instanceof Fifo fifo) {
        return fifo;
      }
      Fifo made = new Fifo(this);
      inode.setEndpoint(made);
      return made;
    }
  }
}
