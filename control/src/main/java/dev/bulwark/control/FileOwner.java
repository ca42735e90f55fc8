package dev.bulwark.control;

/**
 * Whose a file of the host is, which a Sentry in a user namespace of its own cannot see.
 *
 * @param user its owner
 * @param group its group
 */
public record FileOwner(int user, int group) {
  void encode(WireWriter to) {
    to.number(user).number(group);
  }

  static FileOwner decode(WireReader from) throws MalformedException {
    return new FileOwner(from.integer(), from.integer());
  }
}
