package dev.bulwark.sentry.fs.proc;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.bulwark.linux.Errno;
import dev.bulwark.sentry.ErrnoException;
import dev.bulwark.sentry.auth.Credentials;
import dev.bulwark.sentry.io.Bounce;
import dev.bulwark.sentry.kernel.Limits;
import dev.bulwark.sentry.kernel.TestSandbox;
import dev.bulwark.sentry.loader.Image;
import dev.bulwark.sentry.mm.MapFlags;
import dev.bulwark.sentry.mm.MemoryAccount;
import dev.bulwark.sentry.mm.MemoryMap;
import dev.bulwark.sentry.mm.PagedSpace;
import dev.bulwark.sentry.mm.Protection;
import dev.bulwark.sentry.vfs.FileDescription;
import dev.bulwark.sentry.vfs.FsContext;
import dev.bulwark.sentry.vfs.MountNamespace;
import dev.bulwark.sentry.vfs.OpenFlags;
import dev.bulwark.sentry.vfs.Opener;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

final class ProcMemoryTest {
  private static final long AT = 0x10000000L;
  private static final long LIMIT = 0x7fff_0000_0000L;

  private final TestSandbox sandbox = new TestSandbox();
  private final PagedSpace space = new PagedSpace();
  private final MemoryMap memory =
      MemoryMap.create(space, new Limits(), new MemoryAccount(1 << 30, 0x10000, LIMIT));

  @BeforeEach
  void start() throws ErrnoException {
    ProcSystem proc = new ProcSystem(sandbox.kernel, new MachineView(sandbox.kernel));
    sandbox.kernel.tasks().add(sandbox.task);
    assertTrue(sandbox.task.process().signals().attach(sandbox.task.signals()));
    sandbox.task.setFs(FsContext.at(new MountNamespace(proc, 0, "proc").root()));
    sandbox.task.setCredentials(Credentials.of(0, 0, new int[0], 0));
    sandbox.task.setMemory(memory);
    memory.mmap(
        space.firstContext(),
        AT,
        8192,
        Protection.READ | Protection.WRITE,
        MapFlags.PRIVATE | MapFlags.ANONYMOUS | MapFlags.FIXED,
        null,
        0);
    memory.write(AT, "cmd\0one\0A=1\0B=2\0".getBytes(ISO_8859_1));
    memory.loaded(
        new Image(AT, AT + 4096, 0, AT, 0, 0, 0, AT, AT + 8, AT + 16, new byte[16], null, "cmd"));
  }

  @AfterEach
  void end() {
    memory.close();
  }

  private FileDescription open(String path, int flags) throws ErrnoException {
    return new Opener(sandbox.task.fs().walk(sandbox.task.credentials()), sandbox.task)
        .open(path, flags, 0);
  }

  private String read(String path) throws ErrnoException {
    try (FileDescription file = open(path, OpenFlags.RDONLY);
        Bounce bounce = new Bounce(65536)) {
      int n = (int) ErrnoException.check(file.read(bounce.buffer(65536), -1));
      byte[] bytes = new byte[n];
      bounce.copyTo(bytes, 0, n);
      return new String(bytes, ISO_8859_1);
    }
  }

  @Test
  void argumentsAndEnvironmentAreReadFromTheStack() throws Exception {
    assertEquals("cmd\0one\0", read("/self/cmdline"));
    assertEquals("A=1\0B=2\0", read("/self/environ"));
    assertEquals(16, read("/self/auxv").length());
  }

  @Test
  void titleMayOverwriteTheEnvironment() throws Exception {
    memory.write(AT, "a longer t\0".getBytes(ISO_8859_1));
    assertEquals("a longer t", read("/self/cmdline"));
    memory.write(AT, "short\0\0\0".getBytes(ISO_8859_1));
    assertEquals("short\0\0\0", read("/self/cmdline"));
  }

  @Test
  void areasAreListed() throws Exception {
    assertEquals(
        "10000000-10002000 rw-p 00000000 00:00 0" + " ".repeat(73 - 39) + "[stack]\n",
        read("/self/maps"));
    String details = read("/self/smaps");
    assertTrue(details.contains("Size:                  8 kB\n"), details);
    assertTrue(details.contains("Anonymous:             4 kB\n"), details);
    assertTrue(read("/self/smaps_rollup").contains("[rollup]\nRss:                   4 kB\n"));
    assertTrue(read("/self/statm").startsWith("2 1 0 "), read("/self/statm"));
    assertTrue(read("/self/status").contains("VmSize:\t       8 kB\n"));
  }

  @Test
  void memoryIsReadAndWrittenAtItsAddress() throws Exception {
    try (FileDescription file = open("/self/mem", OpenFlags.RDWR);
        Bounce bounce = new Bounce(8192)) {
      assertEquals(3, file.read(bounce.buffer(3), AT));
      byte[] bytes = new byte[3];
      bounce.copyTo(bytes, 0, 3);
      assertEquals("cmd", new String(bytes, ISO_8859_1));
      assertEquals(3, file.write(bounce.buffer(3), AT + 8192 - 3));
      assertEquals('d', memory.getByte(AT + 8191));
      assertEquals(-Errno.EIO, file.read(bounce.buffer(3), AT + 8192));
      assertEquals(1, file.read(bounce.buffer(3), AT + 8191));
      assertEquals(AT, file.seek(AT, 0));
      assertEquals(8, file.read(bounce.buffer(8), -1));
      assertEquals(AT + 8, file.position());
    }
  }
}
