package dev.bulwark.sentry.loader;

import dev.bulwark.linux.Errno;
import dev.bulwark.sentry.ErrnoException;
import dev.bulwark.sentry.auth.Credentials;
import dev.bulwark.sentry.io.Bounce;
import dev.bulwark.sentry.io.IoBuffer;
import dev.bulwark.sentry.kernel.Task;
import dev.bulwark.sentry.mm.Mappable;
import dev.bulwark.sentry.vfs.Attributes;
import dev.bulwark.sentry.vfs.FileDescription;
import dev.bulwark.sentry.vfs.FsContext;
import dev.bulwark.sentry.vfs.Location;
import dev.bulwark.sentry.vfs.MountFlags;
import dev.bulwark.sentry.vfs.Opener;
import dev.bulwark.sentry.vfs.PathWalk;
import org.jspecify.annotations.Nullable;

/** A program file of the virtual file system. */
public final class VfsProgram implements ProgramFile {
  private static final String CAPABILITY = "security.capability";
  private static final int STEP = 65536;

  private final FileDescription file;
  private final Attributes attributes;

  private VfsProgram(FileDescription file) throws ErrnoException {
    this.file = file;
    this.attributes = file.attributes();
  }

  /**
   * Opens what a path walk found.
   *
   * @param task who executes; null inside the kernel
   * @throws ErrnoException ELOOP, EACCES, ETXTBSY while somebody may write to it, and what the file
   *     server answers
   */
  public static VfsProgram open(Location found, PathWalk walk, @Nullable Task task)
      throws ErrnoException {
    FileDescription opened = new Opener(walk, task).openProgram(found);
    try {
      VfsProgram program = new VfsProgram(opened);
      if (!found.inode().writeAccess().tryExecute()) {
        throw ErrnoException.of(Errno.ETXTBSY);
      }
      return program;
    } catch (ErrnoException e) {
      opened.close();
      throw e;
    }
  }

  /** Opens the interpreters that programs of a task name. */
  public static ProgramOpener opener(FsContext fs, Credentials credentials, @Nullable Task task) {
    return path -> {
      PathWalk walk = fs.walk(credentials);
      return open(walk.find(path, true), walk, task);
    };
  }

  /** The open file, whose reference belongs to this object. */
  public FileDescription file() {
    return file;
  }

  @Override
  public int read(long offset, byte[] to, int at, int length) throws ErrnoException {
    int done = 0;
    try (Bounce bounce = new Bounce(Math.clamp(length, 1, STEP))) {
      while (done < length) {
        int wanted = Math.min(length - done, STEP);
        IoBuffer buffer = bounce.buffer(wanted);
        long n = file.read(buffer, offset + done);
        if (n == -Errno.EAGAIN) {
          throw ErrnoException.of(Errno.EIO);
        }
        ErrnoException.check(n);
        if (n == 0) {
          break;
        }
        bounce.copyTo(to, at + done, (int) n);
        done += (int) n;
      }
    }
    return done;
  }

  @Override
  public Mappable mappable() throws ErrnoException {
    return file.mappable();
  }

  @Override
  public int mode() {
    return attributes.mode();
  }

  @Override
  public int uid() {
    return attributes.uid();
  }

  @Override
  public int gid() {
    return attributes.gid();
  }

  @Override
  public boolean mayChangePrivileges() {
    return !file.location().mount().has(MountFlags.NOSUID);
  }

  @Override
  public byte @Nullable [] capabilityAttribute() throws ErrnoException {
    try {
      return file.location().inode().getXattr(CAPABILITY);
    } catch (ErrnoException e) {
      if (e.errno() == Errno.ENODATA || e.errno() == Errno.EOPNOTSUPP) {
        return null;
      }
      throw e;
    }
  }

  @Override
  public Location location() {
    return file.location();
  }

  @Override
  public void close() {
    file.location().inode().writeAccess().endExecute();
    file.close();
  }
}
