package dev.bulwark.sentry.fs.proc;

import dev.bulwark.linux.Errno;
import dev.bulwark.sentry.ErrnoException;
import dev.bulwark.sentry.vfs.AttributeChange;
import dev.bulwark.sentry.vfs.Attributes;
import dev.bulwark.sentry.vfs.Inode;
import dev.bulwark.sentry.vfs.NewFile;
import org.jspecify.annotations.Nullable;

/** An inode of /proc: a number, a mode, and the owner of the process that it is about. */
abstract class ProcInode extends Inode {
  private static final int BLOCK_SIZE = 1024;

  private final ProcSystem system;
  private final long number;
  private final int mode;
  private final @Nullable Subject subject;

  /**
   * An inode.
   *
   * @param mode type and permission bits
   * @param subject the process that it is about, or null for one about the system
   */
  ProcInode(ProcSystem system, long number, int mode, @Nullable Subject subject) {
    super(system, mode);
    this.system = system;
    this.number = number;
    this.mode = mode;
    this.subject = subject;
  }

  final ProcSystem system() {
    return system;
  }

  final long number() {
    return number;
  }

  final @Nullable Subject subject() {
    return subject;
  }

  /** Whether the name still stands for this inode. */
  boolean valid() {
    return subject == null || subject.exists();
  }

  /** Hard links: a directory's subdirectories count. */
  int links() {
    return 1;
  }

  /** The permission bits, where they are not the same at all times. */
  int permissions() {
    return mode & 07777;
  }

  @Override
  public final Attributes attributes() {
    int uid = subject == null ? 0 : subject.owner();
    int gid = subject == null ? 0 : subject.ownerGroup();
    long time = system.bootTime();
    return new Attributes(
        system.device(),
        number,
        type() | permissions(),
        links(),
        uid,
        gid,
        0,
        size(),
        BLOCK_SIZE,
        0,
        time,
        time,
        time,
        0);
  }

  @Override
  public long size() {
    return 0;
  }

  /** Ignores a change of size alone, which {@code echo value > file} asks for. */
  @Override
  public void setAttributes(AttributeChange change) throws ErrnoException {
    if (change.valid() != AttributeChange.SIZE) {
      throw ErrnoException.of(Errno.EPERM);
    }
  }

  // Linux looks a name up before it makes one, and nothing here has other names than there are.

  @Override
  public final Inode create(String name, NewFile file) throws ErrnoException {
    throw ErrnoException.of(Errno.ENOENT);
  }

  @Override
  public final Inode mkdir(String name, NewFile file) throws ErrnoException {
    throw ErrnoException.of(Errno.ENOENT);
  }

  @Override
  public final Inode symlink(String name, String target, NewFile file) throws ErrnoException {
    throw ErrnoException.of(Errno.ENOENT);
  }

  @Override
  public final Inode mknod(String name, long device, NewFile file) throws ErrnoException {
    throw ErrnoException.of(Errno.ENOENT);
  }
}
