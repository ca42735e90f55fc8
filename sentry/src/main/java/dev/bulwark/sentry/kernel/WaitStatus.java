package dev.bulwark.sentry.kernel;

/** What became of a process, as wait4(2) and waitid(2) tell it. */
public sealed interface WaitStatus {

  /** It called exit_group(2) with a code of 0 to 255. */
  record Exited(int code) implements WaitStatus {
    @Override
    public int encoded() {
      return (code & 0xff) << 8;
    }
  }

  /** A signal ended it, perhaps with a core dump. */
  record Signalled(int signal, boolean coreDumped) implements WaitStatus {
    @Override
    public int encoded() {
      return signal | (coreDumped ? 0x80 : 0);
    }
  }

  /** A signal stopped it. */
  record Stopped(int signal) implements WaitStatus {
    @Override
    public int encoded() {
      return signal << 8 | 0x7f;
    }
  }

  /** SIGCONT made it go on. */
  record Continued() implements WaitStatus {
    @Override
    public int encoded() {
      return 0xffff;
    }
  }

  /** The {@code int} that wait4(2) stores. */
  int encoded();
}
