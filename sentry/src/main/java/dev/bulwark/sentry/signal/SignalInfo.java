package dev.bulwark.sentry.signal;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * What comes with a signal ({@code siginfo_t}): three numbers, and a union of which Linux transfers
 * 32 bytes. The union is kept as its four words, so that what an application queues arrives as it
 * was. Immutable.
 *
 * @param signo the signal
 * @param code why it was sent ({@code SI_} and the signal's own codes); positive ones come from the
 *     kernel
 * @param errno seldom used
 * @param w0 the union's first eight bytes, little-endian, and so on
 */
public record SignalInfo(int signo, int code, int errno, long w0, long w1, long w2, long w3) {
  /** Size of a {@code siginfo_t}. */
  public static final int SIZE = 128;

  /** The part of it that carries data; the rest is zero. */
  public static final int USED = 48;

  /** From kill(2). */
  public static final int SI_USER = 0;

  /** From the kernel, without a place of its own. */
  public static final int SI_KERNEL = 0x80;

  /** From sigqueue(3). */
  public static final int SI_QUEUE = -1;

  /** From a POSIX timer. */
  public static final int SI_TIMER = -2;

  /** From a POSIX message queue. */
  public static final int SI_MESGQ = -3;

  /** From tkill(2) or tgkill(2). */
  public static final int SI_TKILL = -6;

  /** SIGCHLD: ended by itself. */
  public static final int CLD_EXITED = 1;

  /** SIGCHLD: ended by a signal. */
  public static final int CLD_KILLED = 2;

  /** SIGCHLD: ended by a signal, with a core dump. */
  public static final int CLD_DUMPED = 3;

  /** SIGCHLD: stopped. */
  public static final int CLD_STOPPED = 5;

  /** SIGCHLD: went on. */
  public static final int CLD_CONTINUED = 6;

  /** From the kernel with nothing to tell (SEND_SIG_PRIV). */
  public static SignalInfo kernel(int signo) {
    return new SignalInfo(signo, SI_KERNEL, 0, 0, 0, 0, 0);
  }

  /** From kill(2) or tgkill(2). */
  public static SignalInfo user(int signo, int code, int pid, int uid) {
    return new SignalInfo(signo, code, 0, pair(pid, uid), 0, 0, 0);
  }

  /** With a value: sigqueue(3), message queues. */
  public static SignalInfo queued(int signo, int code, int pid, int uid, long value) {
    return new SignalInfo(signo, code, 0, pair(pid, uid), value, 0, 0);
  }

  /** From a POSIX timer. */
  public static SignalInfo timer(int signo, int timerId, int overrun, long value) {
    return new SignalInfo(signo, SI_TIMER, 0, pair(timerId, overrun), value, 0, 0);
  }

  /**
   * About a child.
   *
   * @param status its exit code or the signal that ended, stopped or continued it
   * @param userTicks CPU time in units of 1/100 s
   */
  public static SignalInfo child(
      int signo, int code, int pid, int uid, int status, long userTicks, long systemTicks) {
    return new SignalInfo(
        signo, code, 0, pair(pid, uid), status & 0xffffffffL, userTicks, systemTicks);
  }

  /** About a fault at an address. */
  public static SignalInfo fault(int signo, int code, long address) {
    return new SignalInfo(signo, code, 0, address, 0, 0, 0);
  }

  /** About a descriptor that became ready (SIGIO). */
  public static SignalInfo poll(int signo, int code, long band, int fd) {
    return new SignalInfo(signo, code, 0, band, fd & 0xffffffffL, 0, 0);
  }

  private static long pair(int low, int high) {
    return (low & 0xffffffffL) | ((long) high << 32);
  }

  /** The sender's pid, or the child's. */
  public int pid() {
    return (int) w0;
  }

  /** The sender's real user, or the child's. */
  public int uid() {
    return (int) (w0 >>> 32);
  }

  /** The child's exit code or signal. */
  public int status() {
    return (int) w1;
  }

  /** The child's user CPU time in units of 1/100 s. */
  public long userTicks() {
    return w2;
  }

  /** The child's system CPU time in units of 1/100 s. */
  public long systemTicks() {
    return w3;
  }

  /** The value that came with a queued signal or a timer's; its low half is {@code sival_int}. */
  public long value() {
    return w1;
  }

  /** The kernel's identifier of a timer. */
  public int timerId() {
    return (int) w0;
  }

  /** How many expirations of a timer had no signal of their own. */
  public int overrun() {
    return (int) (w0 >>> 32);
  }

  /** The address of a fault. */
  public long address() {
    return w0;
  }

  /** The poll events of SIGIO. */
  public long band() {
    return w0;
  }

  /** The descriptor of SIGIO. */
  public int fd() {
    return (int) w1;
  }

  /** Whether an application sent it, as permission checks see it. */
  public boolean fromUser() {
    return code <= 0;
  }

  /** The same for a timer with another overrun count. */
  public SignalInfo withOverrun(int overrun) {
    return new SignalInfo(signo, code, errno, pair(timerId(), overrun), w1, w2, w3);
  }

  /** The {@value #SIZE} bytes of the C structure. */
  public byte[] encode() {
    byte[] bytes = new byte[SIZE];
    encode(ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN), 0);
    return bytes;
  }

  /** Stores the used part of the C structure at {@code at}; what follows must be zero already. */
  void encode(ByteBuffer to, int at) {
    to.putInt(at, signo).putInt(at + 4, errno).putInt(at + 8, code);
    to.putLong(at + 16, w0).putLong(at + 24, w1).putLong(at + 32, w2).putLong(at + 40, w3);
  }

  /**
   * Reads the C structure as an application passes it.
   *
   * @param bytes at least {@link #USED}
   * @param signo the signal, which overrides the one in the structure
   */
  static SignalInfo decode(byte[] bytes, int signo) {
    ByteBuffer from = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    return new SignalInfo(
        signo,
        from.getInt(8),
        from.getInt(4),
        from.getLong(16),
        from.getLong(24),
        from.getLong(32),
        from.getLong(40));
  }
}
