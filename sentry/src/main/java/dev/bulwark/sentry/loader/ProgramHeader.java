package dev.bulwark.sentry.loader;

import java.nio.ByteBuffer;

/**
 * One {@code Elf64_Phdr} (elf(5)). All numbers are unsigned and unchecked.
 *
 * @param type one of the {@code PT_} numbers
 * @param flags {@link #EXECUTE}, {@link #WRITE}, {@link #READ}
 * @param offset where its bytes stand in the file
 * @param address where they go, before relocation
 * @param fileSize how many bytes the file has
 * @param memorySize how many bytes there are in memory; zeroes after those of the file
 * @param alignment of the address
 */
record ProgramHeader(
    int type,
    int flags,
    long offset,
    long address,
    long fileSize,
    long memorySize,
    long alignment) {
  /** Bytes of a program header. */
  static final int SIZE = 56;

  /** PT_LOAD: a part of the file to map. */
  static final int LOAD = 1;

  /** PT_INTERP: the path of the program that loads this one. */
  static final int INTERPRETER = 3;

  /** PT_GNU_STACK: whether the stack is executable. */
  static final int GNU_STACK = 0x6474e551;

  /** PF_X. */
  static final int EXECUTE = 1;

  /** PF_W. */
  static final int WRITE = 2;

  /** PF_R. */
  static final int READ = 4;

  /** Reads the header at the buffer's position, little-endian. */
  static ProgramHeader parse(ByteBuffer in) {
    int type = in.getInt();
    int flags = in.getInt();
    long offset = in.getLong();
    long address = in.getLong();
    in.getLong(); // the physical address means nothing
    return new ProgramHeader(
        type, flags, offset, address, in.getLong(), in.getLong(), in.getLong());
  }

  boolean isLoad() {
    return type == LOAD;
  }

  /** The flags as a protection of {@link ImageMemory}. */
  int protection() {
    return ((flags & READ) != 0 ? ImageMemory.READ : 0)
        | ((flags & WRITE) != 0 ? ImageMemory.WRITE : 0)
        | ((flags & EXECUTE) != 0 ? ImageMemory.EXECUTE : 0);
  }
}
