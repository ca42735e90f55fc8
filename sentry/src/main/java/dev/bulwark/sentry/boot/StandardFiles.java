package dev.bulwark.sentry.boot;

import dev.bulwark.control.Inherited;
import dev.bulwark.control.SandboxSpec;
import dev.bulwark.linux.HostException;
import dev.bulwark.linux.HostTerminal;
import dev.bulwark.sentry.ErrnoException;
import dev.bulwark.sentry.fs.host.HostStream;
import dev.bulwark.sentry.io.HostPoller;
import dev.bulwark.sentry.kernel.Kernel;
import dev.bulwark.sentry.kernel.Task;
import dev.bulwark.sentry.tty.ControllingTerminal;
import dev.bulwark.sentry.tty.HostConsole;
import dev.bulwark.sentry.vfs.FdTable;
import dev.bulwark.sentry.vfs.OpenFlags;
import dev.bulwark.sentry.vfs.Opener;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * What a sandbox's init has as its standard input, output and error: the host's own files, and a
 * terminal of the sandbox for those that are the host's terminal.
 */
final class StandardFiles {
  private static final long FLUSH_NANOS = 500_000_000;

  private final SandboxSpec spec;
  private @Nullable HostConsole console;

  StandardFiles(SandboxSpec spec) {
    this.spec = spec;
  }

  /** Puts the three files into the first task's table, with its controlling terminal. */
  void open(Kernel kernel, Task init) throws ErrnoException, HostException {
    FdTable files = new FdTable();
    init.setFiles(files);
    HostPoller poller = new HostPoller();
    for (int fd = 0; fd < 3; fd++) {
      if ((spec.terminals() >>> fd & 1) == 0) {
        files.replace(fd, HostStream.of(Inherited.SENTRY_STDIO + fd, poller), false);
      }
    }
    if (spec.terminals() == 0) {
      return;
    }
    HostConsole made =
        HostConsole.start(
            kernel.terminals(),
            Inherited.SENTRY_STDIO,
            Inherited.SENTRY_STDIO + 1,
            init.credentials());
    console = made;
    Opener opener = new Opener(init.fs().walk(init.credentials()), null);
    String path = "/dev/pts/" + made.pty().index();
    for (int fd = 0; fd < 3; fd++) {
      if ((spec.terminals() >>> fd & 1) != 0) {
        files.replace(fd, opener.open(path, OpenFlags.RDWR | OpenFlags.NOCTTY, 0), false);
      }
    }
    ControllingTerminal.begin(kernel.processes(), init.process(), made.pty());
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

  /** Puts the host's terminal back, whose keeper, the runtime command, was killed. */
  void restoreTerminal() {
    if (spec.terminals() != 0 && !spec.terminalSettings().isEmpty()) {
      HostTerminal.restore(
          Inherited.SENTRY_STDIO, spec.terminalSettings().getBytes(StandardCharsets.ISO_8859_1));
    }
  }
}
