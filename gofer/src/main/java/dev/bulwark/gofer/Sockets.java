package dev.bulwark.gofer;

import dev.bulwark.linux.Errno;
import dev.bulwark.linux.HostUnix;
import dev.bulwark.linux.Statx;
import java.util.HashSet;
import java.util.Set;
import java.util.function.Consumer;

/**
 * Connects to sockets of the host that the client was given, as the user of the application: so the
 * permissions of the socket count, and its server does not take every user for the file server's.
 */
final class Sockets {
  private static final int STREAM = 1;
  private static final int DATAGRAM = 2;
  private static final int SEQPACKET = 5;
  private static final int NONBLOCK = 04000;

  private static final int MOST_TOLD = 100;

  private final Set<Node.Identity> told = new HashSet<>();
  private final NodeTable nodes;
  private final ProcFds proc;
  private final Consumer<String> log;

  Sockets(NodeTable nodes, ProcFds proc, Consumer<String> log) {
    this.nodes = nodes;
    this.proc = proc;
    this.log = log;
  }

  /** Says so once of each socket; an application could fill the log otherwise. */
  private void tell(Node node) {
    synchronized (told) {
      if (told.size() >= MOST_TOLD || !told.add(node.identity)) {
        return;
      }
    }
    log.accept("the sandbox connects to the host's socket " + nodes.describe(node));
  }

  /** Donates a connected socket, which does not block: a server that accepts nobody is EAGAIN. */
  Answer connect(Request.Connect request) throws GoferException {
    int type = request.type();
    if (type != STREAM && type != DATAGRAM && type != SEQPACKET) {
      throw GoferException.of(Errno.EINVAL);
    }
    try (NodeUse use = nodes.use(request.node())) {
      if (use.node.type != Statx.SOCKET) {
        throw GoferException.of(Errno.ECONNREFUSED);
      }
      if (!use.node.isRoot() && !use.node.root.sockets()) {
        throw GoferException.of(Errno.EACCES);
      }
      long fd =
          proc.inside(
              name -> request.as().call(() -> HostUnix.connect(type | NONBLOCK, name)), use.fd());
      if (fd == -Errno.EPERM) {
        fd = -Errno.EACCES; // no way to become that user
      }
      GoferException.check(fd);
      tell(use.node);
      return new Answer(new Reply.Done(), (int) fd);
    }
  }
}
