package dev.bulwark.platform;

/**
 * A hardware exception of the application, as the host kernel reported it to the stub. Values come
 * from the stub and are only good for answering the application itself.
 */
public final class Fault {
  /** The signal the exception maps to: SIGSEGV, SIGBUS, SIGFPE, SIGILL or SIGTRAP. */
  public int signal;

  /** The {@code si_code} that the host gave. */
  public int code;

  /** The address of the access or instruction ({@code si_addr}). */
  public long address;

  /** The hardware error code; for a page fault bit 1 says write, bit 4 instruction fetch. */
  public long errorCode;

  /** The exception's vector, 14 for a page fault. */
  public long trapNumber;

  /** A holder to be filled by {@link Context#fault}. */
  public Fault() {}

  /** Whether a page fault was caused by a write. */
  public boolean write() {
    return (errorCode & 2) != 0;
  }

  /** Whether a page fault was caused by fetching an instruction. */
  public boolean execute() {
    return (errorCode & 16) != 0;
  }
}
