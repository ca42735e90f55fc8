package dev.bulwark.sentry.tty;

import dev.bulwark.sentry.io.IoBuffer;
import java.util.BitSet;

/**
 * What was typed and not yet read: complete lines, and behind them the line that is being edited.
 * Positions count bytes since the terminal was made. Guarded by the lock of the pair.
 */
final class InputQueue {
  /** N_TTY_BUF_SIZE: the longest line, its end included. */
  static final int CAPACITY = 4096;

  private static final int MASK = CAPACITY - 1;

  private final byte[] bytes = new byte[CAPACITY];

  /** Where a line ends: at that byte. */
  private final BitSet ends = new BitSet(CAPACITY);

  /** Ends that are no bytes themselves: where the end of the file was typed. */
  private final BitSet silent = new BitSet(CAPACITY);

  private int read;
  private int complete;
  private int written;

  int size() {
    return written - read;
  }

  int free() {
    return CAPACITY - size();
  }

  /** Whether a complete line can be read. */
  boolean hasLine() {
    return complete != read;
  }

  /** Whether the line being edited has no bytes. */
  boolean lineEmpty() {
    return written == complete;
  }

  /** How many bytes the line being edited has. */
  int lineLength() {
    return written - complete;
  }

  /** A byte of the line being edited, counted from its beginning. */
  int lineByte(int index) {
    return bytes[(complete + index) & MASK] & 0xff;
  }

  void put(int c) {
    bytes[written & MASK] = (byte) c;
    ends.clear(written & MASK);
    silent.clear(written & MASK);
    written++;
  }

  /** Adds the end of a line. */
  void putEnd(int c, boolean isSilent) {
    put(c);
    int at = (written - 1) & MASK;
    ends.set(at);
    silent.set(at, isSilent);
    complete = written;
  }

  /** Takes the last bytes of the line being edited away. */
  void shortenLine(int n) {
    written -= n;
  }

  /** Line editing begins: what is there counts as one line. */
  void makeLine() {
    ends.clear();
    silent.clear();
    if (size() > 0) {
      ends.set((written - 1) & MASK);
      complete = written;
    } else {
      complete = read;
    }
  }

  /** Line editing ends: all bytes can be read. */
  void dissolveLines() {
    ends.clear();
    complete = read;
  }

  /** How many bytes the complete lines have, silent ends not counted (FIONREAD). */
  int lineBytes() {
    int n = 0;
    for (int i = read; i != complete; i++) {
      if (!silent.get(i & MASK)) {
        n++;
      }
    }
    return n;
  }

  /**
   * Moves bytes of the first line out; what does not fit stays. A silent end goes with the last
   * byte before it.
   *
   * @return how many bytes, 0 for an end of file, or EFAULT negated
   */
  long readLine(IoBuffer to) {
    int end = read;
    while (end != complete && !ends.get(end & MASK)) {
      end++;
    }
    boolean isSilent = end != complete && silent.get(end & MASK);
    int length = end - read + (end != complete && !isSilent ? 1 : 0);
    long n = moveOut(to, length);
    if (n >= 0 && isSilent && read == end) {
      read++;
    }
    return n;
  }

  /** Moves any bytes out; as many as fit. Returns how many, or EFAULT negated. */
  long readAny(IoBuffer to) {
    long n = moveOut(to, size());
    complete = read;
    return n;
  }

  private long moveOut(IoBuffer to, int length) {
    long done = 0;
    while (done < length && to.remaining() > 0) {
      int at = read & MASK;
      int run = (int) Math.min(length - done, CAPACITY - at);
      long n = to.put(bytes, at, run);
      if (n <= 0) {
        return done > 0 ? done : n;
      }
      read += (int) n;
      done += n;
    }
    return done;
  }

  void clear() {
    read = written;
    complete = written;
    ends.clear();
    silent.clear();
  }
}
