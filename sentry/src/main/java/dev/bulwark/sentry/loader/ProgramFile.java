package dev.bulwark.sentry.loader;

import dev.bulwark.linux.Errno;
import dev.bulwark.sentry.ErrnoException;
import dev.bulwark.sentry.mm.Mappable;
import dev.bulwark.sentry.vfs.Location;
import org.jspecify.annotations.Nullable;

/** A file that was opened for execution. Its contents can change at any time. */
public interface ProgramFile extends AutoCloseable {

  /**
   * Reads contents.
   *
   * @return how many bytes, fewer than {@code length} only at the end of the file
   * @throws ErrnoException EIO, or what the file system answers
   */
  int read(long offset, byte[] to, int at, int length) throws ErrnoException;

  /** File type and permission bits. */
  int mode();

  /** The owner. */
  int uid();

  /** The group. */
  int gid();

  /** Whether set-user-ID bits and file capabilities count: not on a mount with {@code nosuid}. */
  boolean mayChangePrivileges();

  /** The value of the attribute {@code security.capability}, or null when there is none. */
  byte @Nullable [] capabilityAttribute() throws ErrnoException;

  /**
   * What its segments are mapped from.
   *
   * @throws ErrnoException ENODEV when it can only be read
   */
  default Mappable mappable() throws ErrnoException {
    throw ErrnoException.of(Errno.ENODEV);
  }

  /** Where it was found, which {@code /proc/PID/exe} leads to; null for one without a place. */
  default @Nullable Location location() {
    return null;
  }

  /** Gives the file back. */
  @Override
  void close();
}
