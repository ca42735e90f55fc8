package dev.bulwark.sentry.signal;

/** Signal numbers of Linux on x86-64, their names and default actions (signal(7)). */
public final class Signals {
  /** Terminal hung up. */
  public static final int SIGHUP = 1;

  /** Interrupt from the terminal. */
  public static final int SIGINT = 2;

  /** Quit from the terminal. */
  public static final int SIGQUIT = 3;

  /** Illegal instruction. */
  public static final int SIGILL = 4;

  /** Breakpoint or trace trap. */
  public static final int SIGTRAP = 5;

  /** From abort(3). */
  public static final int SIGABRT = 6;

  /** Access that the memory behind a mapping refuses. */
  public static final int SIGBUS = 7;

  /** Arithmetic exception. */
  public static final int SIGFPE = 8;

  /** Ends a process for certain. */
  public static final int SIGKILL = 9;

  /** Free for applications. */
  public static final int SIGUSR1 = 10;

  /** Access outside of mappings or against their protection. */
  public static final int SIGSEGV = 11;

  /** Free for applications. */
  public static final int SIGUSR2 = 12;

  /** Write to a pipe or socket that nobody reads. */
  public static final int SIGPIPE = 13;

  /** Timer of alarm(2). */
  public static final int SIGALRM = 14;

  /** Polite request to end. */
  public static final int SIGTERM = 15;

  /** Coprocessor stack fault; never sent by the kernel. */
  public static final int SIGSTKFLT = 16;

  /** A child ended, stopped or went on. */
  public static final int SIGCHLD = 17;

  /** Lets a stopped process go on. */
  public static final int SIGCONT = 18;

  /** Stops a process for certain. */
  public static final int SIGSTOP = 19;

  /** Stop from the terminal. */
  public static final int SIGTSTP = 20;

  /** Read from the terminal by a background process. */
  public static final int SIGTTIN = 21;

  /** Write to the terminal by a background process. */
  public static final int SIGTTOU = 22;

  /** Urgent data on a socket. */
  public static final int SIGURG = 23;

  /** CPU time limit reached. */
  public static final int SIGXCPU = 24;

  /** File size limit reached. */
  public static final int SIGXFSZ = 25;

  /** Virtual interval timer. */
  public static final int SIGVTALRM = 26;

  /** Profiling interval timer. */
  public static final int SIGPROF = 27;

  /** Size of the terminal changed. */
  public static final int SIGWINCH = 28;

  /** Input or output became possible. */
  public static final int SIGIO = 29;

  /** Power failure. */
  public static final int SIGPWR = 30;

  /** Bad system call. */
  public static final int SIGSYS = 31;

  /** The first real-time signal; those from here on are queued one by one. */
  public static final int RTMIN = 32;

  /** The highest signal number. */
  public static final int MAX = 64;

  private static final String[] NAMES = {
    "0",
    "SIGHUP",
    "SIGINT",
    "SIGQUIT",
    "SIGILL",
    "SIGTRAP",
    "SIGABRT",
    "SIGBUS",
    "SIGFPE",
    "SIGKILL",
    "SIGUSR1",
    "SIGSEGV",
    "SIGUSR2",
    "SIGPIPE",
    "SIGALRM",
    "SIGTERM",
    "SIGSTKFLT",
    "SIGCHLD",
    "SIGCONT",
    "SIGSTOP",
    "SIGTSTP",
    "SIGTTIN",
    "SIGTTOU",
    "SIGURG",
    "SIGXCPU",
    "SIGXFSZ",
    "SIGVTALRM",
    "SIGPROF",
    "SIGWINCH",
    "SIGIO",
    "SIGPWR",
    "SIGSYS"
  };

  private Signals() {}

  /** What a signal does to a process that has set nothing. */
  public enum DefaultAction {
    /** Ends the process. */
    TERMINATE,
    /** Ends the process, with a core dump where the limits admit one. */
    CORE,
    /** Nothing. */
    IGNORE,
    /** Stops the process. */
    STOP,
    /** Lets a stopped process go on; nothing otherwise. */
    CONTINUE
  }

  /** Whether a number is that of a signal: 1 to 64. */
  public static boolean valid(int signal) {
    return signal >= 1 && signal <= MAX;
  }

  /** What a signal does by default. */
  public static DefaultAction defaultAction(int signal) {
    return switch (signal) {
      case SIGCHLD, SIGURG, SIGWINCH -> DefaultAction.IGNORE;
      case SIGCONT -> DefaultAction.CONTINUE;
      case SIGSTOP, SIGTSTP, SIGTTIN, SIGTTOU -> DefaultAction.STOP;
      case SIGQUIT, SIGILL, SIGTRAP, SIGABRT, SIGBUS, SIGFPE, SIGSEGV, SIGXCPU, SIGXFSZ, SIGSYS ->
          DefaultAction.CORE;
      default -> DefaultAction.TERMINATE;
    };
  }

  /** The name in the headers; real-time signals as strace prints them, {@code SIGRT_0} upwards. */
  public static String name(int signal) {
    if (signal >= RTMIN && signal <= MAX) {
      return "SIGRT_" + (signal - RTMIN);
    }
    return signal > 0 && signal < RTMIN ? NAMES[signal] : Integer.toString(signal);
  }
}
