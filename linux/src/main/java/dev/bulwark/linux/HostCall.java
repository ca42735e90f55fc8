package dev.bulwark.linux;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;

/**
 * System calls of the host kernel, as raw as the hardware makes them.
 *
 * <p>Every method takes the call's number ({@link Sys}) and up to six arguments, and returns what
 * the kernel left in {@code rax}: a result, or an errno negated (-1 to -4095). Nothing is thrown
 * for a failing call. The calls go through twenty-seven bytes of machine code made at class
 * initialisation, because libc's {@code syscall} would report errors in a thread-local that Java
 * can only capture at a cost.
 *
 * <p>All methods are safe for use by several threads. {@link #call} may block; {@link #quick} keeps
 * the thread in Java state for the garbage collector, so it must only be used for calls that cannot
 * block.
 */
public final class HostCall {
  private static final long PROT_READ_WRITE = 3;
  private static final long PROT_READ_EXEC = 5;
  private static final long MAP_PRIVATE_ANONYMOUS = 0x22;
  private static final long PAGE = 4096;

  /** Moves the C argument registers one place down into those of a system call, and makes it. */
  private static final byte[] TRAMPOLINE = {
    0x48,
    (byte) 0x89,
    (byte) 0xf8, // mov %rdi,%rax
    0x48,
    (byte) 0x89,
    (byte) 0xf7, // mov %rsi,%rdi
    0x48,
    (byte) 0x89,
    (byte) 0xd6, // mov %rdx,%rsi
    0x48,
    (byte) 0x89,
    (byte) 0xca, // mov %rcx,%rdx
    0x4d,
    (byte) 0x89,
    (byte) 0xc2, // mov %r8,%r10
    0x4d,
    (byte) 0x89,
    (byte) 0xc8, // mov %r9,%r8
    0x4c,
    (byte) 0x8b,
    0x4c,
    0x24,
    0x08, // mov 8(%rsp),%r9
    0x0f,
    0x05, // syscall
    (byte) 0xc3 // ret
  };

  private static final MethodHandle CALL;
  private static final MemorySegment CODE;
  private static final FunctionDescriptor SEVEN =
      FunctionDescriptor.of(
          JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG);

  static {
    CODE = executable();
    CALL = Linker.nativeLinker().downcallHandle(CODE, SEVEN);
  }

  /** Apart, because processes that never use it should not pay for linking it. */
  private static final class Quick {
    static final MethodHandle HANDLE =
        Linker.nativeLinker().downcallHandle(CODE, SEVEN, Linker.Option.critical(false));

    private Quick() {}
  }

  private HostCall() {}

  /**
   * Makes the trampoline's page. libc's functions are called through the same seven longs as the
   * trampoline: registers they do not look at cost nothing, a further method type would cost some
   * milliseconds of every start.
   */
  private static MemorySegment executable() {
    try {
      MethodHandle mmap = function("mmap");
      MethodHandle mprotect = function("mprotect");
      long address =
          (long) mmap.invokeExact(0L, PAGE, PROT_READ_WRITE, MAP_PRIVATE_ANONYMOUS, -1L, 0L, 0L);
      if (address == -1L) {
        throw new IllegalStateException("mmap of one page for the system-call trampoline failed");
      }
      MemorySegment page = MemorySegment.ofAddress(address).reinterpret(PAGE);
      MemorySegment.copy(TRAMPOLINE, 0, page, JAVA_BYTE, 0, TRAMPOLINE.length);
      long refused = (long) mprotect.invokeExact(address, PAGE, PROT_READ_EXEC, 0L, 0L, 0L, 0L);
      if ((int) refused != 0) {
        throw new IllegalStateException(
            "the host refuses executable memory for the system-call trampoline (mprotect to r-x failed)");
      }
      return page;
    } catch (RuntimeException | Error e) {
      throw e;
    } catch (Throwable t) {
      throw new IllegalStateException(t);
    }
  }

  /**
   * A function of libc, to be invoked with exactly seven longs: its own arguments and then zeroes.
   * All functions share this type for the reason that {@link #executable} gives.
   */
  static MethodHandle function(String name) {
    Linker linker = Linker.nativeLinker();
    return linker.downcallHandle(linker.defaultLookup().find(name).orElseThrow(), SEVEN);
  }

  /** A call with no argument that may block. */
  public static long call(long nr) {
    return call(nr, 0, 0, 0, 0, 0, 0);
  }

  /** A call with one argument that may block. */
  public static long call(long nr, long a) {
    return call(nr, a, 0, 0, 0, 0, 0);
  }

  /** A call with two arguments that may block. */
  public static long call(long nr, long a, long b) {
    return call(nr, a, b, 0, 0, 0, 0);
  }

  /** A call with three arguments that may block. */
  public static long call(long nr, long a, long b, long c) {
    return call(nr, a, b, c, 0, 0, 0);
  }

  /** A call with four arguments that may block. */
  public static long call(long nr, long a, long b, long c, long d) {
    return call(nr, a, b, c, d, 0, 0);
  }

  /** A call with five arguments that may block. */
  public static long call(long nr, long a, long b, long c, long d, long e) {
    return call(nr, a, b, c, d, e, 0);
  }

  /** A call with six arguments that may block. */
  public static long call(long nr, long a, long b, long c, long d, long e, long f) {
    try {
      return (long) CALL.invokeExact(nr, a, b, c, d, e, f);
    } catch (Throwable t) {
      throw new AssertionError(t);
    }
  }

  /**
   * A call with three arguments that never blocks: cheaper by a few nanoseconds, but no safepoint
   * can pass it.
   */
  public static long quick(long nr, long a, long b, long c) {
    return quick(nr, a, b, c, 0, 0, 0);
  }

  /** A call with six arguments that never blocks; see {@link #quick(long, long, long, long)}. */
  public static long quick(long nr, long a, long b, long c, long d, long e, long f) {
    try {
      return (long) Quick.HANDLE.invokeExact(nr, a, b, c, d, e, f);
    } catch (Throwable t) {
      throw new AssertionError(t);
    }
  }

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
