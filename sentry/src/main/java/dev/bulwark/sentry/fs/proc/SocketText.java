package dev.bulwark.sentry.fs.proc;

import dev.bulwark.sentry.ErrnoException;
import dev.bulwark.sentry.kernel.Kernel;
import dev.bulwark.sentry.kernel.Task;
import dev.bulwark.sentry.net.Socket;
import dev.bulwark.sentry.vfs.FdTable;
import dev.bulwark.sentry.vfs.FileDescription;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** The Unix sockets that processes have open, for /proc/net/unix; found through their files. */
final class SocketText {
  private static final String HEADING = "Num       RefCount Protocol Flags    Type St Inode Path\n";
  private static final int AF_UNIX = 1;
  private static final int ACCEPTS = 0x10000;
  private static final int UNCONNECTED = 1;
  private static final int CONNECTED = 3;

  private SocketText() {}

  static String unix(Kernel kernel) {
    Map<Long, String> lines = new TreeMap<>();
    Set<FdTable> seen = Collections.newSetFromMap(new IdentityHashMap<>());
    for (Task task : kernel.tasks().all()) {
      FdTable files = task.files();
      if (seen.add(files)) {
        for (int fd : files.descriptors()) {
          look(files, fd, lines);
        }
      }
    }
    return HEADING + String.join("", lines.values());
  }

  private static void look(FdTable files, int fd, Map<Long, String> lines) {
    try (FileDescription file = files.acquire(fd)) {
      if (file instanceof Socket socket && socket.domain() == AF_UNIX) {
        long inode = socket.attributes().inode();
        lines.computeIfAbsent(inode, number -> line(socket, number));
      }
    } catch (ErrnoException closed) {
      return; // between the listing and the look
    }
  }

  private static String line(Socket socket, long inode) {
    String path = path(socket);
    return String.format(
        Locale.ROOT,
        "%016x: %08X %08X %08X %04X %02X %5d%s\n",
        0,
        2,
        0,
        socket.listening() ? ACCEPTS : 0,
        socket.type(),
        connected(socket) ? CONNECTED : UNCONNECTED,
        inode,
        path.isEmpty() ? "" : " " + path);
  }

  private static boolean connected(Socket socket) {
    try {
      return socket.peerName().length > 0;
    } catch (ErrnoException e) {
      return false;
    }
  }

  /** The name as Linux writes it: zero bytes of an abstract one as at signs. */
  private static String path(Socket socket) {
    try {
      String name = new String(socket.name(), StandardCharsets.ISO_8859_1);
      if (name.length() <= 2) {
        return "";
      }
      boolean isAbstract = name.charAt(2) == 0;
      int end = isAbstract ? -1 : name.indexOf('\0', 2);
      return name.substring(2, end < 0 ? name.length() : end).replace('\0', '@');
    } catch (ErrnoException e) {
      return "";
    }
  }
}
