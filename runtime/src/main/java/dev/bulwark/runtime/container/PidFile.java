package dev.bulwark.runtime.container;

import dev.bulwark.linux.HostCall;
import dev.bulwark.linux.HostException;
import dev.bulwark.linux.HostIo;
import dev.bulwark.linux.HostPath;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** Tells engines a process's number in a file that is never seen half written. */
final class PidFile {
  private static final int NEW_FILE =
      HostPath.O_WRONLY | HostPath.O_CREAT | 01000 | HostPath.O_CLOEXEC;
  private static final int MODE = 0644;

  private PidFile() {}

  static void write(@Nullable String path, int pid) throws HostException {
    if (path == null) {
      return;
    }
    int slash = path.lastIndexOf('/') + 1;
    String fresh = path.substring(0, slash) + "." + path.substring(slash) + ".new";
    int file = HostIo.open(fresh, NEW_FILE, MODE);
    try {
      HostIo.writeFully(file, Integer.toString(pid).getBytes(StandardCharsets.ISO_8859_1));
    } finally {
      HostIo.close(file);
    }
    HostCall.check(
        HostPath.renameAt2(HostPath.AT_FDCWD, fresh, HostPath.AT_FDCWD, path, 0),
        "writing " + path);
  }
}
