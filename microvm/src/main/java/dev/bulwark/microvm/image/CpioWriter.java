package dev.bulwark.microvm.image;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;

/**
 * Writes a cpio archive in the format that the kernel unpacks as initial file system ("newc", see
 * the kernel's Documentation/driver-api/early-userspace/buffer-format.rst). All files belong to
 * root and have no time, so that equal contents make equal archives. Not thread-safe.
 */
final class CpioWriter implements AutoCloseable {
  private static final String MAGIC = "070701";
  private static final String TRAILER = "TRAILER!!!";
  private static final int HEADER_BYTES = 110;
  private static final int ALIGNMENT = 4;
  private static final int DIRECTORY = 0040000;
  private static final int REGULAR = 0100000;
  private static final int LINK = 0120000;
  private static final int CHARACTER = 0020000;

  private final OutputStream out;
  private int inode;

  /** Writes to a stream, which is closed with this object. */
  CpioWriter(OutputStream out) {
    this.out = out;
  }

  /** A directory; those that it lies in come before it. */
  CpioWriter directory(String path, int permissions) throws IOException {
    return entry(path, DIRECTORY | permissions, new byte[0], 0, 0);
  }

  /** A file. */
  CpioWriter file(String path, int permissions, byte[] contents) throws IOException {
    return entry(path, REGULAR | permissions, contents, 0, 0);
  }

  /** A symbolic link. */
  CpioWriter link(String path, String target) throws IOException {
    return entry(path, LINK | 0777, target.getBytes(StandardCharsets.ISO_8859_1), 0, 0);
  }

  /** A character device. */
  CpioWriter device(String path, int permissions, int major, int minor) throws IOException {
    return entry(path, CHARACTER | permissions, new byte[0], major, minor);
  }

  private CpioWriter entry(String path, int mode, byte[] contents, int major, int minor)
      throws IOException {
    if (path.startsWith("/")) {
      throw new IllegalArgumentException("paths in an archive are relative: " + path);
    }
    write(path, ++inode, mode, 1, contents, major, minor);
    return this;
  }

  private void write(
      String path, int number, int mode, int links, byte[] contents, int major, int minor)
      throws IOException {
    int[] fields = {
      number, mode, 0, 0, links, 0, contents.length, 0, 0, major, minor, path.length() + 1, 0
    };
    StringBuilder header = new StringBuilder(MAGIC);
    for (int field : fields) {
      header.append(String.format("%08x", field));
    }
    out.write(header.append(path).append('\0').toString().getBytes(StandardCharsets.ISO_8859_1));
    pad(HEADER_BYTES + path.length() + 1);
    out.write(contents);
    pad(contents.length);
  }

  private void pad(int length) throws IOException {
    out.write(new byte[-length & ALIGNMENT - 1]);
  }

  @Override
  public void close() throws IOException {
    try (out) {
      write(TRAILER, 0, 0, 1, new byte[0], 0, 0);
    }
  }
}
