package dev.bulwark.platform;

/**
 * The general registers of an application thread, in the order of {@code struct sigcontext} so that
 * a signal frame is one copy. Owned by the task's thread; not thread-safe.
 */
public final class Registers {
  /** Index of r8. */
  public static final int R8 = 0;

  /** Index of r9. */
  public static final int R9 = 1;

  /** Index of r10. */
  public static final int R10 = 2;

  /** Index of r11. */
  public static final int R11 = 3;

  /** Index of r12. */
  public static final int R12 = 4;

  /** Index of r13. */
  public static final int R13 = 5;

  /** Index of r14. */
  public static final int R14 = 6;

  /** Index of r15. */
  public static final int R15 = 7;

  /** Index of rdi. */
  public static final int RDI = 8;

  /** Index of rsi. */
  public static final int RSI = 9;

  /** Index of rbp. */
  public static final int RBP = 10;

  /** Index of rbx. */
  public static final int RBX = 11;

  /** Index of rdx. */
  public static final int RDX = 12;

  /** Index of rax. */
  public static final int RAX = 13;

  /** Index of rcx. */
  public static final int RCX = 14;

  /** Index of rsp. */
  public static final int RSP = 15;

  /** Index of rip. */
  public static final int RIP = 16;

  /** Index of the flags register. */
  public static final int EFLAGS = 17;

  /** How many registers a signal frame holds before err, trapno, oldmask and cr2. */
  public static final int COUNT = 18;

  private final long[] values = new long[COUNT];

  /** Base of the fs segment: the thread pointer. */
  public long fsBase;

  /** Base of the gs segment as the application set it. */
  public long gsBase;

  /** Registers that are all zero. */
  public Registers() {}

  /** The value of the register at an index. */
  public long get(int register) {
    return values[register];
  }

  /** Sets the register at an index. */
  public void set(int register, long value) {
    values[register] = value;
  }

  /** The instruction pointer. */
  public long rip() {
    return values[RIP];
  }

  /** The stack pointer. */
  public long rsp() {
    return values[RSP];
  }

  /** The result register, and the number of a system call before it is answered. */
  public long rax() {
    return values[RAX];
  }

  /** Takes over all values of another set. */
  public void copyFrom(Registers other) {
    System.arraycopy(other.values, 0, values, 0, COUNT);
    fsBase = other.fsBase;
    gsBase = other.gsBase;
  }

  /** Zeroes everything, as execve(2) does. */
  public void clear() {
    java.util.Arrays.fill(values, 0);
    fsBase = 0;
    gsBase = 0;
  }
}
