package dev.bulwark.sentry.loader;

import dev.bulwark.linux.Errno;
import dev.bulwark.sentry.ErrnoException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A program file in memory, and an opener over a map of such files. */
final class FakeFile implements ProgramFile {
  final byte[] contents;
  int mode = 0100755;
  int uid;
  int gid;
  boolean noSetUserId;
  byte @Nullable [] capabilities;
  int open = 1;

  FakeFile(byte[] contents) {
    this.contents = contents;
  }

  static FakeFile of(String text) {
    return new FakeFile(text.getBytes(StandardCharsets.ISO_8859_1));
  }

  /** Opens what the map has. */
  static final class Tree implements ProgramOpener {
    final Map<String, FakeFile> files = new HashMap<>();

    @Override
    public ProgramFile open(String path) throws ErrnoException {
      FakeFile file = files.get(path);
      if (file == null) {
        throw ErrnoException.of(Errno.ENOENT);
      }
      file.open++;
      return file;
    }
  }

  @Override
  public int read(long offset, byte[] to, int at, int length) {
    if (offset >= contents.length) {
      return 0;
    }
    int n = (int) Math.min(length, contents.length - offset);
    System.arraycopy(contents, (int) offset, to, at, n);
    return n;
  }

  @Override
  public int mode() {
    return mode;
  }

  @Override
  public int uid() {
    return uid;
  }

  @Override
  public int gid() {
    return gid;
  }

  @Override
  public boolean mayChangePrivileges() {
    return !noSetUserId;
  }

  @Override
  public byte @Nullable [] capabilityAttribute() {
    return capabilities;
  }

  @Override
  public void close() {
    open--;
  }
}
