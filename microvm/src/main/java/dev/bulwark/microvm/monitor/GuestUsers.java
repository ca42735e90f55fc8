package dev.bulwark.microvm.monitor;

import dev.bulwark.control.UserSpec;
import dev.bulwark.linux.Errno;
import dev.bulwark.microvm.agent.AgentConnection;
import dev.bulwark.microvm.agent.AgentException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** Looks names of users and groups up in the container's own passwd(5) and group(5). */
final class GuestUsers {
  private static final int LONGEST_FILE = 4 << 20;
  private static final int FAILED = 125;

  private final AgentConnection agent;
  private final String root;

  GuestUsers(AgentConnection agent, String root) {
    this.agent = agent;
    this.root = root;
  }

  /** A user in numbers. */
  UserSpec resolve(UserSpec user) throws AgentException, MonitorException {
    if (user.name().isEmpty()) {
      return user;
    }
    int colon = user.name().indexOf(':');
    String name = colon < 0 ? user.name() : user.name().substring(0, colon);
    String group = colon < 0 ? "" : user.name().substring(colon + 1);
    int uid = number(name);
    int gid = 0;
    List<Integer> additional = new ArrayList<>();
    boolean known = uid >= 0;
    for (String[] entry : entries("/etc/passwd", 4)) {
      if (entry[0].equals(name) || uid >= 0 && number(entry[2]) == uid) {
        uid = number(entry[2]);
        gid = number(entry[3]);
        known = true;
        if (group.isEmpty()) {
          additional = groupsOf(entry[0]);
        }
        break;
      }
    }
    if (!known) {
      throw new MonitorException(FAILED, "the root file system knows no user '" + name + "'");
    }
    if (!group.isEmpty()) {
      gid = group(group);
    }
    return new UserSpec("", uid, gid, additional, user.umask());
  }

  private int group(String name) throws AgentException, MonitorException {
    for (String[] entry : entries("/etc/group", 3)) {
      if (entry[0].equals(name) && number(entry[2]) >= 0) {
        return number(entry[2]);
      }
    }
    if (number(name) < 0) {
      throw new MonitorException(FAILED, "the root file system knows no group '" + name + "'");
    }
    return number(name);
  }

  private List<Integer> groupsOf(String user) throws AgentException {
    List<Integer> groups = new ArrayList<>();
    for (String[] entry : entries("/etc/group", 4)) {
      if (List.of(entry[3].split(",", -1)).contains(user) && number(entry[2]) >= 0) {
        groups.add(number(entry[2]));
      }
    }
    return groups;
  }

  private List<String[]> entries(String path, int fields) throws AgentException {
    List<String[]> entries = new ArrayList<>();
    String text;
    try {
      text = new String(agent.readFile(root + path, LONGEST_FILE), StandardCharsets.ISO_8859_1);
    } catch (AgentException failure) {
      if (failure.errno() == Errno.ENOENT) {
        return entries;
      }
      throw failure;
    }
    for (String line : text.split("\n", -1)) {
      String[] entry = line.split(":", -1);
      if (entry.length >= fields) {
        entries.add(entry);
      }
    }
    return entries;
  }

  /** A number that a user can have; -1 for anything else. */
  private static int number(String text) {
    try {
      return Math.max(-1, Integer.parseInt(text));
    } catch (NumberFormatException name) {
      return -1;
    }
  }
}
