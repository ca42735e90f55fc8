package dev.bulwark.runtime.cgroup;

import dev.bulwark.linux.Dirent;
import dev.bulwark.linux.Errno;
import dev.bulwark.linux.HostCall;
import dev.bulwark.linux.HostException;
import dev.bulwark.linux.HostFile;
import dev.bulwark.linux.HostIo;
import dev.bulwark.linux.HostPath;
import dev.bulwark.linux.Statx;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The host's cgroups. */
final class HostCgroupTree implements CgroupTree {
  /** More than the statistics of thousands of devices. */
  private static final int LONGEST_FILE = 4 << 20;

  private static final int DIRECTORY_MODE = 0755;
  private static final int NO_FOLLOW = HostPath.O_NOFOLLOW | HostPath.O_CLOEXEC;

  @Override
  public boolean exists(String path) {
    long fd = open(path, HostPath.O_PATH);
    if (fd >= 0) {
      HostFile.close((int) fd);
    }
    return fd >= 0;
  }

  @Override
  public @Nullable String read(String path) throws HostException {
    long fd = open(path, HostPath.O_RDONLY);
    if (fd == -Errno.ENOENT) {
      return null;
    }
    HostCall.check(fd, "opening " + path);
    try {
      byte[] text = HostIo.readFile((int) fd, LONGEST_FILE);
      return new String(text, StandardCharsets.ISO_8859_1).strip();
    } finally {
      HostFile.close((int) fd);
    }
  }

  @Override
  public void write(String path, String text) throws HostException {
    int fd = (int) HostCall.check(open(path, HostPath.O_WRONLY), "opening " + path);
    try {
      HostIo.writeFully(fd, text.getBytes(StandardCharsets.ISO_8859_1));
    } catch (HostException e) {
      throw new HostException("writing " + text + " to " + path, e.errno());
    } finally {
      HostFile.close(fd);
    }
  }

  @Override
  public boolean makeDirectory(String path) throws HostException {
    long r = HostPath.mkdirAt(HostPath.AT_FDCWD, path, DIRECTORY_MODE);
    if (r == -Errno.EEXIST) {
      return false;
    }
    HostCall.check(r, "making the cgroup " + path);
    return true;
  }

  @Override
  public boolean removeDirectory(String path) throws HostException {
    long r = HostPath.unlinkAt(HostPath.AT_FDCWD, path, HostPath.AT_REMOVEDIR);
    if (r == -Errno.ENOENT) {
      return false;
    }
    HostCall.check(r, "removing the cgroup " + path);
    return true;
  }

  @Override
  public List<String> children(String path) throws HostException {
    long fd = open(path, HostPath.O_RDONLY | HostPath.O_DIRECTORY);
    if (fd == -Errno.ENOENT) {
      return List.of();
    }
    HostCall.check(fd, "opening " + path);
    try {
      List<Dirent> entries = new ArrayList<>();
      long position = 0;
      while (HostCall.check(HostFile.list((int) fd, position, 1 << 16, entries), "listing " + path)
          > 0) {
        position = entries.getLast().next();
      }
      List<String> names = new ArrayList<>();
      for (Dirent entry : entries) {
        boolean self = entry.name().equals(".") || entry.name().equals("..");
        if (!self && entry.type() == Statx.DIRECTORY) {
          names.add(entry.name());
        }
      }
      return names;
    } finally {
      HostFile.close((int) fd);
    }
  }

  private static long open(String path, int flags) {
    return HostPath.openAt(HostPath.AT_FDCWD, path, flags | NO_FOLLOW, 0);
  }
}
