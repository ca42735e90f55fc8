package dev.bulwark.sentry.auth;

/**
 * The identities and capabilities of a task at one moment (credentials(7), capabilities(7)).
 * Immutable: a change makes a new object, so that a check works on one consistent state.
 *
 * @param uid real, {@code euid} effective, {@code suid} saved, {@code fsuid} file-system user
 * @param gid real, {@code egid} effective, {@code sgid} saved, {@code fsgid} file-system group
 * @param groups supplementary groups; not to be changed
 * @param permitted capability sets as bit masks over {@link Capability} numbers
 * @param securebits the bits of prctl(PR_SET_SECUREBITS)
 */
@SuppressWarnings("ArrayRecordComponent") // compared by nobody; a list would box every group
public record Credentials(
    int uid,
    int euid,
    int suid,
    int fsuid,
    int gid,
    int egid,
    int sgid,
    int fsgid,
    int[] groups,
    long permitted,
    long effective,
    long inheritable,
    long bounding,
    long ambient,
    int securebits) {

  /** A user with one primary group; root (0) gets every capability of {@code bounding}. */
  public static Credentials of(int uid, int gid, int[] groups, long bounding) {
    long capabilities = uid == 0 ? bounding : 0;
    return new Credentials(
        uid,
        uid,
        uid,
        uid,
        gid,
        gid,
        gid,
        gid,
        groups,
        capabilities,
        capabilities,
        0,
        bounding,
        0,
        0);
  }

  /** Whether a capability is effective. */
  public boolean has(int capability) {
    return (effective >>> capability & 1) != 0;
  }

  /** Whether a group is the file-system group or a supplementary one. */
  public boolean inGroup(int group) {
    if (group == fsgid) {
      return true;
    }
    for (int member : groups) {
      if (member == group) {
        return true;
      }
    }
    return false;
  }

  /** The same with other user identities. */
  public Credentials withUsers(int real, int effectiveUser, int saved, int fileSystem) {
    return new Credentials(
        real,
        effectiveUser,
        saved,
        fileSystem,
        gid,
        egid,
        sgid,
        fsgid,
        groups,
        permitted,
        effective,
        inheritable,
        bounding,
        ambient,
        securebits);
  }

  /** The same with other group identities. */
  public Credentials withGroups(int real, int effectiveGroup, int saved, int fileSystem) {
    return new Credentials(
        uid,
        euid,
        suid,
        fsuid,
        real,
        effectiveGroup,
        saved,
        fileSystem,
        groups,
        permitted,
        effective,
        inheritable,
        bounding,
        ambient,
        securebits);
  }

  /** The same with other supplementary groups. */
  public Credentials withSupplementary(int[] supplementary) {
    return new Credentials(
        uid,
        euid,
        suid,
        fsuid,
        gid,
        egid,
        sgid,
        fsgid,
        supplementary,
        permitted,
        effective,
        inheritable,
        bounding,
        ambient,
        securebits);
  }

  /** The same with other capability sets. */
  public Credentials withCapabilities(
      long newPermitted,
      long newEffective,
      long newInheritable,
      long newBounding,
      long newAmbient) {
    return new Credentials(
        uid,
        euid,
        suid,
        fsuid,
        gid,
        egid,
        sgid,
        fsgid,
        groups,
        newPermitted,
        newEffective,
        newInheritable,
        newBounding,
        newAmbient,
        securebits);
  }

  /** The same with other secure bits. */
  public Credentials withSecurebits(int bits) {
    return new Credentials(
        uid,
        euid,
        suid,
        fsuid,
        gid,
        egid,
        sgid,
        fsgid,
        groups,
        permitted,
        effective,
        inheritable,
        bounding,
        ambient,
        bits);
  }
}
