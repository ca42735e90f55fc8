package dev.bulwark.linux;

/** Functions of the host's libc that return an int. Thread-safe as far as the function is. */
final class LibraryFunction {
  static {
    NativeLibrary.load();
  }

  private final long address;

  /**
   * A function by its name.
   *
   * @throws UnsatisfiedLinkError when libc has none of that name
   */
  LibraryFunction(String name) {
    try (Scratch scratch = Scratch.take()) {
      address = find(scratch.name(name));
    }
    if (address == 0) {
      throw new UnsatisfiedLinkError("libc has no function " + name);
    }
  }

  /** Calls it with three arguments: integers, or addresses that are valid until it returns. */
  int call(long a, long b, long c) {
    return invoke(address, a, b, c, 0, 0, 0);
  }

  /** Calls it with six arguments. */
  int call(long a, long b, long c, long d, long e, long f) {
    return invoke(address, a, b, c, d, e, f);
  }

  private static native long find(long name);

  private static native int invoke(long address, long a, long b, long c, long d, long e, long f);
}
