package dev.bulwark.sentry.vfs;

import dev.bulwark.linux.Errno;
import dev.bulwark.sentry.ErrnoException;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** What device numbers stand for, and what opens FIFOs, in one sandbox. Thread-safe. */
public final class SpecialFiles {
  private final ConcurrentHashMap<Long, SpecialFile> characters = new ConcurrentHashMap<>();
  private volatile @Nullable SpecialFile fifo;

  /** Nothing but ENXIO yet. */
  public SpecialFiles() {}

  /** Says what opens FIFOs. */
  public void fifo(SpecialFile opener) {
    fifo = opener;
  }

  /** Says what opens a character device. */
  public void character(long device, SpecialFile opener) {
    characters.put(device, opener);
  }

  /**
   * Opens what an inode stands for.
   *
   * @throws ErrnoException ENXIO when nothing is behind it, or what the opener answers
   */
  public FileDescription open(Inode inode, Opening opening) throws ErrnoException {
    SpecialFile opener =
        switch (inode.type()) {
          case Attributes.FIFO -> fifo;
          case Attributes.CHARACTER -> characters.get(inode.attributes().special());
          default -> null;
        };
    if (opener == null) {
      throw ErrnoException.of(Errno.ENXIO);
    }
    return opener.open(inode, opening);
  }
}
