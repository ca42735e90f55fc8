package dev.bulwark.sentry.fs.proc;

import dev.bulwark.linux.Errno;
import dev.bulwark.sentry.ErrnoException;
import dev.bulwark.sentry.auth.Credentials;
import dev.bulwark.sentry.io.IoBuffer;
import dev.bulwark.sentry.vfs.Attributes;
import dev.bulwark.sentry.vfs.FileDescription;
import dev.bulwark.sentry.vfs.InodeFile;
import dev.bulwark.sentry.vfs.Location;
import dev.bulwark.sentry.vfs.Opening;
import dev.bulwark.sentry.vfs.PathName;
import java.nio.charset.StandardCharsets;

/**
 * An open file of /proc. Its contents are made anew whenever it is read from the beginning, so that
 * what is read piece by piece fits together, as long as {@link KeptTexts} has room for it. Its
 * monitor guards the position.
 */
final class TextFile extends FileDescription {
  /** The most bytes that one write hands on. */
  private static final int MAX_WRITE = 4096;

  private final Location location;
  private final ProcText inode;
  private final Credentials opener;
  private long position;

  /** Where the contents that were made last end. */
  private long end = Long.MAX_VALUE;

  TextFile(Opening opening, ProcText inode) {
    super(opening.flags());
    this.location = opening.location();
    this.inode = inode;
    this.opener = opening.credentials();
    location.mount().use();
  }

  @Override
  protected void release() {
    KeptTexts.OF_PROCESS.drop(this);
    location.mount().unuse();
  }

  @Override
  public Location location() {
    return location;
  }

  @Override
  public synchronized long read(IoBuffer to, long offset) {
    if (!readable()) {
      return -Errno.EBADF;
    }
    long at = offset == AT_POSITION ? position : offset;
    if (at > 0 && at >= end) {
      KeptTexts.OF_PROCESS.drop(this);
      return 0;
    }
    byte[] now = at == 0 ? null : KeptTexts.OF_PROCESS.of(this);
    if (now == null) {
      try {
        now = inode.bytes();
      } catch (ErrnoException e) {
        return -e.errno();
      }
      end = now.length;
      KeptTexts.OF_PROCESS.keep(this, now);
    }
    if (at >= now.length) {
      return 0;
    }
    long n = to.put(now, (int) at, (int) Math.min(to.remaining(), now.length - at));
    if (n > 0 && offset == AT_POSITION) {
      position = at + n;
    }
    return n;
  }

  @Override
  public synchronized long write(IoBuffer from, long offset) {
    if (!writable()) {
      return -Errno.EBADF;
    }
    int length = (int) Math.min(from.remaining(), MAX_WRITE);
    byte[] bytes = new byte[length];
    long n = from.get(bytes, 0, length);
    if (n < 0) {
      return n;
    }
    try {
      inode.write(new String(bytes, 0, (int) n, StandardCharsets.ISO_8859_1), opener);
    } catch (ErrnoException e) {
      return -e.errno();
    }
    if (offset == AT_POSITION) {
      position += n;
    }
    return n;
  }

  @Override
  public synchronized long seek(long offset, int whence) {
    long to =
        switch (whence) {
          case InodeFile.SEEK_SET -> offset;
          case InodeFile.SEEK_CUR -> position + offset;
          default -> -1;
        };
    if (to < 0) {
      return -Errno.EINVAL;
    }
    position = to;
    return to;
  }

  @Override
  public synchronized long position() {
    return position;
  }

  @Override
  public Attributes attributes() {
    return inode.attributes();
  }

  @Override
  public String describe() {
    return PathName.of(location);
  }
}
