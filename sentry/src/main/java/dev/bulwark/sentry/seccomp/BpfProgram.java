package dev.bulwark.sentry.seccomp;

import dev.bulwark.sentry.ErrnoException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** A program in classic BPF that {@link BpfVerifier} has admitted. */
final class BpfProgram implements Filter {
  private final int[] codes;
  private final int[] operands;

  private BpfProgram(int[] codes, int[] operands) {
    this.codes = codes;
    this.operands = operands;
  }

  /**
   * Reads and checks a program.
   *
   * @param bytes an array of {@code struct sock_filter}, not empty
   * @throws ErrnoException EINVAL
   */
  static BpfProgram of(byte[] bytes) throws ErrnoException {
    int count = bytes.length / Bpf.INSTRUCTION_SIZE;
    ByteBuffer from = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    int[] codes = new int[count];
    int[] operands = new int[count];
    for (int i = 0; i < count; i++) {
      codes[i] = from.getInt();
      operands[i] = from.getInt();
    }
    BpfVerifier.check(codes, operands);
    return new BpfProgram(codes, operands);
  }

  @Override
  public int length() {
    return codes.length;
  }

  @Override
  public int judge(CallData call) {
    int a = 0;
    int x = 0;
    int[] memory = null;
    for (int at = 0; ; at++) {
      int word = codes[at];
      int k = operands[at];
      switch (BpfVerifier.code(word)) {
        case Bpf.LD_IMM -> a = k;
        case Bpf.LD_ABS -> a = call.word(k);
        case Bpf.LD_LEN -> a = CallData.SIZE;
        case Bpf.LDX_IMM -> x = k;
        case Bpf.LDX_LEN -> x = CallData.SIZE;
        case Bpf.LD_MEM -> a = memory == null ? 0 : memory[k];
        case Bpf.LDX_MEM -> x = memory == null ? 0 : memory[k];
        case Bpf.ST -> {
          memory = memory == null ? new int[Bpf.MEMORY_WORDS] : memory;
          memory[k] = a;
        }
        case Bpf.STX -> {
          memory = memory == null ? new int[Bpf.MEMORY_WORDS] : memory;
          memory[k] = x;
        }
        case Bpf.ADD_K -> a += k;
        case Bpf.ADD_X -> a += x;
        case Bpf.SUB_K -> a -= k;
        case Bpf.SUB_X -> a -= x;
        case Bpf.MUL_K -> a *= k;
        case Bpf.MUL_X -> a *= x;
        case Bpf.DIV_K -> a = Integer.divideUnsigned(a, k);
        case Bpf.DIV_X -> {
          if (x == 0) {
            return 0; // as Linux ends a program that divides by zero
          }
          a = Integer.divideUnsigned(a, x);
        }
        case Bpf.OR_K -> a |= k;
        case Bpf.OR_X -> a |= x;
        case Bpf.AND_K -> a &= k;
        case Bpf.AND_X -> a &= x;
        case Bpf.LSH_K -> a <<= k;
        case Bpf.LSH_X -> a <<= x;
        case Bpf.RSH_K -> a >>>= k;
        case Bpf.RSH_X -> a >>>= x;
        case Bpf.NEG -> a = -a;
        case Bpf.XOR_K -> a ^= k;
        case Bpf.XOR_X -> a ^= x;
        case Bpf.TAX -> x = a;
        case Bpf.TXA -> a = x;
        case Bpf.JA -> at += k;
        case Bpf.JEQ_K -> at += skip(word, a == k);
        case Bpf.JEQ_X -> at += skip(word, a == x);
        case Bpf.JGT_K -> at += skip(word, Integer.compareUnsigned(a, k) > 0);
        case Bpf.JGT_X -> at += skip(word, Integer.compareUnsigned(a, x) > 0);
        case Bpf.JGE_K -> at += skip(word, Integer.compareUnsigned(a, k) >= 0);
        case Bpf.JGE_X -> at += skip(word, Integer.compareUnsigned(a, x) >= 0);
        case Bpf.JSET_K -> at += skip(word, (a & k) != 0);
        case Bpf.JSET_X -> at += skip(word, (a & x) != 0);
        case Bpf.RET_K -> {
          return k;
        }
        case Bpf.RET_A -> {
          return a;
        }
        default -> throw new IllegalStateException("an instruction that was not verified");
      }
    }
  }

  private static int skip(int word, boolean holds) {
    return holds ? BpfVerifier.whenTrue(word) : BpfVerifier.whenFalse(word);
  }

  /**
   * Follows the program as long as it looks at nothing but the number and the architecture, as
   * Linux does for its own bitmap (seccomp_is_const_allow).
   */
  @Override
  public boolean alwaysAllows(int number) {
    int a = 0;
    for (int at = 0; ; at++) {
      int word = codes[at];
      int k = operands[at];
      switch (BpfVerifier.code(word)) {
        case Bpf.LD_ABS -> {
          if (k == CallData.NUMBER_OFFSET) {
            a = number;
          } else if (k == CallData.ARCHITECTURE_OFFSET) {
            a = CallData.ARCHITECTURE;
          } else {
            return false;
          }
        }
        case Bpf.AND_K -> a &= k;
        case Bpf.JA -> at += k;
        case Bpf.JEQ_K -> at += skip(word, a == k);
        case Bpf.JGT_K -> at += skip(word, Integer.compareUnsigned(a, k) > 0);
        case Bpf.JGE_K -> at += skip(word, Integer.compareUnsigned(a, k) >= 0);
        case Bpf.JSET_K -> at += skip(word, (a & k) != 0);
        case Bpf.RET_K -> {
          return (k & Actions.ACTION_MASK) == Actions.ALLOW;
        }
        default -> {
          return false;
        }
      }
    }
  }
}
