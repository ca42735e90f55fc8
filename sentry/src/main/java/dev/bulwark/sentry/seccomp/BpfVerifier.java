package dev.bulwark.sentry.seccomp;

import dev.bulwark.linux.Errno;
import dev.bulwark.sentry.ErrnoException;
import java.util.Arrays;

/**
 * What Linux checks of a program before it runs: that all codes are known, that loads stay inside
 * of the structure, that jumps go forward and stay inside of the program, that scratch memory is
 * stored to before it is loaded from, and that the end is a return.
 */
final class BpfVerifier {
  private static final int ALL = 0xffff;

  private final int[] codes;
  private final int[] operands;

  private BpfVerifier(int[] codes, int[] operands) {
    this.codes = codes;
    this.operands = operands;
  }

  /**
   * Checks a program of at least one instruction.
   *
   * @param codes the code of each instruction in the low 16 bits, jt and jf in the bytes above
   * @param operands its k
   * @throws ErrnoException EINVAL
   */
  static void check(int[] codes, int[] operands) throws ErrnoException {
    BpfVerifier verifier = new BpfVerifier(codes, operands);
    for (int at = 0; at < codes.length; at++) {
      require(verifier.valid(at));
    }
    int last = code(codes[codes.length - 1]);
    require(last == Bpf.RET_K || last == Bpf.RET_A);
    verifier.memory();
  }

  private static void require(boolean holds) throws ErrnoException {
    if (!holds) {
      throw ErrnoException.of(Errno.EINVAL);
    }
  }

  static int code(int word) {
    return word & 0xffff;
  }

  /** How many instructions a jump skips when its condition holds. */
  static int whenTrue(int word) {
    return word >>> 16 & 0xff;
  }

  /** How many it skips otherwise. */
  static int whenFalse(int word) {
    return word >>> 24;
  }

  private boolean valid(int at) {
    int k = operands[at];
    return switch (code(codes[at])) {
      case Bpf.LD_ABS -> k >= 0 && k < CallData.SIZE && (k & 3) == 0;
      case Bpf.LD_MEM, Bpf.LDX_MEM, Bpf.ST, Bpf.STX -> k >= 0 && k < Bpf.MEMORY_WORDS;
      case Bpf.DIV_K -> k != 0;
      case Bpf.LSH_K, Bpf.RSH_K -> k >= 0 && k < Integer.SIZE;
      case Bpf.JA -> Integer.compareUnsigned(k, codes.length - at - 1) < 0;
      case Bpf.JEQ_K,
          Bpf.JEQ_X,
          Bpf.JGT_K,
          Bpf.JGT_X,
          Bpf.JGE_K,
          Bpf.JGE_X,
          Bpf.JSET_K,
          Bpf.JSET_X ->
          at + whenTrue(codes[at]) + 1 < codes.length
              && at + whenFalse(codes[at]) + 1 < codes.length;
      case Bpf.LD_IMM,
          Bpf.LD_LEN,
          Bpf.LDX_IMM,
          Bpf.LDX_LEN,
          Bpf.ADD_K,
          Bpf.ADD_X,
          Bpf.SUB_K,
          Bpf.SUB_X,
          Bpf.MUL_K,
          Bpf.MUL_X,
          Bpf.DIV_X,
          Bpf.OR_K,
          Bpf.OR_X,
          Bpf.AND_K,
          Bpf.AND_X,
          Bpf.LSH_X,
          Bpf.RSH_X,
          Bpf.NEG,
          Bpf.XOR_K,
          Bpf.XOR_X,
          Bpf.RET_K,
          Bpf.RET_A,
          Bpf.TAX,
          Bpf.TXA ->
          true;
      default -> false; // BPF_MOD among them, which Linux refuses to seccomp too
    };
  }

  /** On every path a word of memory is stored before it is loaded. */
  private void memory() throws ErrnoException {
    int[] stored = new int[codes.length];
    Arrays.fill(stored, ALL);
    int now = 0;
    for (int at = 0; at < codes.length; at++) {
      now &= stored[at];
      int k = operands[at];
      switch (code(codes[at])) {
        case Bpf.ST, Bpf.STX -> now |= 1 << k;
        case Bpf.LD_MEM, Bpf.LDX_MEM -> require((now >> k & 1) != 0);
        case Bpf.JA -> {
          stored[at + 1 + k] &= now;
          now = ALL;
        }
        case Bpf.JEQ_K,
            Bpf.JEQ_X,
            Bpf.JGT_K,
            Bpf.JGT_X,
            Bpf.JGE_K,
            Bpf.JGE_X,
            Bpf.JSET_K,
            Bpf.JSET_X -> {
          stored[at + 1 + whenTrue(codes[at])] &= now;
          stored[at + 1 + whenFalse(codes[at])] &= now;
          now = ALL;
        }
        default -> {}
      }
    }
  }
}
