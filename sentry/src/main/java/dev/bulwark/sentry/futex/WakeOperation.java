package dev.bulwark.sentry.futex;

import dev.bulwark.linux.Errno;

/**
 * The encoded argument of FUTEX_WAKE_OP: an operation on the second word, and a comparison with
 * what it held before.
 *
 * @param operation 0 set, 1 add, 2 or, 3 and-not, 4 xor
 * @param operand what the operation takes
 * @param comparison 0 equal, 1 not equal, 2 less, 3 less or equal, 4 greater, 5 greater or equal
 * @param compared what the old value is compared with
 */
record WakeOperation(int operation, int operand, int comparison, int compared) {
  private static final int OPERAND_IS_SHIFT = 8;

  /**
   * Decodes {@code val3}; bits as in the FUTEX_OP macro of futex(2), both numbers 12 bits and
   * signed.
   */
  static WakeOperation decode(int encoded) {
    int operation = encoded >>> 28;
    int operand = encoded << 8 >> 20;
    if ((operation & OPERAND_IS_SHIFT) != 0) {
      operand = 1 << (operand & 31);
      operation &= ~OPERAND_IS_SHIFT;
    }
    return new WakeOperation(operation, operand, encoded >>> 24 & 15, encoded << 20 >> 20);
  }

  /** 0 when both codes are known, otherwise ENOSYS negated. */
  int check() {
    return operation <= 4 && comparison <= 5 ? 0 : -Errno.ENOSYS;
  }

  /** Applies the operation atomically; whether the old value satisfies the comparison. */
  boolean apply(FutexWord word) {
    int old;
    do {
      old = word.load();
    } while (!word.compareAndSet(old, changed(old)));
    return matches(old);
  }

  private int changed(int old) {
    return switch (operation) {
      case 0 -> operand;
      case 1 -> old + operand;
      case 2 -> old | operand;
      case 3 -> old & ~operand;
      default -> old ^ operand;
    };
  }

  private boolean matches(int old) {
    return switch (comparison) {
      case 0 -> old == compared;
      case 1 -> old != compared;
      case 2 -> old < compared;
      case 3 -> old <= compared;
      case 4 -> old > compared;
      default -> old >= compared;
    };
  }
}
