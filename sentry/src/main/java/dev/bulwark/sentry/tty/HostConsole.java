package dev.bulwark.sentry.tty;

import dev.bulwark.linux.HostException;
import dev.bulwark.linux.HostIo;
import dev.bulwark.linux.HostTerminal;
import dev.bulwark.sentry.ErrnoException;
import dev.bulwark.sentry.auth.Credentials;
import dev.bulwark.sentry.wait.PollEvents;
import java.util.concurrent.locks.LockSupport;

/**
 * The terminal of the host, joined to the master of a pair inside: the application's terminal is
 * the slave. The host's terminal is raw already, so that keys which mean signals arrive as bytes
 * and mean signals inside. One thread carries each direction; both wait in the host or for the
 * pair, and use no time while nothing happens. Thread-safe.
 */
public final class HostConsole {
  private static final int CHUNK = 4096;

  private final Pty pty;
  private final PtySystem system;
  private final int out;
  private volatile boolean writing;

  private HostConsole(PtySystem system, Pty pty, int out) {
    this.system = system;
    this.pty = pty;
    this.out = out;
  }

  /**
   * Begins to carry bytes.
   *
   * @param in a descriptor of the host's terminal to read, or -1 when the application's input is
   *     something else
   * @param out a descriptor of it to write; also asked for the size
   * @param owner whom the slave belongs to
   * @throws ErrnoException ENOSPC when there are too many pairs
   */
  public static HostConsole start(PtySystem system, int in, int out, Credentials owner)
      throws ErrnoException {
    Pty pty = system.create(owner);
    pty.setLocked(false);
    HostConsole console = new HostConsole(system, pty, out);
    system.setConsole(pty);
    console.sizeChanged();
    Thread.ofPlatform().daemon().name("console output").start(console::carryOut);
    if (in >= 0) {
      Thread.ofPlatform().daemon().name("console input").start(() -> console.carryIn(in));
    }
    return console;
  }

  /** The pair; its slave is the application's terminal. */
  public Pty pty() {
    return pty;
  }

  /** The host's terminal has another size. */
  public void sizeChanged() {
    int[] size = HostTerminal.size(out);
    if (size.length == 4) {
      pty.resize(new WindowSize(size[0], size[1], size[2], size[3]));
    }
  }

  private void carryIn(int in) {
    Thread self = Thread.currentThread();
    pty.masterQueue().add(_ -> LockSupport.unpark(self), PollEvents.OUT);
    byte[] bytes = new byte[CHUNK];
    while (true) {
      int n = HostIo.receive(in, bytes);
      if (n <= 0) {
        hangUp();
        return;
      }
      int done = 0;
      while (done < n) {
        int room = Math.min(pty.room(), n - done);
        if (room == 0) {
          LockSupport.park(this);
          continue;
        }
        byte[] part = java.util.Arrays.copyOfRange(bytes, done, done + room);
        pty.type(part, room);
        done += room;
      }
    }
  }

  private void carryOut() {
    Thread self = Thread.currentThread();
    pty.masterQueue().add(_ -> LockSupport.unpark(self), PollEvents.IN);
    byte[] bytes = new byte[CHUNK];
    while (true) {
      writing = true;
      int n = pty.takeShown(bytes);
      if (n > 0) {
        try {
          HostIo.writeFully(out, java.util.Arrays.copyOf(bytes, n));
        } catch (HostException gone) {
          writing = false;
          hangUp();
          return;
        }
        continue;
      }
      writing = false;
      LockSupport.park(this);
    }
  }

  private void hangUp() {
    system.closed(pty);
    pty.closeMaster();
  }

  /**
   * Waits until all output has reached the host, as long as there is progress.
   *
   * @param nanos the longest time to wait
   */
  public void flush(long nanos) {
    long deadline = System.nanoTime() + nanos;
    while ((pty.shownBytes() > 0 || writing) && deadline - System.nanoTime() > 0) {
      LockSupport.parkNanos(this, 1_000_000);
    }
  }
}
