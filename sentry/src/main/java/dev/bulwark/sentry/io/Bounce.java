package dev.bulwark.sentry.io;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/**
 * Native memory for a moment, through which the Sentry itself reads a file or writes to one. For
 * one thread.
 */
public final class Bounce implements AutoCloseable {
  private final Arena arena = Arena.ofConfined();
  private final MemorySegment memory;

  /** Memory of a size in bytes, at least 1. */
  public Bounce(int size) {
    memory = arena.allocate(size);
  }

  /** The first bytes as a buffer, position 0. */
  public IoBuffer buffer(int length) {
    return IoBuffer.of(memory.asSlice(0, length));
  }

  /** Copies the first bytes to an array. */
  public void copyTo(byte[] to, int at, int length) {
    MemorySegment.copy(memory, JAVA_BYTE, 0, to, at, length);
  }

  /** Copies an array to the beginning. */
  public void copyFrom(byte[] from, int at, int length) {
    MemorySegment.copy(from, at, memory, JAVA_BYTE, 0, length);
  }

  @Override
  public void close() {
    arena.close();
  }
}
