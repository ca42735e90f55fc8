package dev.bulwark.sentry.vfs;

/**
 * A lock on a range of a file.
 *
 * @param owner whose it is: an {@link FdTable} for POSIX locks, a {@link FileDescription} for those
 *     of open file descriptions
 * @param exclusive whether it is a write lock
 * @param start first byte
 * @param end last byte; {@link Long#MAX_VALUE} for all there will ever be
 * @param pid what F_GETLK tells of a POSIX owner; -1 for an open file description
 */
public record FileLock(Object owner, boolean exclusive, long start, long end, int pid) {

  boolean overlaps(FileLock other) {
    return start <= other.end && other.start <= end;
  }

  boolean conflicts(FileLock other) {
    return !owner.equals(other.owner) && overlaps(other) && (exclusive || other.exclusive);
  }

  /** The same for another range. */
  FileLock within(long first, long last) {
    return new FileLock(owner, exclusive, first, last, pid);
  }
}
