package dev.bulwark.sentry.fs.proc;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.bulwark.linux.Errno;
import dev.bulwark.sentry.ErrnoException;
import dev.bulwark.sentry.auth.Credentials;
import dev.bulwark.sentry.io.Bounce;
import dev.bulwark.sentry.kernel.TestSandbox;
import dev.bulwark.sentry.kernel.ThreadGroup;
import dev.bulwark.sentry.net.Socket;
import dev.bulwark.sentry.net.unix.UnixSocket;
import dev.bulwark.sentry.vfs.FileDescription;
import dev.bulwark.sentry.vfs.FsContext;
import dev.bulwark.sentry.vfs.MountNamespace;
import dev.bulwark.sentry.vfs.OpenFlags;
import dev.bulwark.sentry.vfs.Opener;
import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.TreeSet;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

final class ProcSystemTest {
  private static final SystemView VIEW =
      new SystemView() {
        @Override
        public int processors() {
          return 2;
        }

        @Override
        public long memoryTotal() {
          return 1L << 30;
        }

        @Override
        public long memoryUsed() {
          return 1L << 20;
        }

        @Override
        public long cpuCapabilities() {
          return 1L | 1L << 26;
        }
      };

  private final TestSandbox sandbox = new TestSandbox();
  private final ProcSystem proc = new ProcSystem(sandbox.kernel, VIEW);
  private final MountNamespace mounts = new MountNamespace(proc, 0, "proc");

  @BeforeEach
  void start() {
    sandbox.kernel.tasks().add(sandbox.task);
    assertTrue(sandbox.task.process().signals().attach(sandbox.task.signals()));
    sandbox.task.setFs(FsContext.at(mounts.root()));
    sandbox.task.setCredentials(Credentials.of(0, 0, new int[] {5}, 0xff));
    sandbox.task.attributes().setName("init");
  }

  private FileDescription open(String path, int flags) throws ErrnoException {
    return new Opener(sandbox.task.fs().walk(sandbox.task.credentials()), sandbox.task)
        .open(path, flags, 0);
  }

  private static String readAll(FileDescription file) throws ErrnoException {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    try (Bounce bounce = new Bounce(100)) {
      while (true) {
        int n = (int) ErrnoException.check(file.read(bounce.buffer(100), -1));
        if (n == 0) {
          return all.toString(ISO_8859_1);
        }
        byte[] bytes = new byte[n];
        bounce.copyTo(bytes, 0, n);
        all.write(bytes, 0, n);
      }
    }
  }

  private String read(String path) throws ErrnoException {
    try (FileDescription file = open(path, OpenFlags.RDONLY)) {
      return readAll(file);
    }
  }

  private long write(String path, String text) throws ErrnoException {
    try (FileDescription file = open(path, OpenFlags.WRONLY | OpenFlags.TRUNC);
        Bounce bounce = new Bounce(100)) {
      byte[] bytes = text.getBytes(ISO_8859_1);
      bounce.copyFrom(bytes, 0, bytes.length);
      return file.write(bounce.buffer(bytes.length), -1);
    }
  }

  private List<String> list(String path) throws ErrnoException {
    List<String> names = new ArrayList<>();
    try (FileDescription file = open(path, OpenFlags.DIRECTORY)) {
      // One entry at a time, so that every position is used to go on from.
      int before;
      do {
        before = names.size();
        boolean[] taken = new boolean[1];
        file.readDirectory(
            (name, inode, type, next) -> {
              if (taken[0]) {
                return false;
              }
              taken[0] = true;
              return names.add(name);
            });
      } while (names.size() > before);
    }
    assertEquals(new TreeSet<>(names).size(), names.size(), "names twice: " + names);
    return names;
  }

  private String link(String path) throws ErrnoException {
    return sandbox.task.fs().walk(sandbox.task.credentials()).find(path, false).inode().readlink();
  }

  private static void assertErrno(int errno, Executable action) {
    assertEquals(errno, assertThrows(ErrnoException.class, action).errno());
  }

  private static String field(String text, String name) {
    for (String line : text.lines().toList()) {
      if (line.startsWith(name + ":")) {
        return line.substring(name.length() + 1).strip();
      }
    }
    throw new AssertionError("no " + name + " in " + text);
  }

  @Test
  void rootListsTheSystemAndProcesses() throws Exception {
    List<String> names = list("/");
    assertTrue(
        names.containsAll(
            List.of(".", "..", "self", "thread-self", "cpuinfo", "meminfo", "mounts", "sys", "1")),
        names.toString());
    ThreadGroup child =
        Objects.requireNonNull(sandbox.kernel.processes().fork(sandbox.task.process(), false, 17));
    assertTrue(list("/").contains("" + child.pid()));
    assertEquals("Z (zombie)", field(read("/" + child.pid() + "/status"), "State"));
  }

  @Test
  void selfIsTheReader() throws Exception {
    assertEquals("1", link("/self"));
    assertEquals("1/task/1", link("/thread-self"));
    assertEquals("init\n", read("/self/comm"));
    assertEquals("init\n", read("/thread-self/comm"));
    assertEquals(List.of(".", "..", "1"), list("/self/task"));
  }

  @Test
  void statusTellsIdentity() throws Exception {
    String status = read("/1/status");
    assertEquals("init", field(status, "Name"));
    assertEquals("1", field(status, "Pid"));
    assertEquals("0", field(status, "PPid"));
    assertEquals("0\t0\t0\t0", field(status, "Uid"));
    assertEquals("5", field(status, "Groups"));
    assertEquals("00000000000000ff", field(status, "CapEff"));
    assertEquals("0-1", field(status, "Cpus_allowed_list"));
  }

  @Test
  void statHasAllFields() throws Exception {
    sandbox.task.attributes().setName("a) b");
    String stat = read("/1/stat");
    assertTrue(stat.startsWith("1 (a) b) "), stat);
    String rest = stat.substring(stat.lastIndexOf(')') + 2).strip();
    assertEquals(50, rest.split(" ", -1).length);
  }

  @Test
  void openFilesAreListedAndFollowed() throws Exception {
    int fd = sandbox.files.install(open("/version", OpenFlags.RDONLY), 3, true, 100);
    assertEquals(List.of(".", "..", "" + fd), list("/self/fd"));
    assertEquals("/version", link("/self/fd/" + fd));
    assertTrue(read("/self/fd/" + fd).startsWith("Linux version "));
    String info = read("/self/fdinfo/" + fd);
    assertEquals("0", field(info, "pos"));
    assertEquals("02100000", field(info, "flags"));
    sandbox.files.remove(fd).close();
    assertErrno(Errno.ENOENT, () -> link("/self/fd/" + fd));
  }

  @Test
  void filesOfOthersNeedTheRightToTrace() throws Exception {
    ThreadGroup child =
        Objects.requireNonNull(sandbox.kernel.processes().fork(sandbox.task.process(), false, 17));
    sandbox.task.setCredentials(Credentials.of(7, 7, new int[0], 0));
    assertErrno(Errno.EACCES, () -> read("/" + child.pid() + "/environ"));
    assertErrno(Errno.EACCES, () -> list("/" + child.pid() + "/fd"));
    assertErrno(Errno.EACCES, () -> link("/" + child.pid() + "/cwd"));
    assertFalse(read("/" + child.pid() + "/stat").isEmpty());
    assertEquals("/", link("/1/cwd"));
  }

  @Test
  void unixSocketsAreListed() throws Exception {
    UnixSocket socket = sandbox.kernel.unixSockets().create(sandbox.task, Socket.STREAM, 0);
    socket.bind(sandbox.task, "\1\0\0name".getBytes(ISO_8859_1));
    socket.listen(sandbox.task, 1);
    UnixSocket[] pair = sandbox.kernel.unixSockets().pair(sandbox.task, Socket.DGRAM, 0);
    sandbox.files.install(socket, 0, false, 10);
    sandbox.files.install(pair[0], 0, false, 10);
    sandbox.files.install(pair[1], 0, false, 10);
    List<String> lines = read("/net/unix").lines().toList();
    assertEquals(4, lines.size());
    String number = link("/self/fd/0").replaceAll("\\D", "");
    assertEquals(
        "0000000000000000: 00000002 00000000 00010000 0001 01 "
            + " ".repeat(5 - number.length())
            + number
            + " @name",
        lines.get(1));
    assertTrue(lines.get(2).contains(" 0002 03 "), lines.get(2));
  }

  @Test
  void processMayKeepItsOwnUserOut() throws Exception {
    ThreadGroup child =
        Objects.requireNonNull(sandbox.kernel.processes().fork(sandbox.task.process(), false, 17));
    sandbox.task.setCredentials(Credentials.of(0, 0, new int[0], 0));
    assertEquals("", read("/" + child.pid() + "/environ"));
    child.attributes().setDumpable(false);
    assertErrno(Errno.EACCES, () -> read("/" + child.pid() + "/environ"));
  }

  @Test
  void namesAreGoneWithTheirProcess() throws Exception {
    ThreadGroup child =
        Objects.requireNonNull(sandbox.kernel.processes().fork(sandbox.task.process(), false, 17));
    assertFalse(read("/" + child.pid() + "/stat").isEmpty());
    sandbox.kernel.processes().exit(child, new dev.bulwark.sentry.kernel.WaitStatus.Exited(0));
    assertFalse(read("/" + child.pid() + "/stat").isEmpty());
    sandbox.kernel.tasks().remove(sandbox.task);
    assertErrno(Errno.ENOENT, () -> read("/1/task/1/stat"));
    assertErrno(Errno.ENOENT, () -> read("/4711/stat"));
  }

  @Test
  void contentsAreMadeAnewAtTheBeginning() throws Exception {
    try (FileDescription file = open("/self/comm", OpenFlags.RDONLY)) {
      assertEquals("init\n", readAll(file));
      sandbox.task.attributes().setName("other");
      assertEquals("", readAll(file));
      assertEquals(0, file.seek(0, 0));
      assertEquals("other\n", readAll(file));
    }
  }

  @Test
  void settingsCanBeWritten() throws Exception {
    assertEquals(5, write("/self/comm", "short"));
    assertEquals("short", sandbox.task.attributes().name());
    assertEquals(4, write("/self/oom_score_adj", "300\n"));
    assertEquals("300\n", read("/self/oom_score_adj"));
    assertEquals(-Errno.EINVAL, write("/self/oom_score_adj", "9999"));
    assertEquals(-Errno.EINVAL, write("/self/status", "x"));
    assertEquals(-Errno.EIO, write("/version", "x"));
    assertErrno(Errno.EACCES, () -> write("/sys/kernel/osrelease", "x"));
    sandbox.task.setCredentials(Credentials.of(0, 0, new int[0], -1));
    assertEquals(4, write("/sys/kernel/hostname", "box\n"));
    assertEquals("box", sandbox.kernel.names().host());
  }

  @Test
  void mountsAreListed() throws Exception {
    assertEquals("proc / proc rw,relatime 0 0\n", read("/mounts"));
    assertTrue(read("/self/mountinfo").contains(" / / rw,relatime - proc proc rw\n"));
  }

  @Test
  void systemFilesDescribeTheSandbox() throws Exception {
    assertEquals("1048576 kB", field(read("/meminfo"), "MemTotal"));
    String cpus = read("/cpuinfo");
    assertTrue(cpus.contains("processor\t: 1\n") && !cpus.contains("processor\t: 2\n"));
    assertTrue(cpus.contains("fpu sse2 syscall nx lm"), cpus);
    assertTrue(read("/stat").contains("\ncpu1 "));
    assertTrue(read("/uptime").matches("\\d+\\.\\d\\d \\d+\\.\\d\\d\n"));
    assertEquals("65530\n", read("/sys/vm/max_map_count"));
    assertFalse(read("/sys/kernel/random/uuid").equals(read("/sys/kernel/random/uuid")));
    assertEquals(read("/sys/kernel/random/boot_id"), read("/sys/kernel/random/boot_id"));
    assertEquals("pid:[4026531836]", link("/self/ns/pid"));
  }

  @Test
  void everyFileCanBeRead() throws Exception {
    int files = readAllBelow("/", 0);
    assertTrue(files > 150, "only " + files);
  }

  private int readAllBelow(String directory, int depth) throws ErrnoException {
    int files = 0;
    for (String name : list(directory)) {
      String path = directory + (directory.endsWith("/") ? "" : "/") + name;
      if (name.startsWith(".") || depth > 5) {
        continue;
      }
      var inode = sandbox.task.fs().walk(sandbox.task.credentials()).find(path, false).inode();
      assertEquals(inode.type(), inode.attributes().mode() & 0170000, path);
      if (inode.isDirectory()) {
        files += readAllBelow(path, depth + 1);
      } else if (inode.isRegular() && !name.equals("mem")) {
        assertFalse(read(path).contains("null"), path);
        files++;
      }
    }
    return files;
  }
}
