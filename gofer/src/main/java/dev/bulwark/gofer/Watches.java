package dev.bulwark.gofer;

import dev.bulwark.linux.Errno;
import dev.bulwark.linux.HostFile;
import dev.bulwark.linux.HostInotify;
import java.util.HashMap;
import java.util.Map;

/**
 * What the client wants to hear of: files of shared roots that the host watches for it. The events
 * do not pass the server: the client is given the host's queue itself, which bounds how many wait,
 * joins those that repeat and says when some were lost. Thread-safe.
 */
final class Watches implements AutoCloseable {
  /** How many files one client can have watched; the host allows all of a user so many together. */
  static final int MAXIMUM = 8192;

  /** Changes. What others read and open, the server does itself all the time. */
  private static final int EVENTS =
      HostInotify.MODIFY
          | HostInotify.ATTRIB
          | HostInotify.CLOSE_WRITE
          | HostInotify.MOVED_FROM
          | HostInotify.MOVED_TO
          | HostInotify.CREATE
          | HostInotify.DELETE
          | HostInotify.DELETE_SELF
          | HostInotify.MOVE_SELF;

  private final NodeTable nodes;
  private final ProcFds proc;

  /** The number of the host's watch of each node; two nodes can be one file under two roots. */
  private final Map<Long, Integer> watches = new HashMap<>();

  private int queue = -1;

  Watches(NodeTable nodes, ProcFds proc) {
    this.nodes = nodes;
    this.proc = proc;
  }

  /** The queue, which is made when it is first asked for. */
  synchronized Answer open() throws GoferException {
    if (queue < 0) {
      queue = (int) GoferException.check(HostInotify.open());
    }
    return new Answer(new Reply.Done(), proc.duplicate(queue));
  }

  synchronized Answer watch(Request.Watch request) throws GoferException {
    try (NodeUse use = nodes.use(request.node())) {
      if (queue < 0 || !use.node.root.shared() || use.node.hidden) {
        throw GoferException.of(Errno.EINVAL);
      }
      if (watches.size() >= MAXIMUM) {
        throw GoferException.of(Errno.ENOSPC);
      }
      int fd = use.fd();
      int watch = (int) GoferException.check(proc.inside(name -> watch(name), fd));
      watches.put(use.node.id, watch);
      return Answer.of(new Reply.Watching(watch));
    }
  }

  private long watch(String name) {
    return HostInotify.watch(queue, name, EVENTS);
  }

  synchronized Answer unwatch(Request.Unwatch request) {
    Integer watch = watches.remove(request.node());
    if (watch != null && !watches.containsValue(watch)) {
      HostInotify.unwatch(queue, watch); // or the file is gone, and its watch with it
    }
    return Answer.done();
  }

  @Override
  public synchronized void close() {
    if (queue >= 0) {
      HostFile.close(queue);
      queue = -1;
    }
  }
}
