package dev.bulwark.runtime.oci;

import org.jspecify.annotations.Nullable;

/**
 * A namespace that the container gets.
 *
 * @param type its kind
 * @param path an absolute path of the host, of a namespace to join; empty for a new one
 */
public record Namespace(Type type, String path) {
  /** The kinds of namespaces(7). */
  public enum Type {
    /** Process numbers. */
    PID("pid"),
    /** Interfaces, addresses, ports. */
    NETWORK("network"),
    /** Mounts. */
    MOUNT("mount"),
    /** System V IPC and POSIX message queues. */
    IPC("ipc"),
    /** Names of host and domain. */
    UTS("uts"),
    /** User and group numbers. */
    USER("user"),
    /** The root of cgroups. */
    CGROUP("cgroup"),
    /** Offsets of clocks. */
    TIME("time");

    private final String word;

    Type(String word) {
      this.word = word;
    }

    /** Its name in documents. */
    public String word() {
      return word;
    }

    /** The kind of that name in documents; null when there is none. */
    public static @Nullable Type of(String word) {
      for (Type type : values()) {
        if (type.word.equals(word)) {
          return type;
        }
      }
      return null;
    }
  }
}
