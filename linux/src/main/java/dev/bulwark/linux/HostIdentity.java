package dev.bulwark.linux;

import java.util.function.LongSupplier;

/**
 * A user and groups of the host as whom a call can be made. Credentials are a thread's own for the
 * kernel, so others of this process keep theirs.
 *
 * @param user a user id
 * @param group a group id
 * @param groups supplementary groups, of which {@link #MAX_GROUPS} count; not to be changed
 */
@SuppressWarnings("ArrayRecordComponent") // compared by nobody
public record HostIdentity(int user, int group, int[] groups) {
  /** How many supplementary groups count. */
  public static final int MAX_GROUPS = 256;

  private static final int SOL_SOCKET = 1;
  private static final int SCM_CREDENTIALS = 2;
  private static final int HEADER = 16;
  private static final int CREDENTIALS = 12;

  /** Whether user and group are those that this thread works as. */
  public boolean own() {
    return HostCall.call(Sys.GETEUID) == Integer.toUnsignedLong(user)
        && HostCall.call(Sys.GETEGID) == Integer.toUnsignedLong(group);
  }

  /**
   * Makes a call as this user, on a thread that ends with it unless it is the own one.
   *
   * @return what the call returned; EPERM negated when this process may not become the user
   */
  public long call(LongSupplier call) {
    if (own()) {
      return call.getAsLong();
    }
    long[] result = new long[1];
    Thread thread =
        Thread.ofPlatform()
            .name("as-user-" + Integer.toUnsignedString(user))
            .start(
                () -> {
                  long refused = become();
                  result[0] = refused < 0 ? refused : call.getAsLong();
                });
    boolean interrupted = false;
    while (thread.isAlive()) {
      try {
        thread.join();
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
    return result[0];
  }

  private long become() {
    try (Scratch scratch = Scratch.take()) {
      int count = Math.min(groups.length, MAX_GROUPS);
      for (int i = 0; i < count; i++) {
        scratch.data.putInt(Integer.BYTES * i, groups[i]);
      }
      long r = HostCall.call(Sys.SETGROUPS, count, scratch.data.address());
      r = r < 0 ? r : HostCall.call(Sys.SETRESGID, group, group, group);
      return r < 0 ? r : HostCall.call(Sys.SETRESUID, user, user, user);
    }
  }

  /** Ancillary data (SCM_CREDENTIALS) that say who sends, of this process. */
  public byte[] credentials() {
    try (Scratch scratch = Scratch.take()) {
      NativeMemory data = scratch.struct;
      data.fill(0, HEADER + CREDENTIALS + 4, (byte) 0);
      data.putInt(0, HEADER + CREDENTIALS);
      data.putInt(8, SOL_SOCKET);
      data.putInt(12, SCM_CREDENTIALS);
      data.putInt(HEADER, (int) HostCall.call(Sys.GETPID));
      data.putInt(HEADER + 4, user);
      data.putInt(HEADER + 8, group);
      return data.get(0, HEADER + CREDENTIALS + 4);
    }
  }
}
