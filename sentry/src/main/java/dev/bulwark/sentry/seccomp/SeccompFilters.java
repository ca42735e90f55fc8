package dev.bulwark.sentry.seccomp;

import dev.bulwark.control.SeccompProfile;
import dev.bulwark.linux.Errno;
import dev.bulwark.linux.Sys;
import dev.bulwark.sentry.ErrnoException;
import org.jspecify.annotations.Nullable;

/**
 * The filters of a task, the newest first. A task inherits and shares them; adding one makes a new
 * chain in front of the old one. Immutable.
 */
public final class SeccompFilters {
  /** SECCOMP_MODE_STRICT. */
  public static final int STRICT_MODE = 1;

  /** SECCOMP_MODE_FILTER. */
  public static final int FILTER_MODE = 2;

  /** The most instructions of all filters of a task (MAX_INSNS_PER_PATH). */
  private static final int MAX_INSTRUCTIONS = (1 << 18) / Bpf.INSTRUCTION_SIZE;

  /** What every filter counts besides its instructions. */
  private static final int PENALTY = 4;

  private static final int NODE_BYTES = 256;

  private static final SeccompFilters STRICT =
      new SeccompFilters(new StrictMode(), null, false, STRICT_MODE);

  private final Filter filter;
  private final @Nullable SeccompFilters previous;
  private final boolean logged;
  private final int mode;
  private final int count;
  private final int instructions;

  /** A bit for each number that all filters allow whatever the arguments. */
  private final long[] allowed = new long[(Sys.LIMIT + 63) / 64];

  private SeccompFilters(
      Filter filter, @Nullable SeccompFilters previous, boolean logged, int mode) {
    this.filter = filter;
    this.previous = previous;
    this.logged = logged;
    this.mode = mode;
    this.count = (previous == null ? 0 : previous.count) + 1;
    this.instructions = (previous == null ? 0 : previous.instructions + PENALTY) + filter.length();
    for (int number = 0; number < Sys.LIMIT; number++) {
      if ((previous == null || previous.alwaysAllows(number)) && filter.alwaysAllows(number)) {
        allowed[number >> 6] |= 1L << number;
      }
    }
  }

  /** The one filter of SECCOMP_MODE_STRICT. */
  static SeccompFilters strict() {
    return STRICT;
  }

  /**
   * A chain that enforces a container's profile.
   *
   * @throws IllegalArgumentException when the profile asks for what the Sentry cannot do; the
   *     message is for people
   */
  public static SeccompFilters ofProfile(SeccompProfile profile) {
    return new SeccompFilters(
        ProfileFilter.of(profile), null, ProfileFlags.logged(profile.flags()), FILTER_MODE);
  }

  /**
   * A chain with one filter more.
   *
   * @param logged whether its verdicts other than allowing are logged (SECCOMP_FILTER_FLAG_LOG)
   * @throws ErrnoException ENOMEM when the filters become too long
   */
  static SeccompFilters with(Filter filter, @Nullable SeccompFilters previous, boolean logged)
      throws ErrnoException {
    int before = previous == null ? 0 : previous.instructions + PENALTY;
    if (before + filter.length() > MAX_INSTRUCTIONS) {
      throw ErrnoException.of(Errno.ENOMEM);
    }
    return new SeccompFilters(filter, previous, logged, FILTER_MODE);
  }

  /** {@link #STRICT_MODE} or {@link #FILTER_MODE}. */
  public int mode() {
    return mode;
  }

  /** How many filters there are; strict mode has none. */
  public int count() {
    return mode == STRICT_MODE ? 0 : count;
  }

  /** About how many bytes of the Sentry's heap the whole chain takes. */
  long weight() {
    return (long) count * NODE_BYTES + (long) instructions * Bpf.INSTRUCTION_SIZE;
  }

  /** The next older filters, or null. */
  @Nullable SeccompFilters previous() {
    return previous;
  }

  /** Whether a call needs no judging. */
  public boolean alwaysAllows(long number) {
    return number >= 0
        && number < Sys.LIMIT
        && (allowed[(int) number >> 6] >>> (number & 63) & 1) != 0;
  }

  /** Whether these filters are others with perhaps more in front. */
  boolean continues(@Nullable SeccompFilters others) {
    if (others == null) {
      return true;
    }
    for (SeccompFilters at = this; at != null; at = at.previous) {
      if (at.equals(others)) { // identity
        return true;
      }
    }
    return false;
  }

  /**
   * What is to be done about a call: the verdict of all filters that takes precedence, and among
   * equals the newest filter's.
   */
  Verdict judge(CallData call) {
    int verdict = Actions.ALLOW;
    SeccompFilters decisive = this;
    for (SeccompFilters at = this; at != null; at = at.previous) {
      int its = at.filter.judge(call);
      if ((its & Actions.ACTION_MASK) < (verdict & Actions.ACTION_MASK)) {
        verdict = its;
        decisive = at;
      }
    }
    return new Verdict(verdict, decisive.logged);
  }
}
