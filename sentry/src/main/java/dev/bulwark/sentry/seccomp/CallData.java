package dev.bulwark.sentry.seccomp;

/**
 * A system call as filters see it ({@code struct seccomp_data}).
 *
 * @param number what stood in eax
 * @param instruction the address behind the instruction that made the call
 * @param a the first argument, and so on
 */
record CallData(int number, long instruction, long a, long b, long c, long d, long e, long f) {
  /** Size of the structure. */
  static final int SIZE = 64;

  /** Where the number lies. */
  static final int NUMBER_OFFSET = 0;

  /** Where the architecture lies. */
  static final int ARCHITECTURE_OFFSET = 4;

  /** AUDIT_ARCH_X86_64: the one architecture that the Sentry has. */
  static final int ARCHITECTURE = 0xc000003e;

  private static final int INSTRUCTION_OFFSET = 8;
  private static final int ARGUMENTS_OFFSET = 16;

  /** An argument, 0 to 5. */
  long argument(int index) {
    return switch (index) {
      case 0 -> a;
      case 1 -> b;
      case 2 -> c;
      case 3 -> d;
      case 4 -> e;
      case 5 -> f;
      default -> throw new IndexOutOfBoundsException(index);
    };
  }

  /** The 32 bits at an offset, a multiple of 4 below {@link #SIZE}. */
  int word(int offset) {
    return switch (offset) {
      case NUMBER_OFFSET -> number;
      case ARCHITECTURE_OFFSET -> ARCHITECTURE;
      case INSTRUCTION_OFFSET -> (int) instruction;
      case INSTRUCTION_OFFSET + 4 -> (int) (instruction >>> 32);
      default -> {
        int at = offset - ARGUMENTS_OFFSET;
        long value = argument(at >> 3);
        yield (at & 4) == 0 ? (int) value : (int) (value >>> 32);
      }
    };
  }
}
