package dev.bulwark.sentry.fs.tmpfs;

import dev.bulwark.sentry.ErrnoException;
import dev.bulwark.sentry.io.IoBuffer;

/**
 * Where the bytes of a file are. Lengths and limits of the file are the caller's business, but for
 * the memory that pages take, which is charged to the file system. Guarded by the file's monitor.
 */
sealed interface Contents permits PooledContents, MemfdContents {

  /** Reads at most {@code length} bytes, which lie inside the file; result as of a file's read. */
  long read(IoBuffer to, long offset, long length);

  /** Writes at most {@code length} bytes; result as of a file's write, ENOSPC among them. */
  long write(IoBuffer from, long offset, long length);

  /** Sets the length; what lies behind it is gone, and reads as zero when it comes back. */
  void resize(long oldSize, long newSize) throws ErrnoException;

  /** Makes a range zero and gives its memory back. */
  void punch(long offset, long length) throws ErrnoException;

  /**
   * Takes memory for a range.
   *
   * @throws ErrnoException ENOSPC; nothing was taken then
   */
  void allocate(long offset, long length) throws ErrnoException;

  /** The next offset with data, or that begins a hole, below {@code size}; -1 when none is. */
  long seek(long offset, boolean data, long size);

  /** Pages taken. */
  long pages();

  /** Gives everything back. */
  void close();
}
