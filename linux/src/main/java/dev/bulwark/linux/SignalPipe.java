package dev.bulwark.linux;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/**
 * Turns signals to this process into bytes of a pipe, which poll(2) can wait for together with
 * other things. The handler is a few instructions of machine code, because a handler in Java cannot
 * be called in the middle of whatever a thread of the JVM does, and the JVM refuses some signals to
 * its own interface. Not thread-safe.
 */
public final class SignalPipe {
  private static final int O_CLOEXEC_NONBLOCK = 0x80800;
  private static final long SA_RESTORER = 0x04000000;
  private static final long SA_RESTART = 0x10000000;
  private static final long PAGE = 4096;
  private static final int DESCRIPTOR_AT = 2;
  private static final int RESTORER_AT = 22;

  private static final byte[] CODE = {
    0x57, // push %rdi: the signal number, to be written from the stack
    (byte) 0xbf,
    0,
    0,
    0,
    0, // mov $descriptor,%edi
    0x48,
    (byte) 0x89,
    (byte) 0xe6, // mov %rsp,%rsi
    (byte) 0xba,
    1,
    0,
    0,
    0, // mov $1,%edx
    (byte) 0x89,
    (byte) 0xd0, // mov %edx,%eax: write(2)
    0x0f,
    0x05, // syscall
    0x5f, // pop %rdi
    (byte) 0xc3, // ret
    (byte) 0x90,
    (byte) 0x90,
    (byte) 0xb8,
    15,
    0,
    0,
    0, // restorer: mov $15,%eax: rt_sigreturn(2)
    0x0f,
    0x05 // syscall
  };

  private final int readEnd;

  private SignalPipe(int readEnd) {
    this.readEnd = readEnd;
  }

  /**
   * Catches signals from now on, instead of what the JVM does with them.
   *
   * @throws HostException when the host refuses a pipe or a handler
   */
  public static SignalPipe catching(int... signals) throws HostException {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment pipe = arena.allocate(JAVA_INT, 2);
      HostCall.check(HostCall.call(Sys.PIPE2, pipe.address(), O_CLOEXEC_NONBLOCK), "making a pipe");
      long page =
          HostCall.check(
              HostCall.call(Sys.MMAP, 0, PAGE, 3, 0x22, -1, 0), "making a signal handler");
      MemorySegment code = MemorySegment.ofAddress(page).reinterpret(PAGE);
      MemorySegment.copy(CODE, 0, code, JAVA_BYTE, 0, CODE.length);
      code.set(JAVA_INT.withByteAlignment(1), DESCRIPTOR_AT, pipe.getAtIndex(JAVA_INT, 1));
      HostCall.check(
          HostCall.call(Sys.MPROTECT, page, PAGE, 5), "making a signal handler executable");
      MemorySegment action = arena.allocate(JAVA_LONG, 4);
      action.setAtIndex(JAVA_LONG, 0, page);
      action.setAtIndex(JAVA_LONG, 1, SA_RESTORER | SA_RESTART);
      action.setAtIndex(JAVA_LONG, 2, page + RESTORER_AT);
      for (int signal : signals) {
        HostCall.check(
            HostCall.call(Sys.RT_SIGACTION, signal, action.address(), 0, 8),
            "catching signal " + signal);
      }
      return new SignalPipe(pipe.getAtIndex(JAVA_INT, 0));
    }
  }

  /** Readable when a signal waits. */
  public int fd() {
    return readEnd;
  }

  /** The number of the next signal that came, or 0 when there is none. */
  public int next() {
    byte[] one = new byte[1];
    return HostIo.receive(readEnd, one) == 1 ? one[0] : 0;
  }
}
