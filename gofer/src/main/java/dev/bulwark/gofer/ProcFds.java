package dev.bulwark.gofer;

import dev.bulwark.linux.HostCall;
import dev.bulwark.linux.HostException;
import dev.bulwark.linux.HostFile;
import dev.bulwark.linux.HostPath;
import dev.bulwark.linux.Sys;
import java.util.function.ToLongFunction;

/**
 * The directory /proc/self/fd of the host. Its links lead to the very file of a descriptor, which
 * is the one way to open the file of an O_PATH descriptor for reading and to use calls that take
 * names only. It is opened at start, before /proc goes out of sight.
 */
final class ProcFds implements AutoCloseable {
  private static final int FLAGS = HostPath.O_CLOEXEC | HostPath.O_NOCTTY | HostPath.O_NONBLOCK;

  private static final int F_DUPFD_CLOEXEC = 1030;

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

  /** Another descriptor of what a descriptor is open on. */
  int duplicate(int descriptor) throws GoferException {
    return (int) GoferException.check(HostCall.call(Sys.FCNTL, descriptor, F_DUPFD_CLOEXEC, 0));
  }

  /**
   * Makes a call that takes nothing but a path, on the very file of a descriptor. This directory
   * becomes the working directory for that, of which nothing else makes use.
   *
   * @param call gets the path
   * @return what the call returned, or why the directory cannot be entered
   */
  synchronized long inside(ToLongFunction<String> call, int descriptor) {
    long r = HostCall.call(Sys.FCHDIR, fd);
    return r < 0 ? r : call.applyAsLong(name(descriptor));
  }

  @Override
  public void close() {
    HostFile.close(fd);
  }
}
