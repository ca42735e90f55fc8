package dev.bulwark.runtime;

import dev.bulwark.control.FileOwner;
import dev.bulwark.linux.HostException;
import dev.bulwark.linux.HostIo;
import dev.bulwark.linux.HostTerminal;
import dev.bulwark.linux.Statx;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * What the shell gave this process, byte for byte: the JVM's own strings have gone through the
 * locale and lost what that cannot express.
 */
public final class Invocation {
  private static final int MOST_BYTES = 8 << 20;

  private Invocation() {}

  /**
   * The arguments of {@code main}.
   *
   * @param decoded as the JVM gave them
   */
  public static List<String> arguments(String[] decoded) {
    List<String> all = list("/proc/self/cmdline");
    return all.size() < decoded.length
        ? List.of(decoded)
        : List.copyOf(all.subList(all.size() - decoded.length, all.size()));
  }

  /** The value of an environment variable. */
  public static Optional<String> environment(String name) {
    String prefix = name + "=";
    return list("/proc/self/environ").stream()
        .filter(entry -> entry.startsWith(prefix))
        .map(entry -> entry.substring(prefix.length()))
        .findFirst();
  }

  /** The absolute path of the working directory; the root if that cannot be told. */
  public static String workingDirectory() {
    try {
      String path = HostIo.readLink("/proc/self/cwd");
      return path.startsWith("/") ? path : "/";
    } catch (HostException withoutProc) {
      return "/";
    }
  }

  /**
   * Which of the descriptors 0, 1 and 2 are a terminal that a sandbox is to have as its own: a bit
   * mask, 0 unless both input and output are.
   */
  public static int terminals() {
    if (!HostTerminal.is(0) || !HostTerminal.is(1)) {
      return 0;
    }
    return HostTerminal.is(2) ? 7 : 3;
  }

  /** Whose the descriptors 0, 1 and 2 are; root's if they are not open. */
  public static List<FileOwner> owners() {
    Statx file = new Statx();
    return IntStream.range(0, 3)
        .mapToObj(
            fd ->
                file.fill(fd, "") < 0 ? new FileOwner(0, 0) : new FileOwner(file.uid(), file.gid()))
        .toList();
  }

  /** The settings of the terminal at descriptor 0, opaque; empty when it is none. */
  public static String terminalSettings() {
    byte[] settings = HostTerminal.settings(0);
    return settings == null ? "" : new String(settings, StandardCharsets.ISO_8859_1);
  }

  /** The auxiliary vector of this process, a byte string; empty if it cannot be told. */
  public static String auxiliaryVector() {
    return contents("/proc/self/auxv");
  }

  private static String contents(String path) {
    try {
      return HostIo.text(path, MOST_BYTES);
    } catch (HostException withoutProc) {
      return "";
    }
  }

  private static List<String> list(String path) {
    List<String> strings = new ArrayList<>();
    String all = contents(path);
    for (int start = 0; start < all.length(); ) {
      int end = all.indexOf('\0', start);
      end = end < 0 ? all.length() : end;
      strings.add(all.substring(start, end));
      start = end + 1;
    }
    return strings;
  }
}
