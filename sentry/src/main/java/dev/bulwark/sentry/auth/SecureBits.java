package dev.bulwark.sentry.auth;

/**
 * The flags of a task that take root's special rights away (capabilities(7), "The securebits
 * flags"). Each has a second bit, one place higher, that locks it.
 */
public enum SecureBits {
  /** Root gets no capabilities by execve(2). */
  NOROOT(0),
  /** Changes of user identities leave the capabilities alone. */
  NO_SETUID_FIXUP(2),
  /** Capabilities outlive the last identity of root; execve(2) clears it. */
  KEEP_CAPS(4),
  /** No ambient capability can be raised. */
  NO_CAP_AMBIENT_RAISE(6);

  /** The flags without their locks. */
  public static final int ALL = 0x55;

  /** The locks. */
  public static final int ALL_LOCKS = ALL << 1;

  private final int bit;

  SecureBits(int bit) {
    this.bit = bit;
  }

  /** The flag's value. */
  public int mask() {
    return 1 << bit;
  }

  /** The value of the flag's lock. */
  public int lock() {
    return 2 << bit;
  }

  /** Whether credentials have the flag. */
  public boolean isSet(Credentials credentials) {
    return (credentials.securebits() & mask()) != 0;
  }

  /** Whether the flag can no longer change. */
  public boolean isLocked(Credentials credentials) {
    return (credentials.securebits() & lock()) != 0;
  }
}
