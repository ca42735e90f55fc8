package dev.bulwark.sentry.fs.devpts;

import dev.bulwark.sentry.ErrnoException;
import dev.bulwark.sentry.tty.Pty;
import dev.bulwark.sentry.tty.PtySystem;
import dev.bulwark.sentry.vfs.Attributes;
import dev.bulwark.sentry.vfs.FileDescription;
import dev.bulwark.sentry.vfs.MemoryInode;
import dev.bulwark.sentry.vfs.NewFile;
import dev.bulwark.sentry.vfs.Opening;

/** The slave of a pair. */
final class SlaveNode extends MemoryInode {
  private static final long FIRST_NUMBER = 3;

  private final PtySystem system;
  private final Pty pty;

  SlaveNode(Devpts fileSystem, PtySystem system, Pty pty) {
    super(
        fileSystem,
        number(pty),
        new NewFile(Attributes.CHARACTER | 0620, pty.owner(), Devpts.TTY_GROUP));
    this.system = system;
    this.pty = pty;
  }

  static long number(Pty pty) {
    return FIRST_NUMBER + pty.index();
  }

  Pty pty() {
    return pty;
  }

  @Override
  protected long special() {
    return pty.device();
  }

  @Override
  public FileDescription open(Opening opening) throws ErrnoException {
    return system.openSlave(pty, opening);
  }
}
