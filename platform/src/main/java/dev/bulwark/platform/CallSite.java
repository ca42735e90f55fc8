package dev.bulwark.platform;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * A place in application text that makes a system call, and how it can be changed into a jump to a
 * trampoline of its own, from where the platform answers without a trap. Immutable.
 *
 * <p>Two forms are known. Where the number is loaded just before ({@code mov $nr,%eax; syscall}),
 * the jump takes the place of the load; the {@code syscall} instruction stays, so that whoever
 * stands or jumps there makes his call by a trap, as a restarted call does. Otherwise the jump
 * takes the place of {@code syscall} and the whole instruction behind it, which must not depend on
 * where it is; whoever returns to that instruction meets a byte of the jump that cannot be
 * executed, and is sent to the trampoline. So no thread need be stopped to change a site.
 */
public final class CallSite {
  /** Bytes of a jump with a 32-bit displacement. */
  public static final int JUMP = 5;

  /** How much of the text before and behind a return address {@link #recognise} looks at. */
  public static final int BEFORE = 12;

  /** See {@link #BEFORE}. */
  public static final int BEHIND = 8;

  private static final int SYSCALL = 2;
  private static final int JMP = 0xe9;
  private static final int MOV_EAX = 0xb8;
  private static final int REX_W = 0x48;

  /** Opcodes of one byte that raise an exception in user mode whatever follows them. */
  private static final boolean[] TRAPS = new boolean[256];

  static {
    int[] traps = {
      0x06,
      0x07,
      0x0e,
      0x16,
      0x17,
      0x1e,
      0x1f,
      0x27,
      0x2f,
      0x37,
      0x3f,
      0x60,
      0x61,
      0xce, // undefined
      0x6c,
      0x6d,
      0x6e,
      0x6f,
      0xec,
      0xed,
      0xee,
      0xef,
      0xf4,
      0xfa,
      0xfb // privileged
    };
    for (int opcode : traps) {
      TRAPS[opcode] = true;
    }
  }

  private final long start;
  private final long returnAddress;
  private final byte[] original;
  private final boolean loads;

  private CallSite(long start, long returnAddress, byte[] original, boolean loads) {
    this.start = start;
    this.returnAddress = returnAddress;
    this.original = original;
    this.loads = loads;
  }

  /** Where the changed instructions begin. */
  public long start() {
    return start;
  }

  /** Just behind the {@code syscall} instruction. */
  public long returnAddress() {
    return returnAddress;
  }

  /**
   * The instructions that are changed: the load of the number, or {@code syscall} and the next one.
   */
  public byte[] original() {
    return original.clone();
  }

  /** How many bytes {@link #original} has. */
  public int length() {
    return original.length;
  }

  /** Whether the changed instruction loads the number. */
  public boolean loads() {
    return loads;
  }

  /**
   * Looks at the text around a system call that was made by a trap.
   *
   * @param returnAddress the instruction pointer after the call
   * @param number what was in rax
   * @param text the {@link #BEFORE} bytes before the return address and {@link #BEHIND} from it on
   * @return null when the site is of no form that can be changed
   */
  public static @Nullable CallSite recognise(long returnAddress, long number, byte[] text) {
    if (at(text, -2) != 0x0f || at(text, -1) != 0x05) { // the vsyscall page has other ways to trap
      return null;
    }
    int load = load(text, number);
    if (load > 0) {
      int from = BEFORE - SYSCALL - load;
      return new CallSite(
          returnAddress - SYSCALL - load,
          returnAddress,
          Arrays.copyOfRange(text, from, from + load),
          true);
    }
    int next = movable(text);
    if (SYSCALL + next < JUMP) {
      return null;
    }
    return new CallSite(
        returnAddress - SYSCALL,
        returnAddress,
        Arrays.copyOfRange(text, BEFORE - SYSCALL, BEFORE + next),
        false);
  }

  private static int at(byte[] text, int offset) {
    return text[BEFORE + offset] & 0xff;
  }

  private static int immediate(byte[] text, int offset) {
    return ByteBuffer.wrap(text).order(ByteOrder.LITTLE_ENDIAN).getInt(BEFORE + offset);
  }

  /** The length of the instruction that loads the number just before the call, or 0. */
  private static int load(byte[] text, long number) {
    if (number != immediate(text, -6) || number < 0) {
      return 0;
    }
    if (at(text, -9) == REX_W && at(text, -8) == 0xc7 && at(text, -7) == 0xc0) {
      return 7; // mov $nr,%rax
    }
    return at(text, -7) == MOV_EAX && !endsLongerInstruction(text) ? 5 : 0;
  }

  /**
   * Whether b8 and the number could be the end of another instruction: one with a REX prefix, or
   * one that has an 8-bit displacement before its immediate. To be wrong here costs a patch only.
   */
  private static boolean endsLongerInstruction(byte[] text) {
    int before = at(text, -8);
    if (before >= 0x40 && before <= 0x4f) {
      return true;
    }
    boolean modRm = (before & 0xc0) == 0x40 && hasImmediate(at(text, -9));
    boolean modRmAndSib = (at(text, -9) & 0xc7) == 0x44 && hasImmediate(at(text, -10));
    return modRm || modRmAndSib;
  }

  private static boolean hasImmediate(int opcode) {
    return opcode == 0xc7 || opcode == 0x81 || opcode == 0x69 || opcode == 0xf7;
  }

  /** The length of the instruction behind the call if it means the same elsewhere, or 0. */
  private static int movable(byte[] text) {
    int first = at(text, 0);
    if (first == 0x3d) {
      return 5; // cmp $imm32,%eax
    }
    if ((first & 0xf8) != 0x48) {
      return 0;
    }
    int second = at(text, 1);
    if (second == 0x3d) {
      return 6; // cmp $imm32,%rax
    }
    boolean registers = (at(text, 2) & 0xc0) == 0xc0;
    if (second == 0x83 && registers) {
      return 4; // cmp $imm8,%rax and its like
    }
    boolean moves =
        switch (second) {
          case 0x89, 0x8b, 0x85, 0x31, 0x39, 0x63 -> true;
          default -> false;
        };
    return moves && registers ? 3 : 0;
  }

  /** The first address behind what is changed. */
  long end() {
    return start + original.length;
  }

  /** Whether a trampoline may stand at an address: it can be reached, and the jump is safe. */
  boolean admits(long trampoline) {
    long distance = trampoline - (start + JUMP);
    return distance == (int) distance && (loads || TRAPS[(int) (distance >> 8) & 0xff]);
  }

  /** The bytes to stand at {@link #start}. */
  byte[] jumpTo(long trampoline) {
    return ByteBuffer.allocate(JUMP)
        .order(ByteOrder.LITTLE_ENDIAN)
        .put((byte) JMP)
        .putInt((int) (trampoline - (start + JUMP)))
        .array();
  }

  @Override
  public String toString() {
    return "call site before " + Long.toHexString(returnAddress);
  }
}
