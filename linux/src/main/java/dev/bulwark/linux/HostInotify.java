package dev.bulwark.linux;

/**
 * inotify(7) of the host. Results are the kernel's, with an errno negated. Thread-safe; a queue is
 * read by one thread at a time.
 */
public final class HostInotify {
  /** Contents changed. */
  public static final int MODIFY = 0x2;

  /** Attributes changed. */
  public static final int ATTRIB = 0x4;

  /** Closed by the last of those who could write. */
  public static final int CLOSE_WRITE = 0x8;

  /** A name went elsewhere. */
  public static final int MOVED_FROM = 0x40;

  /** A name came from elsewhere. */
  public static final int MOVED_TO = 0x80;

  /** A name was made. */
  public static final int CREATE = 0x100;

  /** A name was removed. */
  public static final int DELETE = 0x200;

  /** The watched file itself was removed. */
  public static final int DELETE_SELF = 0x400;

  /** The watched file itself was moved. */
  public static final int MOVE_SELF = 0x800;

  /** Events were lost, because the queue was full. */
  public static final int Q_OVERFLOW = 0x4000;

  /** The watch is no more. */
  public static final int IGNORED = 0x8000;

  private static final int NONBLOCK = 04000;
  private static final int CLOEXEC = 02000000;
  private static final int HEADER = 16;

  private HostInotify() {}

  /** Takes what happened; see inotify(7) for the values. */
  @FunctionalInterface
  public interface Sink {
    /**
     * One event; the watch is -1 for {@link #Q_OVERFLOW}, the name is empty for the file itself.
     */
    void event(int watch, int mask, int cookie, String name);
  }

  /** A queue, as a descriptor that does not block. */
  public static long open() {
    return HostCall.call(Sys.INOTIFY_INIT1, NONBLOCK | CLOEXEC);
  }

  /**
   * Watches what a path leads to.
   *
   * @return the number of the watch, the same for the same file
   */
  public static long watch(int queue, String path, int mask) {
    try (Scratch scratch = Scratch.take()) {
      return HostCall.call(Sys.INOTIFY_ADD_WATCH, queue, scratch.name(path), mask);
    }
  }

  /** Ends a watch. */
  public static long unwatch(int queue, int watch) {
    return HostCall.call(Sys.INOTIFY_RM_WATCH, queue, watch);
  }

  /**
   * Takes what is in a queue, 64 KiB at most.
   *
   * @return how many bytes there were; EAGAIN negated when there was nothing
   */
  public static long read(int queue, Sink sink) {
    try (Scratch scratch = Scratch.take()) {
      NativeMemory data = scratch.data;
      long n;
      do {
        n = HostCall.call(Sys.READ, queue, data.address(), data.size());
      } while (n == -Errno.EINTR);
      int at = 0;
      while (at + HEADER <= n) {
        int length = data.getInt(at + 12);
        String name = length == 0 ? "" : data.getString(at + HEADER);
        sink.event(data.getInt(at), data.getInt(at + 4), data.getInt(at + 8), name);
        at += HEADER + length;
      }
      return n;
    }
  }
}
