package dev.bulwark.sentry.kernel;

/** What uname(2) tells: the names of the system and of the sandbox's host. Thread-safe. */
public final class UtsNames {
  /** The most bytes of a name (__NEW_UTS_LEN). */
  public static final int LENGTH = 64;

  /** The name of the operating system. */
  public static final String SYSTEM = "Linux";

  /** The release of Linux that the Sentry follows; its own name tells it apart. */
  public static final String RELEASE = "6.1.0-bulwark";

  /** What stands for the build of the kernel. */
  public static final String VERSION = "#1 SMP PREEMPT_DYNAMIC Bulwark";

  /** The kind of machine. */
  public static final String MACHINE = "x86_64";

  private volatile String host = "bulwark";
  private volatile String domain = "(none)";

  /** Those of a sandbox that was not given any. */
  public UtsNames() {}

  /** The name of the host, a byte string. */
  public String host() {
    return host;
  }

  /** Replaces the host's name; at most {@link #LENGTH} bytes. */
  public void setHost(String name) {
    host = name;
  }

  /** The NIS domain, a byte string. */
  public String domain() {
    return domain;
  }

  /** Replaces the domain's name; at most {@link #LENGTH} bytes. */
  public void setDomain(String name) {
    domain = name;
  }
}
