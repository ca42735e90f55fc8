package dev.bulwark.sentry.fs.proc;

import java.util.BitSet;
import java.util.Locale;

/** Sets of processors as bitmaps are written. */
public final class ProcessorText {
  private ProcessorText() {}

  /** A mask in groups of 32 bits, the highest first. */
  public static String mask(BitSet processors) {
    StringBuilder text = new StringBuilder();
    long[] words = processors.toLongArray();
    for (int group = Math.max(1, processors.length() + 31) / 32 - 1; group >= 0; group--) {
      long word = group / 2 < words.length ? words[group / 2] : 0;
      long bits = word >>> (group % 2 * 32) & 0xffffffffL;
      text.append(String.format(Locale.ROOT, text.isEmpty() ? "%x" : ",%08x", bits));
    }
    return text.isEmpty() ? "0" : text.toString();
  }
}
