package dev.bulwark.sentry.tty;

import dev.bulwark.linux.Errno;
import dev.bulwark.sentry.ErrnoException;
import dev.bulwark.sentry.auth.Capability;
import dev.bulwark.sentry.auth.Credentials;
import dev.bulwark.sentry.kernel.ProcessTree;
import dev.bulwark.sentry.kernel.Task;
import dev.bulwark.sentry.vfs.DeviceNumber;
import dev.bulwark.sentry.vfs.FileDescription;
import dev.bulwark.sentry.vfs.FileIdentity;
import dev.bulwark.sentry.vfs.OpenFlags;
import dev.bulwark.sentry.vfs.OpenPlace;
import dev.bulwark.sentry.vfs.Opening;
import dev.bulwark.sentry.vfs.SpecialFiles;
import java.util.List;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * All pairs of a sandbox: makes and numbers them, and opens /dev/ptmx, /dev/tty and the slaves.
 * Thread-safe.
 */
public final class PtySystem {
  /** kernel.pty.max: how many pairs there can be. */
  public static final int MAXIMUM = 4096;

  private static final long TTY = DeviceNumber.of(5, 0);
  private static final long CONSOLE = DeviceNumber.of(5, 1);
  private static final long PTMX = DeviceNumber.of(5, 2);

  private final ProcessTree tree;
  private final TreeMap<Integer, Pty> pairs = new TreeMap<>();
  private volatile @Nullable Names names;
  private volatile @Nullable Pty console;

  /** Who names slaves that are opened without a path. */
  @FunctionalInterface
  public interface Names {
    /** What a slave looks like in its directory. */
    FileIdentity of(Pty pty);
  }

  /** A system without pairs. */
  public PtySystem(ProcessTree tree) {
    this.tree = tree;
  }

  ProcessTree tree() {
    return tree;
  }

  /** Says who names slaves that are opened without a path (TIOCGPTPEER). */
  public void setNames(Names next) {
    names = next;
  }

  /** Says what /dev/console is: the terminal of the sandbox, if it has one. */
  public void setConsole(Pty pty) {
    console = pty;
  }

  /** Lets the device numbers of /dev/tty, /dev/console and /dev/ptmx open terminals. */
  public void register(SpecialFiles devices) {
    devices.character(TTY, (_, opening) -> openControlling(opening));
    devices.character(CONSOLE, (_, opening) -> openConsole(opening));
    devices.character(PTMX, (_, opening) -> openMaster(opening));
  }

  /**
   * A new pair, whose master the caller has.
   *
   * @param owner the user that the slave belongs to
   * @throws ErrnoException ENOSPC when there are too many
   */
  public synchronized Pty create(Credentials owner) throws ErrnoException {
    int index = 0;
    while (pairs.containsKey(index)) {
      index++;
    }
    if (index >= MAXIMUM) {
      throw ErrnoException.of(Errno.ENOSPC);
    }
    Pty pty = new Pty(index, tree, owner.fsuid());
    pairs.put(index, pty);
    return pty;
  }

  /** The master of a pair was closed: its number is free again. */
  synchronized void closed(Pty pty) {
    pairs.remove(pty.index());
  }

  /** The pair with a number whose master is open, or null. */
  public synchronized @Nullable Pty find(int index) {
    return pairs.get(index);
  }

  /** The pairs whose masters are open, in the order of their numbers. */
  public synchronized List<Pty> all() {
    return List.copyOf(pairs.values());
  }

  /** Opens /dev/ptmx: makes a pair. */
  public FileDescription openMaster(Opening opening) throws ErrnoException {
    Pty pty = create(opening.credentials());
    return new PtyMaster(this, pty, opening.flags(), new OpenPlace(opening.location()));
  }

  /**
   * Opens the slave of a pair.
   *
   * @throws ErrnoException EIO when it is locked or hung up, EBUSY when it is exclusive
   */
  public FileDescription openSlave(Pty pty, Opening opening) throws ErrnoException {
    FileDescription slave = openAs(pty, opening);
    Task task = opening.task();
    if (task != null && (opening.flags() & OpenFlags.NOCTTY) == 0 && slave.readable()) {
      ControllingTerminal.opened(task, pty);
    }
    return slave;
  }

  /** Opens the slave of a pair without a path. */
  FileDescription openPeer(Pty pty, int flags) throws ErrnoException {
    Names namer = names;
    if (namer == null) {
      throw ErrnoException.of(Errno.EIO); // no devpts is there
    }
    int openedAt = (int) ErrnoException.check(pty.openSlave(false));
    return new PtySlave(pty, flags, namer.of(pty), openedAt);
  }

  /** Opens /dev/console, which never becomes a controlling terminal. */
  private FileDescription openConsole(Opening opening) throws ErrnoException {
    Pty pty = console;
    if (pty == null) {
      throw ErrnoException.of(Errno.ENODEV);
    }
    return openAs(pty, opening);
  }

  private static FileDescription openAs(Pty pty, Opening opening) throws ErrnoException {
    boolean privileged = opening.credentials().has(Capability.SYS_ADMIN);
    int openedAt = (int) ErrnoException.check(pty.openSlave(privileged));
    return new PtySlave(pty, opening.flags(), new OpenPlace(opening.location()), openedAt);
  }

  /** Opens /dev/tty: the caller's controlling terminal. */
  private static FileDescription openControlling(Opening opening) throws ErrnoException {
    Task task = opening.task();
    Pty pty = task == null ? null : task.process().terminal();
    if (pty == null) {
      throw ErrnoException.of(Errno.ENXIO);
    }
    return openAs(pty, opening);
  }
}
