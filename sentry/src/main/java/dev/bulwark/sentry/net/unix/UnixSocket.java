package dev.bulwark.sentry.net.unix;

import dev.bulwark.linux.Errno;
import dev.bulwark.sentry.ErrnoException;
import dev.bulwark.sentry.kernel.Task;
import dev.bulwark.sentry.net.Incoming;
import dev.bulwark.sentry.net.Outgoing;
import dev.bulwark.sentry.net.PeerCredentials;
import dev.bulwark.sentry.net.Socket;
import dev.bulwark.sentry.vfs.AnonymousInode;
import dev.bulwark.sentry.vfs.FileDescription;
import dev.bulwark.sentry.vfs.Inode;
import dev.bulwark.sentry.vfs.OpenFlags;
import dev.bulwark.sentry.wait.PollEvents;
import dev.bulwark.sentry.wait.WaitQueue;
import dev.bulwark.sentry.wait.Waiter;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** A Unix socket of any type. What connects sockets is guarded by the {@link UnixSystem}. */
public final class UnixSocket extends Socket {
  private static final int AF_UNIX = 1;
  private static final int AF_UNSPEC = 0;
  private static final int RECEIVE = 1;
  private static final int SEND = 2;
  private static final int BOTH = RECEIVE | SEND;

  /** /proc/sys/net/core/somaxconn. */
  private static final int MAX_BACKLOG = 4096;

  /** The largest message of a stream that is queued in one piece. */
  private static final int PIECE = 32768;

  /** What a datagram leaves unused of the send buffer. */
  private static final int DATAGRAM_HEAD = 32;

  private static final int READABLE = PollEvents.IN | PollEvents.RDNORM;
  private static final int WRITABLE = PollEvents.OUT | PollEvents.WRNORM | PollEvents.WRBAND;
  private static final int EVERYTHING =
      READABLE | WRITABLE | PollEvents.RDHUP | PollEvents.HUP | PollEvents.ERR;

  private enum State {
    CLOSED,
    LISTENING,
    CONNECTED
  }

  private final UnixSystem system;
  private final ReceiveQueue in = new ReceiveQueue();

  /** Where those wait who found no room in the receive queue or the backlog. */
  private final WaitQueue room = new WaitQueue();

  private final Waiter roomAtPeer = events -> waitQueue().wake(WRITABLE);

  /** What of the own send buffer is in other sockets' queues. */
  private final AtomicInteger sent = new AtomicInteger();

  private final ArrayDeque<UnixSocket> pending = new ArrayDeque<>(0);
  private final AtomicInteger error = new AtomicInteger();
  private volatile State state = State.CLOSED;
  private volatile @Nullable UnixSocket peer;

  /** The peer when it is a process of the host; then there is no other. */
  private volatile @Nullable HostPeer host;

  private volatile @Nullable UnixAddress address;
  private volatile int shut;
  private volatile boolean dead;
  private volatile PeerCredentials peerCredentials = PeerCredentials.NOBODY;
  private PeerCredentials listener = PeerCredentials.NOBODY;
  private @Nullable Runnable forgetPath;
  private int backlog;
  private boolean accepted = true;

  UnixSocket(
      UnixSystem system, int type, int flags, AnonymousInode inode, PeerCredentials creator) {
    super(type, OpenFlags.RDWR | flags, inode, creator);
    this.system = system;
  }

  /** Connects to a peer; called with the lock of the system. */
  void join(UnixSocket other, PeerCredentials theirs) {
    peer = other;
    peerCredentials = theirs;
    state = State.CONNECTED;
  }

  private boolean connectionless() {
    return type() == DGRAM;
  }

  @Override
  public int domain() {
    return AF_UNIX;
  }

  @Override
  public void bind(Task task, byte[] bytes) throws ErrnoException {
    if (bytes.length == 2 && UnixAddress.family(bytes, AF_UNIX)) {
      autobind();
      return;
    }
    UnixAddress wanted = UnixAddress.parse(bytes);
    if (address != null) {
      // Linux makes the file first, so an existing one is what it complains of.
      boolean exists = !wanted.isAbstract() && system.exists(task, wanted);
      throw ErrnoException.of(exists ? Errno.EADDRINUSE : Errno.EINVAL);
    }
    if (wanted.isAbstract()) {
      system.bindAbstract(this, wanted);
    } else {
      forgetPath = system.bindPath(task, this, wanted);
    }
    address = wanted;
  }

  private void autobind() throws ErrnoException {
    if (address == null) {
      address = system.autobind(this);
    }
  }

  private void autobindForCredentials() throws ErrnoException {
    if (options().passCredentials()) {
      autobind();
    }
  }

  @Override
  public void listen(Task task, int wanted) throws ErrnoException {
    if (connectionless()) {
      throw ErrnoException.of(Errno.EOPNOTSUPP);
    }
    synchronized (system) {
      if (address == null || state == State.CONNECTED) {
        throw ErrnoException.of(Errno.EINVAL);
      }
      backlog = wanted < 0 ? MAX_BACKLOG : Math.min(wanted, MAX_BACKLOG);
      listener = PeerCredentials.of(task);
      peerCredentials = listener;
      state = State.LISTENING;
    }
    room.wake(WRITABLE);
  }

  @Override
  public long connect(Task task, byte[] bytes) throws ErrnoException {
    if (connectionless()) {
      connectDatagram(task, bytes);
      return 0;
    }
    UnixAddress wanted = UnixAddress.parse(bytes);
    autobindForCredentials();
    return switch (system.find(task, wanted, type())) {
      case UnixSystem.Found.OnHost place -> connectToHost(task, place.file());
      case UnixSystem.Found.Inside place -> connectInside(task, place.socket());
    };
  }

  private long connectInside(Task task, UnixSocket other) {
    synchronized (system) {
      if (other.dead || other.state != State.LISTENING || (other.shut & RECEIVE) != 0) {
        return -Errno.ECONNREFUSED;
      }
      if (other.pending.size() > other.backlog) {
        return -Errno.EAGAIN;
      }
      if (state != State.CLOSED) {
        return notClosed();
      }
      UnixSocket server = system.create(task, type(), 0);
      server.join(this, PeerCredentials.of(task));
      server.address = other.address;
      server.accepted = false;
      join(server, other.listener);
      other.pending.addLast(server);
    }
    other.waitQueue().wake(READABLE);
    waitQueue().wake(WRITABLE);
    return 0;
  }

  private long notClosed() {
    return state == State.CONNECTED ? -Errno.EISCONN : -Errno.EINVAL;
  }

  private long connectToHost(Task task, Inode file) throws ErrnoException {
    if (state != State.CLOSED) {
      return notClosed();
    }
    HostPeer made;
    try {
      made = system.hosts().connect(file, type(), task.credentials(), waitQueue());
    } catch (ErrnoException e) {
      if (e.errno() == Errno.EAGAIN && !nonBlocking()) {
        HostPeers.wakeLater(task.kernel().timers(), waitQueue());
      }
      throw e;
    }
    synchronized (system) {
      if (state == State.CLOSED) {
        host = made;
        state = State.CONNECTED;
        made = null;
      }
    }
    if (made != null) {
      made.close();
      return notClosed();
    }
    waitQueue().wake(WRITABLE);
    return 0;
  }

  private void connectDatagram(Task task, byte[] bytes) throws ErrnoException {
    UnixSocket other = null;
    HostPeer made = null;
    if (!UnixAddress.family(bytes, AF_UNSPEC)) {
      UnixAddress wanted = UnixAddress.parse(bytes);
      autobindForCredentials();
      switch (system.find(task, wanted, DGRAM)) {
        case UnixSystem.Found.Inside place -> other = place.socket();
        case UnixSystem.Found.OnHost place ->
            made = system.hosts().connect(place.file(), DGRAM, task.credentials(), waitQueue());
      }
    }
    UnixSocket before;
    HostPeer hostBefore;
    synchronized (system) {
      if (other != null && !other.listensTo(this)) {
        throw ErrnoException.of(Errno.EPERM);
      }
      before = peer;
      peer = other;
      hostBefore = host;
      host = made;
      state = other == null && made == null ? State.CLOSED : State.CONNECTED;
    }
    if (hostBefore != null) {
      hostBefore.close();
    }
    if (before != null) {
      before.room.remove(roomAtPeer);
    }
    if (other != null) {
      other.room.add(roomAtPeer, WRITABLE);
    }
    waitQueue().wake(WRITABLE);
  }

  /** A connected datagram socket hears its peer only. */
  private boolean listensTo(UnixSocket sender) {
    UnixSocket only = peer;
    return only == null || only.equals(sender);
  }

  @Override
  public @Nullable Socket accept(Task task, int flags) throws ErrnoException {
    if (connectionless()) {
      throw ErrnoException.of(Errno.EOPNOTSUPP);
    }
    UnixSocket server;
    synchronized (system) {
      if (state != State.LISTENING) {
        throw ErrnoException.of(Errno.EINVAL);
      }
      server = pending.pollFirst();
      if (server == null) {
        if ((shut & RECEIVE) != 0) {
          throw ErrnoException.of(Errno.EINVAL);
        }
        return null;
      }
      server.accepted = true;
    }
    server.setFlags(flags);
    room.wake(WRITABLE);
    return server;
  }

  @Override
  public @Nullable WaitQueue otherQueue(@Nullable Task task, byte @Nullable [] to)
      throws ErrnoException {
    if (to != null && to.length > 0) {
      return system.find(task, UnixAddress.parse(to), type())
              instanceof UnixSystem.Found.Inside place
          ? place.socket().room
          : null;
    }
    UnixSocket connected = peer;
    return connected == null || !connectionless() ? null : connected.room;
  }

  @Override
  public long send(@Nullable Task task, Outgoing message) throws ErrnoException {
    return switch (type()) {
      case STREAM -> sendStream(task, message);
      case SEQPACKET -> sendSequenced(task, message);
      default -> sendDatagram(task, message);
    };
  }

  private static boolean named(Outgoing message) {
    byte[] to = message.address();
    return to != null && to.length > 0;
  }

  private long sendStream(@Nullable Task task, Outgoing message) throws ErrnoException {
    if (named(message)) {
      return state == State.CONNECTED ? -Errno.EISCONN : -Errno.EOPNOTSUPP;
    }
    HostPeer outside = host;
    if (outside != null) {
      return outside.send(message);
    }
    UnixSocket to = peer;
    if (to == null) {
      return -Errno.ENOTCONN;
    }
    if ((shut & SEND) != 0 || to.dead || (to.shut & RECEIVE) != 0) {
      return -Errno.EPIPE;
    }
    long done = 0;
    while (message.data().remaining() > 0) {
      if (sent.get() >= options().sendBuffer()) {
        return done > 0 ? done : -Errno.EAGAIN;
      }
      long n = message.rights().isEmpty() ? extend(to, message) : 0;
      if (n == 0) {
        n = queue(task, to, message, done == 0, PIECE);
      }
      if (n < 0) {
        return done > 0 ? done : n;
      }
      done += n;
      to.waitQueue().wake(READABLE);
    }
    return done;
  }

  /** Adds bytes to the last message in the queue; 0 when that does not do. */
  private long extend(UnixSocket to, Outgoing message) {
    long more = message.data().remaining();
    synchronized (to.in) {
      Message last = to.in.extensible(new Message(this, message.sender(), List.of(), null), more);
      if (last == null) {
        return 0;
      }
      long n = last.extend(message.data(), (int) more);
      if (n > 0) {
        sent.addAndGet((int) n);
      }
      return n;
    }
  }

  /** Queues a new message; gives how many bytes it took, or an errno negated. */
  private long queue(
      @Nullable Task task, UnixSocket to, Outgoing outgoing, boolean withRights, long most)
      throws ErrnoException {
    List<FileDescription> rights = withRights ? fly(task, outgoing.rights()) : new ArrayList<>();
    UnixAddress own = address;
    byte[] from = type() == DGRAM && own != null ? own.encode() : null;
    Message message = new Message(this, outgoing.sender(), rights, from);
    long failure = 0;
    try {
      while (failure == 0 && message.length < most && outgoing.data().remaining() > 0) {
        long n = message.append(outgoing.data(), system.pages().take());
        failure = n <= 0 ? n : 0;
      }
    } catch (ErrnoException e) {
      failure = -e.errno();
    }
    boolean whole = type() != STREAM;
    if (failure != 0 && (whole || message.length == 0)) {
      discard(message);
      return failure;
    }
    int bytes = message.length;
    sent.addAndGet(message.charge);
    if (!to.in.add(message)) {
      sent.addAndGet(-message.charge);
      discard(message);
      return connectionless() ? -Errno.ECONNREFUSED : -Errno.EPIPE;
    }
    return bytes;
  }

  /** Takes references for files that are sent. ETOOMANYREFS. */
  private List<FileDescription> fly(@Nullable Task task, List<FileDescription> files)
      throws ErrnoException {
    List<FileDescription> flying = new ArrayList<>(files.size());
    if (!files.isEmpty()) {
      system.takeOff(task, files.size());
      for (FileDescription file : files) {
        if (file.acquire()) {
          flying.add(file);
        }
      }
    }
    return flying;
  }

  /** Nobody receives a message: gives back what it holds. */
  private void discard(Message message) {
    message.free();
    system.land(message.rights.size());
    message.rights.forEach(FileDescription::close);
  }

  private long sendSequenced(@Nullable Task task, Outgoing message) throws ErrnoException {
    HostPeer outside = host;
    if (outside != null) {
      return outside.send(message);
    }
    int failed = takeError();
    if (failed != 0) {
      return -failed;
    }
    UnixSocket to = peer;
    if (state != State.CONNECTED || to == null) {
      return -Errno.ENOTCONN;
    }
    if (message.data().remaining() > options().sendBuffer() - DATAGRAM_HEAD) {
      return -Errno.EMSGSIZE;
    }
    if ((shut & SEND) != 0 || to.dead || (to.shut & RECEIVE) != 0) {
      return -Errno.EPIPE;
    }
    return sendRecord(task, to, message);
  }

  private long sendDatagram(@Nullable Task task, Outgoing message) throws ErrnoException {
    autobindForCredentials();
    UnixSocket to = peer;
    byte[] wanted = message.address();
    HostPeer outside = host;
    if (wanted != null && wanted.length > 0) {
      switch (system.find(task, UnixAddress.parse(wanted), DGRAM)) {
        case UnixSystem.Found.Inside place -> to = place.socket();
        case UnixSystem.Found.OnHost place -> {
          return task == null ? -Errno.ECONNREFUSED : sendToHost(task, place.file(), message);
        }
      }
    } else if (outside != null) {
      return outside.send(message);
    } else if (to == null) {
      return -Errno.ENOTCONN;
    }
    if (message.data().remaining() > options().sendBuffer() - DATAGRAM_HEAD) {
      return -Errno.EMSGSIZE;
    }
    if ((shut & SEND) != 0) {
      return -Errno.EPIPE;
    }
    if (to.dead) {
      forgetPeer(to);
      return -Errno.ECONNREFUSED;
    }
    if (!to.listensTo(this)) {
      return -Errno.EPERM;
    }
    if ((to.shut & RECEIVE) != 0) {
      return -Errno.EPIPE;
    }
    if (!this.equals(to.peer) && to.in.full()) {
      return -Errno.EAGAIN;
    }
    return sendRecord(task, to, message);
  }

  /** A datagram to a socket of the host that this one is not connected to. */
  private long sendToHost(Task task, Inode file, Outgoing message) throws ErrnoException {
    long n;
    try {
      HostPeer once = system.hosts().connect(file, DGRAM, task.credentials(), new WaitQueue());
      try {
        n = once.send(message);
      } finally {
        once.close();
      }
    } catch (ErrnoException e) {
      n = -e.errno();
    }
    if (n == -Errno.EAGAIN && !nonBlocking()) {
      HostPeers.wakeLater(task.kernel().timers(), waitQueue());
    }
    return n;
  }

  private void forgetPeer(UnixSocket gone) {
    synchronized (system) {
      if (gone.equals(peer)) {
        peer = null;
        state = State.CLOSED;
      }
    }
  }

  private long sendRecord(@Nullable Task task, UnixSocket to, Outgoing message)
      throws ErrnoException {
    if (sent.get() >= options().sendBuffer()) {
      return -Errno.EAGAIN;
    }
    long n = queue(task, to, message, true, Long.MAX_VALUE);
    if (n >= 0) {
      to.waitQueue().wake(READABLE);
    }
    return n;
  }

  @Override
  public long receive(Incoming message) throws ErrnoException {
    if (type() == STREAM && message.data.remaining() == 0) {
      return 0;
    }
    if (state != State.CONNECTED && !connectionless()) {
      return type() == STREAM ? -Errno.EINVAL : -Errno.ENOTCONN;
    }
    boolean credentials = options().passCredentials();
    HostPeer outside = host;
    if (outside != null) {
      message.sender = credentials ? outside.credentials() : null;
      return outside.receive(message);
    }
    List<Message> done = new ArrayList<>(1);
    // Looked at first: what is sent before the end is in the queue by then.
    boolean ended = (shut & RECEIVE) != 0;
    long n =
        type() == STREAM
            ? in.receiveStream(message, credentials, done)
            : in.receiveRecord(message, credentials, done);
    if (!message.peek) {
      system.land(message.rights.size());
    }
    settle(done);
    if (n != -Errno.EAGAIN) {
      return n;
    }
    int failed = takeError();
    if (failed != 0) {
      return -failed;
    }
    return ended ? 0 : n;
  }

  /** Messages have left the queue: their senders get their room back. */
  private void settle(List<Message> done) {
    for (Message message : done) {
      UnixSocket from = message.from;
      from.sent.addAndGet(-message.charge);
      message.free();
      if (from.roomToSend()) {
        from.waitQueue().wake(WRITABLE);
      }
    }
    if (!done.isEmpty() && type() != STREAM) {
      room.wake(WRITABLE);
    }
  }

  /** Linux calls a socket writable when three quarters of its buffer are free. */
  private boolean roomToSend() {
    return 4L * sent.get() <= options().sendBuffer();
  }

  @Override
  public void shutdown(int how) throws ErrnoException {
    if (how < 0 || how > 2) {
      throw ErrnoException.of(Errno.EINVAL);
    }
    HostPeer outside = host;
    if (outside != null) {
      outside.shutdown(how);
      waitQueue().wake(EVERYTHING);
      return;
    }
    int mode = how + 1;
    UnixSocket other;
    synchronized (system) {
      shut |= mode;
      other = connectionless() ? null : peer;
      if (other != null) {
        other.shut |= ((mode & RECEIVE) != 0 ? SEND : 0) | ((mode & SEND) != 0 ? RECEIVE : 0);
      }
    }
    waitQueue().wake(EVERYTHING);
    room.wake(WRITABLE);
    if (other != null) {
      other.waitQueue().wake(EVERYTHING);
    }
  }

  @Override
  protected void release() {
    UnixSocket other;
    List<UnixSocket> waiting;
    Runnable forget;
    HostPeer outside = host;
    if (outside != null) {
      outside.close();
    }
    synchronized (system) {
      dead = true;
      state = State.CLOSED;
      shut = BOTH;
      other = peer;
      if (other != null && !connectionless()) {
        other.shut = BOTH;
        if (!in.isEmpty() || !accepted) {
          other.error.set(Errno.ECONNRESET);
        }
      }
      waiting = new ArrayList<>(pending);
      pending.clear();
      forget = forgetPath;
    }
    UnixAddress own = address;
    if (forget != null) {
      forget.run();
    } else if (own != null) {
      system.forgetAbstract(this, own);
    }
    List<Message> left = in.close();
    for (Message message : left) {
      system.land(message.rights.size());
      message.rights.forEach(FileDescription::close);
    }
    settle(left);
    waiting.forEach(FileDescription::close);
    room.wake(EVERYTHING);
    if (other != null) {
      other.room.remove(roomAtPeer);
      other.waitQueue().wake(EVERYTHING);
    }
  }

  @Override
  public int poll() {
    HostPeer outside = host;
    if (outside != null) {
      return outside.poll();
    }
    int now = shut;
    int events = error.get() != 0 ? PollEvents.ERR : 0;
    if (now == BOTH) {
      events |= PollEvents.HUP;
    }
    if ((now & RECEIVE) != 0) {
      events |= PollEvents.RDHUP | READABLE;
    }
    if (state == State.LISTENING) {
      synchronized (system) {
        return pending.isEmpty() ? events : events | READABLE;
      }
    }
    if (!in.isEmpty()) {
      events |= READABLE;
    }
    if (!connectionless() && state == State.CLOSED) {
      events |= PollEvents.HUP;
    }
    UnixSocket to = peer;
    boolean peerFull =
        connectionless() && to != null && !this.equals(to.peer) && !to.dead && to.in.full();
    return roomToSend() && !peerFull ? events | WRITABLE : events;
  }

  @Override
  public byte[] name() {
    UnixAddress own = address;
    return own == null ? UnixAddress.UNNAMED.clone() : own.encode();
  }

  @Override
  public byte[] peerName() throws ErrnoException {
    HostPeer outside = host;
    if (outside != null) {
      return outside.name();
    }
    UnixSocket other = peer;
    if (other == null) {
      throw ErrnoException.of(Errno.ENOTCONN);
    }
    return other.name();
  }

  @Override
  public int takeError() {
    HostPeer outside = host;
    return outside != null ? outside.takeError() : error.getAndSet(0);
  }

  @Override
  public boolean listening() {
    return state == State.LISTENING;
  }

  @Override
  public PeerCredentials peerCredentials() {
    HostPeer outside = host;
    return outside != null && !connectionless() ? outside.credentials() : peerCredentials;
  }

  @Override
  protected long available() {
    HostPeer outside = host;
    if (outside != null) {
      return outside.available();
    }
    return listening() ? -Errno.EINVAL : in.bytes(type() != STREAM);
  }

  @Override
  protected long unreceived() {
    HostPeer outside = host;
    if (outside != null) {
      return outside.unreceived();
    }
    return listening() ? -Errno.EINVAL : sent.get();
  }
}
