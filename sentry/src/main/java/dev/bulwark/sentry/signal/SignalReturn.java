package dev.bulwark.sentry.signal;

import dev.bulwark.platform.Registers;
import dev.bulwark.sentry.ErrnoException;
import dev.bulwark.sentry.kernel.Task;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** Goes back from a handler to what it interrupted (rt_sigreturn(2)). */
final class SignalReturn {
  /** Flags that a frame may change: AC, RF, OF, DF, TF, SF, ZF, AF, PF and CF. */
  private static final long SETTABLE_FLAGS = 0x50dd5;

  /** The requested privilege level of application segments. */
  private static final int RPL_USER = 3;

  private SignalReturn() {}

  /**
   * Restores registers, floating-point state, mask and alternate stack from the frame that the
   * handler has returned to. A frame that cannot be read, or that the processor would refuse, sends
   * SIGSEGV. So does one that asks for 32-bit code, which Linux would run.
   *
   * @return what rax holds now
   */
  static long restore(Task task) {
    Registers registers = task.context().registers();
    try {
      // The handler's return has taken the first word off the stack.
      byte[] frame = task.memory().readBytes(registers.rsp() - 8, SignalFrame.INFO);
      ByteBuffer from = ByteBuffer.wrap(frame).order(ByteOrder.LITTLE_ENDIAN);
      task.signals().setMask(from.getLong(SignalFrame.MASK));
      int cs = from.getShort(SignalFrame.SEGMENTS) & 0xffff;
      if ((cs | RPL_USER) != SignalFrame.USER_CS) {
        return badFrame(task);
      }
      restoreRegisters(registers, from);
      task.signals().forgetRestart();
      if (!FpImage.restore(task, from.getLong(SignalFrame.FP_POINTER))) {
        return badFrame(task);
      }
      restoreStack(task, from, registers.rsp());
      return registers.rax();
    } catch (ErrnoException unreadable) {
      return badFrame(task);
    }
  }

  private static long badFrame(Task task) {
    SignalSender.force(task, SignalInfo.kernel(Signals.SIGSEGV));
    return 0;
  }

  private static void restoreRegisters(Registers registers, ByteBuffer from) {
    long flags = registers.get(Registers.EFLAGS) & ~SETTABLE_FLAGS;
    for (int i = 0; i < Registers.COUNT; i++) {
      registers.set(i, from.getLong(SignalFrame.REGISTERS + 8 * i));
    }
    registers.set(Registers.EFLAGS, flags | (registers.get(Registers.EFLAGS) & SETTABLE_FLAGS));
  }

  /** Linux takes the stack of the frame over where sigaltstack(2) would, and else keeps it. */
  private static void restoreStack(Task task, ByteBuffer from, long sp) {
    AlternateStack wanted =
        new AlternateStack(
            from.getLong(SignalFrame.STACK_BASE),
            from.getLong(SignalFrame.STACK_SIZE),
            from.getInt(SignalFrame.STACK_FLAGS));
    try {
      task.signals().setStack(task.signals().stack().changedTo(wanted, sp));
    } catch (ErrnoException kept) {
      return;
    }
  }
}
