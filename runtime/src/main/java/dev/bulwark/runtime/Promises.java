package dev.bulwark.runtime;

import java.util.List;

/** What SECURITY.md promises of each process of a running sandbox, to be measured against. */
public final class Promises {
  private static final List<String> OWN = List.of("mnt", "pid", "ipc", "uts", "cgroup");

  /** The Sentry. Its network namespace is the container's. */
  public static final Promise SENTRY = new Promise(false, 0, true, with("user"));

  /** The Gofer, whose files belong to root. */
  public static final Promise GOFER =
      new Promise(true, Confinements.FILE_CAPABILITIES, true, with("net"));

  /** What runs an application. */
  public static final Promise STUB = new Promise(false, 0, true, with("user"));

  /** What stubs are cloned from, which runs no application. */
  public static final Promise ZYGOTE = new Promise(false, 0, false, with("user"));

  /**
   * What is promised of a process.
   *
   * @param root whether it may be the host's root
   * @param capabilities that it may have at most
   * @param filter whether all its threads are under a seccomp filter
   * @param namespaces that it shares with nobody outside the sandbox
   */
  public record Promise(boolean root, long capabilities, boolean filter, List<String> namespaces) {}

  private Promises() {}

  private static List<String> with(String other) {
    return java.util.stream.Stream.concat(OWN.stream(), java.util.stream.Stream.of(other)).toList();
  }
}
