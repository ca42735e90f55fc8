package dev.bulwark.sentry.kernel;

/** The resource limits of a process (getrlimit(2)), shared by its tasks. Thread-safe. */
public final class Limits {
  /** CPU seconds. */
  public static final int CPU = 0;

  /** Largest file, in bytes. */
  public static final int FSIZE = 1;

  /** Data segment, in bytes. */
  public static final int DATA = 2;

  /** Main stack, in bytes. */
  public static final int STACK = 3;

  /** Core file, in bytes. */
  public static final int CORE = 4;

  /** Resident set; Linux does not enforce it. */
  public static final int RSS = 5;

  /** Processes of one user. */
  public static final int NPROC = 6;

  /** One more than the highest descriptor. */
  public static final int NOFILE = 7;

  /** Locked memory, in bytes. */
  public static final int MEMLOCK = 8;

  /** Address space, in bytes. */
  public static final int AS = 9;

  /** File locks; Linux does not enforce it. */
  public static final int LOCKS = 10;

  /** Queued signals of one user. */
  public static final int SIGPENDING = 11;

  /** Bytes in POSIX message queues. */
  public static final int MSGQUEUE = 12;

  /** 20 minus the lowest nice value. */
  public static final int NICE = 13;

  /** Real-time priority. */
  public static final int RTPRIO = 14;

  /** Microseconds of real-time computing without a blocking call. */
  public static final int RTTIME = 15;

  /** How many there are. */
  public static final int COUNT = 16;

  /** No limit. */
  public static final long INFINITY = -1;

  private final long[] soft = new long[COUNT];
  private final long[] hard = new long[COUNT];

  /** What a process gets on a freshly started Linux. */
  public Limits() {
    for (int i = 0; i < COUNT; i++) {
      set(i, INFINITY, INFINITY);
    }
    set(STACK, 8L << 20, INFINITY);
    set(CORE, 0, INFINITY);
    set(NPROC, 32768, 32768);
    set(NOFILE, 1024, 1 << 20);
    set(MEMLOCK, 8L << 20, 8L << 20);
    set(SIGPENDING, 63432, 63432);
    set(MSGQUEUE, 819200, 819200);
    set(NICE, 0, 0);
    set(RTPRIO, 0, 0);
  }

  /** The same limits again, for a child. */
  public synchronized Limits copy() {
    Limits copy = new Limits();
    for (int i = 0; i < COUNT; i++) {
      copy.set(i, soft[i], hard[i]);
    }
    return copy;
  }

  /** The limit in force; {@link #INFINITY} compares as the largest unsigned value. */
  public synchronized long soft(int resource) {
    return soft[resource];
  }

  /** What an unprivileged process may raise the soft limit to. */
  public synchronized long hard(int resource) {
    return hard[resource];
  }

  /** Sets both. */
  public synchronized void set(int resource, long newSoft, long newHard) {
    soft[resource] = newSoft;
    hard[resource] = newHard;
  }

  /** Whether an amount is more than the soft limit admits. */
  public boolean exceeded(int resource, long amount) {
    return Long.compareUnsigned(amount, soft(resource)) > 0;
  }

  /** RLIMIT_NOFILE, cut to what a descriptor table holds. */
  public long descriptors() {
    long limit = soft(NOFILE);
    return limit < 0 ? Integer.MAX_VALUE : limit;
  }
}
