package dev.bulwark.tests;

/**
 * How a command ended. Output is a byte string: one char a byte, ISO-8859-1.
 *
 * @param exitCode 128 and the signal's number when a signal killed it
 * @param out standard output
 * @param err standard error
 */
public record Result(int exitCode, String out, String err) {

  /** The same, or a failure of the test that shows what was printed. */
  public Result expect(int expectedCode) {
    if (exitCode != expectedCode) {
      throw new AssertionError(
          "exit code " + exitCode + " instead of " + expectedCode + "\n" + this);
    }
    return this;
  }

  @Override
  public String toString() {
    return "exit code " + exitCode + "\n--- output\n" + out + "\n--- errors\n" + err;
  }
}
