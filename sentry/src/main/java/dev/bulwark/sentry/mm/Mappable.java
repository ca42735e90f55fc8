package dev.bulwark.sentry.mm;

import dev.bulwark.sentry.ErrnoException;

/**
 * Something that mmap(2) can map: the contents of a file as the host knows them. All mappings of
 * one object are coherent with each other and with its reads and writes. Thread-safe.
 */
public interface Mappable {

  /**
   * A host descriptor whose pages are the contents. Every stub that maps it holds it for good, so
   * its open mode must admit no more than {@code write} says, and it must show nothing but this
   * object.
   *
   * @param write whether a shared mapping may store
   * @return a descriptor that stays open as long as {@link #mapped} counts
   * @throws ErrnoException EACCES, ENODEV, or what the file server answers
   */
  int hostFd(boolean write) throws ErrnoException;

  /** Tells the object apart in /proc/PID/maps and in futex keys; compared by identity. */
  Object identity();

  /**
   * Counts mappings, so that the object lives as long as one of them.
   *
   * @param change 1 for one more area, -1 for one less
   */
  void mapped(int change);

  /**
   * Counts the address spaces that map it, for objects that tell how many there are. Called with
   * the lock of a memory map held, so it must not block.
   *
   * @param change 1 for one more, -1 for one less
   */
  default void attached(int change) {}

  /**
   * Whether the contents are nowhere but in memory, so that holes in them are what is not there.
   */
  default boolean inMemory() {
    return false;
  }

  /** The name in /proc/PID/maps: an absolute path, or a form such as {@code /memfd:x (deleted)}. */
  String mapsName();

  /** The device number and inode number in /proc/PID/maps: dev in [0], ino in [1]. */
  long[] mapsIdentity();
}
