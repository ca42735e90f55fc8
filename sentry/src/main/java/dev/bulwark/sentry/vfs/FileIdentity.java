package dev.bulwark.sentry.vfs;

import dev.bulwark.linux.Errno;
import dev.bulwark.sentry.ErrnoException;
import org.jspecify.annotations.Nullable;

/**
 * What a description tells of the inode it was opened from, for kinds of files that exist both with
 * a name and without. Thread-safe.
 */
public interface FileIdentity {

  /** What fstat(2) tells. */
  Attributes attributes() throws ErrnoException;

  /**
   * Changes attributes, when the file has no location whose inode does.
   *
   * @throws ErrnoException EPERM and others
   */
  default void setAttributes(AttributeChange change) throws ErrnoException {
    throw ErrnoException.of(Errno.EPERM);
  }

  /** What the link in /proc/PID/fd says. */
  String describe();

  /** Where the file is, or null when no directory names it. */
  default @Nullable Location location() {
    return null;
  }

  /** The description is gone. */
  default void closed() {}
}
