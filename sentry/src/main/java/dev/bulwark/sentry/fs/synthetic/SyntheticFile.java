package dev.bulwark.sentry.fs.synthetic;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import dev.bulwark.linux.Errno;
import dev.bulwark.sentry.ErrnoException;
import dev.bulwark.sentry.vfs.Attributes;
import dev.bulwark.sentry.vfs.FileDescription;
import dev.bulwark.sentry.vfs.Opening;

/**
 * A file whose contents are generated. They are made when it is read from the beginning, and stay
 * the same for the description until it is read from the beginning again, so that a reader never
 * sees halves of two states.
 */
public abstract class SyntheticFile extends SyntheticInode {
  /**
   * A file.
   *
   * @param permissions its permission bits
   */
  protected SyntheticFile(SyntheticFileSystem fileSystem, int permissions, int uid, int gid) {
    super(fileSystem, Attributes.REGULAR | permissions, uid, gid);
  }

  /** Generates text. */
  @FunctionalInterface
  public interface Text {
    /** The text for somebody who has opened the file. */
    String generate(Opening opening) throws ErrnoException;
  }

  /** A file of root's that anybody can read, with text as bytes in ISO-8859-1. */
  public static SyntheticFile of(SyntheticFileSystem fileSystem, Text text) {
    return of(fileSystem, 0444, text);
  }

  /** A file of root's. */
  public static SyntheticFile of(SyntheticFileSystem fileSystem, int permissions, Text text) {
    return new SyntheticFile(fileSystem, permissions, 0, 0) {
      @Override
      protected byte[] contents(Opening opening) throws ErrnoException {
        return text.generate(opening).getBytes(ISO_8859_1);
      }
    };
  }

  /**
   * The contents now.
   *
   * @param opening who has opened it; its task may be null
   */
  protected abstract byte[] contents(Opening opening) throws ErrnoException;

  /**
   * Takes what was written with one write(2), of at most a page.
   *
   * @throws ErrnoException EINVAL for what it does not understand, EPERM
   */
  protected void store(byte[] written, Opening opening) throws ErrnoException {
    throw ErrnoException.of(Errno.EIO);
  }

  @Override
  public FileDescription open(Opening opening) throws ErrnoException {
    return new GeneratedFile(opening, this);
  }
}
