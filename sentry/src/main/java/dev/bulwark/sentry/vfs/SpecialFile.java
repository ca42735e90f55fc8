package dev.bulwark.sentry.vfs;

import dev.bulwark.sentry.ErrnoException;

/** Opens the device, FIFO or other thing that an inode only stands for. */
@FunctionalInterface
public interface SpecialFile {

  /**
   * Opens it.
   *
   * @param inode the node; {@link Inode#endpoint} keeps what belongs to it, such as a FIFO's pipe
   * @return a description that the caller owns
   * @throws ErrnoException ENXIO and others; ERESTARTSYS when a wait was interrupted
   */
  FileDescription open(Inode inode, Opening opening) throws ErrnoException;
}
