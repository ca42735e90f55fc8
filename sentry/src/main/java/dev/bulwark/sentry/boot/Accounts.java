package dev.bulwark.sentry.boot;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The users and groups that a root file system knows (passwd(5), group(5)), to turn a {@code
 * USER[:GROUP]} into identities. The files are the container's, so lines that make no sense are
 * skipped.
 */
final class Accounts {
  private static final String DEFAULT_HOME = "/";

  private record User(String name, int uid, int gid, String home) {}

  private record Group(String name, int gid, List<String> members) {}

  /**
   * Who the sandbox's init is.
   *
   * @param home what HOME is set to unless the environment has it
   */
  @SuppressWarnings("ArrayRecordComponent") // handed on, compared by nobody
  record Identity(int uid, int gid, int[] groups, String home) {}

  private final List<User> users = new ArrayList<>();
  private final List<Group> groups = new ArrayList<>();

  /** Reads the text of /etc/passwd and /etc/group; empty where there is none. */
  Accounts(String passwd, String group) {
    for (String line : passwd.split("\n", -1)) {
      String[] f = line.split(":", -1);
      int uid = f.length >= 6 ? number(f[2]) : -1;
      int gid = f.length >= 6 ? number(f[3]) : -1;
      if (uid >= 0 && gid >= 0) {
        users.add(new User(f[0], uid, gid, f[5]));
      }
    }
    for (String line : group.split("\n", -1)) {
      String[] f = line.split(":", -1);
      int gid = f.length >= 4 ? number(f[2]) : -1;
      if (gid >= 0) {
        groups.add(new Group(f[0], gid, List.of(f[3].split(",", -1))));
      }
    }
  }

  /**
   * Looks {@code USER[:GROUP]} up: names first, then numbers, which need not be known. Without a
   * group the user's own applies, with all that list it as a member.
   *
   * @param asked empty for root
   * @return null when a name is not known
   */
  @Nullable Identity find(String asked) {
    int colon = asked.indexOf(':');
    String userName = colon < 0 ? asked : asked.substring(0, colon);
    User user = user(userName.isEmpty() ? "0" : userName);
    if (user == null) {
      return null;
    }
    if (colon >= 0) {
      int gid = group(asked.substring(colon + 1));
      return gid < 0 ? null : new Identity(user.uid, gid, new int[0], user.home);
    }
    int[] supplementary =
        groups.stream()
            .filter(g -> g.members.contains(user.name) && g.gid != user.gid)
            .mapToInt(Group::gid)
            .toArray();
    return new Identity(user.uid, user.gid, supplementary, user.home);
  }

  /** An identity by its numbers, with the home of the user if that is known. */
  Identity numbered(int uid, int gid, int[] groups) {
    for (User user : users) {
      if (user.uid == uid) {
        return new Identity(uid, gid, groups, user.home);
      }
    }
    return new Identity(uid, gid, groups, DEFAULT_HOME);
  }

  private @Nullable User user(String name) {
    int uid = number(name);
    for (User user : users) {
      if (user.name.equals(name) || user.uid == uid) {
        return user;
      }
    }
    return uid < 0 ? null : new User("", uid, 0, DEFAULT_HOME);
  }

  private int group(String name) {
    for (Group group : groups) {
      if (group.name.equals(name)) {
        return group.gid;
      }
    }
    return number(name);
  }

  /** A decimal number up to 2^31 - 1, or -1. */
  private static int number(String text) {
    try {
      int value = Integer.parseInt(text);
      return text.startsWith("+") || value < 0 ? -1 : value;
    } catch (NumberFormatException notOne) {
      return -1;
    }
  }
}
