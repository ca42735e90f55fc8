package dev.bulwark.sentry.signal;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.bulwark.linux.Errno;
import dev.bulwark.linux.Sys;
import dev.bulwark.platform.Registers;
import dev.bulwark.sentry.ErrnoException;
import dev.bulwark.sentry.kernel.IdleContext;
import dev.bulwark.sentry.kernel.Task;
import dev.bulwark.sentry.kernel.WaitStatus;
import dev.bulwark.sentry.mm.FlatMemory;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class DeliveryTest {
  private static final long BASE = FlatMemory.BASE;
  private static final int SIZE = 1 << 17;
  private static final long STACK = BASE + SIZE;
  private static final long CODE = 0x401000;
  private static final int FP_SIZE = 2436;

  private final Sandbox sandbox = new Sandbox();
  private final Task task = sandbox.fork(sandbox.init);
  private final FlatMemory memory = new FlatMemory(SIZE);
  private final Registers registers = task.context().registers();
  private final TaskSignals mine = task.signals();

  @BeforeEach
  void startApplication() {
    sandbox.kernel.setFpStateSize(FP_SIZE);
    task.setMemory(memory);
    task.adopt();
    for (int i = 0; i < Registers.COUNT; i++) {
      registers.set(i, 0x1000 + i);
    }
    registers.set(Registers.RSP, STACK - 0x100);
    registers.set(Registers.RIP, CODE);
    registers.set(Registers.EFLAGS, 0x246 | 0x400);
  }

  private long word(int offset) throws ErrnoException {
    return memory.getLong(registers.rsp() + offset);
  }

  private void send(int signal) {
    SignalSender.send(task, Sandbox.kill(signal));
  }

  private long interrupted(long code) {
    registers.set(Registers.RAX, -code);
    return Sys.READ;
  }

  /** Offsets and alignment as a C program on Linux 6.18 finds them. */
  @Test
  void frameLooksAsLinuxMakesIt() throws ErrnoException {
    byte[] fp = ((IdleContext) task.context()).fp;
    fp[160] = 77;
    mine.setMask(SignalSet.of(Signals.SIGUSR2));
    Sandbox.handle(task, Signals.SIGUSR1, 0);
    send(Signals.SIGUSR1);
    assertEquals(Decision.GO_ON, Delivery.deliver(task, -1));

    long frame = registers.rsp();
    assertEquals(8, frame % 16);
    assertEquals(0x1000, registers.rip());
    assertEquals(Signals.SIGUSR1, registers.get(Registers.RDI));
    assertEquals(frame + 8 + 304, registers.get(Registers.RSI));
    assertEquals(frame + 8, registers.get(Registers.RDX));
    assertEquals(0, registers.rax());
    assertEquals(0x246, registers.get(Registers.EFLAGS));
    assertEquals(0, fp[160]);

    assertEquals(0x2000, word(0));
    int context = 8;
    assertEquals(7, word(context));
    for (int i = 0; i < Registers.RSP; i++) {
      assertEquals(0x1000 + i, word(context + 40 + 8 * i));
    }
    assertEquals(STACK - 0x100, word(context + 40 + 15 * 8));
    assertEquals(CODE, word(context + 40 + 16 * 8));
    assertEquals(0x002b000000000033L, word(context + 40 + 18 * 8));
    assertEquals(SignalSet.of(Signals.SIGUSR2), word(context + 296));
    assertEquals(Signals.SIGUSR1, memory.getInt(frame + 8 + 304));
    assertEquals(7, memory.getInt(frame + 8 + 304 + 16));

    long fpAddress = word(context + 224);
    assertEquals(0, fpAddress % 64);
    assertTrue(fpAddress + FP_SIZE <= STACK - 0x100 - 128);
    assertTrue(fpAddress >= frame + 440);
    assertEquals(77, memory.getByte(fpAddress + 160));
    assertEquals(0x46505853, memory.getInt(fpAddress + 464));
    assertEquals(FP_SIZE, memory.getInt(fpAddress + 468));
    assertEquals(FP_SIZE - 4, memory.getInt(fpAddress + 480));
    assertEquals(0x46505845, memory.getInt(fpAddress + FP_SIZE - 4));
    assertEquals(SignalSet.of(Signals.SIGUSR1, Signals.SIGUSR2), mine.mask());
  }

  @Test
  void returnFromTheHandlerRestoresEverything() {
    byte[] fp = ((IdleContext) task.context()).fp;
    fp[160] = 77;
    Registers before = new Registers();
    before.copyFrom(registers);
    mine.setMask(2);
    Sandbox.handle(task, Signals.SIGUSR1, 0);
    send(Signals.SIGUSR1);
    Delivery.deliver(task, -1);
    fp[160] = 5;
    ret();
    registers.set(Registers.R12, 9);
    assertEquals(0x1000 + Registers.RAX, SignalReturn.restore(task));
    for (int i = 0; i < Registers.COUNT; i++) {
      assertEquals(before.get(i), registers.get(i), "register " + i);
    }
    assertEquals(2, mine.mask());
    assertEquals(77, fp[160]);
  }

  /** What the handler's {@code ret} does. */
  private void ret() {
    registers.set(Registers.RSP, registers.rsp() + 8);
  }

  @Test
  void frameCannotSetForbiddenFlagsOrBlockKill() throws ErrnoException {
    Sandbox.handle(task, Signals.SIGUSR1, 0);
    send(Signals.SIGUSR1);
    Delivery.deliver(task, -1);
    memory.putLong(registers.rsp() + SignalFrame.REGISTERS + 8 * Registers.EFLAGS, -1);
    memory.putLong(registers.rsp() + SignalFrame.MASK, -1);
    ret();
    SignalReturn.restore(task);
    assertEquals(0x50dd5 | 0x246, registers.get(Registers.EFLAGS));
    assertEquals(~SignalSet.UNBLOCKABLE, mine.mask());
  }

  @Test
  void frameWithAnImpossibleFloatingPointStateSendsSegv() throws ErrnoException {
    Sandbox.handle(task, Signals.SIGUSR1, 0);
    send(Signals.SIGUSR1);
    Delivery.deliver(task, -1);
    memory.putByte(word(SignalFrame.FP_POINTER) + IdleContext.MXCSR_HIGH, 1);
    ret();
    SignalReturn.restore(task);
    assertEquals(SignalSet.of(Signals.SIGSEGV), mine.ownPending());
  }

  @Test
  void frameWithoutFloatingPointStateMeansTheInitialOne() throws ErrnoException {
    byte[] fp = ((IdleContext) task.context()).fp;
    Sandbox.handle(task, Signals.SIGUSR1, 0);
    send(Signals.SIGUSR1);
    Delivery.deliver(task, -1);
    memory.putLong(registers.rsp() + SignalFrame.FP_POINTER, 0);
    fp[160] = 5;
    ret();
    SignalReturn.restore(task);
    assertArrayEquals(new byte[FP_SIZE], fp);
  }

  @Test
  void unreadableFrameSendsSegv() {
    registers.set(Registers.RSP, 0x10);
    SignalReturn.restore(task);
    assertEquals(SignalSet.of(Signals.SIGSEGV), mine.ownPending());
    assertEquals(
        new Decision.End(new WaitStatus.Signalled(Signals.SIGSEGV, false)),
        Delivery.deliver(task, Sys.RT_SIGRETURN));
  }

  @Test
  void stackWithoutRoomSendsSegvToItsHandlerOnTheAlternateStack() {
    mine.setStack(new AlternateStack(BASE, 16384, 0));
    Sandbox.handle(task, Signals.SIGUSR1, 0);
    Sandbox.handle(task, Signals.SIGSEGV, SignalAction.SA_ONSTACK);
    registers.set(Registers.RSP, 0x2000);
    send(Signals.SIGUSR1);
    assertEquals(Decision.GO_ON, Delivery.deliver(task, -1));
    assertEquals(Signals.SIGSEGV, registers.get(Registers.RDI));
    assertTrue(mine.stack().inUse(registers.rsp()));
  }

  @Test
  void segvThatCannotBeDeliveredEndsTheProcess() {
    Sandbox.handle(task, Signals.SIGSEGV, 0);
    registers.set(Registers.RSP, 0x2000);
    SignalSender.force(task, SignalInfo.fault(Signals.SIGSEGV, 1, 0x2000));
    assertEquals(
        new Decision.End(new WaitStatus.Signalled(Signals.SIGSEGV, false)),
        Delivery.deliver(task, -1));
  }

  @Test
  void alternateStackThatOverflowsEndsInSegv() {
    mine.setStack(new AlternateStack(BASE, 2048, 0));
    Sandbox.handle(task, Signals.SIGUSR1, SignalAction.SA_ONSTACK);
    send(Signals.SIGUSR1);
    assertEquals(
        new Decision.End(new WaitStatus.Signalled(Signals.SIGSEGV, false)),
        Delivery.deliver(task, -1));
  }

  @Test
  void automaticStackIsGivenUpWhileTheHandlerRunsAndComesBack() {
    AlternateStack stack = new AlternateStack(BASE, 16384, AlternateStack.AUTODISARM);
    mine.setStack(stack);
    Sandbox.handle(task, Signals.SIGUSR1, SignalAction.SA_ONSTACK);
    send(Signals.SIGUSR1);
    Delivery.deliver(task, -1);
    assertTrue(stack.holds(registers.rsp()));
    assertEquals(AlternateStack.DISABLE, mine.stack().state(registers.rsp()));
    ret();
    SignalReturn.restore(task);
    assertEquals(stack, mine.stack());
  }

  @Test
  void severalSignalsStackTheirFrames() throws ErrnoException {
    Sandbox.handle(task, Signals.SIGUSR1, 0);
    Sandbox.handle(task, Signals.SIGUSR2, 0);
    send(Signals.SIGUSR2);
    send(Signals.SIGUSR1);
    Delivery.deliver(task, -1);
    assertEquals(Signals.SIGUSR2, registers.get(Registers.RDI));
    assertEquals(
        0x1000, word(SignalFrame.REGISTERS + 8 * Registers.RIP), "returns to the other handler");
    ret();
    SignalReturn.restore(task);
    assertEquals(Signals.SIGUSR1, registers.get(Registers.RDI));
  }

  @Test
  void resetHandlerRunsOnce() {
    Sandbox.handle(task, Signals.SIGUSR1, SignalAction.SA_RESETHAND | SignalAction.SA_NODEFER);
    send(Signals.SIGUSR1);
    Delivery.deliver(task, -1);
    assertEquals(0, mine.mask());
    assertTrue(task.process().signals().actions().get(Signals.SIGUSR1).isDefault());
  }

  @Test
  void interruptedCallIsMadeAgainWhenNothingCameOfIt() {
    long call = interrupted(Errno.ERESTARTSYS);
    assertTrue(Delivery.needed(task, registers.rax()));
    Delivery.deliver(task, call);
    assertEquals(Sys.READ, registers.rax());
    assertEquals(CODE - 2, registers.rip());

    registers.set(Registers.RIP, CODE);
    Delivery.deliver(task, interrupted(Errno.ERESTART_RESTARTBLOCK));
    assertEquals(Sys.RESTART_SYSCALL, registers.rax());
    assertEquals(CODE - 2, registers.rip());
  }

  @Test
  void handlerEndsOrRestartsTheCallAsItsFlagsSay() throws ErrnoException {
    assertEquals(-Errno.EINTR, raxInFrameAfter(Errno.ERESTARTSYS, 0));
    assertEquals(Sys.READ, raxInFrameAfter(Errno.ERESTARTSYS, SignalAction.SA_RESTART));
    assertEquals(-Errno.EINTR, raxInFrameAfter(Errno.ERESTARTNOHAND, SignalAction.SA_RESTART));
    assertEquals(Sys.READ, raxInFrameAfter(Errno.ERESTARTNOINTR, 0));
    assertEquals(
        -Errno.EINTR, raxInFrameAfter(Errno.ERESTART_RESTARTBLOCK, SignalAction.SA_RESTART));
    assertEquals(-Errno.EAGAIN, raxInFrameAfter(Errno.EAGAIN, SignalAction.SA_RESTART));
  }

  private long raxInFrameAfter(int code, long flags) throws ErrnoException {
    startApplication();
    Sandbox.handle(task, Signals.SIGUSR1, flags | SignalAction.SA_NODEFER);
    send(Signals.SIGUSR1);
    Delivery.deliver(task, interrupted(code));
    return word(SignalFrame.REGISTERS + 8 * Registers.RAX);
  }

  @Test
  void handlerOfASuspendedCallReturnsToTheOldMask() throws ErrnoException {
    mine.setMask(SignalSet.of(Signals.SIGUSR1));
    Sandbox.handle(task, Signals.SIGUSR1, 0);
    send(Signals.SIGUSR1);
    mine.suspendMask(SignalSet.of(Signals.SIGUSR2));
    assertTrue(task.interrupted());
    Delivery.deliver(task, interrupted(Errno.ERESTARTNOHAND));
    assertEquals(SignalSet.of(Signals.SIGUSR1), word(SignalFrame.MASK));
    assertEquals(SignalSet.of(Signals.SIGUSR1, Signals.SIGUSR2), mine.mask());
  }

  @Test
  void suspendedMaskComesBackWithoutAHandler() {
    mine.setMask(SignalSet.of(Signals.SIGUSR1));
    mine.suspendMask(0);
    Delivery.deliver(task, interrupted(Errno.ERESTARTNOHAND));
    assertEquals(SignalSet.of(Signals.SIGUSR1), mine.mask());
    assertFalse(task.interrupted());
  }

  @Test
  void missingRestorerEndsInSegv() {
    task.process().signals().setAction(Signals.SIGUSR1, new SignalAction(0x1000, 0, 0, 0));
    send(Signals.SIGUSR1);
    assertEquals(
        new Decision.End(new WaitStatus.Signalled(Signals.SIGSEGV, false)),
        Delivery.deliver(task, -1));
  }
}
