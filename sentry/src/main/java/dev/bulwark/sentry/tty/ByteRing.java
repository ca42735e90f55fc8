package dev.bulwark.sentry.tty;

import dev.bulwark.sentry.io.IoBuffer;

/** A queue of bytes with a fixed capacity whose memory grows as it is used. Not thread-safe. */
final class ByteRing {
  private static final int FIRST_SIZE = 512;

  private final int capacity;
  private byte[] bytes = new byte[0];
  private int start;
  private int size;

  ByteRing(int capacity) {
    this.capacity = capacity;
  }

  int size() {
    return size;
  }

  int free() {
    return capacity - size;
  }

  /** Adds a byte; one for which there is no room is dropped. */
  void put(int c) {
    if (size == capacity) {
      return;
    }
    if (size == bytes.length) {
      grow();
    }
    bytes[(start + size++) % bytes.length] = (byte) c;
  }

  private void grow() {
    byte[] larger = new byte[Math.min(capacity, Math.max(FIRST_SIZE, 2 * bytes.length))];
    for (int i = 0; i < size; i++) {
      larger[i] = bytes[(start + i) % bytes.length];
    }
    bytes = larger;
    start = 0;
  }

  /** Takes the oldest byte, 0 to 255; there must be one. */
  int take() {
    int c = bytes[start] & 0xff;
    start = (start + 1) % bytes.length;
    size--;
    return c;
  }

  /** Moves bytes out; as many as fit. Returns how many, or EFAULT negated. */
  long moveTo(IoBuffer to) {
    long done = 0;
    while (size > 0 && to.remaining() > 0) {
      int run = Math.min(size, bytes.length - start);
      long n = to.put(bytes, start, run);
      if (n <= 0) {
        return done > 0 ? done : n;
      }
      start = (start + (int) n) % bytes.length;
      size -= (int) n;
      done += n;
    }
    return done;
  }

  void clear() {
    size = 0;
    start = 0;
  }
}
