package dev.bulwark.sentry.vfs;

import dev.bulwark.sentry.ErrnoException;

/**
 * What a description tells of the inode it was opened from, for kinds of files that exist both with
 * a name and without. Thread-safe.
 */
public interface FileIdentity {

  /** What fstat(2) tells. */
  Attributes attributes() throws ErrnoException;

  /** What the link in /proc/PID/fd says. */
  String describe();
}
