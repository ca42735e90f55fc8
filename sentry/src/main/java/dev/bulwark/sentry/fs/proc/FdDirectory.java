package dev.bulwark.sentry.fs.proc;

import dev.bulwark.linux.Errno;
import dev.bulwark.sentry.ErrnoException;
import dev.bulwark.sentry.auth.Credentials;
import dev.bulwark.sentry.kernel.Task;
import dev.bulwark.sentry.vfs.Attributes;
import dev.bulwark.sentry.vfs.DirectoryFile;
import dev.bulwark.sentry.vfs.DirectorySink;
import dev.bulwark.sentry.vfs.FdTable;
import dev.bulwark.sentry.vfs.FileDescription;
import dev.bulwark.sentry.vfs.Inode;
import dev.bulwark.sentry.vfs.Location;
import dev.bulwark.sentry.vfs.OpenFlags;
import dev.bulwark.sentry.vfs.PathName;
import org.jspecify.annotations.Nullable;

/** The open files of a process: links to them (fd), or what is known of each (fdinfo). */
final class FdDirectory extends ProcInode {
  private static final long LINKS = 0x1000_0000L;
  private static final long INFOS = 0x2000_0000L;

  private final Subject about;
  private final boolean info;

  FdDirectory(ProcSystem system, long number, Subject subject, boolean info) {
    super(system, number, Attributes.DIRECTORY | (info ? 0555 : 0500), subject);
    this.about = subject;
    this.info = info;
  }

  @Override
  int links() {
    return 2;
  }

  @Override
  public void checkPermission(int wanted, Credentials credentials) throws ErrnoException {
    Access.check(about, credentials);
  }

  private @Nullable FdTable table() {
    Task task = about.task();
    return task == null ? null : task.files();
  }

  @Override
  public @Nullable Inode lookup(String name) throws ErrnoException {
    int fd = name.equals("0") ? 0 : RootDirectory.number(name);
    FdTable table = table();
    if (fd < 0 || table == null || !isOpen(table, fd)) {
      return null;
    }
    return info ? infoFile(fd) : new FdLink(fd);
  }

  private static boolean isOpen(FdTable table, int fd) {
    try (FileDescription file = table.acquire(fd)) {
      return file != null;
    } catch (ErrnoException e) {
      return false;
    }
  }

  private FileDescription acquire(int fd) throws ErrnoException {
    FdTable table = table();
    if (table == null) {
      throw ErrnoException.of(Errno.ENOENT);
    }
    try {
      return table.acquire(fd);
    } catch (ErrnoException e) {
      throw ErrnoException.of(Errno.ENOENT);
    }
  }

  /** A link to an open file, whose permission bits tell how it is open. */
  private final class FdLink extends ProcInode {
    private final int fd;

    FdLink(int fd) {
      super(
          FdDirectory.this.system(),
          ProcessDirectory.number(about.tid(), LINKS + fd),
          Attributes.SYMLINK | 0500,
          about);
      this.fd = fd;
    }

    @Override
    boolean valid() {
      FdTable table = table();
      return about.exists() && table != null && isOpen(table, fd);
    }

    @Override
    int permissions() {
      try (FileDescription file = acquire(fd)) {
        return (file.readable() ? 0500 : 0) | (file.writable() ? 0300 : 0);
      } catch (ErrnoException e) {
        return 0;
      }
    }

    @Override
    public long size() {
      return 64; // as Linux has it, for those who size a buffer by it
    }

    @Override
    public String readlink() throws ErrnoException {
      Credentials reader = system().reader();
      if (reader != null) {
        Access.check(about, reader);
      }
      try (FileDescription file = acquire(fd)) {
        Task current = Task.current();
        String name = file.describe();
        return current != null && name.startsWith("/")
            ? PathName.of(file.location(), current.fs().root())
            : name;
      }
    }

    @Override
    public Location magicLink(Credentials credentials) throws ErrnoException {
      Access.check(about, credentials);
      try (FileDescription file = acquire(fd)) {
        return file.location();
      }
    }
  }

  private ProcText infoFile(int fd) {
    long number = ProcessDirectory.number(about.tid(), INFOS + fd);
    return new ProcText(system(), number, 0400, about, true, () -> describe(fd), null);
  }

  private String describe(int fd) throws ErrnoException {
    FdTable table = table();
    boolean cloexec = table != null && isOpen(table, fd) && table.closeOnExec(fd);
    try (FileDescription file = acquire(fd)) {
      int flags = file.flags() | OpenFlags.LARGEFILE | (cloexec ? OpenFlags.CLOEXEC : 0);
      return "pos:\t"
          + file.position()
          + "\nflags:\t0"
          + Integer.toOctalString(flags)
          + "\nmnt_id:\t"
          + file.location().mount().id()
          + "\nino:\t"
          + file.attributes().inode()
          + "\n"
          + file.fdInfo();
    }
  }

  @Override
  public void readDirectory(long position, DirectorySink sink) throws ErrnoException {
    FdTable table = table();
    if (table == null) {
      return;
    }
    int type = info ? Attributes.REGULAR : Attributes.SYMLINK;
    for (int fd : table.descriptors()) {
      long next = DirectoryFile.FIRST + fd + 1;
      if (next <= position) {
        continue;
      }
      long number = ProcessDirectory.number(about.tid(), (info ? INFOS : LINKS) + fd);
      if (!sink.entry(Integer.toString(fd), number, type, next)) {
        return;
      }
    }
  }
}
