package dev.bulwark.sentry.boot;

import dev.bulwark.control.FileOwner;
import dev.bulwark.control.ProcessSpec;
import dev.bulwark.linux.HostException;
import dev.bulwark.linux.HostIo;
import dev.bulwark.sentry.ErrnoException;
import dev.bulwark.sentry.fs.host.HostStream;
import dev.bulwark.sentry.io.HostPoller;
import dev.bulwark.sentry.kernel.Task;
import dev.bulwark.sentry.tty.ControllingTerminal;
import dev.bulwark.sentry.tty.HostConsole;
import dev.bulwark.sentry.vfs.FdTable;
import dev.bulwark.sentry.vfs.OpenFlags;
import dev.bulwark.sentry.vfs.Opener;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a process that was started from outside has as its standard input, output and error: the
 * host's own files, and a terminal of the sandbox for those that are a terminal of the host.
 */
final class StandardFiles {
  private static final long FLUSH_NANOS = 500_000_000;

  private final int[] descriptors;
  private final int terminals;
  private final List<FileOwner> owners;
  private final HostPoller poller;
  private @Nullable HostConsole console;

  /**
   * Files of the host, which belong to this object until they are opened.
   *
   * @param descriptors for 0, 1 and 2
   * @param spec says which of them are a terminal, and whose they are
   */
  StandardFiles(int[] descriptors, ProcessSpec spec, HostPoller poller) {
    this.descriptors = descriptors.clone();
    terminals = spec.terminals();
    owners = spec.owners();
    this.poller = poller;
  }

  /** Puts the three files into a new process's table, with its controlling terminal. */
  void open(Task task) throws ErrnoException, HostException {
    FdTable files = new FdTable();
    task.setFiles(files);
    for (int fd = 0; fd < descriptors.length; fd++) {
      if (!isTerminal(fd)) {
        files.replace(fd, HostStream.of(descriptors[fd], owners.get(fd), poller), false);
      }
    }
    if (terminals == 0) {
      return;
    }
    HostConsole made =
        HostConsole.start(
            task.kernel().terminals(),
            isTerminal(0) ? descriptors[0] : -1,
            descriptors[isTerminal(1) ? 1 : Integer.numberOfTrailingZeros(terminals)],
            task.credentials());
    console = made;
    Opener opener = new Opener(task.fs().walk(task.credentials()), null);
    String path = "/dev/pts/" + made.pty().index();
    for (int fd = 0; fd < descriptors.length; fd++) {
      if (isTerminal(fd)) {
        files.replace(fd, opener.open(path, OpenFlags.RDWR | OpenFlags.NOCTTY, 0), false);
      }
    }
    ControllingTerminal.begin(task.kernel().processes(), task.process(), made.pty());
  }

  /** Closes what was never opened. */
  void discard() {
    for (int fd : descriptors) {
      HostIo.close(fd);
    }
  }

  private boolean isTerminal(int fd) {
    return (terminals >>> fd & 1) != 0;
  }

  /** The host's terminal has another size. */
  void windowChanged() {
    HostConsole now = console;
    if (now != null) {
      now.sizeChanged();
    }
  }

  /** Waits a little for what was written to reach the host's terminal. */
  void flush() {
    HostConsole now = console;
    if (now != null) {
      now.flush(FLUSH_NANOS);
    }
  }
}
