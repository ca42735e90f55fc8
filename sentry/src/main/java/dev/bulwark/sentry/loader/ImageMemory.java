package dev.bulwark.sentry.loader;

import dev.bulwark.sentry.ErrnoException;

/**
 * The address space that a program is loaded into. Addresses and lengths of areas are multiples of
 * the page size; an implementation refuses ranges that applications may not have.
 */
public interface ImageMemory {
  /** Bits of a protection, as in mmap(2). */
  int READ = 1;

  /** See {@link #READ}. */
  int WRITE = 2;

  /** See {@link #READ}. */
  int EXECUTE = 4;

  /** The first address that applications cannot have: TASK_SIZE. */
  long limit();

  /**
   * Finds room where mmap(2) would put a mapping without a wish.
   *
   * @param alignment a power of two, at least the page size
   * @throws ErrnoException ENOMEM
   */
  long place(long length, long alignment) throws ErrnoException;

  /**
   * Maps a part of a file privately, replacing what was there. The range may reach past the file's
   * end.
   *
   * @throws ErrnoException ENOMEM, or what the file server answers
   */
  void mapFile(long address, long length, int protection, ProgramFile file, long offset)
      throws ErrnoException;

  /**
   * Maps zeroes privately, replacing what was there.
   *
   * @throws ErrnoException ENOMEM
   */
  void mapAnonymous(long address, long length, int protection) throws ErrnoException;

  /**
   * Maps the main stack, which grows down from {@code address} as far as RLIMIT_STACK admits.
   *
   * @throws ErrnoException ENOMEM
   */
  void mapStack(long address, long length, int protection) throws ErrnoException;

  /**
   * Stores bytes.
   *
   * @throws ErrnoException EFAULT where nothing writable is mapped
   */
  void write(long address, byte[] bytes) throws ErrnoException;

  /** Says where mmap(2) looks for room, downwards from here; called before anything is mapped. */
  void setMmapBase(long address);

  /** Says where the heap of brk(2) begins: empty, page-aligned. */
  void setBrk(long start) throws ErrnoException;
}
