package dev.bulwark.sentry.fs.devpts;

import dev.bulwark.sentry.ErrnoException;
import dev.bulwark.sentry.tty.PtySystem;
import dev.bulwark.sentry.vfs.Attributes;
import dev.bulwark.sentry.vfs.DeviceNumber;
import dev.bulwark.sentry.vfs.FileDescription;
import dev.bulwark.sentry.vfs.MemoryInode;
import dev.bulwark.sentry.vfs.NewFile;
import dev.bulwark.sentry.vfs.Opening;

/** What makes a pair when it is opened. */
final class PtmxNode extends MemoryInode {
  static final long NUMBER = 2;
  private final PtySystem system;

  PtmxNode(Devpts fileSystem, PtySystem system) {
    super(fileSystem, NUMBER, new NewFile(Attributes.CHARACTER | 0666, 0, 0));
    this.system = system;
  }

  @Override
  protected long special() {
    return DeviceNumber.of(5, 2);
  }

  @Override
  public FileDescription open(Opening opening) throws ErrnoException {
    return system.openMaster(opening);
  }
}
