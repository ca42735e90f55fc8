package dev.bulwark.sentry.trace;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.bulwark.linux.Errno;
import dev.bulwark.linux.Sys;
import dev.bulwark.sentry.ErrnoException;
import dev.bulwark.sentry.kernel.IdleContext;
import dev.bulwark.sentry.kernel.Task;
import dev.bulwark.sentry.kernel.WaitStatus;
import dev.bulwark.sentry.mm.UserMemory;
import dev.bulwark.sentry.signal.SignalInfo;
import dev.bulwark.sentry.syscall.Handler;
import dev.bulwark.sentry.syscall.Support;
import dev.bulwark.sentry.syscall.SyscallTable;
import java.io.ByteArrayOutputStream;
import java.lang.foreign.MemorySegment;
import org.junit.jupiter.api.Test;

final class TracerTest {
  private static final long BASE = 0x10000;

  /** 64 KiB of memory at {@link #BASE}. */
  private static final class FlatMemory implements UserMemory {
    private final byte[] bytes = new byte[65536];

    @Override
    public MemorySegment chunk(long address, long length, boolean store) throws ErrnoException {
      if (address < BASE || address >= BASE + bytes.length) {
        throw ErrnoException.of(Errno.EFAULT);
      }
      long n = Math.min(length, BASE + bytes.length - address);
      return MemorySegment.ofArray(bytes).asSlice(address - BASE, n);
    }

    long put(long at, String text) throws ErrnoException {
      write(BASE + at, (text + "\0").getBytes(ISO_8859_1));
      return BASE + at;
    }
  }

  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final FlatMemory memory = new FlatMemory();
  private final Task task = task(12);

  private Task task(int tid) {
    Task made = new Task(tid, new IdleContext());
    made.setMemory(memory);
    return made;
  }

  private static SyscallTable table(int number, Handler handler) {
    return SyscallTable.builder().row(number, Support.FULL, "", handler).build();
  }

  private String trace(String filter, int number, Handler handler, long... arguments) {
    long[] a = java.util.Arrays.copyOf(arguments, 6);
    new Tracer(TraceFilter.parse(filter), out)
        .dispatch(table(number, handler), task, number, a[0], a[1], a[2], a[3], a[4], a[5]);
    String text = out.toString(ISO_8859_1).replaceAll(" <\\d+\\.\\d{6}>", "");
    out.reset();
    return text;
  }

  private String trace(int number, long result, long... arguments) {
    String text = trace("all", number, (_, _, _, _, _, _, _) -> result, arguments);
    assertTrue(text.startsWith("[pid    12] ") && text.endsWith("\n"), text);
    return text.substring(12, text.length() - 1);
  }

  @Test
  void pathsAndFlagsAreDecoded() throws Exception {
    long path = memory.put(0, "/etc/\u00e9\n");
    assertEquals(
        "openat(AT_FDCWD, \"/etc/\\351\\n\", O_RDONLY|O_CLOEXEC) = 3",
        trace(Sys.OPENAT, 3, -100, path, 02000000, 0644));
    assertEquals(
        "openat(5, \"/etc/\\351\\n\", O_WRONLY|O_CREAT|O_TRUNC, 0644) = -1 EACCES (Permission"
            + " denied)",
        trace(Sys.OPENAT, -Errno.EACCES, 5, path, 01101, 0644));
    assertEquals("access(\"/etc/\\351\\n\", F_OK) = 0", trace(Sys.ACCESS, 0, path, 0));
  }

  @Test
  void buffersAreShownAsFarAsTheyMeanSomething() throws Exception {
    long buffer = memory.put(0, "0123456789012345678901234567890123456789");
    assertEquals("read(3, \"0123\", 100) = 4", trace(Sys.READ, 4, 3, buffer, 100));
    assertEquals(
        "write(1, \"01234567890123456789012345678901\"..., 40) = 40",
        trace(Sys.WRITE, 40, 1, buffer, 40));
    assertEquals(
        "read(3, 0x10000, 100) = -1 EBADF (Bad file descriptor)",
        trace(Sys.READ, -Errno.EBADF, 3, buffer, 100));
  }

  @Test
  void unreadableMemoryIsShownAsItsAddress() {
    assertEquals(
        "openat(AT_FDCWD, 0x666, O_RDONLY) = -1 EFAULT (Bad address)",
        trace(Sys.OPENAT, -Errno.EFAULT, -100, 0x666, 0));
    assertEquals(
        "execve(NULL, NULL, NULL) = -1 EFAULT (Bad address)", trace(Sys.EXECVE, -Errno.EFAULT));
    assertEquals(
        "write(1, 0x666, 10) = -1 EFAULT (Bad address)",
        trace(Sys.WRITE, -Errno.EFAULT, 1, 0x666, 10));
  }

  @Test
  void structuresAreDecoded() throws Exception {
    memory.putLong(BASE, 5);
    memory.putLong(BASE + 8, 7);
    assertEquals(
        "clock_gettime(CLOCK_MONOTONIC, {tv_sec=5, tv_nsec=7}) = 0",
        trace(Sys.CLOCK_GETTIME, 0, 1, BASE));
    memory.putInt(BASE + 100, 0x0b00);
    assertEquals(
        "wait4(-1, [{WIFEXITED(s) && WEXITSTATUS(s) == 11}], WNOHANG, NULL) = 9",
        trace(Sys.WAIT4, 9, -1, BASE + 100, 1, 0));
    memory.putLong(BASE + 200, 1 << 16 | 2);
    assertEquals(
        "rt_sigprocmask(SIG_BLOCK, [INT CHLD], NULL, 8) = 0",
        trace(Sys.RT_SIGPROCMASK, 0, 0, BASE + 200, 0, 8));
    memory.putInt(BASE + 300, 4);
    memory.putShort(BASE + 304, 1);
    memory.putShort(BASE + 306, 0x11);
    assertEquals(
        "poll([{fd=4, events=POLLIN}], 1, -1) = 1 ([{fd=4, revents=POLLIN|POLLHUP}])",
        trace(Sys.POLL, 1, BASE + 300, 1, -1));
  }

  @Test
  void socketAddressesAreDecoded() throws Exception {
    memory.write(BASE, new byte[] {2, 0, 0, 80, 127, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0});
    assertEquals(
        "connect(3, {sa_family=AF_INET, sin_port=htons(80), sin_addr=inet_addr(\"127.0.0.1\")},"
            + " 16) = 0",
        trace(Sys.CONNECT, 0, 3, BASE, 16));
    memory.put(0, "\1\0\0name");
    assertEquals(
        "bind(3, {sa_family=AF_UNIX, sun_path=@\"name\"}, 7) = 0", trace(Sys.BIND, 0, 3, BASE, 7));
  }

  @Test
  void argumentsOfProgramsAreListed() throws Exception {
    long path = memory.put(0, "/bin/ls");
    memory.putLong(BASE + 16, path);
    memory.putLong(BASE + 24, memory.put(8, "-l"));
    memory.putLong(BASE + 40, path);
    assertEquals(
        "execve(\"/bin/ls\", [\"/bin/ls\", \"-l\"], 0x10028 /* 1 var */) = 0",
        trace(Sys.EXECVE, 0, path, BASE + 16, BASE + 40));
  }

  @Test
  void operationsSelectTheirArguments() {
    assertEquals("futex(0x10000, FUTEX_WAKE_PRIVATE, 1) = 0", trace(Sys.FUTEX, 0, BASE, 129, 1));
    assertEquals(
        "futex(0x10000, FUTEX_WAIT_PRIVATE, 2, NULL) = 0", trace(Sys.FUTEX, 0, BASE, 128, 2));
    assertEquals("fcntl(3, F_GETFD) = 1", trace(Sys.FCNTL, 1, 3, 1, 77));
    assertEquals("fcntl(3, F_SETFD, FD_CLOEXEC) = 0", trace(Sys.FCNTL, 0, 3, 2, 1));
    assertEquals(
        "mmap(NULL, 4096, PROT_READ|PROT_WRITE, MAP_PRIVATE|MAP_ANONYMOUS, -1, 0) = 0x7f0000000000",
        trace(Sys.MMAP, 0x7f0000000000L, 0, 4096, 3, 0x22, -1, 0));
    assertEquals(
        "clone(CLONE_CHILD_CLEARTID|CLONE_CHILD_SETTID|SIGCHLD, NULL, NULL, NULL, NULL) = 5",
        trace(Sys.CLONE, 5, 0x1200011));
  }

  @Test
  void answersAreShownWhenTheyAreThere() throws Exception {
    memory.putShort(BASE, 24);
    memory.putShort(BASE + 2, 80);
    assertEquals(
        "ioctl(0, TIOCGWINSZ, {ws_row=24, ws_col=80, ws_xpixel=0, ws_ypixel=0}) = 0",
        trace(Sys.IOCTL, 0, 0, 0x5413, BASE));
    assertEquals(
        "ioctl(0, TIOCGWINSZ, 0x10000) = -1 ENOTTY (Inappropriate ioctl for device)",
        trace(Sys.IOCTL, -Errno.ENOTTY, 0, 0x5413, BASE));
  }

  @Test
  void restartCodesAreExplained() {
    assertEquals(
        "pause() = ? ERESTARTNOHAND (To be restarted if no handler)",
        trace(Sys.PAUSE, -Errno.ERESTARTNOHAND));
  }

  @Test
  void interruptedLinesAreTakenUpAgain() throws Exception {
    Tracer tracer = new Tracer(TraceFilter.all(), out);
    Task other = task(345);
    SyscallTable inner = table(Sys.GETPID, (_, _, _, _, _, _, _) -> 345);
    SyscallTable outer =
        table(
            Sys.READ,
            (_, _, _, _, _, _, _) -> tracer.dispatch(inner, other, Sys.GETPID, 0, 0, 0, 0, 0, 0));
    memory.put(0, "x".repeat(400));
    tracer.dispatch(outer, task, Sys.READ, 3, BASE, 1, 0, 0, 0);
    assertEquals(
        """
        [pid    12] read(3,  <unfinished ...>
        [pid   345] getpid() = 345
        [pid    12] <... read resumed>, "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"..., 1) = 345
        """
            .replace("(3,  <", "(3 <"),
        out.toString(ISO_8859_1).replaceAll(" <\\d+\\.\\d{6}>", ""));
  }

  @Test
  void signalsAndEndsAreWritten() {
    Tracer tracer = new Tracer(TraceFilter.parse("signal=!INT"), out);
    tracer.signal(task, SignalInfo.child(17, 1, 13, 0, 3, 1, 2));
    tracer.signal(task, SignalInfo.fault(11, 1, 0x10));
    tracer.signal(task, SignalInfo.user(2, 0, 1, 0));
    tracer.signal(task, SignalInfo.user(15, 0, 1, 1000));
    tracer.ended(task, new WaitStatus.Exited(4));
    tracer.ended(task, new WaitStatus.Signalled(11, true));
    assertEquals(
        """
        [pid    12] --- SIGCHLD {si_signo=SIGCHLD, si_code=CLD_EXITED, si_pid=13, si_uid=0, \
        si_status=3, si_utime=1, si_stime=2} ---
        [pid    12] --- SIGSEGV {si_signo=SIGSEGV, si_code=SEGV_MAPERR, si_addr=0x10} ---
        [pid    12] --- SIGTERM {si_signo=SIGTERM, si_code=SI_USER, si_pid=1, si_uid=1000} ---
        [pid    12] +++ exited with 4 +++
        [pid    12] +++ killed by SIGSEGV (core dumped) +++
        """,
        out.toString(ISO_8859_1));
  }

  @Test
  void exitHasNoResult() {
    assertEquals("exit_group(3) = ?", trace(Sys.EXIT_GROUP, 0, 3));
  }

  @Test
  void filtersChooseCalls() {
    Handler fine = (_, _, _, _, _, _, _) -> 0;
    Handler bad = (_, _, _, _, _, _, _) -> -Errno.EBADF;
    assertEquals("", trace("trace=open,openat", Sys.CLOSE, fine, 1));
    assertEquals("[pid    12] close(1) = 0\n", trace("close", Sys.CLOSE, fine, 1));
    assertEquals("[pid    12] close(1) = 0\n", trace("trace=%desc", Sys.CLOSE, fine, 1));
    assertEquals("", trace("trace=!%desc", Sys.CLOSE, fine, 1));
    assertEquals("", trace("%file", Sys.CLOSE, fine, 1));
    assertEquals("[pid    12] close(1) = 0\n", trace("/^cl.s", Sys.CLOSE, fine, 1));
    assertEquals("", trace("status=failed", Sys.CLOSE, fine, 1));
    assertEquals(
        "[pid    12] close(1) = -1 EBADF (Bad file descriptor)\n",
        trace("trace=%desc; status=failed", Sys.CLOSE, bad, 1));
    assertThrows(IllegalArgumentException.class, () -> TraceFilter.parse("trace=nosuch"));
    assertThrows(IllegalArgumentException.class, () -> TraceFilter.parse("what=open"));
    assertThrows(IllegalArgumentException.class, () -> TraceFilter.parse("/("));
  }

  @Test
  void everyCallIsDescribedAndSurvivesAnyArguments() throws Exception {
    java.util.Random random = new java.util.Random(5);
    for (int number = 0; number < Sys.LIMIT; number++) {
      if (!Sys.exists(number)) {
        continue;
      }
      assertTrue(Signature.knows(Sys.name(number)), Sys.name(number));
      for (int round = 0; round < 20; round++) {
        long[] arguments = new long[6];
        for (int i = 0; i < 6; i++) {
          arguments[i] =
              switch (random.nextInt(4)) {
                case 0 -> random.nextLong();
                case 1 -> BASE + random.nextInt(70000);
                case 2 -> -random.nextInt(3);
                default -> random.nextInt(64);
              };
        }
        random.nextBytes(memory.bytes);
        long result = random.nextInt(3) == 0 ? -random.nextInt(140) : random.nextInt(300);
        String text = trace("all", number, (_, _, _, _, _, _, _) -> result, arguments);
        assertTrue(text.contains(Sys.name(number) + "(") && text.contains(") = "), text);
        assertTrue(text.length() < 20000, Sys.name(number));
      }
    }
  }
}
