package dev.bulwark.sentry.mm;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_LONG_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_SHORT_UNALIGNED;

import dev.bulwark.linux.Errno;
import dev.bulwark.sentry.ErrnoException;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;

/**
 * Memory of an application as its system calls see it. Everything is checked against the areas that
 * the application has mapped and their protection; what it may not touch is EFAULT. The bytes can
 * change at any time: read a value once, then check it. Thread-safe.
 */
public interface UserMemory {

  /**
   * Native memory behind an address: at least one byte, at most {@code length}, as much as lies
   * together.
   *
   * @param length at least 1
   * @param store whether it will be written
   * @throws ErrnoException EFAULT
   */
  MemorySegment chunk(long address, long length, boolean store) throws ErrnoException;

  /** Copies bytes out of the application. */
  default void read(long address, byte[] to, int offset, int length) throws ErrnoException {
    int done = 0;
    while (done < length) {
      MemorySegment from = chunk(address + done, length - done, false);
      try {
        MemorySegment.copy(from, JAVA_BYTE, 0, to, offset + done, (int) from.byteSize());
      } catch (InternalError e) { // a page past the end of the mapped file
        throw ErrnoException.of(Errno.EFAULT);
      }
      done += (int) from.byteSize();
    }
  }

  /** Copies bytes into the application. */
  default void write(long address, byte[] from, int offset, int length) throws ErrnoException {
    int done = 0;
    while (done < length) {
      MemorySegment to = chunk(address + done, length - done, true);
      try {
        MemorySegment.copy(from, offset + done, to, JAVA_BYTE, 0, (int) to.byteSize());
      } catch (InternalError e) { // a page past the end of the mapped file
        throw ErrnoException.of(Errno.EFAULT);
      }
      done += (int) to.byteSize();
    }
  }

  /** {@code length} bytes out of the application. */
  default byte[] readBytes(long address, int length) throws ErrnoException {
    byte[] bytes = new byte[length];
    read(address, bytes, 0, length);
    return bytes;
  }

  /** Copies a whole array into the application. */
  default void write(long address, byte[] from) throws ErrnoException {
    write(address, from, 0, from.length);
  }

  /** The byte at an address. */
  default byte getByte(long address) throws ErrnoException {
    return load(chunk(address, 1, false));
  }

  private static byte load(MemorySegment memory) throws ErrnoException {
    try {
      return memory.get(JAVA_BYTE, 0);
    } catch (InternalError e) { // a page past the end of the mapped file
      throw ErrnoException.of(Errno.EFAULT);
    }
  }

  /** The little-endian 16-bit value at an address. */
  default short getShort(long address) throws ErrnoException {
    return (short) getNarrow(address, 2);
  }

  /** The little-endian 32-bit value at an address. */
  default int getInt(long address) throws ErrnoException {
    MemorySegment memory = chunk(address, 4, false);
    if (memory.byteSize() >= 4) {
      try {
        return memory.get(JAVA_INT_UNALIGNED, 0);
      } catch (InternalError e) { // a page past the end of the mapped file
        throw ErrnoException.of(Errno.EFAULT);
      }
    }
    return (int) getNarrow(address, 4);
  }

  /** The little-endian 64-bit value at an address. */
  default long getLong(long address) throws ErrnoException {
    MemorySegment memory = chunk(address, 8, false);
    if (memory.byteSize() >= 8) {
      try {
        return memory.get(JAVA_LONG_UNALIGNED, 0);
      } catch (InternalError e) { // a page past the end of the mapped file
        throw ErrnoException.of(Errno.EFAULT);
      }
    }
    return getNarrow(address, 8);
  }

  private long getNarrow(long address, int size) throws ErrnoException {
    byte[] bytes = readBytes(address, size);
    long value = 0;
    for (int i = size - 1; i >= 0; i--) {
      value = value << 8 | (bytes[i] & 0xff);
    }
    return value;
  }

  /** Stores a byte. */
  default void putByte(long address, int value) throws ErrnoException {
    putNarrow(address, value, 1);
  }

  /** Stores a 16-bit value. */
  default void putShort(long address, int value) throws ErrnoException {
    MemorySegment memory = chunk(address, 2, true);
    if (memory.byteSize() < 2) {
      putNarrow(address, value, 2);
      return;
    }
    try {
      memory.set(JAVA_SHORT_UNALIGNED, 0, (short) value);
    } catch (InternalError e) { // a page past the end of the mapped file
      throw ErrnoException.of(Errno.EFAULT);
    }
  }

  /** Stores a 32-bit value. */
  default void putInt(long address, int value) throws ErrnoException {
    putNarrow(address, value, 4);
  }

  /** Stores a 64-bit value. */
  default void putLong(long address, long value) throws ErrnoException {
    putNarrow(address, value, 8);
  }

  private void putNarrow(long address, long value, int size) throws ErrnoException {
    byte[] bytes = new byte[size];
    for (int i = 0; i < size; i++) {
      bytes[i] = (byte) (value >>> (8 * i));
    }
    write(address, bytes, 0, size);
  }

  /**
   * A byte string that ends with NUL, without it, as ISO-8859-1.
   *
   * @param limit the most bytes it may have, the NUL included
   * @param tooLong the errno when there is no NUL so far: ENAMETOOLONG, E2BIG or EINVAL
   */
  default String readString(long address, int limit, int tooLong) throws ErrnoException {
    byte[] bytes = new byte[Math.min(limit, 256)];
    int length = 0;
    while (length < limit) {
      // Never ask for more than the rest of the page: the string may end just before a hole.
      long rest = 4096 - ((address + length) & 4095);
      MemorySegment part = chunk(address + length, Math.min(rest, limit - length), false);
      int n = (int) part.byteSize();
      if (length + n > bytes.length) {
        bytes = java.util.Arrays.copyOf(bytes, Math.max(bytes.length * 2, length + n));
      }
      try {
        MemorySegment.copy(part, JAVA_BYTE, 0, bytes, length, n);
      } catch (InternalError e) { // a page past the end of the mapped file
        throw ErrnoException.of(Errno.EFAULT);
      }
      for (int i = length; i < length + n; i++) {
        if (bytes[i] == 0) {
          return new String(bytes, 0, i, StandardCharsets.ISO_8859_1);
        }
      }
      length += n;
    }
    throw ErrnoException.of(tooLong);
  }

  /**
   * A path: at most 4095 bytes.
   *
   * @throws ErrnoException EFAULT, or ENAMETOOLONG
   */
  default String readPath(long address) throws ErrnoException {
    return readString(address, 4096, Errno.ENAMETOOLONG);
  }
}
