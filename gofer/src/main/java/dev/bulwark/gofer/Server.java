package dev.bulwark.gofer;

import dev.bulwark.linux.Errno;
import dev.bulwark.linux.Frame;
import dev.bulwark.linux.HostException;
import dev.bulwark.linux.HostFile;
import dev.bulwark.linux.MessageSocket;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.Lock;
import java.util.function.Consumer;
import java.util.function.IntToLongFunction;

/**
 * Serves the requests of one connection with several threads, until it ends. Nothing that comes
 * over the connection is trusted; see the package's description.
 */
public final class Server {
  private static final int THREADS = 3;

  private final MessageSocket socket;
  private final Consumer<String> log;
  private final NodeTable nodes;
  private final ProcFds proc;
  private final Lookup lookup;
  private final Names names;
  private final Contents contents;
  private final Watches watches;
  private final Sockets sockets;
  private final Handlers handlers;

  /**
   * Prepares to serve.
   *
   * @param socket the connection, closed at the end of {@link #run}
   * @param roots what the client can attach to, in the order of their numbers; their descriptors
   *     stay the caller's
   * @param limits how much the client may hold
   * @param log takes a line for people when something is wrong with the client
   * @throws HostException when /proc is missing
   * @throws GoferException when a root cannot be asked for its attributes
   */
  public Server(MessageSocket socket, List<Root> roots, ServerLimits limits, Consumer<String> log)
      throws HostException, GoferException {
    this.socket = socket;
    this.log = log;
    nodes = new NodeTable(List.copyOf(roots), limits.nodes(), limits.descriptors());
    proc = new ProcFds();
    lookup = new Lookup(nodes, proc);
    names = new Names(nodes, proc, lookup);
    contents = new Contents(nodes, proc);
    watches = new Watches(nodes, proc);
    sockets = new Sockets(nodes, proc, log);
    handlers = handlers();
  }

  /**
   * Has sealed roots made read-only by somebody who may change mounts, besides refusing changes.
   *
   * @param sealer gets the descriptor of a root, gives 0 or an errno negated
   */
  void sealBy(IntToLongFunction sealer) {
    nodes.sealBy(sealer);
  }

  /** Serves until the other end is gone or breaks the protocol. */
  public void run() {
    List<Thread> workers = new ArrayList<>();
    for (int i = 1; i <= THREADS; i++) {
      workers.add(Thread.ofPlatform().daemon().name("gofer-" + i).start(this::work));
    }
    boolean interrupted = false;
    for (Thread worker : workers) {
      while (worker.isAlive()) {
        try {
          worker.join();
        } catch (InterruptedException e) {
          interrupted = true;
          socket.close();
        }
      }
    }
    nodes.close();
    watches.close();
    proc.close();
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  private void work() {
    Frame in = new Frame(Wire.MAX_MESSAGE);
    Frame out = new Frame(Wire.MAX_MESSAGE);
    try {
      while (true) {
        long n = socket.receive(in);
        in.closeDescriptors(); // the client has none to give
        if (n <= 0) {
          if (n < 0) {
            log.accept("receiving from the Sentry failed: " + Errno.describe((int) -n));
          }
          return;
        }
        if (!serve(in.bytes(), out)) {
          return;
        }
      }
    } catch (MalformedMessageException e) {
      log.accept("the Sentry sent " + e.getMessage() + "; the connection ends");
    } finally {
      socket.close();
    }
  }

  private boolean serve(ByteBuffer message, Frame out) throws MalformedMessageException {
    int tag = Wire.getInt(message);
    Request request = Request.decode(message);
    if (request instanceof Request.Forget forget) {
      for (int i = 0; i < forget.nodes().length; i++) {
        nodes.forget(forget.nodes()[i], forget.counts()[i]);
      }
      return true;
    }
    Answer answer = answer(request);
    answer.reply().encode(tag, out.clear());
    if (answer.fd() >= 0) {
      out.attach(answer.fd());
    }
    long r = socket.send(out);
    if (answer.fd() >= 0) {
      HostFile.close(answer.fd());
    }
    return r == 0;
  }

  private Answer answer(Request request) {
    try {
      if (request instanceof Request.Sync sync) {
        return Contents.sync(openToSync(sync), sync.fileSystem());
      }
      boolean removes = request instanceof Request.Unlink || request instanceof Request.Rename;
      Lock lock = removes ? nodes.tree.writeLock() : nodes.tree.readLock();
      lock.lock();
      try {
        return handlers.answer(request);
      } finally {
        lock.unlock();
      }
    } catch (GoferException e) {
      return Answer.failed(e.errno());
    } catch (RuntimeException e) {
      log.accept("serving " + request.getClass().getSimpleName() + " failed: " + e);
      return Answer.failed(Errno.EIO);
    }
  }

  private int openToSync(Request.Sync request) throws GoferException {
    nodes.tree.readLock().lock();
    try {
      return contents.openToSync(request);
    } finally {
      nodes.tree.readLock().unlock();
    }
  }

  /** Who carries out what is done under the lock of the tree. */
  Handlers handlers() {
    return new Handlers()
        .on(Request.Attach.class, lookup::attach)
        .on(Request.Walk.class, lookup::walk)
        .on(Request.ReadDirectory.class, lookup::list)
        .on(Request.Open.class, contents::open)
        .on(Request.ReadLink.class, contents::readLink)
        .on(Request.GetAttributes.class, contents::getAttributes)
        .on(Request.SetAttributes.class, contents::setAttributes)
        .on(Request.GetFigures.class, contents::figures)
        .on(Request.GetXattr.class, contents::getXattr)
        .on(Request.SetXattr.class, contents::setXattr)
        .on(Request.ListXattr.class, contents::listXattr)
        .on(Request.RemoveXattr.class, contents::removeXattr)
        .on(Request.Create.class, names::create)
        .on(Request.CreateNameless.class, names::createNameless)
        .on(Request.MakeDirectory.class, names::makeDirectory)
        .on(Request.MakeSymlink.class, names::makeSymlink)
        .on(Request.MakeNode.class, names::makeNode)
        .on(Request.Link.class, names::link)
        .on(Request.Unlink.class, names::unlink)
        .on(Request.Rename.class, names::rename)
        .on(Request.OpenWatches.class, r -> watches.open())
        .on(Request.Watch.class, watches::watch)
        .on(Request.Unwatch.class, watches::unwatch)
        .on(Request.Connect.class, sockets::connect)
        .on(Request.Seal.class, lookup::seal);
  }

  /** How many nodes the client holds, roots included. */
  int nodeCount() {
    return nodes.size();
  }

  /** How many descriptors of nodes are open, roots left out. */
  int openDescriptors() {
    return nodes.openDescriptors();
  }
}
