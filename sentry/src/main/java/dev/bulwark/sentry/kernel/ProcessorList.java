package dev.bulwark.sentry.kernel;

import java.util.BitSet;

/** Numbers of processors as Linux writes them: {@code 0-2,5}. */
public final class ProcessorList {
  /** More than any machine has (NR_CPUS). */
  private static final int LIMIT = 8192;

  private ProcessorList() {}

  /**
   * Reads a list.
   *
   * @throws IllegalArgumentException when it is none; the message is for people
   */
  public static BitSet parse(String text) {
    BitSet processors = new BitSet();
    for (String part : text.strip().split(",", -1)) {
      int dash = part.indexOf('-');
      int first = number(dash < 0 ? part : part.substring(0, dash), text);
      int last = dash < 0 ? first : number(part.substring(dash + 1), text);
      if (last < first) {
        throw new IllegalArgumentException("'" + text + "' is no list of processors");
      }
      processors.set(first, last + 1);
    }
    return processors;
  }

  private static int number(String digits, String text) {
    try {
      int number = Integer.parseInt(digits.strip());
      if (number >= 0 && number < LIMIT) {
        return number;
      }
    } catch (NumberFormatException e) {
      // told below
    }
    throw new IllegalArgumentException("'" + text + "' is no list of processors");
  }

  /** Writes a list. */
  public static String format(BitSet processors) {
    StringBuilder text = new StringBuilder();
    int first = processors.nextSetBit(0);
    while (first >= 0) {
      int end = processors.nextClearBit(first);
      text.append(text.isEmpty() ? "" : ",").append(first);
      if (end - 1 > first) {
        text.append('-').append(end - 1);
      }
      first = processors.nextSetBit(end);
    }
    return text.toString();
  }
}
