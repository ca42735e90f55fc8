package dev.bulwark.sentry.fs.tmpfs;

import dev.bulwark.sentry.vfs.NewFile;

/** A device node, FIFO or socket. */
final class TmpfsNode extends TmpfsInode {
  private final long device;

  TmpfsNode(Tmpfs fileSystem, long number, NewFile file, long device) {
    super(fileSystem, number, file);
    this.device = device;
  }

  @Override
  protected long special() {
    return device;
  }
}
