package dev.bulwark.linux;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Calls of the host on descriptors of files. Results are the kernel's, with an errno negated.
 * Thread-safe.
 */
public final class HostFile {
  /** The longest value of an extended attribute (XATTR_SIZE_MAX). */
  public static final int MAX_XATTR_VALUE = 65536;

  private static final int SEEK_SET = 0;
  private static final int DIRENT_NAME = 19;
  private static final int TYPE_SHIFT = 12;

  private HostFile() {}

  /** close(2). */
  public static long close(int fd) {
    return HostCall.call(Sys.CLOSE, fd);
  }

  /** ftruncate(2). */
  public static long truncate(int fd, long size) {
    long r;
    do {
      r = HostCall.call(Sys.FTRUNCATE, fd, size);
    } while (r == -Errno.EINTR);
    return r;
  }

  /** lseek(2). */
  public static long seek(int fd, long offset, int whence) {
    return HostCall.call(Sys.LSEEK, fd, offset, whence);
  }

  /** fallocate(2). */
  public static long allocate(int fd, int mode, long offset, long length) {
    long r;
    do {
      r = HostCall.call(Sys.FALLOCATE, fd, mode, offset, length);
    } while (r == -Errno.EINTR);
    return r;
  }

  /** fsync(2), or fdatasync(2). */
  public static long sync(int fd, boolean dataOnly) {
    return HostCall.call(dataOnly ? Sys.FDATASYNC : Sys.FSYNC, fd);
  }

  /** syncfs(2): writes everything of the file system that the descriptor is in. */
  public static long syncFileSystem(int fd) {
    return HostCall.call(Sys.SYNCFS, fd);
  }

  /** fstatfs(2); null when that fails. */
  public static @Nullable HostStatfs statfs(int fd) {
    try (Scratch scratch = Scratch.take()) {
      NativeMemory s = scratch.struct;
      if (HostCall.call(Sys.FSTATFS, fd, s.address()) != 0) {
        return null;
      }
      return new HostStatfs(
          s.getLong(0),
          s.getLong(8),
          s.getLong(16),
          s.getLong(24),
          s.getLong(32),
          s.getLong(40),
          s.getLong(48),
          s.getLong(64));
    }
  }

  /**
   * getdents64(2) from a position.
   *
   * @param position 0 for the beginning, or {@link Dirent#next} of an earlier entry
   * @param bytes how much to ask for at most; cut to 64 KiB
   * @param into gets the entries, with {@code .} and {@code ..}
   * @return 0 at the end, positive when there were entries, or an errno negated
   */
  public static long list(int fd, long position, int bytes, List<Dirent> into) {
    long r = HostCall.call(Sys.LSEEK, fd, position, SEEK_SET);
    if (r < 0) {
      return r;
    }
    try (Scratch scratch = Scratch.take()) {
      NativeMemory d = scratch.data;
      long n = HostCall.call(Sys.GETDENTS64, fd, d.address(), Math.min(bytes, d.size()));
      int at = 0;
      while (at < n) {
        int length = d.getShort(at + 16) & 0xffff;
        into.add(
            new Dirent(
                d.getLong(at),
                d.getLong(at + 8),
                (d.getByte(at + 18) & 0xf) << TYPE_SHIFT,
                d.getString(at + DIRENT_NAME)));
        at += length;
      }
      return n;
    }
  }

  /**
   * fgetxattr(2).
   *
   * @param value filled from its beginning; its length bounds what is asked for
   * @return the length of the value, or an errno negated: ERANGE when it is longer
   */
  public static long getXattr(int fd, String name, byte[] value) {
    try (Scratch scratch = Scratch.take()) {
      NativeMemory d = scratch.data;
      int room = Math.min(value.length, d.size());
      // A size of 0 would ask for the length only.
      long n =
          HostCall.call(Sys.FGETXATTR, fd, scratch.name(name), d.address(), room == 0 ? 1 : room);
      if (n > room) {
        return -Errno.ERANGE;
      }
      if (n > 0) {
        d.get(0, value, 0, (int) n);
      }
      return n;
    }
  }

  /**
   * fsetxattr(2).
   *
   * @param value at most {@link #MAX_XATTR_VALUE} bytes
   */
  public static long setXattr(int fd, String name, byte[] value, int flags) {
    if (value.length > MAX_XATTR_VALUE) {
      return -Errno.E2BIG;
    }
    try (Scratch scratch = Scratch.take()) {
      scratch.data.put(0, value, 0, value.length);
      return HostCall.call(
          Sys.FSETXATTR, fd, scratch.name(name), scratch.data.address(), value.length, flags);
    }
  }

  /** flistxattr(2): the names; null when that fails. */
  public static @Nullable List<String> listXattr(int fd) {
    try (Scratch scratch = Scratch.take()) {
      NativeMemory d = scratch.data;
      long n = HostCall.call(Sys.FLISTXATTR, fd, d.address(), d.size());
      if (n < 0) {
        return null;
      }
      List<String> names = new ArrayList<>();
      for (int at = 0; at < n; at += names.getLast().length() + 1) {
        names.add(d.getString(at));
      }
      return names;
    }
  }

  /** fremovexattr(2). */
  public static long removeXattr(int fd, String name) {
    try (Scratch scratch = Scratch.take()) {
      return HostCall.call(Sys.FREMOVEXATTR, fd, scratch.name(name));
    }
  }
}
