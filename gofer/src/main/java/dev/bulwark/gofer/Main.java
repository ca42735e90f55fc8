package dev.bulwark.gofer;

import dev.bulwark.linux.CallFilter;
import dev.bulwark.linux.Guard;
import dev.bulwark.linux.HostCall;
import dev.bulwark.linux.HostException;
import dev.bulwark.linux.MessageSocket;
import dev.bulwark.linux.Statx;
import dev.bulwark.linux.Sys;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The file server's process: {@code --socket fd=N [--guard fd=N | --rehearsal fd=N] --root
 * fd=N[,ro][,shared][,sockets] [--root ...]}. Everything that it serves arrives as an open
 * descriptor. It ends with 0 when the connection ends, and with 2 when its arguments are wrong.
 */
public final class Main {
  private Main() {}

  /** Serves until the socket closes. */
  public static void main(String[] args) {
    List<Root> roots = new ArrayList<>();
    int socket = -1;
    Guard guard = null;
    try {
      for (int i = 0; i < args.length; i += 2) {
        String value = i + 1 < args.length ? args[i + 1] : "";
        switch (args[i]) {
          case "--socket" -> socket = Root.descriptor(value);
          case "--guard" -> guard = new Guard(Root.descriptor(value));
          case "--rehearsal" -> guard = new Guard(Root.descriptor(value), true);
          case "--root" -> roots.add(Root.parse(value));
          default -> throw new IllegalArgumentException("unknown option " + args[i]);
        }
      }
      if (socket < 0 || roots.isEmpty()) {
        throw new IllegalArgumentException("--socket and --root are needed");
      }
    } catch (IllegalArgumentException e) {
      System.err.println("bulwark gofer: " + e.getMessage());
      System.exit(2);
    }
    for (int i = 0; i < roots.size(); i++) {
      if (roots.get(i).sockets()) {
        System.err.println(
            "bulwark gofer: the sandbox may connect to every socket of the host in root " + i);
      }
    }
    // Modes of new files are decided by the Sentry alone.
    HostCall.call(Sys.UMASK, 0);
    int code = 0;
    try {
      serve(socket, guard, roots);
    } catch (HostException | GoferException e) {
      System.err.println("bulwark gofer: cannot serve: " + e.getMessage());
      if (guard != null) {
        guard.failed(String.valueOf(e.getMessage()));
      }
      code = 1;
    }
    if (guard != null) {
      guard.exit(code);
    }
    System.exit(code);
  }

  private static void serve(int socket, @Nullable Guard guard, List<Root> roots)
      throws HostException, GoferException {
    Server server =
        new Server(
            new MessageSocket(socket),
            roots,
            ServerLimits.DEFAULT,
            line -> System.err.println("bulwark gofer: " + line));
    boolean sockets = roots.stream().anyMatch(Main::mayConnect);
    CallFilter filter = new CallFilter(GoferCalls.rules(sockets));
    if (guard != null) {
      server.sealBy(guard::seal);
      guard.lock(filter);
    }
    server.run();
  }

  private static boolean mayConnect(Root root) {
    Statx stat = new Statx();
    return root.sockets() || stat.fill(root.fd(), "") == 0 && stat.type() == Statx.SOCKET;
  }
}
