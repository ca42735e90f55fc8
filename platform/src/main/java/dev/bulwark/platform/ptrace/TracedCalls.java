package dev.bulwark.platform.ptrace;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import dev.bulwark.linux.Errno;
import dev.bulwark.linux.HostPtrace;
import dev.bulwark.linux.Sys;
import dev.bulwark.platform.Registers;
import dev.bulwark.platform.stub.Layout;
import dev.bulwark.platform.stub.Operation;
import dev.bulwark.platform.stub.Slot;
import dev.bulwark.platform.stub.StubProcess;
import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.Nullable;

/**
 * System calls that an attached, stopped thread of a stub makes for the Sentry. Each is one
 * instruction in stub text, its arguments in registers; the stub's filter judges it.
 */
final class TracedCalls {
  private static final int MAP_SHARED_FIXED = 0x11;
  private static final int MAP_POPULATE = 0x8000;
  private static final int MSG_DONTWAIT_CLOEXEC = 0x40000040;
  private static final int SOL_SOCKET = 1;
  private static final int SCM_RIGHTS = 1;
  private static final int PR_SET_NAME = 15;
  private static final int CLOCK_THREAD_CPUTIME_ID = 3;
  private static final long NANOS_PER_SECOND = 1_000_000_000L;
  private static final long FLAGS = 0x202;
  private static final int SIGTRAP = 5;
  private static final int SIGUSR1 = 10;

  /** A message and all that it needs, in the slot. */
  private static final long MESSAGE = Layout.OPERATIONS;

  private static final long VECTOR = MESSAGE + 56;
  private static final long CONTROL = VECTOR + 16;
  private static final long CONTROL_LENGTH = 24;
  private static final long BYTE = CONTROL + CONTROL_LENGTH;

  private final PtraceContext context;
  private final Registers registers = new Registers();

  TracedCalls(PtraceContext context) {
    this.context = context;
  }

  /** Carries an operation out; 0 or an errno negated. */
  int operate(Operation operation) {
    return switch (operation.kind()) {
      case Layout.MAP_OWN -> map(operation, Layout.MEMORY_FD, 0);
      case Layout.MAP_PRESENT -> map(operation, Layout.MEMORY_FD, MAP_POPULATE);
      case Layout.MAP_RECEIVED -> mapReceived(operation);
      case Layout.UNMAP ->
          errno(call(Sys.MUNMAP, operation.address(), operation.length(), 0, 0, 0, 0));
      default ->
          errno(
              call(
                  Sys.MPROTECT,
                  operation.address(),
                  operation.length(),
                  operation.protection(),
                  0,
                  0,
                  0));
    };
  }

  private static int errno(long result) {
    return (int) Math.clamp(result, -4095L, 0L);
  }

  private int map(Operation operation, int fd, int flags) {
    return errno(
        call(
            Sys.MMAP,
            operation.address(),
            operation.length(),
            operation.protection(),
            MAP_SHARED_FIXED | flags,
            fd,
            operation.offset()));
  }

  /** Which descriptor came is the application's word, but it can name none that the stub lacks. */
  private int mapReceived(Operation operation) {
    int handed = context.stub().hand(operation.fd());
    if (handed != 0) {
      return handed;
    }
    prepareMessage();
    long at = context.slot().stubAddress();
    long received =
        call(Sys.RECVMSG, Layout.CONTROL_FD, at + MESSAGE, MSG_DONTWAIT_CLOEXEC, 0, 0, 0);
    if (received < 0) {
      return errno(received);
    }
    Slot slot = context.slot();
    if (slot.getInt(CONTROL + 8) != SOL_SOCKET || slot.getInt(CONTROL + 12) != SCM_RIGHTS) {
      return -Errno.EBADF;
    }
    int fd = slot.getInt(CONTROL + 16);
    int result = map(operation, fd, 0);
    call(Sys.CLOSE, fd, 0, 0, 0, 0, 0);
    return result;
  }

  private void prepareMessage() {
    Slot slot = context.slot();
    long at = slot.stubAddress();
    MemorySegment message = slot.part(MESSAGE, BYTE + 8 - MESSAGE);
    message.fill((byte) 0);
    message.set(JAVA_LONG, 16, at + VECTOR);
    message.set(JAVA_LONG, 24, 1);
    message.set(JAVA_LONG, 32, at + CONTROL);
    message.set(JAVA_LONG, 40, CONTROL_LENGTH);
    message.set(JAVA_LONG, VECTOR - MESSAGE, at + BYTE);
    message.set(JAVA_INT, VECTOR - MESSAGE + 8, 1);
  }

  /**
   * Makes a thread that is on its way to its first event in a slot; its tid, or an errno negated.
   */
  long cloneInto(Slot child) {
    long at = child.stubAddress();
    registers.clear();
    registers.set(Registers.R12, at);
    registers.set(Registers.R10, at + Layout.TURN);
    registers.set(Registers.RSI, at + Layout.BOOT_STACK_TOP);
    registers.set(Registers.RDI, Layout.THREAD_FLAGS);
    return make(Layout.TRACED_CLONE, Sys.CLONE);
  }

  /** CPU time of the thread in nanoseconds, or an errno negated; the application can forge it. */
  long cpuTime() {
    Slot slot = context.slot();
    long at = slot.stubAddress() + Layout.OPERATIONS;
    long failed = call(Sys.CLOCK_GETTIME, CLOCK_THREAD_CPUTIME_ID, at, 0, 0, 0, 0);
    return failed < 0
        ? failed
        : slot.getLong(Layout.OPERATIONS) * NANOS_PER_SECOND + slot.getLong(Layout.OPERATIONS + 8);
  }

  /** Gives the thread the name that stands where operations do. */
  void setName() {
    long at = context.slot().stubAddress() + Layout.OPERATIONS;
    call(Sys.PRCTL, PR_SET_NAME, at, 0, 0, 0, 0);
  }

  private long call(long number, long a, long b, long c, long d, long e, long f) {
    registers.clear();
    registers.set(Registers.RDI, a);
    registers.set(Registers.RSI, b);
    registers.set(Registers.RDX, c);
    registers.set(Registers.R10, d);
    registers.set(Registers.R8, e);
    registers.set(Registers.R9, f);
    return make(Layout.TRACED_CALL, number);
  }

  private long make(long instruction, long number) {
    @Nullable Tracee tracee = context.borrow();
    registers.set(Registers.RAX, number);
    registers.set(Registers.RIP, instruction);
    registers.set(Registers.EFLAGS, FLAGS);
    if (tracee == null || !tracee.putStubRegisters(registers)) {
      return -Errno.ESRCH;
    }
    int stop;
    do { // a kick is meant for the application, and noted already
      stop = tracee.resume(HostPtrace.CONT, 0) ? tracee.await() : HostPtrace.GONE;
    } while (stop == SIGUSR1 || (stop != HostPtrace.GONE && HostPtrace.bare(stop)));
    if (stop != SIGTRAP || !tracee.getRegisters()) {
      context.stub().condemn(StubProcess.TAMPERED);
      return -Errno.ESRCH;
    }
    return tracee.register(Registers.RAX);
  }

  /** Makes a thread end when it goes on; false when it is gone already. */
  static boolean prepareExit(Tracee tracee) {
    Registers last = new Registers();
    last.set(Registers.RAX, Sys.EXIT);
    last.set(Registers.RIP, Layout.TRACED_CALL);
    last.set(Registers.EFLAGS, FLAGS);
    return tracee.putStubRegisters(last);
  }
}
