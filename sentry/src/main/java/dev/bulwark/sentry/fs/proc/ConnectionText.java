package dev.bulwark.sentry.fs.proc;

import dev.bulwark.sentry.net.host.HostedSocket;
import dev.bulwark.sentry.vfs.Attributes;
import java.util.Collection;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The host's tables of connections (/proc/net/tcp and its like) as they are inside: owners and
 * inode numbers are those of the sandbox's sockets, 0 for sockets that are not its own, and
 * addresses of the host's kernel are left out.
 */
final class ConnectionText {
  private static final int UID = 7;
  private static final int TIMEOUT = 8;
  private static final int INODE = 9;
  private static final int POINTER = 11;

  private ConnectionText() {}

  /** Rewrites a table. */
  static String own(String table, Collection<HostedSocket> sockets) {
    Map<String, HostedSocket> byInode = new HashMap<>();
    for (HostedSocket socket : sockets) {
      byInode.put(Long.toString(socket.hostInode()), socket);
    }
    StringBuilder out = new StringBuilder(table.length());
    int start = table.indexOf('\n') + 1;
    out.append(table, 0, start);
    while (start < table.length()) {
      int end = table.indexOf('\n', start);
      end = end < 0 ? table.length() : end;
      line(table.substring(start, end), byInode, out);
      start = end + 1;
    }
    return out.toString();
  }

  private static void line(String line, Map<String, HostedSocket> byInode, StringBuilder out) {
    String[] words = line.strip().split(" +", -1);
    if (words.length <= INODE) {
      return;
    }
    int kept = endOfWord(line, UID - 1);
    HostedSocket socket = byInode.get(words[INODE]);
    out.append(line, 0, kept).append(owner(socket, words[TIMEOUT]));
    for (int i = INODE + 1; i < words.length; i++) {
      out.append(' ').append(i == POINTER ? "0000000000000000" : words[i]);
    }
    // Linux pads the lines to the same width.
    int width = line.length();
    int written = out.length() - (out.lastIndexOf("\n") + 1);
    out.repeat(' ', Math.max(0, width - written)).append('\n');
  }

  private static String owner(@Nullable HostedSocket socket, String timeout) {
    Attributes attributes = socket == null ? null : socket.attributes();
    return String.format(
        Locale.ROOT,
        " %5d %8s %d",
        attributes == null ? 0 : Integer.toUnsignedLong(attributes.uid()),
        timeout,
        attributes == null ? 0 : attributes.inode());
  }

  /** Where the word of a number, from 0, ends. */
  private static int endOfWord(String line, int word) {
    int at = 0;
    for (int i = 0; i <= word; i++) {
      while (at < line.length() && line.charAt(at) == ' ') {
        at++;
      }
      while (at < line.length() && line.charAt(at) != ' ') {
        at++;
      }
    }
    return at;
  }
}
