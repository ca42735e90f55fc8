package dev.bulwark.sentry.mm;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.bulwark.linux.Errno;
import dev.bulwark.linux.Sys;
import dev.bulwark.sentry.ErrnoException;
import dev.bulwark.sentry.kernel.IdleContext;
import dev.bulwark.sentry.kernel.Limits;
import dev.bulwark.sentry.kernel.Task;
import dev.bulwark.sentry.kernel.TestSandbox;
import dev.bulwark.sentry.syscall.SyscallTable;
import dev.bulwark.sentry.syscall.Topics;
import dev.bulwark.sentry.vfs.Attributes;
import dev.bulwark.sentry.vfs.FileDescription;
import dev.bulwark.sentry.vfs.OpenFlags;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class MemoryCallsTest {
  private static final long AT = 0x10000000L;
  private static final long PAGE = Pages.SIZE;
  private static final int RW = Protection.READ | Protection.WRITE;
  private static final int ANON = MapFlags.PRIVATE | MapFlags.ANONYMOUS | MapFlags.FIXED;

  private final SyscallTable table = Topics.table();
  private final TestSandbox sandbox = new TestSandbox();
  private final MemoryAccount account =
      new MemoryAccount(MemoryAccount.UNLIMITED, 0x10000, 0x7fff_0000_0000L);
  private final MemoryMap map = MemoryMap.create(new PagedSpace(), new Limits(), account);
  private final Task task = sandbox.task;

  MemoryCallsTest() {
    task.setMemory(map);
  }

  @AfterEach
  void close() {
    map.close();
  }

  private long call(int number, long... arguments) {
    long[] a = java.util.Arrays.copyOf(arguments, 6);
    return table.dispatch(task, number, a[0], a[1], a[2], a[3], a[4], a[5]);
  }

  /** A description of a file that can be mapped. */
  private static final class Mapped extends FileDescription {
    private final TestFile file;

    Mapped(TestFile file, int flags) {
      super(flags);
      this.file = file;
    }

    @Override
    public Attributes attributes() throws ErrnoException {
      throw ErrnoException.of(Errno.EBADF);
    }

    @Override
    public String describe() {
      return "/test";
    }

    @Override
    public Mappable mappable() {
      return file;
    }

    @Override
    protected void release() {
      file.close();
    }
  }

  private int install(int flags) throws ErrnoException {
    return sandbox.files.install(new Mapped(new TestFile(PAGE, true), flags), 0, false, 100);
  }

  @Test
  void mmapChecksTheDescriptor() throws ErrnoException {
    assertEquals(-Errno.EBADF, call(Sys.MMAP, 0, PAGE, 1, MapFlags.PRIVATE, 7, 0));
    assertEquals(-Errno.EINVAL, call(Sys.MMAP, 0, PAGE, 1, MapFlags.PRIVATE, 7, 1));
    int writeOnly = install(OpenFlags.WRONLY);
    assertEquals(-Errno.EACCES, call(Sys.MMAP, 0, PAGE, 1, MapFlags.PRIVATE, writeOnly, 0));
    int readOnly = install(OpenFlags.RDONLY);
    assertEquals(-Errno.EACCES, call(Sys.MMAP, 0, PAGE, RW, MapFlags.SHARED, readOnly, 0));
    long address = call(Sys.MMAP, 0, PAGE, 1, MapFlags.SHARED, readOnly, 0);
    assertEquals(1, map.getByte(address));
    assertEquals(-Errno.EACCES, call(Sys.MPROTECT, address, PAGE, RW));
    assertEquals(0, call(Sys.MUNMAP, address, PAGE));
    sandbox.files.close();
  }

  @Test
  void mappingsOutliveTheDescriptor() throws ErrnoException {
    int fd = install(OpenFlags.RDWR);
    assertEquals(AT, call(Sys.MMAP, AT, PAGE, RW, MapFlags.SHARED | MapFlags.FIXED, fd, 0));
    MapsEntry entry = map.maps(true).getFirst();
    assertEquals("rw-s", entry.permissions());
    assertEquals("/test", entry.name());
    assertEquals(42, entry.inode());
    assertEquals(0, call(Sys.MSYNC, AT, PAGE, 4));
    assertEquals(-Errno.EINVAL, call(Sys.MSYNC, AT, PAGE, 5));
    assertEquals(-Errno.ENOMEM, call(Sys.MSYNC, AT, 2 * PAGE, 4));
    assertEquals(0, call(Sys.MUNMAP, AT, PAGE));
    sandbox.files.close();
  }

  @Test
  void mincoreTellsWhatIsThere() throws ErrnoException {
    call(Sys.MMAP, AT, 4 * PAGE, RW, ANON, -1, 0);
    map.putByte(AT + 2 * PAGE, 1);
    assertEquals(0, call(Sys.MINCORE, AT + 2 * PAGE, 2 * PAGE, AT + 2 * PAGE));
    assertEquals(1, map.getByte(AT + 2 * PAGE));
    assertEquals(0, map.getByte(AT + 2 * PAGE + 1));
    assertEquals(-Errno.ENOMEM, call(Sys.MINCORE, AT, 5 * PAGE, AT));
    assertEquals(-Errno.EINVAL, call(Sys.MINCORE, AT + 1, PAGE, AT));
    assertEquals(-Errno.EFAULT, call(Sys.MINCORE, AT, PAGE, AT + 4 * PAGE));
  }

  @Test
  void sealedMemoryCannotChange() {
    call(Sys.MMAP, AT, 4 * PAGE, RW, ANON, -1, 0);
    assertEquals(-Errno.ENOMEM, call(Sys.MSEAL, AT, 5 * PAGE, 0));
    assertEquals(0, call(Sys.MSEAL, AT + PAGE, PAGE, 0));
    assertEquals(-Errno.EPERM, call(Sys.MUNMAP, AT, 4 * PAGE));
    assertEquals(-Errno.EPERM, call(Sys.MPROTECT, AT + PAGE, PAGE, 1));
    assertEquals(-Errno.EPERM, call(Sys.MMAP, AT, 2 * PAGE, RW, ANON, -1, 0));
    assertEquals(-Errno.EPERM, call(Sys.MREMAP, AT + PAGE, PAGE, 2 * PAGE, 1));
    assertEquals(0, call(Sys.MUNMAP, AT + 2 * PAGE, PAGE));
  }

  @Test
  void protectionKeysAreAsOnAProcessorWithoutThem() {
    call(Sys.MMAP, AT, PAGE, RW, ANON, -1, 0);
    assertEquals(0, call(Sys.PKEY_MPROTECT, AT, PAGE, 1, -1));
    assertEquals(-Errno.EINVAL, call(Sys.PKEY_MPROTECT, AT, PAGE, 1, 0));
    assertEquals(-Errno.ENOSPC, call(Sys.PKEY_ALLOC, 0, 0));
    assertEquals(-Errno.EINVAL, call(Sys.PKEY_ALLOC, 1, 0));
  }

  @Test
  void privateBarriersWantARegistration() {
    assertEquals(0x21f, call(Sys.MEMBARRIER, 0, 0, 0));
    assertEquals(-Errno.EPERM, call(Sys.MEMBARRIER, 8, 0, 0));
    assertEquals(0, call(Sys.MEMBARRIER, 0x10, 0, 0));
    assertEquals(0x10, call(Sys.MEMBARRIER, 0x200, 0, 0));
    assertEquals(0, call(Sys.MEMBARRIER, 8, 0, 0));
    assertEquals(-Errno.EINVAL, call(Sys.MEMBARRIER, 0, 1, 0));
    assertEquals(-Errno.EINVAL, call(Sys.MEMBARRIER, 0x20, 0, 0));
  }

  @Test
  void anonymousMemoryCanBeNamed() throws ErrnoException {
    call(Sys.MMAP, AT, 3 * PAGE, RW, ANON, -1, 0);
    long name = AT + 2 * PAGE;
    map.write(name, "pool\0".getBytes(java.nio.charset.StandardCharsets.ISO_8859_1));
    assertEquals(0, call(Sys.PRCTL, 0x53564d41, 0, AT, 2 * PAGE, name));
    assertEquals("[anon:pool]", map.maps(false).getFirst().name());
    assertEquals(AT + 2 * PAGE, map.maps(false).getFirst().end());
    assertEquals(-Errno.EINVAL, call(Sys.PRCTL, 0x53564d41, 1, AT, PAGE, name));
    assertEquals(-Errno.EINVAL, call(Sys.PRCTL, 0x53564d41, 0, AT + 1, PAGE, name));
    assertEquals(-Errno.ENOMEM, call(Sys.PRCTL, 0x53564d41, 0, AT, 4 * PAGE, name));
    map.putByte(name, '[');
    assertEquals(-Errno.EINVAL, call(Sys.PRCTL, 0x53564d41, 0, AT, PAGE, name));
    assertEquals(0, call(Sys.PRCTL, 0x53564d41, 0, AT, 3 * PAGE, 0));
    assertEquals("", map.maps(false).getFirst().name());
    assertEquals(1, map.maps(false).size());
  }

  @Test
  void remappedFilePagesShowAnotherPart() throws ErrnoException {
    Mapped mapped = new Mapped(new TestFile(3 * PAGE, true), OpenFlags.RDWR);
    int fd = sandbox.files.install(mapped, 0, false, 100);
    call(Sys.MMAP, AT, 3 * PAGE, RW, MapFlags.SHARED | MapFlags.FIXED, fd, 0);
    assertEquals(0, call(Sys.REMAP_FILE_PAGES, AT, PAGE, 0, 2, 0));
    assertEquals(3, map.getByte(AT));
    assertEquals(2, map.getByte(AT + PAGE));
    assertEquals(-Errno.EINVAL, call(Sys.REMAP_FILE_PAGES, AT, PAGE, 1, 2, 0));
    assertEquals(-Errno.EINVAL, call(Sys.REMAP_FILE_PAGES, AT + 4 * PAGE, PAGE, 0, 2, 0));
    call(Sys.MUNMAP, AT, 3 * PAGE);
    sandbox.files.close();
  }

  @Test
  void remoteMemoryIsCopiedAsFarAsItCanBeTouched() throws ErrnoException {
    call(Sys.MMAP, AT, 4 * PAGE, RW, ANON, -1, 0);
    MemoryMap other = MemoryMap.create(new PagedSpace(), new Limits(), account);
    Task target = new Task(77, new IdleContext()).in(sandbox.kernel, task.process());
    target.setMemory(other);
    sandbox.kernel.tasks().add(target);
    PagedSpace space = (PagedSpace) other.space();
    other.mmap(space.firstContext(), AT, 2 * PAGE, RW, ANON, null, 0);
    other.putLong(AT + 2 * PAGE - 8, 0x1122334455667788L);
    map.putLong(AT, AT + PAGE);
    map.putLong(AT + 8, 100);
    map.putLong(AT + 16, AT + 2 * PAGE - 8);
    map.putLong(AT + 24, 100);
    long local = AT;
    long remote = AT + 16;
    assertEquals(8, call(Sys.PROCESS_VM_READV, 77, local, 1, remote, 1, 0));
    assertEquals(0x1122334455667788L, map.getLong(AT + PAGE));
    map.putLong(AT + PAGE, 5);
    assertEquals(8, call(Sys.PROCESS_VM_WRITEV, 77, local, 1, remote, 1, 0));
    assertEquals(5, other.getLong(AT + 2 * PAGE - 8));
    map.putLong(AT + 16, AT + 2 * PAGE);
    assertEquals(-Errno.EFAULT, call(Sys.PROCESS_VM_READV, 77, local, 1, remote, 1, 0));
    assertEquals(-Errno.ESRCH, call(Sys.PROCESS_VM_READV, 78, local, 1, remote, 1, 0));
    assertEquals(-Errno.EINVAL, call(Sys.PROCESS_VM_READV, 77, local, 1, remote, 1, 1));
    assertEquals(0, call(Sys.PROCESS_VM_READV, 77, local, 0, remote, 1, 0));
    other.close();
    assertEquals(-Errno.ESRCH, call(Sys.PROCESS_VM_READV, 77, local, 1, remote, 1, 0));
    assertTrue(space.closed());
  }
}
