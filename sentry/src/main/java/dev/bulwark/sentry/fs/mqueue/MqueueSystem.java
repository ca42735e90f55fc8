package dev.bulwark.sentry.fs.mqueue;

import dev.bulwark.linux.Errno;
import dev.bulwark.sentry.ErrnoException;
import dev.bulwark.sentry.auth.Credentials;
import dev.bulwark.sentry.kernel.Task;
import dev.bulwark.sentry.vfs.Attributes;
import dev.bulwark.sentry.vfs.FileDescription;
import dev.bulwark.sentry.vfs.FileSystem;
import dev.bulwark.sentry.vfs.Inode;
import dev.bulwark.sentry.vfs.Location;
import dev.bulwark.sentry.vfs.Mount;
import dev.bulwark.sentry.vfs.Names;
import dev.bulwark.sentry.vfs.NewFile;
import dev.bulwark.sentry.vfs.OpenFlags;
import dev.bulwark.sentry.vfs.Opening;
import dev.bulwark.sentry.vfs.PathWalk;
import dev.bulwark.sentry.vfs.Permission;
import dev.bulwark.sentry.vfs.Statfs;
import java.util.concurrent.atomic.AtomicLong;

/** The queues of a sandbox as a file system, for mount(2) with the type {@code mqueue}. */
public final class MqueueSystem extends FileSystem {
  private static final long MAGIC = 0x19800202;
  private static final int LONGEST_NAME = 255;

  private final AtomicLong lastNumber = new AtomicLong();
  private final QueueBudget budget = new QueueBudget();
  private final MqueueRoot root;
  private final Location top;

  /** No queues. */
  @SuppressWarnings("this-escape") // the inodes only keep the reference
  public MqueueSystem() {
    super("mqueue");
    root = new MqueueRoot(this);
    Mount own = Mount.detached(this);
    top = new Location(own, rootDentry());
  }

  long nextNumber() {
    return lastNumber.incrementAndGet();
  }

  QueueBudget budget() {
    return budget;
  }

  @Override
  protected Inode root() {
    return root;
  }

  @Override
  public Statfs statfs() {
    return Statfs.sizeless(MAGIC);
  }

  /** Names come by mq_open(3) too. */
  @Override
  protected boolean cachesAbsence() {
    return false;
  }

  private PathWalk walk(Credentials who) {
    return new PathWalk(top, top, who, 0);
  }

  private static void checkName(String name) throws ErrnoException {
    if (name.isEmpty()) {
      throw ErrnoException.of(Errno.ENOENT);
    }
    if (name.length() > LONGEST_NAME) {
      throw ErrnoException.of(Errno.ENAMETOOLONG);
    }
    if (name.indexOf('/') >= 0 || name.equals(".") || name.equals("..")) {
      throw ErrnoException.of(Errno.EACCES);
    }
  }

  /**
   * mq_open(2).
   *
   * @param mode of a new queue, without the umask
   * @param attributes of a new queue
   */
  FileDescription open(Task task, String name, int flags, int mode, QueueAttributes attributes)
      throws ErrnoException {
    checkName(name);
    Credentials who = task.credentials();
    boolean made = false;
    synchronized (root) {
      Inode known = root.lookup(name);
      if (known == null) {
        if ((flags & OpenFlags.CREAT) == 0) {
          throw ErrnoException.of(Errno.ENOENT);
        }
        int permissions = mode & 07777 & ~task.fs().umask();
        root.create(
            name,
            new NewFile(Attributes.REGULAR | permissions, who.fsuid(), who.fsgid()),
            attributes);
        made = true;
      }
    }
    int access = flags & OpenFlags.ACCESS_MODE;
    if (!made) {
      if ((flags & OpenFlags.CREAT) != 0 && (flags & OpenFlags.EXCL) != 0) {
        throw ErrnoException.of(Errno.EEXIST);
      }
      if (access == OpenFlags.ACCESS_MODE) {
        throw ErrnoException.of(Errno.EINVAL);
      }
    }
    Location found = walk(who).find("/" + name, false);
    if (!made) {
      found.inode().checkPermission(wanted(access), who);
    }
    return found.inode().open(new Opening(found, flags, who, task));
  }

  private static int wanted(int access) {
    return switch (access) {
      case OpenFlags.RDONLY -> Permission.READ;
      case OpenFlags.WRONLY -> Permission.WRITE;
      default -> Permission.READ | Permission.WRITE;
    };
  }

  /** mq_unlink(2). */
  void unlink(Task task, String name) throws ErrnoException {
    checkName(name);
    Names.unlink(walk(task.credentials()), "/" + name);
  }
}
