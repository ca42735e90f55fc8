package dev.bulwark.runtime.container;

import dev.bulwark.linux.Errno;
import dev.bulwark.linux.Frame;
import dev.bulwark.linux.HostException;
import dev.bulwark.linux.HostIo;
import dev.bulwark.linux.HostPty;
import dev.bulwark.linux.HostTerminal;
import dev.bulwark.linux.LocalSocket;
import dev.bulwark.linux.MessageSocket;
import dev.bulwark.runtime.oci.Process;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** The terminal of a process whose engine holds the other end (the runtime's console socket). */
final class Console {
  private static final String NAME = "/dev/ptmx";

  private Console() {}

  /**
   * Makes a terminal and hands its master to an engine.
   *
   * @param socketPath of a Unix stream socket on which the engine listens
   * @return the slave, in a state in which it carries bytes as they are
   */
  static int offer(String socketPath, Process.@Nullable ConsoleSize size)
      throws ContainerException, HostException {
    HostPty pty = HostPty.open();
    try (MessageSocket socket = new MessageSocket(LocalSocket.connectStream(socketPath))) {
      if (size != null && size.height() > 0 && size.width() > 0) {
        pty.resize(size.height(), size.width());
      }
      byte[] settings = HostTerminal.settings(pty.slave());
      if (settings != null) {
        HostTerminal.makeRaw(pty.slave(), settings);
      }
      Frame frame = new Frame(NAME.length());
      frame.clear().put(NAME.getBytes(StandardCharsets.ISO_8859_1));
      frame.attach(pty.master());
      long r = socket.send(frame);
      if (r < 0) {
        throw new ContainerException(
            "the console socket "
                + socketPath
                + " does not take the terminal: "
                + Errno.describe((int) -r));
      }
      return pty.slave();
    } finally {
      HostIo.close(pty.master());
    }
  }
}
