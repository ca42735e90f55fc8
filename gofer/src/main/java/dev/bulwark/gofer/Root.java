package dev.bulwark.gofer;

import java.util.List;

/**
 * A file that the server serves, with everything below it when it is a directory.
 *
 * @param fd an open descriptor of it; O_PATH is enough
 * @param readOnly whether nothing may be changed, whatever the host would admit
 * @param shared whether others change it too, so that the client may keep what it heard for a short
 *     time only and can have it watched
 * @param sockets whether the client may connect to sockets in the tree; to a root that is a socket
 *     itself it always may
 */
public record Root(int fd, boolean readOnly, boolean shared, boolean sockets) {

  /** A tree that nobody else changes. */
  public Root(int fd, boolean readOnly) {
    this(fd, readOnly, false, false);
  }

  /**
   * Reads {@code fd=N} with any of {@code ,ro}, {@code ,shared} and {@code ,sockets} after it.
   *
   * @throws IllegalArgumentException with a sentence for people
   */
  static Root parse(String value) {
    List<String> parts = List.of(value.split(",", -1));
    for (String option : parts.subList(1, parts.size())) {
      if (!List.of("ro", "shared", "sockets").contains(option)) {
        throw new IllegalArgumentException("unknown option '" + option + "' of a root");
      }
    }
    return new Root(
        descriptor(parts.getFirst()),
        parts.contains("ro"),
        parts.contains("shared"),
        parts.contains("sockets"));
  }

  /**
   * Reads {@code fd=N}.
   *
   * @throws IllegalArgumentException with a sentence for people
   */
  static int descriptor(String value) {
    try {
      int fd = value.startsWith("fd=") ? Integer.parseInt(value.substring(3)) : -1;
      if (fd >= 0) {
        return fd;
      }
    } catch (NumberFormatException e) {
      // told below
    }
    throw new IllegalArgumentException("'" + value + "' is not of the form fd=NUMBER");
  }
}
