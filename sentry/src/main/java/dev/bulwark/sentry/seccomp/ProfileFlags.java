package dev.bulwark.sentry.seccomp;

import java.util.List;

/** The flags of a container's profile ({@code linux.seccomp.flags}). */
final class ProfileFlags {
  private static final String LOG = "SECCOMP_FILTER_FLAG_LOG";

  private ProfileFlags() {}

  /**
   * Whether verdicts are to be logged. The other flags that are accepted change nothing: there is
   * one task when the profile is set, and speculation is the host's.
   *
   * @throws IllegalArgumentException for a flag that cannot be fulfilled
   */
  static boolean logged(List<String> flags) {
    boolean logged = false;
    for (String flag : flags) {
      switch (flag) {
        case LOG -> logged = true;
        case "SECCOMP_FILTER_FLAG_TSYNC", "SECCOMP_FILTER_FLAG_SPEC_ALLOW" -> {}
        default ->
            throw new IllegalArgumentException(
                "linux.seccomp.flags: "
                    + flag
                    + " is not supported; remove it from the container's seccomp profile");
      }
    }
    return logged;
  }
}
