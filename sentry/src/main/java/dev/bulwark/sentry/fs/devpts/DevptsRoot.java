package dev.bulwark.sentry.fs.devpts;

import dev.bulwark.sentry.tty.Pty;
import dev.bulwark.sentry.vfs.Attributes;
import dev.bulwark.sentry.vfs.DirectoryFile;
import dev.bulwark.sentry.vfs.DirectorySink;
import dev.bulwark.sentry.vfs.Inode;
import dev.bulwark.sentry.vfs.MemoryInode;
import dev.bulwark.sentry.vfs.NewFile;
import org.jspecify.annotations.Nullable;

/** The directory of slaves. Positions are pair numbers, after that of ptmx. */
final class DevptsRoot extends MemoryInode {
  static final long NUMBER = 1;
  private static final long PTMX_POSITION = DirectoryFile.FIRST;
  private static final long SLAVES_POSITION = PTMX_POSITION + 1;

  private final Devpts fileSystem;

  DevptsRoot(Devpts fileSystem) {
    super(fileSystem, NUMBER, new NewFile(Attributes.DIRECTORY | 0755, 0, 0));
    this.fileSystem = fileSystem;
  }

  @Override
  public @Nullable Inode lookup(String name) {
    if (name.equals("ptmx")) {
      return fileSystem.ptmx();
    }
    Pty pty = fileSystem.find(name);
    return pty == null ? null : fileSystem.slave(pty);
  }

  @Override
  public void readDirectory(long position, DirectorySink sink) {
    if (position <= PTMX_POSITION
        && !sink.entry("ptmx", PtmxNode.NUMBER, Attributes.CHARACTER, SLAVES_POSITION)) {
      return;
    }
    for (Pty pty : fileSystem.system().all()) {
      long at = SLAVES_POSITION + pty.index();
      if (at >= position
          && !sink.entry(
              Integer.toString(pty.index()), SlaveNode.number(pty), Attributes.CHARACTER, at + 1)) {
        return;
      }
    }
  }
}
