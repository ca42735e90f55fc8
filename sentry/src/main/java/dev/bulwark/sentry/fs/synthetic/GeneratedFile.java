package dev.bulwark.sentry.fs.synthetic;

import dev.bulwark.sentry.ErrnoException;
import dev.bulwark.sentry.io.IoBuffer;
import dev.bulwark.sentry.vfs.InodeFile;
import dev.bulwark.sentry.vfs.Opening;
import java.util.Arrays;

/** An open {@link SyntheticFile}. Its monitor guards the contents. */
final class GeneratedFile extends InodeFile {
  private static final int LARGEST_WRITE = 4096;

  private final Opening opening;
  private final SyntheticFile file;
  private byte[] contents = new byte[0];

  GeneratedFile(Opening opening, SyntheticFile file) {
    super(opening);
    this.opening = opening;
    this.file = file;
  }

  @Override
  protected synchronized long readContents(IoBuffer to, long offset) {
    if (offset == 0) {
      try {
        contents = file.contents(opening);
      } catch (ErrnoException e) {
        return -e.errno();
      }
    }
    int from = (int) Math.min(offset, contents.length);
    return to.put(contents, from, contents.length - from);
  }

  @Override
  public long append(IoBuffer from, long offset) {
    return write(from, offset);
  }

  @Override
  public long write(IoBuffer from, long offset) {
    byte[] written = new byte[(int) Math.min(from.remaining(), LARGEST_WRITE)];
    long n = from.get(written, 0, written.length);
    if (n < 0) {
      return n;
    }
    try {
      file.store(Arrays.copyOf(written, (int) n), opening);
    } catch (ErrnoException e) {
      return -e.errno();
    }
    return n;
  }
}
