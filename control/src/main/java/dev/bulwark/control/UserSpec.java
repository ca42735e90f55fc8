package dev.bulwark.control;

import java.util.List;

/**
 * Who a process is.
 *
 * @param name {@code USER[:GROUP]}, each a number or a name that the sandbox's /etc/passwd and
 *     /etc/group know; empty when the numbers count
 * @param uid user, an unsigned 32-bit number
 * @param gid group, an unsigned 32-bit number
 * @param additionalGids supplementary groups
 * @param umask of the process, 0 to 0777
 */
public record UserSpec(String name, int uid, int gid, List<Integer> additionalGids, int umask) {
  /** What processes start with unless told otherwise. */
  public static final int DEFAULT_UMASK = 022;

  /** Makes the list immutable. */
  public UserSpec {
    additionalGids = List.copyOf(additionalGids);
  }

  /** A user to be looked up inside; root when empty. */
  public static UserSpec named(String name) {
    return new UserSpec(name.isEmpty() ? "0" : name, 0, 0, List.of(), DEFAULT_UMASK);
  }

  void encode(WireWriter to) {
    to.string(name).number(uid).number(gid).number(umask).number(additionalGids.size());
    additionalGids.forEach(to::number);
  }

  static UserSpec decode(WireReader from) throws MalformedException {
    String name = from.string();
    int uid = from.integer();
    int gid = from.integer();
    int umask = from.integer();
    return new UserSpec(name, uid, gid, from.list(8, WireReader::integer), umask);
  }
}
