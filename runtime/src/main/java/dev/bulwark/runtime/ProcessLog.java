package dev.bulwark.runtime;

import dev.bulwark.linux.HostException;
import dev.bulwark.linux.HostIo;
import dev.bulwark.runtime.keeper.Plan;
import org.jspecify.annotations.Nullable;

/**
 * What a sandbox's JVM prints: kept in a directory, otherwise in memory, from where the keeper
 * saves it when the sandbox ends badly.
 *
 * @param fd to print to
 * @param unsaved the same when it is a file without a name, else {@link Plan#NO_FD}
 * @param path where it is, or would be saved
 */
record ProcessLog(int fd, int unsaved, String path) {
  private static final int O_WRONLY_CREAT_APPEND = 0x441;

  /** Opens the log of a process. */
  static ProcessLog open(String name, @Nullable String directory) throws HostException {
    if (directory != null) {
      String path = directory + "/" + name + ".log";
      return new ProcessLog(HostIo.open(path, O_WRONLY_CREAT_APPEND, 0600), Plan.NO_FD, path);
    }
    int fd = HostIo.memoryFile("bulwark-" + name, new byte[0]);
    String saved =
        System.getProperty("java.io.tmpdir")
            + "/bulwark-"
            + ProcessHandle.current().pid()
            + "-"
            + name
            + ".log";
    return new ProcessLog(fd, fd, saved);
  }
}
