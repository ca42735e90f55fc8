package dev.bulwark.linux;

/** The names of the host, or of a UTS namespace of it. Thread-safe. */
public final class HostNames {
  private static final long CLONE_NEWUTS = 0x04000000L;
  private static final String HOSTNAME = "/proc/sys/kernel/hostname";
  private static final String DOMAINNAME = "/proc/sys/kernel/domainname";
  private static final String NO_DOMAIN = "(none)";
  private static final int LONGEST = 256;

  private HostNames() {}

  /**
   * Both names.
   *
   * @param host byte string
   * @param domain byte string; empty for none
   */
  public record Names(String host, String domain) {}

  /** The names of the namespace that this process is in. */
  public static Names own() throws HostException {
    String domain = HostIo.text(DOMAINNAME, LONGEST).strip();
    return new Names(
        HostIo.text(HOSTNAME, LONGEST).strip(), domain.equals(NO_DOMAIN) ? "" : domain);
  }

  /**
   * The names of another namespace.
   *
   * @param path of the namespace's file
   * @throws HostException ENOENT, EINVAL when it is no UTS namespace, EPERM
   */
  public static Names of(String path) throws HostException {
    int fd = HostIo.open(path, 0, 0);
    Names[] names = new Names[1];
    HostException[] failure = new HostException[1];
    // A thread has a namespace of its own, and ends with it.
    Thread thread =
        Thread.ofPlatform()
            .start(
                () -> {
                  try {
                    HostCall.check(
                        HostCall.call(Sys.SETNS, fd, CLONE_NEWUTS),
                        "joining the UTS namespace " + path);
                    names[0] = own();
                  } catch (HostException e) {
                    failure[0] = e;
                  }
                });
    try {
      thread.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    HostIo.close(fd);
    if (failure[0] != null) {
      throw failure[0];
    }
    return names[0] == null ? own() : names[0];
  }
}
