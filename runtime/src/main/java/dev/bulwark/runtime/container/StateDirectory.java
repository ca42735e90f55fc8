package dev.bulwark.runtime.container;

import dev.bulwark.linux.Dirent;
import dev.bulwark.linux.Errno;
import dev.bulwark.linux.HostCall;
import dev.bulwark.linux.HostException;
import dev.bulwark.linux.HostFile;
import dev.bulwark.linux.HostIo;
import dev.bulwark.linux.HostPath;
import dev.bulwark.linux.Statx;
import dev.bulwark.linux.Sys;
import dev.bulwark.runtime.keeper.Plan;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The directory in which the runtime keeps what it knows of one container. Files are replaced as a
 * whole, so that a reader never sees half of one. Not thread-safe; processes exclude each other by
 * {@link #lock}.
 */
final class StateDirectory implements AutoCloseable {
  private static final int PRIVATE = 0700;
  private static final int PRIVATE_FILE = 0600;
  private static final int LONGEST_ID = 1024;
  private static final int LONGEST_FILE = 16 << 20;
  private static final int DIRECTORY =
      HostPath.O_RDONLY | HostPath.O_DIRECTORY | HostPath.O_NOFOLLOW | HostPath.O_CLOEXEC;
  private static final int NEW_FILE =
      HostPath.O_WRONLY | HostPath.O_CREAT | 01000 | HostPath.O_NOFOLLOW | HostPath.O_CLOEXEC;
  private static final int LOCK_EX = 2;

  private final String root;
  private final String id;
  private final int fd;

  private StateDirectory(String root, String id, int fd) {
    this.root = root;
    this.id = id;
    this.fd = fd;
  }

  /**
   * Makes the directory of a new container.
   *
   * @throws ContainerException when the name is none, or taken
   */
  static StateDirectory create(String root, String id) throws ContainerException, HostException {
    checkName(id);
    makeRoot(root);
    long r = HostPath.mkdirAt(HostPath.AT_FDCWD, root + "/" + id, PRIVATE);
    if (r == -Errno.EEXIST) {
      throw new ContainerException("container with given ID already exists: " + id);
    }
    HostCall.check(r, "making the state directory " + root + "/" + id);
    return open(root, id);
  }

  /**
   * The directory of a container that exists.
   *
   * @throws ContainerException when it does not
   */
  static StateDirectory open(String root, String id) throws ContainerException, HostException {
    checkName(id);
    long fd = HostPath.openAt(HostPath.AT_FDCWD, root + "/" + id, DIRECTORY, 0);
    if (fd == -Errno.ENOENT || fd == -Errno.ENOTDIR) {
      throw ContainerException.absent(id);
    }
    return new StateDirectory(
        root, id, (int) HostCall.check(fd, "opening the state directory " + root + "/" + id));
  }

  /** The containers that there are. */
  static List<String> all(String root) throws HostException {
    List<String> ids = new ArrayList<>();
    long fd = HostPath.openAt(HostPath.AT_FDCWD, root, DIRECTORY, 0);
    if (fd == -Errno.ENOENT) {
      return ids;
    }
    HostCall.check(fd, "opening the state root " + root);
    try {
      for (Dirent entry : entries((int) fd)) {
        if (entry.type() == Statx.DIRECTORY) {
          ids.add(entry.name());
        }
      }
    } finally {
      HostFile.close((int) fd);
    }
    ids.sort(null);
    return ids;
  }

  private static List<Dirent> entries(int fd) throws HostException {
    List<Dirent> all = new ArrayList<>();
    long position = 0;
    while (HostCall.check(HostFile.list(fd, position, 1 << 16, all), "listing containers") > 0) {
      position = all.getLast().next();
    }
    all.removeIf(entry -> entry.name().equals(".") || entry.name().equals(".."));
    return all;
  }

  private static void checkName(String id) throws ContainerException {
    boolean valid =
        !id.isEmpty() && id.length() <= LONGEST_ID && !id.equals(".") && !id.equals("..");
    for (int i = 0; i < id.length() && valid; i++) {
      char c = id.charAt(i);
      valid =
          c >= 'a' && c <= 'z'
              || c >= 'A' && c <= 'Z'
              || c >= '0' && c <= '9'
              || "+-._".indexOf(c) >= 0;
    }
    if (!valid) {
      throw new ContainerException(
          "invalid container ID format: '"
              + id
              + "': letters, digits and + - . _ are allowed, but not . or .. alone");
    }
  }

  private static void makeRoot(String root) throws HostException {
    for (int slash = root.indexOf('/', 1); ; slash = root.indexOf('/', slash + 1)) {
      String part = slash < 0 ? root : root.substring(0, slash);
      long r = HostPath.mkdirAt(HostPath.AT_FDCWD, part, slash < 0 ? PRIVATE : 0711);
      if (r != -Errno.EEXIST) {
        HostCall.check(r, "making the state root " + part);
      }
      if (slash < 0) {
        return;
      }
    }
  }

  /** The container's name. */
  String id() {
    return id;
  }

  /**
   * Waits until no other command changes the container. The lock ends with this process, and with a
   * keeper that {@linkplain #handLock is handed} it.
   *
   * @throws ContainerException when the container was deleted meanwhile
   */
  void lock() throws ContainerException, HostException {
    long r;
    do {
      r = HostCall.call(Sys.FLOCK, fd, LOCK_EX);
    } while (r == -Errno.EINTR);
    HostCall.check(r, "locking container " + id);
    Statx here = new Statx();
    if (here.fill(fd, "") != 0 || here.links() == 0) {
      throw ContainerException.absent(id);
    }
  }

  /**
   * Lets a new keeper have the lock too until it has taken its steps. So whoever deletes a
   * container whose creator was killed finds the keeper where it looks for it: in the cgroups.
   */
  void handLock(Plan plan) {
    plan.hold(fd);
  }

  /** A file's contents, or null when there is none of that name. */
  byte @Nullable [] read(String name) throws HostException {
    long file = HostPath.openAt(fd, name, HostPath.O_RDONLY | HostPath.O_NOFOLLOW, 0);
    if (file == -Errno.ENOENT) {
      return null;
    }
    HostCall.check(file, "opening " + name + " of container " + id);
    try {
      return HostIo.readFile((int) file, LONGEST_FILE);
    } finally {
      HostFile.close((int) file);
    }
  }

  /** Replaces a file as a whole. */
  void replace(String name, byte[] contents) throws HostException {
    String fresh = name + ".new";
    int file =
        (int)
            HostCall.check(
                HostPath.openAt(fd, fresh, NEW_FILE, PRIVATE_FILE),
                "writing " + name + " of container " + id);
    try {
      HostIo.writeFully(file, contents);
    } finally {
      HostFile.close(file);
    }
    HostCall.check(
        HostPath.renameAt2(fd, fresh, fd, name, 0), "replacing " + name + " of container " + id);
  }

  /**
   * A path by which this process reaches a file of the directory, short enough for a socket's name.
   */
  String shortPath(String name) {
    return "/proc/self/fd/" + fd + "/" + name;
  }

  /** The path of a file. */
  String path(String name) {
    return root + "/" + id + "/" + name;
  }

  /** Removes the directory with everything in it; the name is free when this returns. */
  void remove() throws HostException {
    for (Dirent entry : entries(fd)) {
      HostPath.unlinkAt(fd, entry.name(), 0);
    }
    long r = HostPath.unlinkAt(HostPath.AT_FDCWD, root + "/" + id, HostPath.AT_REMOVEDIR);
    if (r != -Errno.ENOENT) {
      HostCall.check(r, "removing the state directory " + root + "/" + id);
    }
  }

  @Override
  public void close() {
    HostFile.close(fd);
  }
}
