package dev.bulwark.gofer;

import dev.bulwark.linux.Errno;
import dev.bulwark.linux.HostUnix;
import dev.bulwark.linux.Statx;
import java.util.function.Consumer;

/** Connects to sockets of the host that the client was given. */
final class Sockets {
  private static final int STREAM = 1;
  private static final int DATAGRAM = 2;
  private static final int SEQPACKET = 5;
  private static final int NONBLOCK = 04000;

  private final NodeTable nodes;
  private final ProcFds proc;
  private final Consumer<String> log;

  Sockets(NodeTable nodes, ProcFds proc, Consumer<String> log) {
    this.nodes = nodes;
    this.proc = proc;
    this.log = log;
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
      long fd = proc.inside(name -> HostUnix.connect(type | NONBLOCK, name), use.fd());
      GoferException.check(fd);
      log.accept("the sandbox connected to the host's socket " + nodes.describe(use.node));
      return new Answer(new Reply.Done(), (int) fd);
    }
  }
}
