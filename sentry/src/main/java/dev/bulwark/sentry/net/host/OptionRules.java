package dev.bulwark.sentry.net.host;

import dev.bulwark.linux.Errno;
import dev.bulwark.sentry.ErrnoException;
import dev.bulwark.sentry.auth.Capability;
import dev.bulwark.sentry.auth.Credentials;
import java.util.HashMap;
import java.util.Map;

/** Which options of sockets reach the host, and how long their values may be. Immutable. */
public final class OptionRules {
  /**
   * An option.
   *
   * @param set the longest value that is set, in bytes; 0 when it cannot be set
   * @param get the longest value that is told, in bytes; 0 when it is not told
   * @param capabilities a set of which one is needed to set it; 0 for none
   */
  public record Rule(int set, int get, long capabilities) {}

  private final Map<Long, Rule> rules = new HashMap<>();

  /**
   * Rules in lines of words: a level and then {@code NUMBER:SET:GET[:CAPABILITY[+CAPABILITY]]},
   * with capabilities by number.
   */
  public OptionRules(String text) {
    for (String line : text.lines().toList()) {
      String[] words = line.strip().split(" +", -1);
      int level = Integer.parseInt(words[0]);
      for (int i = 1; i < words.length; i++) {
        String[] parts = words[i].split(":", -1);
        long capabilities = 0;
        if (parts.length > 3) {
          for (String capability : parts[3].split("\\+", -1)) {
            capabilities |= 1L << Integer.parseInt(capability);
          }
        }
        rules.put(
            key(level, Integer.parseInt(parts[0])),
            new Rule(Integer.parseInt(parts[1]), Integer.parseInt(parts[2]), capabilities));
      }
    }
  }

  private static long key(int level, int name) {
    return (long) level << 32 | (name & 0xffffffffL);
  }

  /**
   * The rule for setting an option.
   *
   * @throws ErrnoException ENOPROTOOPT for one that is not listed, EPERM without the capability
   */
  public Rule forSetting(int level, int name, Credentials credentials) throws ErrnoException {
    Rule rule = rules.get(key(level, name));
    if (rule == null || rule.set == 0) {
      throw ErrnoException.of(Errno.ENOPROTOOPT);
    }
    if (rule.capabilities != 0) {
      requireOne(rule.capabilities, credentials);
    }
    return rule;
  }

  private static void requireOne(long capabilities, Credentials credentials) throws ErrnoException {
    for (int each = 0; each <= Capability.LAST; each++) {
      if ((capabilities >>> each & 1) != 0 && credentials.has(each)) {
        return;
      }
    }
    throw ErrnoException.of(Errno.EPERM);
  }

  /**
   * The rule for asking for an option.
   *
   * @throws ErrnoException ENOPROTOOPT for one that is not listed
   */
  public Rule forGetting(int level, int name) throws ErrnoException {
    Rule rule = rules.get(key(level, name));
    if (rule == null || rule.get == 0) {
      throw ErrnoException.of(Errno.ENOPROTOOPT);
    }
    return rule;
  }
}
