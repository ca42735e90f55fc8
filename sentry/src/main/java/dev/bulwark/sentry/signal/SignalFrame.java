package dev.bulwark.sentry.signal;

import dev.bulwark.platform.Registers;
import dev.bulwark.sentry.ErrnoException;
import dev.bulwark.sentry.kernel.Task;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * What a handler finds on its stack on x86-64 ({@code struct rt_sigframe}): the address it returns
 * to, a {@code ucontext}, a {@code siginfo}, and above them, aligned to 64, the floating-point
 * state. Offsets are from the start of the frame.
 */
final class SignalFrame {
  /** The return address: the action's restorer. */
  private static final int RETURN = 0;

  /** The {@code struct ucontext}. */
  static final int UCONTEXT = 8;

  static final int FLAGS = UCONTEXT;
  static final int STACK_BASE = UCONTEXT + 16;
  static final int STACK_FLAGS = UCONTEXT + 24;
  static final int STACK_SIZE = UCONTEXT + 32;

  /** The general registers, in the order of {@link Registers}. */
  static final int REGISTERS = UCONTEXT + 40;

  /** cs, gs, fs and ss, 16 bits each. */
  static final int SEGMENTS = REGISTERS + 8 * Registers.COUNT;

  static final int ERROR = SEGMENTS + 8;
  static final int TRAP = ERROR + 8;
  static final int OLD_MASK = TRAP + 8;
  static final int FAULT_ADDRESS = OLD_MASK + 8;
  static final int FP_POINTER = FAULT_ADDRESS + 8;

  /** The blocked signals, after eight reserved words. */
  static final int MASK = FP_POINTER + 8 + 64;

  /** The {@code siginfo}. */
  static final int INFO = MASK + 8;

  /** Where the frame proper ends. */
  static final int SIZE = INFO + SignalInfo.SIZE;

  /** The code segment of 64-bit programs. */
  static final int USER_CS = 0x33;

  private static final long USER_SS = 0x2b;

  /** UC_FP_XSTATE, UC_SIGCONTEXT_SS and UC_STRICT_RESTORE_SS: what a 64-bit frame always has. */
  private static final long UC_FLAGS = 7;

  /** Bytes below the stack pointer that leaf functions use (System V ABI). */
  private static final int RED_ZONE = 128;

  private static final int FP_ALIGNMENT = 64;
  private static final int FRAME_ALIGNMENT = 16;

  /** Direction, resume and trap flag: clear when a handler starts. */
  private static final long FLAGS_CLEARED = 0x400 | 0x10000 | 0x100;

  private SignalFrame() {}

  /**
   * Stores a frame and sets the registers so that the application goes on in the handler.
   *
   * @return false when the action has no restorer or the stack has no room; nothing is changed then
   */
  static boolean push(Task task, SignalInfo info, SignalAction action) {
    if (!action.has(SignalAction.SA_RESTORER)) {
      return false;
    }
    Registers registers = task.context().registers();
    TaskSignals mine = task.signals();
    AlternateStack stack = mine.stack();
    byte[] fp = FpImage.read(task);

    long sp = registers.rsp() - RED_ZONE;
    boolean onAlternate = stack.inUse(registers.rsp());
    if (action.has(SignalAction.SA_ONSTACK) && stack.state(sp) == 0) {
      sp = stack.base() + stack.size();
      onAlternate = true;
    }
    long fpAddress = (sp - fp.length) & -FP_ALIGNMENT;
    long frame = ((fpAddress - SIZE) & -FRAME_ALIGNMENT) - 8;
    if (onAlternate && !stack.holds(frame)) {
      return false;
    }

    byte[] bytes = new byte[(int) (fpAddress - frame) + fp.length];
    ByteBuffer to = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    to.putLong(RETURN, action.restorer());
    to.putLong(FLAGS, UC_FLAGS);
    to.putLong(STACK_BASE, stack.base());
    to.putInt(STACK_FLAGS, stack.flags());
    to.putLong(STACK_SIZE, stack.size());
    for (int i = 0; i < Registers.COUNT; i++) {
      to.putLong(REGISTERS + 8 * i, registers.get(i));
    }
    to.putLong(SEGMENTS, USER_CS | (USER_SS << 48));
    to.putLong(ERROR, mine.faultError());
    to.putLong(TRAP, mine.faultTrap());
    to.putLong(FAULT_ADDRESS, mine.faultAddress());
    to.putLong(FP_POINTER, fpAddress);
    long mask = mine.maskForFrame();
    to.putLong(OLD_MASK, mask);
    to.putLong(MASK, mask);
    info.encode(to, INFO);
    System.arraycopy(fp, 0, bytes, (int) (fpAddress - frame), fp.length);
    try {
      task.memory().write(frame, bytes);
    } catch (ErrnoException unwritable) {
      return false;
    }
    mine.frameHoldsMask();
    if ((stack.flags() & AlternateStack.AUTODISARM) != 0) {
      mine.setStack(AlternateStack.TAKEN);
    }

    registers.set(Registers.RDI, info.signo());
    registers.set(Registers.RSI, frame + INFO);
    registers.set(Registers.RDX, frame + UCONTEXT);
    registers.set(Registers.RAX, 0);
    registers.set(Registers.RSP, frame);
    registers.set(Registers.RIP, action.handler());
    registers.set(Registers.EFLAGS, registers.get(Registers.EFLAGS) & ~FLAGS_CLEARED);
    task.context().resetFpState();
    return true;
  }
}
