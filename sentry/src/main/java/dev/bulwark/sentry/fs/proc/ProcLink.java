package dev.bulwark.sentry.fs.proc;

import dev.bulwark.sentry.ErrnoException;
import dev.bulwark.sentry.auth.Credentials;
import dev.bulwark.sentry.vfs.Attributes;
import dev.bulwark.sentry.vfs.Location;
import org.jspecify.annotations.Nullable;

/** A symbolic link of /proc: followed by its text, or past all names to a place. */
final class ProcLink extends ProcInode {
  private final Target target;

  /** Where a link leads. */
  interface Target {
    /**
     * What the link says.
     *
     * @throws ErrnoException ENOENT
     */
    String text() throws ErrnoException;

    /**
     * The place it leads to; null when it is followed by its text.
     *
     * @throws ErrnoException ENOENT
     */
    default @Nullable Location place() throws ErrnoException {
      return null;
    }
  }

  /** A link; one about a process is for those who could trace it. */
  ProcLink(
      ProcSystem system, long number, int permissions, @Nullable Subject subject, Target target) {
    super(system, number, Attributes.SYMLINK | permissions, subject);
    this.target = target;
  }

  private void checkAccess(@Nullable Credentials reader) throws ErrnoException {
    Subject about = subject();
    if (about != null && reader != null) {
      Access.check(about, reader);
    }
  }

  @Override
  public String readlink() throws ErrnoException {
    checkAccess(system().reader());
    return target.text();
  }

  @Override
  public @Nullable Location magicLink(Credentials credentials) throws ErrnoException {
    checkAccess(credentials);
    return target.place();
  }
}
