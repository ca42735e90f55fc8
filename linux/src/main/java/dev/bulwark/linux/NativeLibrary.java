package dev.bulwark.linux;

/** The native library of this module, loaded once. */
final class NativeLibrary {
  private NativeLibrary() {}

  /**
   * Loads the library, if it is not loaded yet.
   *
   * @throws UnsatisfiedLinkError when the property {@code java.library.path} names no directory
   *     with it
   */
  static void load() {
    System.loadLibrary("bulwark");
  }
}
