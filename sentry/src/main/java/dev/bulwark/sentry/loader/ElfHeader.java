package dev.bulwark.sentry.loader;

import dev.bulwark.linux.Errno;
import dev.bulwark.sentry.ErrnoException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * The fields of {@code Elf64_Ehdr} that the kernel looks at (elf(5)). Like Linux it does not check
 * class, byte order and version: a wrong one shows in the size of the program headers.
 *
 * @param type {@link #EXECUTABLE} or {@link #DYNAMIC}
 * @param entry address of the first instruction, before relocation
 * @param headersOffset where the program headers stand in the file
 * @param headerSize bytes of one program header
 * @param headerCount how many program headers there are
 */
record ElfHeader(int type, long entry, long headersOffset, int headerSize, int headerCount) {
  /** Bytes of the header. */
  static final int SIZE = 64;

  /** ET_EXEC: a program that wants fixed addresses. */
  static final int EXECUTABLE = 2;

  /** ET_DYN: a program or library that runs anywhere. */
  static final int DYNAMIC = 3;

  private static final int MACHINE_X86_64 = 62;

  /** Whether bytes begin like an ELF file. */
  static boolean hasMagic(byte[] bytes) {
    return bytes.length >= 4
        && bytes[0] == 0x7f
        && bytes[1] == 'E'
        && bytes[2] == 'L'
        && bytes[3] == 'F';
  }

  /**
   * Reads a header.
   *
   * @param bytes at least {@link #SIZE}
   * @throws ErrnoException ENOEXEC when it is not a program of this architecture
   */
  static ElfHeader parse(byte[] bytes) throws ErrnoException {
    if (!hasMagic(bytes)) {
      throw ErrnoException.of(Errno.ENOEXEC);
    }
    ByteBuffer in = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    int type = Short.toUnsignedInt(in.getShort(16));
    if (type != EXECUTABLE && type != DYNAMIC) {
      throw ErrnoException.of(Errno.ENOEXEC);
    }
    if (Short.toUnsignedInt(in.getShort(18)) != MACHINE_X86_64) {
      throw ErrnoException.of(Errno.ENOEXEC);
    }
    return new ElfHeader(
        type,
        in.getLong(24),
        in.getLong(32),
        Short.toUnsignedInt(in.getShort(54)),
        Short.toUnsignedInt(in.getShort(56)));
  }
}
