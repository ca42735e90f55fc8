package dev.bulwark.platform.stub;

import static dev.bulwark.linux.HostCall.call;
import static dev.bulwark.linux.HostCall.check;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import dev.bulwark.linux.HostException;
import dev.bulwark.linux.Sys;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/** Sockets that carry descriptors to the zygote and to stubs. */
final class Descriptors {
  private static final int AF_UNIX = 1;
  private static final int SOCK_SEQPACKET_CLOEXEC = 5 | 02000000;
  private static final int SOL_SOCKET = 1;
  private static final int SCM_RIGHTS = 1;
  private static final int MSG_NOSIGNAL = 0x4000;
  private static final int MESSAGE_HEADER = 56;
  private static final int CONTROL_HEADER = 16;

  private Descriptors() {}

  /** Two connected sockets that keep messages apart. */
  static int[] socketPair() throws HostException {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment pair = arena.allocate(8, 8);
      check(
          call(Sys.SOCKETPAIR, AF_UNIX, SOCK_SEQPACKET_CLOEXEC, 0, pair.address()),
          "making a socket pair for a stub");
      return new int[] {pair.get(JAVA_INT, 0), pair.get(JAVA_INT, 4)};
    }
  }

  /**
   * Sends one message that carries descriptors.
   *
   * @return 1, or an errno negated
   */
  static long send(int socket, int... descriptors) {
    try (Arena arena = Arena.ofConfined()) {
      int controlLength = CONTROL_HEADER + 4 * descriptors.length;
      MemorySegment control = arena.allocate(controlLength + 8, 8);
      control.set(JAVA_LONG, 0, controlLength);
      control.set(JAVA_INT, 8, SOL_SOCKET);
      control.set(JAVA_INT, 12, SCM_RIGHTS);
      for (int i = 0; i < descriptors.length; i++) {
        control.set(JAVA_INT, CONTROL_HEADER + 4L * i, descriptors[i]);
      }
      MemorySegment vector = arena.allocate(16, 8);
      vector.set(JAVA_LONG, 0, arena.allocate(1).address());
      vector.set(JAVA_LONG, 8, 1);
      MemorySegment message = arena.allocate(MESSAGE_HEADER, 8);
      message.set(JAVA_LONG, 16, vector.address());
      message.set(JAVA_LONG, 24, 1);
      message.set(JAVA_LONG, 32, control.address());
      message.set(JAVA_LONG, 40, (controlLength + 7L) & ~7L);
      return call(Sys.SENDMSG, socket, message.address(), MSG_NOSIGNAL);
    }
  }

  /**
   * Receives a message of one {@code long}.
   *
   * @throws HostException when the other side is gone
   */
  static long receiveLong(int socket, String what) throws HostException {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment value = arena.allocate(8, 8);
      long n = check(call(Sys.RECVFROM, socket, value.address(), 8), what);
      if (n != 8) {
        throw new HostException(what, dev.bulwark.linux.Errno.EPIPE);
      }
      return value.get(JAVA_LONG, 0);
    }
  }

  static void close(int fd) {
    call(Sys.CLOSE, fd);
  }
}
