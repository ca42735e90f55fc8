package dev.bulwark.sentry.fs.proc;

import dev.bulwark.linux.Errno;
import dev.bulwark.sentry.ErrnoException;
import dev.bulwark.sentry.auth.Credentials;
import dev.bulwark.sentry.vfs.Attributes;
import dev.bulwark.sentry.vfs.FileDescription;
import dev.bulwark.sentry.vfs.OpenFlags;
import dev.bulwark.sentry.vfs.Opening;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** A file whose contents are made when it is read. */
final class ProcText extends ProcInode {
  /** What parameters of the kernel have that cannot be set: even root cannot open them to write. */
  static final Sink SEALED =
      (text, writer) -> {
        throw ErrnoException.of(Errno.EACCES);
      };

  private final Source source;
  private final @Nullable Sink sink;
  private final boolean guarded;

  /** Makes the contents. */
  @FunctionalInterface
  interface Source {
    /**
     * The contents as a byte string.
     *
     * @throws ErrnoException ESRCH when the process has ended
     */
    String text() throws ErrnoException;
  }

  /** Takes what is written. */
  @FunctionalInterface
  interface Sink {
    /**
     * Takes the bytes of one write, as a byte string.
     *
     * @param writer who opened the file
     * @throws ErrnoException EINVAL and others
     */
    void write(String text, Credentials writer) throws ErrnoException;
  }

  /**
   * A file.
   *
   * @param mode permission bits
   * @param guarded whether it is for those only who could trace the process
   */
  ProcText(
      ProcSystem system,
      long number,
      int mode,
      @Nullable Subject subject,
      boolean guarded,
      Source source,
      @Nullable Sink sink) {
    super(system, number, Attributes.REGULAR | mode, subject);
    this.source = source;
    this.sink = sink;
    this.guarded = guarded;
  }

  byte[] bytes() throws ErrnoException {
    return source.text().getBytes(StandardCharsets.ISO_8859_1);
  }

  void write(String text, Credentials writer) throws ErrnoException {
    if (sink == null) {
      throw ErrnoException.of(subject() == null ? Errno.EIO : Errno.EINVAL);
    }
    sink.write(text, writer);
  }

  @Override
  public FileDescription open(Opening opening) throws ErrnoException {
    boolean writes = (opening.flags() & OpenFlags.ACCESS_MODE) != OpenFlags.RDONLY;
    if (writes && SEALED.equals(sink)) {
      throw ErrnoException.of(Errno.EACCES);
    }
    Subject about = subject();
    if (guarded && about != null) {
      Access.check(about, opening.credentials());
    }
    return new TextFile(opening, this);
  }
}
