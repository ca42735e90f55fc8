package dev.bulwark.runtime;

/** What this build calls itself, in the form that container engines read from {@code --version}. */
public final class Version {
  /** The release. */
  public static final String NUMBER = "0.1.0";

  /** The release of the OCI runtime specification that the runtime follows. */
  public static final String SPECIFICATION = "1.2.0";

  private Version() {}
}
