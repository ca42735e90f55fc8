package dev.bulwark.sentry.tty;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.bulwark.linux.Errno;
import dev.bulwark.sentry.ErrnoException;
import dev.bulwark.sentry.fs.devpts.Devpts;
import dev.bulwark.sentry.io.UserBuffer;
import dev.bulwark.sentry.kernel.Task;
import dev.bulwark.sentry.kernel.WaitStatus;
import dev.bulwark.sentry.mm.FlatMemory;
import dev.bulwark.sentry.signal.Sandbox;
import dev.bulwark.sentry.signal.SignalSet;
import dev.bulwark.sentry.signal.Signals;
import dev.bulwark.sentry.vfs.Attributes;
import dev.bulwark.sentry.vfs.DeviceNumber;
import dev.bulwark.sentry.vfs.FdTable;
import dev.bulwark.sentry.vfs.FileDescription;
import dev.bulwark.sentry.vfs.Inode;
import dev.bulwark.sentry.vfs.Location;
import dev.bulwark.sentry.vfs.Mount;
import dev.bulwark.sentry.vfs.OpenFlags;
import dev.bulwark.sentry.vfs.Opening;
import dev.bulwark.sentry.vfs.PathWalk;
import dev.bulwark.sentry.wait.PollEvents;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(20)
class TerminalTest {
  private static final long ARGUMENT = FlatMemory.BASE;
  private static final int TCGETS = 0x5401;
  private static final int TCSETS = 0x5402;
  private static final int TIOCSCTTY = 0x540e;
  private static final int TIOCGPGRP = 0x540f;
  private static final int TIOCSPGRP = 0x5410;
  private static final int TIOCNOTTY = 0x5422;
  private static final int TIOCGSID = 0x5429;
  private static final int TIOCGWINSZ = 0x5413;
  private static final int TIOCSWINSZ = 0x5414;
  private static final int TIOCPKT = 0x5420;
  private static final int TIOCGPTN = 0x80045430;
  private static final int TIOCSPTLCK = 0x40045431;
  private static final int TIOCGPTPEER = 0x5441;

  private final Sandbox sandbox = new Sandbox();
  private final Devpts devpts = new Devpts(sandbox.kernel.terminals());
  private final Mount mount = Mount.detached(devpts);
  private final Task shell = prepared(sandbox.fork(sandbox.init));
  private final PtyMaster master;
  private final FileDescription slave;

  private static Task prepared(Task task) {
    task.setMemory(new FlatMemory(8192));
    task.setFiles(new FdTable());
    return task;
  }

  TerminalTest() throws ErrnoException {
    sandbox.tree.setSession(shell.process());
    master = (PtyMaster) open(shell, "ptmx", OpenFlags.RDWR);
    master.pty().setLocked(false);
    slave = open(shell, "0", OpenFlags.RDWR);
  }

  @BeforeEach
  void adopt() {
    shell.adopt();
  }

  private FileDescription open(Task task, String name, int flags) throws ErrnoException {
    Location root = new Location(mount, devpts.rootDentry());
    Location found = new PathWalk(root, root, task.credentials(), 0).find(name, true);
    return found.inode().open(new Opening(found, flags, task.credentials(), task));
  }

  private Task background() {
    Task job = prepared(sandbox.fork(shell));
    sandbox.tree.setGroup(job.process(), 0, 0);
    return job;
  }

  private static long ioctl(Task task, FileDescription file, int request, int argument)
      throws ErrnoException {
    task.memory().putInt(ARGUMENT, argument);
    return file.ioctl(task, request, ARGUMENT);
  }

  private static long write(Task task, FileDescription file, String text) throws ErrnoException {
    task.memory().write(ARGUMENT, text.getBytes(StandardCharsets.ISO_8859_1));
    return file.write(task, UserBuffer.of(task.memory(), ARGUMENT, text.length()), -1);
  }

  private static long read(Task task, FileDescription file) throws ErrnoException {
    return file.read(task, UserBuffer.of(task.memory(), ARGUMENT, 100), -1);
  }

  private static String text(Task task, long length) throws ErrnoException {
    return new String(task.memory().readBytes(ARGUMENT, (int) length), StandardCharsets.ISO_8859_1);
  }

  @Test
  void openedTerminalControlsTheSessionOfALeaderWithoutOne() throws ErrnoException {
    assertSame(master.pty(), shell.process().terminal());
    assertEquals(0, ioctl(shell, slave, TIOCGSID, 0));
    assertEquals(shell.tid(), shell.memory().getInt(ARGUMENT));
    assertEquals(0, ioctl(shell, slave, TIOCGPGRP, 0));
    assertEquals(shell.tid(), shell.memory().getInt(ARGUMENT));
    assertSame(master.pty(), sandbox.fork(shell).process().terminal());
  }

  @Test
  void keysSignalTheForegroundGroup() throws ErrnoException {
    Task job = background();
    assertEquals(0, ioctl(shell, slave, TIOCSPGRP, job.tid()));
    Sandbox.handle(job, Signals.SIGINT, 0);
    write(shell, master, "\003");
    assertEquals(SignalSet.of(Signals.SIGINT), job.process().signals().sharedPending());
    assertEquals(0, shell.process().signals().sharedPending());
  }

  @Test
  void backgroundReaderIsStoppedOrRefused() throws ErrnoException {
    Task job = background();
    job.adopt();
    write(shell, master, "abc\n");
    assertEquals(-Errno.ERESTARTSYS, read(job, slave));
    assertEquals(SignalSet.of(Signals.SIGTTIN), job.process().signals().sharedPending());
    job.signals().setMask(SignalSet.of(Signals.SIGTTIN));
    assertEquals(-Errno.EIO, read(job, slave));
    assertEquals(4, read(shell, slave));
  }

  @Test
  void orphanInTheBackgroundCannotReadNorBeStopped() throws ErrnoException {
    Task job = background();
    Task orphan = prepared(sandbox.fork(job));
    sandbox.tree.exit(job.process(), new WaitStatus.Exited(0));
    orphan.adopt();
    assertEquals(-Errno.EIO, read(orphan, slave));
    assertEquals(0, orphan.process().signals().sharedPending());
  }

  @Test
  void backgroundWriterIsStoppedOnlyWithTostop() throws ErrnoException {
    Task job = background();
    job.adopt();
    assertEquals(1, write(job, slave, "x"));
    assertEquals(0, ioctl(shell, slave, TCGETS, 0));
    shell.memory().putInt(ARGUMENT + 12, shell.memory().getInt(ARGUMENT + 12) | Termios.TOSTOP);
    assertEquals(0, slave.ioctl(shell, TCSETS, ARGUMENT));
    assertEquals(-Errno.ERESTARTSYS, write(job, slave, "x"));
    assertEquals(SignalSet.of(Signals.SIGTTOU), job.process().signals().sharedPending());
    job.process().signals().tasks().getFirst().setMask(SignalSet.of(Signals.SIGTTOU));
    assertEquals(1, write(job, slave, "x"));
  }

  @Test
  void backgroundProcessThatChangesSettingsIsStopped() throws ErrnoException {
    Task job = background();
    job.adopt();
    assertEquals(0, ioctl(job, slave, TCGETS, 0));
    assertEquals(-Errno.ERESTARTSYS, slave.ioctl(job, TCSETS, ARGUMENT));
  }

  @Test
  void foregroundGroupMustBeOfTheSession() throws ErrnoException {
    assertEquals(-Errno.ESRCH, ioctl(shell, slave, TIOCSPGRP, 9999));
    assertEquals(-Errno.EPERM, ioctl(shell, slave, TIOCSPGRP, 1));
    assertEquals(-Errno.EINVAL, ioctl(shell, slave, TIOCSPGRP, -1));
    Task stranger = prepared(sandbox.fork(sandbox.init));
    assertEquals(-Errno.ENOTTY, ioctl(stranger, slave, TIOCSPGRP, stranger.tid()));
    assertEquals(-Errno.ENOTTY, ioctl(stranger, slave, TIOCGPGRP, 0));
  }

  @Test
  void controllingTerminalIsTakenAndGivenUp() throws ErrnoException {
    assertEquals(0, slave.ioctl(shell, TIOCSCTTY, 0));
    Task other = prepared(sandbox.fork(sandbox.init));
    assertEquals(-Errno.EPERM, slave.ioctl(other, TIOCSCTTY, 0));
    sandbox.tree.setSession(other.process());
    assertEquals(-Errno.EPERM, slave.ioctl(other, TIOCSCTTY, 0));
    Task job = background();
    Sandbox.handle(shell, Signals.SIGHUP, 0);
    assertEquals(0, slave.ioctl(shell, TIOCNOTTY, 0));
    assertNull(shell.process().terminal());
    assertNull(job.process().terminal());
    assertEquals(SignalSet.of(Signals.SIGHUP), shell.process().signals().sharedPending());
    assertEquals(-Errno.ENOTTY, slave.ioctl(shell, TIOCNOTTY, 0));
    assertEquals(0, slave.ioctl(other, TIOCSCTTY, 0));
    assertSame(master.pty(), other.process().terminal());
  }

  @Test
  void closedMasterHangsTheTerminalUp() throws ErrnoException {
    Sandbox.handle(shell, Signals.SIGHUP, 0);
    master.close();
    assertEquals(SignalSet.of(Signals.SIGHUP), shell.process().signals().sharedPending());
    assertEquals(0, read(shell, slave));
    assertEquals(-Errno.EIO, write(shell, slave, "x"));
    assertEquals(-Errno.EIO, ioctl(shell, slave, TCGETS, 0));
    assertTrue((slave.poll() & PollEvents.HUP) != 0);
    assertNull(shell.process().terminal());
    assertNull(sandbox.kernel.terminals().find(0));
  }

  @Test
  void endOfTheSessionLeaderHangsUpAndTellsTheForeground() throws ErrnoException {
    Task job = background();
    Sandbox.handle(job, Signals.SIGHUP, 0);
    ioctl(shell, slave, TIOCSPGRP, job.tid());
    ControllingTerminal.processEnds(sandbox.tree, shell.process());
    assertEquals(SignalSet.of(Signals.SIGHUP), job.process().signals().sharedPending());
    assertNull(job.process().terminal());
    assertEquals(0, read(job, slave));
  }

  @Test
  void masterReadsEndWhenTheLastSlaveIsClosed() throws ErrnoException {
    write(shell, slave, "bye\n");
    slave.close();
    assertEquals(5, read(shell, master));
    assertEquals("bye\r\n", text(shell, 5));
    assertEquals(-Errno.EIO, read(shell, master));
    assertTrue((master.poll() & PollEvents.HUP) != 0);
    FileDescription again = open(shell, "0", OpenFlags.RDWR);
    assertEquals(-Errno.EAGAIN, read(shell, master));
    again.close();
  }

  @Test
  void windowSizeIsSharedAndItsChangeSignalled() throws ErrnoException {
    Sandbox.handle(shell, Signals.SIGWINCH, 0);
    shell.memory().putLong(ARGUMENT, new WindowSize(24, 80, 0, 0).encode());
    assertEquals(0, master.ioctl(shell, TIOCSWINSZ, ARGUMENT));
    assertEquals(SignalSet.of(Signals.SIGWINCH), shell.process().signals().sharedPending());
    shell.memory().putLong(ARGUMENT, 0);
    assertEquals(0, slave.ioctl(shell, TIOCGWINSZ, ARGUMENT));
    assertEquals(new WindowSize(24, 80, 0, 0), WindowSize.decode(shell.memory().getLong(ARGUMENT)));
  }

  @Test
  void packetModeTellsOfFlushes() throws ErrnoException {
    ioctl(shell, master, TIOCPKT, 1);
    write(shell, slave, "x");
    assertEquals(2, read(shell, master));
    assertEquals("\0x", text(shell, 2));
    write(shell, master, "\023");
    assertTrue((master.poll() & PollEvents.PRI) != 0);
    assertEquals(1, read(shell, master));
    assertEquals(PacketStatus.STOP, shell.memory().getByte(ARGUMENT));
  }

  @Test
  void lockedSlaveDoesNotOpen() throws ErrnoException {
    PtyMaster second = (PtyMaster) open(shell, "ptmx", OpenFlags.RDWR);
    assertEquals(0, ioctl(shell, second, TIOCGPTN, 0));
    assertEquals(1, shell.memory().getInt(ARGUMENT));
    assertEquals(Errno.EIO, errnoOf(() -> open(shell, "1", OpenFlags.RDWR)));
    ioctl(shell, second, TIOCSPTLCK, 0);
    long fd = second.ioctl(shell, TIOCGPTPEER, OpenFlags.RDWR);
    try (FileDescription peer = shell.files().acquire((int) fd)) {
      assertEquals("/dev/pts/1", peer.describe());
      assertEquals(DeviceNumber.of(136, 1), peer.attributes().special());
    }
    second.close();
  }

  private interface Failing {
    Object run() throws ErrnoException;
  }

  private static int errnoOf(Failing action) {
    try {
      action.run();
      return 0;
    } catch (ErrnoException e) {
      return e.errno();
    }
  }

  @Test
  void directoryShowsThePairs() throws ErrnoException {
    Inode root = devpts.rootDentry().existing();
    List<String> names = new ArrayList<>();
    root.readDirectory(2, (name, _, _, _) -> names.add(name));
    assertEquals(List.of("ptmx", "0"), names);
    Attributes attributes = Objects.requireNonNull(root.lookup("0")).attributes();
    assertEquals(Attributes.CHARACTER | 0620, attributes.mode());
    assertEquals(5, attributes.gid());
    assertNull(root.lookup("00"));
    assertNull(root.lookup("1"));
    master.close();
    assertNull(root.lookup("0"));
    assertEquals(Errno.ENOENT, errnoOf(() -> open(shell, "0", OpenFlags.RDWR)));
  }

  @Test
  void withoutEditingVminAndVtimeBoundTheWait() throws ErrnoException {
    setRaw(0, 0);
    assertEquals(0, read(shell, slave));
    setRaw(3, 0);
    write(shell, master, "ab");
    assertEquals(-Errno.EAGAIN, read(shell, slave));
    assertFalse((slave.poll() & PollEvents.IN) != 0);
    write(shell, master, "c");
    assertEquals(3, read(shell, slave));
    setRaw(0, 1);
    assertEquals(0, read(shell, slave));
    setRaw(3, 1);
    write(shell, master, "ab");
    assertEquals(2, read(shell, slave));
  }

  private void setRaw(int least, int time) throws ErrnoException {
    ioctl(shell, slave, TCGETS, 0);
    int local = shell.memory().getInt(ARGUMENT + 12);
    shell.memory().putInt(ARGUMENT + 12, local & ~(Termios.ICANON | Termios.ECHO));
    shell.memory().putByte(ARGUMENT + 17 + Termios.VMIN, least);
    shell.memory().putByte(ARGUMENT + 17 + Termios.VTIME, time);
    assertEquals(0, slave.ioctl(shell, TCSETS, ARGUMENT));
  }

  @Test
  void ignoredTtouLetsABackgroundShellTakeTheForeground() throws ErrnoException {
    Task job = background();
    job.adopt();
    job.signals().setMask(SignalSet.of(Signals.SIGTTOU));
    assertEquals(0, ioctl(job, slave, TIOCSPGRP, job.tid()));
    assertEquals(job.tid(), master.pty().foreground());
  }
}
