package dev.bulwark.control;

/** How the Sentry is to get hold of the application's system calls. */
public enum PlatformChoice {
  /** The fastest one that works on this host. */
  AUTO("auto"),
  /** Seccomp filters that trap, and call sites that are changed so that they do not. */
  SYSTRAP("systrap"),
  /** The host's ptrace(2): some ten times slower, and the simplest to reason about. */
  PTRACE("ptrace");

  private final String word;

  PlatformChoice(String word) {
    this.word = word;
  }

  /** The name that people use. */
  public String word() {
    return word;
  }

  /**
   * The choice of a name.
   *
   * @throws IllegalArgumentException when there is no such platform, with a sentence for people
   *     that lacks what was set to the name
   */
  public static PlatformChoice of(String name) {
    for (PlatformChoice choice : values()) {
      if (choice.word.equals(name)) {
        return choice;
      }
    }
    throw new IllegalArgumentException(
        name.equals("kvm")
            ? "kvm is not built yet: take auto, systrap or ptrace"
            : "is auto, systrap or ptrace, not '" + name + "'");
  }
}
