package dev.bulwark.sentry.fs.tmpfs;

import dev.bulwark.sentry.vfs.NewFile;

/** A symbolic link. */
final class TmpfsLink extends TmpfsInode {
  private final String target;

  TmpfsLink(Tmpfs fileSystem, long number, NewFile file, String target) {
    super(fileSystem, number, file);
    this.target = target;
    HeapBudget.give(-target.length());
  }

  @Override
  void end() {
    HeapBudget.give(target.length());
  }

  @Override
  public String readlink() {
    return target;
  }

  @Override
  public long size() {
    return target.length();
  }
}
