package dev.bulwark.sentry.loader;

import dev.bulwark.linux.Errno;
import dev.bulwark.sentry.ErrnoException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A program file and its headers, read once: what is checked is what is used, though the file may
 * change meanwhile.
 */
record ElfFile(ProgramFile file, ElfHeader header, List<ProgramHeader> segments) {
  /** The most bytes of program headers that Linux reads. */
  private static final int MAX_HEADERS = 65536;

  private static final int PATH_MAX = 4096;

  /**
   * Reads the program headers.
   *
   * @param start the first bytes of the file, at least {@link ElfHeader#SIZE}
   * @throws ErrnoException ENOEXEC
   */
  static ElfFile read(ProgramFile file, byte[] start) throws ErrnoException {
    ElfHeader header = ElfHeader.parse(start);
    int size = header.headerCount() * ProgramHeader.SIZE;
    if (header.headerSize() != ProgramHeader.SIZE || size == 0 || size > MAX_HEADERS) {
      throw ErrnoException.of(Errno.ENOEXEC);
    }
    byte[] bytes = new byte[size];
    try {
      readFully(file, header.headersOffset(), bytes);
    } catch (ErrnoException e) { // Linux does not tell why
      throw ErrnoException.of(Errno.ENOEXEC);
    }
    ByteBuffer in = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    List<ProgramHeader> segments = new ArrayList<>(header.headerCount());
    for (int i = 0; i < header.headerCount(); i++) {
      segments.add(ProgramHeader.parse(in));
    }
    return new ElfFile(file, header, segments);
  }

  /**
   * The path in the first PT_INTERP, or null.
   *
   * @throws ErrnoException ENOEXEC for a path that is too long or does not end, EIO for one past
   *     the end of the file
   */
  @Nullable String interpreterPath() throws ErrnoException {
    for (ProgramHeader segment : segments) {
      if (segment.type() == ProgramHeader.INTERPRETER) {
        long size = segment.fileSize();
        if (size < 2 || size > PATH_MAX) {
          throw ErrnoException.of(Errno.ENOEXEC);
        }
        byte[] path = new byte[(int) size];
        readFully(file, segment.offset(), path);
        if (path[path.length - 1] != 0) {
          throw ErrnoException.of(Errno.ENOEXEC);
        }
        String all = new String(path, StandardCharsets.ISO_8859_1);
        return all.substring(0, all.indexOf('\0'));
      }
    }
    return null;
  }

  /** Whether PT_GNU_STACK asks for an executable stack; without one it is not executable. */
  boolean executableStack() {
    boolean executable = false;
    for (ProgramHeader segment : segments) {
      if (segment.type() == ProgramHeader.GNU_STACK) {
        executable = (segment.flags() & ProgramHeader.EXECUTE) != 0;
      }
    }
    return executable;
  }

  /**
   * Reads all of an array.
   *
   * @throws ErrnoException EIO at the end of the file, EINVAL for a negative offset
   */
  static void readFully(ProgramFile file, long offset, byte[] to) throws ErrnoException {
    if (offset < 0 || offset > Long.MAX_VALUE - to.length) {
      throw ErrnoException.of(Errno.EINVAL);
    }
    if (file.read(offset, to, 0, to.length) != to.length) {
      throw ErrnoException.of(Errno.EIO);
    }
  }
}
