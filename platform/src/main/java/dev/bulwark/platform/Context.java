package dev.bulwark.platform;

import java.io.IOException;

/**
 * One application thread as the platform sees it. All methods but {@link #kick} and {@link
 * #cpuTimeNanos} belong to the thread that runs the context.
 */
public interface Context extends AutoCloseable {

  /**
   * Lets the application go on with {@link #registers} until something happens. Returns {@link
   * Event#KICKED} at once, without running the application, when a kick is pending.
   */
  Event run();

  /**
   * The registers, valid and writable between two runs. After a system call that did not trap it
   * costs another order to the thread; {@link #argument} and {@link #setResult} cost nothing.
   */
  Registers registers();

  /**
   * The number of the system call behind {@link Event#SYSCALL}. rax holds the same; it is kept
   * apart because restarting a call needs it after rax was overwritten.
   */
  long syscallNumber();

  /** An argument of the system call behind {@link Event#SYSCALL}: 0 to 5. */
  default long argument(int index) {
    return registers()
        .get(
            switch (index) {
              case 0 -> Registers.RDI;
              case 1 -> Registers.RSI;
              case 2 -> Registers.RDX;
              case 3 -> Registers.R10;
              case 4 -> Registers.R8;
              default -> Registers.R9;
            });
  }

  /** Says what a system call gave; spares asking for the {@link #registers}. */
  default void setResult(long result) {
    registers().set(Registers.RAX, result);
  }

  /**
   * Says that the answer to the system call behind {@link Event#SYSCALL} will take time, because
   * the calling thread is about to sleep: the application's need not look out for it.
   */
  default void waits() {}

  /** The instruction pointer, which is behind the system call after {@link Event#SYSCALL}. */
  default long instructionPointer() {
    return registers().rip();
  }

  /**
   * The return address of a call site that has trapped so often that {@link CallSites} are worth a
   * look, once; 0 most of the time.
   */
  default long hotCallSite() {
    return 0;
  }

  /**
   * Says what getpid(2) and gettid(2) answer, so that the platform may answer them itself. Any
   * thread may say it.
   *
   * @param pid at least 1, or 0 when every call shall be seen
   */
  default void setIdentity(int pid, int tid) {}

  /** What happened, after {@link Event#FAULT}. The object is reused by the next fault. */
  Fault fault();

  /**
   * Copies the XSAVE image of the stopped thread, in the form a Linux signal frame holds, to {@code
   * to[0..]}.
   */
  void readFpState(byte[] to);

  /**
   * Replaces the XSAVE image. The header and the software-reserved bytes are checked against what
   * this host uses; reserved bits are cleared.
   *
   * @return false when {@code from} is no image that the processor would load; nothing is changed
   *     then
   */
  boolean writeFpState(byte[] from);

  /** Puts the floating-point state to what a fresh program gets. */
  void resetFpState();

  /**
   * Makes the current or the next {@link #run} return {@link Event#KICKED} soon, unless another
   * event comes first. Any thread may call it; several kicks before a return count as one.
   */
  void kick();

  /**
   * CPU time that the application itself has used in this context, in nanoseconds, as of the last
   * {@link #sampleCpuTime}. Any thread may ask.
   */
  long cpuTimeNanos();

  /** Measures {@link #cpuTimeNanos} and returns it; the context must be stopped. */
  long sampleCpuTime();

  /**
   * Says what the tools of the host call the thread; without effect on a platform that cannot. The
   * context must be stopped.
   *
   * @param name a byte string, of which 15 bytes count
   */
  void setName(String name);

  /** The address space in which the context runs. */
  AddressSpace addressSpace();

  /**
   * Starts another host thread in the same address space; its registers are copied from this
   * context's, its floating-point state too. This context must be stopped.
   *
   * @throws IOException when the host refuses another thread
   */
  Context newThread() throws IOException;

  /**
   * Copies the floating-point state of a stopped context of any address space of the same platform.
   */
  void copyFpState(Context from);

  /**
   * Ends the thread, of which the platform may make another one. Every context must be closed, also
   * when its stub is dead; it is not to be used afterwards. The last context's address space stays
   * until it is closed itself.
   */
  @Override
  void close();
}
