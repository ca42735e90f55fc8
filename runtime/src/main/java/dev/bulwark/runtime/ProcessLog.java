package dev.bulwark.runtime;

import dev.bulwark.linux.HostException;
import dev.bulwark.linux.HostIo;
import org.jspecify.annotations.Nullable;

/**
 * What a sandbox's JVM prints: kept in the directory that the user named, otherwise in memory and
 * saved only when the sandbox ends badly.
 */
final class ProcessLog implements AutoCloseable {
  private static final int O_WRONLY_CREAT_APPEND = 0x441;
  private static final int O_WRONLY_CREAT_EXCL = 0xc1;
  private static final int MOST_SAVED = 64 << 20;

  private final String name;
  private final int fd;
  private final @Nullable String path;

  private ProcessLog(String name, int fd, @Nullable String path) {
    this.name = name;
    this.fd = fd;
    this.path = path;
  }

  /** Opens the log of a process. */
  static ProcessLog open(String name, @Nullable String directory) throws HostException {
    if (directory == null) {
      return new ProcessLog(name, HostIo.memoryFile("bulwark-" + name, new byte[0]), null);
    }
    String path = directory + "/" + name + ".log";
    return new ProcessLog(name, HostIo.open(path, O_WRONLY_CREAT_APPEND, 0600), path);
  }

  /** The descriptor to print to. */
  int fd() {
    return fd;
  }

  /** Where a person can read the log, which is saved for that if need be; null when it is empty. */
  @Nullable String keep() {
    if (path != null) {
      return path;
    }
    try {
      byte[] contents = HostIo.readFile(fd, MOST_SAVED);
      if (contents.length == 0) {
        return null;
      }
      String saved =
          System.getProperty("java.io.tmpdir")
              + "/bulwark-"
              + ProcessHandle.current().pid()
              + "-"
              + name
              + ".log";
      int file = HostIo.open(saved, O_WRONLY_CREAT_EXCL, 0600);
      try {
        HostIo.writeFully(file, contents);
      } finally {
        HostIo.close(file);
      }
      return saved;
    } catch (HostException unreadable) {
      return null;
    }
  }

  @Override
  public void close() {
    HostIo.close(fd);
  }
}
