package dev.bulwark.sentry.fs.tmpfs;

import dev.bulwark.linux.Errno;
import dev.bulwark.sentry.ErrnoException;
import dev.bulwark.sentry.io.IoBuffer;
import java.util.Arrays;

/** Contents of a small file: a table of pages, in which 0 stands for a hole. */
final class PooledContents implements Contents {
  /** Files up to this length stay here. */
  static final long LARGEST = 1 << 20;

  private final Tmpfs fileSystem;
  private int[] table = new int[0];
  private int taken;

  PooledContents(Tmpfs fileSystem) {
    this.fileSystem = fileSystem;
  }

  private int page(long offset) {
    long index = offset / Pages.SIZE;
    return index < table.length ? table[(int) index] : 0;
  }

  private int ensure(long offset) throws ErrnoException {
    int index = (int) (offset / Pages.SIZE);
    if (index >= table.length) {
      table = Arrays.copyOf(table, Math.max(index + 1, Math.min(256, table.length * 2)));
    }
    int page = table[index];
    if (page == 0) {
      fileSystem.charge(1);
      try {
        page = fileSystem.pages().take();
      } catch (ErrnoException e) {
        fileSystem.uncharge(1);
        throw e;
      }
      table[index] = page;
      taken++;
    }
    return page;
  }

  private void release(int index) {
    int page = table[index];
    if (page != 0) {
      table[index] = 0;
      taken--;
      fileSystem.pages().give(page);
      fileSystem.uncharge(1);
    }
  }

  private static int inPage(long offset) {
    return (int) (offset % Pages.SIZE);
  }

  private static int part(long offset, long end) {
    return (int) Math.min(Pages.SIZE - inPage(offset), end - offset);
  }

  @Override
  public long read(IoBuffer to, long offset, long length) {
    long end = offset + length;
    long at = offset;
    while (at < end) {
      int part = part(at, end);
      int page = page(at);
      long n = page == 0 ? to.putZeroes(part) : fileSystem.pages().read(page, inPage(at), part, to);
      if (n <= 0) {
        return at > offset ? at - offset : n;
      }
      at += n;
    }
    return at - offset;
  }

  @Override
  public long write(IoBuffer from, long offset, long length) {
    long end = offset + length;
    long at = offset;
    while (at < end) {
      long n;
      try {
        int part = part(at, end);
        n = fileSystem.pages().write(ensure(at), inPage(at), part, from);
      } catch (ErrnoException e) {
        n = -e.errno();
      }
      if (n <= 0) {
        return at > offset ? at - offset : n;
      }
      at += n;
    }
    return at - offset;
  }

  @Override
  public void resize(long oldSize, long newSize) {
    if (newSize < oldSize) {
      punch(newSize, oldSize - newSize);
      int keep = (int) ((newSize + Pages.SIZE - 1) / Pages.SIZE);
      for (int i = keep; i < table.length; i++) {
        release(i); // pages behind the end, which fallocate(2) can have taken
      }
      if (keep < table.length) {
        table = Arrays.copyOf(table, keep);
      }
    }
  }

  @Override
  public void punch(long offset, long length) {
    long end = Math.min(offset + length, (long) table.length * Pages.SIZE);
    long at = offset;
    while (at < end) {
      int part = part(at, end);
      if (part == Pages.SIZE) {
        release((int) (at / Pages.SIZE));
      } else if (page(at) != 0) {
        fileSystem.pages().clear(page(at), inPage(at), part);
      }
      at += part;
    }
  }

  @Override
  public void allocate(long offset, long length) throws ErrnoException {
    long end = offset + length;
    long first = offset - inPage(offset);
    long holes = 0;
    for (long at = first; at < end; at += Pages.SIZE) {
      holes += page(at) == 0 ? 1 : 0;
    }
    fileSystem.checkRoom(holes);
    for (long at = first; at < end; at += Pages.SIZE) {
      ensure(at);
    }
  }

  @Override
  public long seek(long offset, boolean data, long size) {
    long at = offset;
    while (at < size) {
      if ((page(at) != 0) == data) {
        return at;
      }
      at += Pages.SIZE - inPage(at);
    }
    return data ? -1 : size;
  }

  @Override
  public long pages() {
    return taken;
  }

  @Override
  public void close() {
    for (int i = 0; i < table.length; i++) {
      release(i);
    }
    table = new int[0];
  }

  /**
   * Copies everything into a host file.
   *
   * @throws ErrnoException what the host answers
   */
  void copyTo(int fd, long size) throws ErrnoException {
    for (int i = 0; i < table.length; i++) {
      long offset = (long) i * Pages.SIZE;
      if (table[i] != 0 && offset < size) {
        int length = (int) Math.min(Pages.SIZE, size - offset);
        long n = fileSystem.pages().copyTo(table[i], fd, offset, length);
        if (n != length) {
          throw ErrnoException.of(n < 0 ? (int) -n : Errno.ENOSPC);
        }
      }
    }
  }

  /**
   * Copies everything from a host file; holes become pages.
   *
   * @throws ErrnoException ENOSPC, or what the host answers
   */
  void copyFrom(int fd, long size) throws ErrnoException {
    for (long at = 0; at < size; at += Pages.SIZE) {
      int length = (int) Math.min(Pages.SIZE, size - at);
      ErrnoException.check(fileSystem.pages().copyFrom(ensure(at), fd, at, length));
    }
  }
}
