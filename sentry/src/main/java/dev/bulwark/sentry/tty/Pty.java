package dev.bulwark.sentry.tty;

import dev.bulwark.linux.Errno;
import dev.bulwark.sentry.io.IoBuffer;
import dev.bulwark.sentry.kernel.ProcessTree;
import dev.bulwark.sentry.signal.SignalInfo;
import dev.bulwark.sentry.signal.SignalSender;
import dev.bulwark.sentry.signal.Signals;
import dev.bulwark.sentry.vfs.DeviceNumber;
import dev.bulwark.sentry.wait.PollEvents;
import dev.bulwark.sentry.wait.WaitQueue;

/**
 * A pseudoterminal (pty(7)): settings, the line discipline, and the bytes on their way between
 * master and slave. Thread-safe; its monitor guards it all. Nothing waits.
 */
public final class Pty implements LineDiscipline.Host {
  /** How much a master can write that the slave's reader has not made room for. */
  private static final int INCOMING = 8192;

  private static final int OUTGOING = 16384;

  /** Room that output leaves to the echo of what is typed. */
  private static final int ECHO_ROOM = 4096;

  private static final int PTS_MAJOR = 136;
  private static final int READABLE = PollEvents.IN | PollEvents.RDNORM;
  private static final int WRITABLE = PollEvents.OUT | PollEvents.WRNORM;
  private static final int EVERYTHING =
      READABLE | WRITABLE | PollEvents.HUP | PollEvents.ERR | PollEvents.PRI;

  private final int index;
  private final ProcessTree tree;
  private final int owner;
  private final WaitQueue masterQueue = new WaitQueue();
  private final WaitQueue slaveQueue = new WaitQueue();
  private final ByteRing incoming = new ByteRing(INCOMING);
  private final ByteRing outgoing = new ByteRing(OUTGOING);
  private final InputQueue typed = new InputQueue();
  private final OutputProcessing output = new OutputProcessing(outgoing);
  private final LineDiscipline discipline = new LineDiscipline(this, typed, output);

  private Termios termios = Termios.INITIAL;
  private WindowSize size = WindowSize.UNKNOWN;
  private boolean locked = true;
  private boolean exclusive;
  private boolean stopped;
  private boolean packets;
  private int packetStatus;
  private boolean masterOpen = true;
  private int slaves;
  private boolean slaveWasOpen;
  private int generation;

  /** The session that it controls and its foreground process group; 0 for none. */
  private int session;

  private int foreground;

  /** A pair whose master is open and whose slave is locked. */
  Pty(int index, ProcessTree tree, int owner) {
    this.index = index;
    this.tree = tree;
    this.owner = owner;
  }

  /** The number in the slave's name, {@code /dev/pts/N}. */
  public int index() {
    return index;
  }

  /** The user that the slave belongs to at first. */
  public int owner() {
    return owner;
  }

  /** The slave's device number. */
  public long device() {
    return DeviceNumber.of(PTS_MAJOR, index);
  }

  WaitQueue masterQueue() {
    return masterQueue;
  }

  WaitQueue slaveQueue() {
    return slaveQueue;
  }

  // Opening and closing.

  /**
   * Counts another open slave.
   *
   * @param privileged whether an exclusive or locked terminal opens too
   * @return what {@link #hungUp} wants to know, or negated: EIO when it is locked or its master is
   *     closed, EBUSY when it is exclusive
   */
  synchronized int openSlave(boolean privileged) {
    if (locked || !masterOpen) {
      return -Errno.EIO;
    }
    if (exclusive && slaves > 0 && !privileged) {
      return -Errno.EBUSY;
    }
    slaves++;
    slaveWasOpen = true;
    return generation;
  }

  /** An open slave is gone; the last one ends what the master can read. */
  synchronized void closeSlave() {
    slaves--;
    if (slaves == 0) {
      exclusive = false;
      packets = false;
      masterQueue.wake(EVERYTHING);
    }
  }

  /** The master is gone: the terminal hangs up. */
  void closeMaster() {
    synchronized (this) {
      masterOpen = false;
    }
    ControllingTerminal.hangUp(tree, this, false);
  }

  /**
   * Makes all open slaves useless, and forgets the session.
   *
   * @return the session that it controlled in [0] and its foreground group in [1]
   */
  synchronized int[] cutOff() {
    generation++;
    incoming.clear();
    discipline.reset();
    stopped = false;
    int[] controlled = {session, foreground};
    session = 0;
    foreground = 0;
    slaveQueue.wake(EVERYTHING);
    masterQueue.wake(EVERYTHING);
    return controlled;
  }

  /** Whether the terminal has hung up since a slave was opened. */
  synchronized boolean hungUp(int openedAt) {
    return openedAt != generation;
  }

  synchronized boolean locked() {
    return locked;
  }

  /** Sets whether the slave can be opened (unlockpt(3)). */
  public synchronized void setLocked(boolean now) {
    locked = now;
  }

  synchronized boolean exclusive() {
    return exclusive;
  }

  synchronized void setExclusive(boolean now) {
    exclusive = now;
  }

  // Bytes.

  /** What the master's write does. */
  synchronized long type(IoBuffer from) {
    long done = 0;
    byte[] chunk = new byte[(int) Math.min(from.remaining(), INCOMING)];
    while (from.remaining() > 0) {
      int wanted = (int) Math.min(Math.min(from.remaining(), chunk.length), incoming.free());
      if (wanted == 0) {
        break;
      }
      long n = from.get(chunk, 0, wanted);
      if (n <= 0) {
        return done > 0 ? done : n;
      }
      type(chunk, (int) n);
      done += n;
    }
    return done > 0 || from.remaining() == 0 ? done : -Errno.EAGAIN;
  }

  /** How many bytes {@link #type(byte[], int)} would take. */
  synchronized int room() {
    return incoming.free();
  }

  /** Types bytes, at most {@link #room}. */
  synchronized void type(byte[] bytes, int length) {
    for (int i = 0; i < length; i++) {
      incoming.put(bytes[i]);
    }
    drain();
  }

  /** Lets the line discipline have what it has room for. */
  private void drain() {
    int shown = outgoing.size();
    boolean any = false;
    while (incoming.size() > 0 && discipline.hasRoom()) {
      discipline.receive(incoming.take());
      any = true;
    }
    if (any && readable()) {
      slaveQueue.wake(READABLE);
    }
    if (outgoing.size() > shown) {
      masterQueue.wake(READABLE);
    }
  }

  private boolean readable() {
    return termios.local(Termios.ICANON) ? typed.hasLine() : typed.size() > 0;
  }

  /** What the slave's read gives. */
  synchronized long readTyped(IoBuffer to, int openedAt) {
    if (openedAt != generation) {
      return 0;
    }
    if (!readable()) {
      return -Errno.EAGAIN;
    }
    long n = termios.local(Termios.ICANON) ? typed.readLine(to) : typed.readAny(to);
    boolean wasFull = incoming.size() > 0;
    drain();
    if (wasFull && incoming.free() > 0) {
      masterQueue.wake(WRITABLE);
    }
    return n;
  }

  /** How many bytes a read without line editing would find. */
  synchronized int typedBytes() {
    return termios.local(Termios.ICANON) ? 0 : typed.size();
  }

  /** FIONREAD of the slave. */
  synchronized int readableBytes() {
    return termios.local(Termios.ICANON) ? typed.lineBytes() : typed.size();
  }

  /** What the slave's write does. */
  synchronized long show(IoBuffer from, int openedAt) {
    if (openedAt != generation || !masterOpen) {
      return -Errno.EIO;
    }
    long done = 0;
    byte[] chunk = new byte[(int) Math.min(from.remaining(), OUTGOING - ECHO_ROOM)];
    while (from.remaining() > 0 && !stopped) {
      int room = (outgoing.free() - ECHO_ROOM) / OutputProcessing.expansion(termios);
      int wanted = (int) Math.min(Math.min(from.remaining(), chunk.length), room);
      if (wanted <= 0) {
        break;
      }
      long n = from.get(chunk, 0, wanted);
      if (n <= 0) {
        return done > 0 ? done : n;
      }
      for (int i = 0; i < n; i++) {
        output.put(termios, chunk[i] & 0xff);
      }
      done += n;
    }
    if (done > 0) {
      masterQueue.wake(READABLE);
    }
    return done > 0 || from.remaining() == 0 ? done : -Errno.EAGAIN;
  }

  /** What the master's read gives. */
  synchronized long readShown(IoBuffer to) {
    if (to.remaining() == 0) {
      return 0;
    }
    if (packets && packetStatus != 0) {
      byte[] status = {(byte) packetStatus};
      packetStatus = 0;
      return to.put(status, 0, 1);
    }
    if (outgoing.size() == 0) {
      return slaves == 0 && slaveWasOpen ? -Errno.EIO : -Errno.EAGAIN;
    }
    long header = packets ? to.put(new byte[1], 0, 1) : 0;
    if (header < 0) {
      return header;
    }
    long n = outgoing.moveTo(to);
    slaveQueue.wake(WRITABLE);
    return n < 0 ? n : n + header;
  }

  /** Moves what is shown to an array; gives how many bytes. */
  synchronized int takeShown(byte[] to) {
    int n = Math.min(to.length, outgoing.size());
    for (int i = 0; i < n; i++) {
      to[i] = (byte) outgoing.take();
    }
    if (n > 0) {
      slaveQueue.wake(WRITABLE);
    }
    return n;
  }

  /** FIONREAD of the master, and TIOCOUTQ of the slave. */
  synchronized int shownBytes() {
    return outgoing.size();
  }

  synchronized int pollMaster() {
    int events = 0;
    if (outgoing.size() > 0) {
      events |= READABLE;
    }
    if (packets && packetStatus != 0) {
      events |= READABLE | PollEvents.PRI;
    }
    if (incoming.free() > 0) {
      events |= WRITABLE;
    }
    if (slaves == 0 && slaveWasOpen) {
      events |= PollEvents.HUP;
    }
    return events;
  }

  synchronized int pollSlave(int openedAt) {
    if (openedAt != generation) {
      return EVERYTHING & ~PollEvents.PRI;
    }
    int events = 0;
    int least = termios.character(Termios.VTIME) == 0 ? termios.character(Termios.VMIN) : 0;
    if (readable() && (termios.local(Termios.ICANON) || typed.size() >= least)) {
      events |= READABLE;
    }
    if (!stopped && outgoing.free() > ECHO_ROOM) {
      events |= WRITABLE;
    }
    return events;
  }

  // Settings.

  synchronized Termios termios() {
    return termios;
  }

  synchronized void setTermios(Termios next) {
    boolean usual = termios.usualFlowControl();
    termios = next;
    discipline.configure(next);
    if (usual != next.usualFlowControl()) {
      int status = usual ? PacketStatus.NO_STOP : PacketStatus.DO_STOP;
      notePacket(status, PacketStatus.NO_STOP | PacketStatus.DO_STOP);
    }
    if (stopped && !next.input(Termios.IXON)) {
      flow(false);
    }
    drain();
    if (readable()) {
      slaveQueue.wake(READABLE);
    }
  }

  /** Where columns are counted from is unknown again, and what was typed is gone. */
  synchronized void flushInput() {
    boolean wasFull = incoming.size() > 0;
    incoming.clear();
    discipline.reset();
    if (wasFull) {
      masterQueue.wake(WRITABLE);
    }
    notePacket(PacketStatus.FLUSH_READ, 0);
  }

  synchronized void flushOutput() {
    outgoing.clear();
    notePacket(PacketStatus.FLUSH_WRITE, 0);
    slaveQueue.wake(WRITABLE);
  }

  synchronized boolean packets() {
    return packets;
  }

  synchronized void setPackets(boolean now) {
    if (now && !packets) {
      packetStatus = 0;
    }
    packets = now;
  }

  private void notePacket(int status, int contrary) {
    if (packets) {
      packetStatus = (packetStatus & ~contrary) | status;
      masterQueue.wake(READABLE | PollEvents.PRI);
    }
  }

  /** The size of the terminal. */
  public synchronized WindowSize size() {
    return size;
  }

  /** Sets the size; the foreground process group gets SIGWINCH when it is another one. */
  public void resize(WindowSize next) {
    synchronized (this) {
      if (size.equals(next)) {
        return;
      }
      size = next;
    }
    signalForeground(Signals.SIGWINCH);
  }

  // Job control.

  /** The session that it controls, or 0. */
  public synchronized int session() {
    return session;
  }

  /** The foreground process group, or 0. */
  public synchronized int foreground() {
    return foreground;
  }

  /**
   * Becomes the controlling terminal of a session.
   *
   * @param steal whether another session loses it
   * @return whether it did
   */
  synchronized boolean control(int newSession, int group, boolean steal) {
    if (session != 0 && !steal) {
      return false;
    }
    session = newSession;
    foreground = group;
    return true;
  }

  synchronized void setForeground(int group) {
    foreground = group;
  }

  /** Stops being a controlling terminal; gives the former foreground group. */
  synchronized int release() {
    int group = foreground;
    session = 0;
    foreground = 0;
    return group;
  }

  private void signalForeground(int signal) {
    int group;
    int owner;
    synchronized (this) {
      group = foreground;
      owner = session;
    }
    // The group may have died and its number gone to a group of another session.
    if (group != 0 && ControllingTerminal.inSession(tree, group, owner)) {
      SignalSender.sendToGroup(tree, group, SignalInfo.kernel(signal));
    }
  }

  // What the line discipline asks for.

  @Override
  public void signal(int signal) {
    signalForeground(signal);
  }

  @Override
  public synchronized void flush() {
    outgoing.clear();
    discipline.reset();
    notePacket(PacketStatus.FLUSH_READ | PacketStatus.FLUSH_WRITE, 0);
    slaveQueue.wake(WRITABLE);
  }

  @Override
  public synchronized void flow(boolean stop) {
    if (stopped == stop) {
      return;
    }
    stopped = stop;
    notePacket(
        stop ? PacketStatus.STOP : PacketStatus.START, PacketStatus.STOP | PacketStatus.START);
    if (!stop) {
      slaveQueue.wake(WRITABLE);
    }
  }

  @Override
  public synchronized boolean stopped() {
    return stopped;
  }

  @Override
  public String toString() {
    return "/dev/pts/" + index;
  }
}
