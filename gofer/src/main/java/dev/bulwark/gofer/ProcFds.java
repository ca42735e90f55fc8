package dev.bulwark.gofer;

import dev.bulwark.linux.HostCall;
import dev.bulwark.linux.HostException;
import dev.bulwark.linux.HostFile;
import dev.bulwark.linux.HostPath;

/**
 * The directory /proc/self/fd of the host. Its links lead to the very file of a descriptor, which
 * is the one way to open the file of an O_PATH descriptor for reading and to use calls that take
 * names only. It is opened at start, before /proc goes out of sight.
 */
final class ProcFds implements AutoCloseable {
  private static final int FLAGS = HostPath.O_CLOEXEC | HostPath.O_NOCTTY | HostPath.O_NONBLOCK;

  private final int fd;

  ProcFds() throws HostException {
    String path = "/proc/self/fd";
    int flags = HostPath.O_PATH | HostPath.O_DIRECTORY | HostPath.O_CLOEXEC;
    fd =
        (int)
            HostCall.check(
                HostPath.openAt(HostPath.AT_FDCWD, path, flags, 0),
                "opening " + path + ", which the file server needs");
  }

  /** The directory that {@link #name} is relative to. */
  int fd() {
    return fd;
  }

  /** The link of a descriptor. */
  static String name(int descriptor) {
    return Integer.toString(descriptor);
  }

  /**
   * Opens the file of a descriptor, which must be regular or a directory: opening anything else
   * could block or act on a device.
   *
   * @param access O_RDONLY, O_WRONLY or O_RDWR
   */
  int open(int descriptor, int access) throws GoferException {
    return (int) GoferException.check(HostPath.openAt(fd, name(descriptor), access | FLAGS, 0));
  }

  @Override
  public void close() {
    HostFile.close(fd);
  }
}
