package dev.bulwark.linux;

/**
 * System calls of the host kernel, as raw as the hardware makes them.
 *
 * <p>Every method takes the call's number ({@link Sys}) and up to six arguments, and returns what
 * the kernel left in {@code rax}: a result, or an errno negated (-1 to -4095). Nothing is thrown
 * for a failing call. The calls go through a native library of a few instructions, {@code
 * libbulwark.so}, which {@code java.library.path} must name the directory of: libc's {@code
 * syscall} would report errors in a thread-local that Java can only capture at a cost, and linking
 * through {@code java.lang.foreign} costs each JVM 40 ms of its start.
 *
 * <p>All methods are safe for use by several threads, and may block.
 */
public final class HostCall {
  static {
    NativeLibrary.load();
  }

  private HostCall() {}

  /** A call with no argument. */
  public static long call(long nr) {
    return call(nr, 0, 0, 0, 0, 0, 0);
  }

  /** A call with one argument. */
  public static long call(long nr, long a) {
    return call(nr, a, 0, 0, 0, 0, 0);
  }

  /** A call with two arguments. */
  public static long call(long nr, long a, long b) {
    return call(nr, a, b, 0, 0, 0, 0);
  }

  /** A call with three arguments. */
  public static long call(long nr, long a, long b, long c) {
    return call(nr, a, b, c, 0, 0, 0);
  }

  /** A call with four arguments. */
  public static long call(long nr, long a, long b, long c, long d) {
    return call(nr, a, b, c, d, 0, 0);
  }

  /** A call with five arguments. */
  public static long call(long nr, long a, long b, long c, long d, long e) {
    return call(nr, a, b, c, d, e, 0);
  }

  /** A call with six arguments. */
  public static native long call(long nr, long a, long b, long c, long d, long e, long f);

  /** Whether a raw result reports an error, that is, lies in -4095..-1. */
  public static boolean failed(long result) {
    return result < 0 && result >= -4095;
  }

  /**
   * Passes a good result on and turns a failed one into an exception.
   *
   * @param what what was tried and on what, to stand at the head of the message
   * @throws HostException when {@code result} is an errno negated
   */
  public static long check(long result, String what) throws HostException {
    if (failed(result)) {
      throw new HostException(what, (int) -result);
    }
    return result;
  }
}
