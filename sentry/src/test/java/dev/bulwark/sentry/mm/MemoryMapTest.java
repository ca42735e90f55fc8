package dev.bulwark.sentry.mm;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.bulwark.linux.Errno;
import dev.bulwark.sentry.ErrnoException;
import dev.bulwark.sentry.kernel.Limits;
import dev.bulwark.sentry.signal.SignalInfo;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.function.Executable;

class MemoryMapTest {
  private static final long LIMIT = 0x7fff_0000_0000L;
  private static final long AT = 0x10000000L;
  private static final long PAGE = Pages.SIZE;
  private static final int RW = Protection.READ | Protection.WRITE;
  private static final int ANON = MapFlags.PRIVATE | MapFlags.ANONYMOUS;
  private static final int FIXED = MapFlags.FIXED;

  private final Limits limits = new Limits();
  private final MemoryAccount account = new MemoryAccount(1 << 30, 0x10000, LIMIT);
  private final PagedSpace space = new PagedSpace();
  private final MemoryMap map = MemoryMap.create(space, limits, account);

  @AfterEach
  void close() {
    map.close();
    assertTrue(space.closed());
  }

  private long mmap(long address, long pages, int protection, int flags) throws ErrnoException {
    return map.mmap(space.firstContext(), address, pages * PAGE, protection, flags, null, 0);
  }

  private long mmap(long address, long pages, int protection, int flags, TestFile file, long page)
      throws ErrnoException {
    return map.mmap(
        space.firstContext(),
        address,
        pages * PAGE,
        protection,
        flags,
        new FileBacking(file, true, file.writable, true),
        page * PAGE);
  }

  private void munmap(long address, long pages) throws ErrnoException {
    map.munmap(space.firstContext(), address, pages * PAGE);
  }

  private void mprotect(long address, long pages, int protection) throws ErrnoException {
    map.mprotect(space.firstContext(), address, pages * PAGE, protection);
  }

  private int load(long address) {
    return space.load(map, address);
  }

  private int store(long address, int value) {
    return space.store(map, address, value);
  }

  private static void assertErrno(int errno, Executable action) {
    assertEquals(errno, assertThrows(ErrnoException.class, action).errno());
  }

  @Test
  void anonymousMemoryIsSharedWithTheSentry() throws ErrnoException {
    long address = mmap(0, 2, RW, ANON);
    assertEquals(0, load(address));
    assertEquals(0, store(address + 5, 9));
    assertEquals(9, map.getByte(address + 5));
    map.putInt(address + PAGE - 2, 0x04030201);
    assertEquals(3, load(address + PAGE));
    assertErrno(Errno.EFAULT, () -> map.getByte(address + 2 * PAGE));
    assertEquals(-11, load(address + 2 * PAGE));
  }

  @Test
  void mappingsGoDownwardsAndJoin() throws ErrnoException {
    long first = mmap(0, 1, RW, ANON);
    assertEquals(first - PAGE, mmap(0, 1, RW, ANON));
    assertEquals(1, map.areas().size());
  }

  @Test
  void hintIsTakenWhenFree() throws ErrnoException {
    assertEquals(AT, mmap(AT + 5, 1, RW, ANON));
    assertTrue(mmap(AT, 1, RW, ANON) != AT);
    assertEquals(0x10000, mmap(PAGE, 1, RW, ANON));
  }

  @Test
  void badArgumentsAreRefusedAsOnLinux() throws ErrnoException {
    assertErrno(Errno.EINVAL, () -> mmap(0, 0, RW, ANON));
    assertErrno(Errno.ENOMEM, () -> mmap(0, LIMIT / PAGE + 1, RW, ANON));
    assertErrno(Errno.EINVAL, () -> mmap(AT + 1, 1, RW, ANON | FIXED));
    assertErrno(Errno.EPERM, () -> mmap(0, 1, RW, ANON | FIXED));
    assertErrno(Errno.ENOMEM, () -> mmap(LIMIT, 1, RW, ANON | FIXED));
    assertErrno(Errno.EINVAL, () -> mmap(0, 1, RW, MapFlags.ANONYMOUS));
    mmap(AT, 1, RW, ANON | FIXED);
    assertErrno(Errno.EEXIST, () -> mmap(AT, 1, RW, ANON | MapFlags.FIXED_NOREPLACE));
    assertErrno(Errno.EINVAL, () -> munmap(AT + 1, 1));
    assertErrno(Errno.EINVAL, () -> munmap(AT, 0));
  }

  @Test
  void unmappedMemoryIsGoneAndComesBackAsZeroes() throws ErrnoException {
    mmap(AT, 3, RW, ANON | FIXED);
    store(AT + PAGE, 7);
    munmap(AT + PAGE, 1);
    assertEquals(-11, load(AT + PAGE));
    assertEquals(2, map.areas().size());
    mmap(AT, 3, RW, ANON | FIXED);
    assertEquals(0, load(AT + PAGE));
    assertEquals(1, map.areas().size());
  }

  @Test
  void protectionIsEnforcedOnBothSides() throws ErrnoException {
    mmap(AT, 3, RW, ANON | FIXED);
    store(AT, 1);
    mprotect(AT, 1, Protection.READ);
    assertEquals(1, load(AT));
    assertEquals(-11, store(AT, 2));
    assertErrno(Errno.EFAULT, () -> map.putByte(AT, 2));
    SignalInfo signal = Objects.requireNonNull(space.fault(map, AT, 11, true));
    assertEquals(2, signal.code());
    assertEquals(AT, signal.address());
    assertEquals(1, Objects.requireNonNull(space.fault(map, AT - 1, 11, true)).code());
    mprotect(AT, 3, Protection.NONE);
    assertErrno(Errno.EFAULT, () -> map.getByte(AT));
    assertErrno(Errno.ENOMEM, () -> mprotect(AT, 4, RW));
    assertEquals(0, store(AT + 2 * PAGE, 1)); // what came before the hole was changed
  }

  @Test
  void privateReadOnlyFileIsMappedItself() throws ErrnoException {
    TestFile file = new TestFile(3 * PAGE, false);
    mmap(AT, 3, Protection.READ, MapFlags.PRIVATE | FIXED, file, 0);
    assertEquals(List.of("file"), space.done);
    assertEquals(2, load(AT + PAGE));
    assertEquals(3, map.getByte(AT + 2 * PAGE));
    assertEquals(1, file.mappings);
    mprotect(AT, 3, RW);
    assertEquals(0, store(AT, 77));
    assertEquals(77, map.getByte(AT));
    assertEquals(2, load(AT + PAGE));
    munmap(AT, 3);
    assertEquals(0, file.mappings);
    assertTrue(account.windows().counts().isEmpty());
    file.close();
  }

  @Test
  void largePrivateFileIsCopiedAsItIsTouched() throws ErrnoException {
    TestFile file = new TestFile(200 * PAGE, false);
    mmap(AT, 200, RW, MapFlags.PRIVATE | FIXED, file, 0);
    assertEquals(3, load(AT + 2 * PAGE));
    map.putByte(AT + 130 * PAGE, 9); // by a system call first
    assertEquals(9, load(AT + 130 * PAGE));
    assertEquals(0, store(AT + 131 * PAGE, 8));
    mprotect(AT, 200, Protection.READ);
    assertEquals(9, load(AT + 130 * PAGE));
    assertEquals(8, map.getByte(AT + 131 * PAGE));
    assertEquals((byte) 200, map.getByte(AT + 199 * PAGE));
    mprotect(AT, 200, RW);
    assertEquals(200, load(AT + 199 * PAGE));
    assertEquals(9, load(AT + 130 * PAGE));
    file.close();
  }

  @Test
  void pagesPastTheEndOfAFileAreBusErrors() throws ErrnoException {
    TestFile file = new TestFile(PAGE + 10, true);
    for (int flags : new int[] {MapFlags.PRIVATE, MapFlags.SHARED}) {
      for (int protection : new int[] {Protection.READ, RW}) {
        mmap(AT, 4, protection, flags | FIXED, file, 0);
        assertEquals(2, load(AT + PAGE + 9));
        assertEquals(0, load(AT + PAGE + 10));
        assertEquals(-7, load(AT + 2 * PAGE));
        assertErrno(Errno.EFAULT, () -> map.getByte(AT + 2 * PAGE));
        assertEquals(0, map.getByte(AT + PAGE + 10));
      }
    }
    file.close();
  }

  @Test
  void sharedFileIsCoherent() throws ErrnoException {
    TestFile file = new TestFile(3 * PAGE, true);
    mmap(AT, 3, RW, MapFlags.SHARED | FIXED, file, 0);
    long other = mmap(0, 1, Protection.READ, MapFlags.SHARED, file, 2);
    store(AT + 2 * PAGE, 99);
    assertEquals(99, load(other));
    map.putByte(AT + 2 * PAGE, 98);
    assertEquals(98, map.getByte(other));
    assertEquals(-11, store(other, 1));
    mprotect(other, 1, RW);
    assertEquals(0, store(other, 1));
    assertEquals(1, load(AT + 2 * PAGE));
    assertEquals(map.futexKey(other, false), map.futexKey(AT + 2 * PAGE, false));
    munmap(AT, 3);
    assertEquals(1, file.mappings);
    munmap(other, 1);
    assertEquals(0, file.mappings);
    file.close();
  }

  @Test
  void accessModeOfTheFileIsRespected() throws ErrnoException {
    TestFile file = new TestFile(PAGE, false);
    assertErrno(Errno.EACCES, () -> mmap(0, 1, RW, MapFlags.SHARED, file, 0));
    long address = mmap(0, 1, Protection.READ, MapFlags.SHARED, file, 0);
    assertErrno(Errno.EACCES, () -> mprotect(address, 1, RW));
    assertErrno(
        Errno.EACCES,
        () ->
            map.mmap(
                space.firstContext(),
                0,
                PAGE,
                1,
                MapFlags.PRIVATE,
                new FileBacking(file, false, true, true),
                0));
    assertErrno(
        Errno.EOPNOTSUPP, () -> mmap(0, 1, 1, MapFlags.SHARED_VALIDATE | MapFlags.SYNC, file, 0));
    munmap(address, 1);
    file.close();
  }

  @Test
  void stackGrowsAsFarAsItsLimit() throws ErrnoException {
    limits.set(Limits.STACK, 64 * PAGE, Limits.INFINITY);
    mmap(AT, 1, RW, ANON | FIXED | MapFlags.GROWSDOWN);
    long top = AT + PAGE;
    assertEquals(0, store(AT - 8, 5));
    assertEquals(5, map.getByte(AT - 8));
    map.putByte(top - 50 * PAGE, 6); // a system call makes it grow as well
    assertEquals(6, load(top - 50 * PAGE));
    assertEquals(-11, store(top - 65 * PAGE, 1));
    assertEquals(0, store(top - 64 * PAGE, 1));
    mprotect(top - 64 * PAGE, 64, Protection.READ);
    assertEquals(6, load(top - 50 * PAGE));
  }

  @Test
  void stackKeepsItsGuardGap() throws ErrnoException {
    mmap(AT, 1, RW, ANON | FIXED | MapFlags.GROWSDOWN);
    mmap(AT - 260 * PAGE, 1, RW, ANON | FIXED);
    assertEquals(0, store(AT - 1, 1));
    assertEquals(0, store(AT - 3 * PAGE, 1));
    assertEquals(-11, store(AT - 4 * PAGE, 1));
  }

  @Test
  void remapMovesContents() throws ErrnoException {
    mmap(AT, 2, RW, ANON | FIXED);
    mmap(AT + 2 * PAGE, 1, RW, ANON | FIXED | MapFlags.NORESERVE);
    store(AT, 1);
    store(AT + PAGE, 2);
    assertErrno(Errno.ENOMEM, () -> map.mremap(space.firstContext(), AT, 2 * PAGE, 4 * PAGE, 0, 0));
    long moved = map.mremap(space.firstContext(), AT, 2 * PAGE, 4 * PAGE, Remapper.MAYMOVE, 0);
    assertEquals(1, load(moved));
    assertEquals(2, map.getByte(moved + PAGE));
    assertEquals(0, load(moved + 3 * PAGE));
    assertEquals(-11, load(AT));
    long grown = map.mremap(space.firstContext(), moved, 4 * PAGE, 40 * PAGE, Remapper.MAYMOVE, 0);
    assertEquals(2, load(grown + PAGE));
    assertEquals(
        grown, map.mremap(space.firstContext(), grown, 40 * PAGE, PAGE, Remapper.MAYMOVE, 0));
    assertEquals(1, load(grown));
    assertEquals(-11, load(grown + PAGE));
  }

  @Test
  void remapChecksItsArguments() throws ErrnoException {
    mmap(AT, 4, RW, ANON | FIXED);
    mprotect(AT + 2 * PAGE, 2, Protection.READ);
    int fixed = Remapper.MAYMOVE | Remapper.FIXED;
    assertErrno(Errno.EINVAL, () -> remap(AT, 1, 2, Remapper.FIXED, AT + 8 * PAGE));
    assertErrno(Errno.EINVAL, () -> remap(AT, 2, 2, fixed, AT + PAGE));
    assertErrno(Errno.EFAULT, () -> remap(AT, 4, 8, Remapper.MAYMOVE, 0));
    assertErrno(Errno.EFAULT, () -> remap(AT - PAGE, 1, 2, Remapper.MAYMOVE, 0));
    assertErrno(Errno.EINVAL, () -> remap(AT, 0, 2, Remapper.MAYMOVE, 0));
    assertErrno(Errno.EINVAL, () -> remap(AT, 1, 0, Remapper.MAYMOVE, 0));
    store(AT, 3);
    assertEquals(AT + 8 * PAGE, remap(AT, 1, 2, fixed, AT + 8 * PAGE));
    assertEquals(3, load(AT + 8 * PAGE));
    int keep = Remapper.MAYMOVE | Remapper.DONTUNMAP;
    long kept = remap(AT + 8 * PAGE, 2, 2, keep, 0);
    assertEquals(3, load(kept));
    assertEquals(0, load(AT + 8 * PAGE));
  }

  private long remap(long address, long oldPages, long newPages, int flags, long to)
      throws ErrnoException {
    return map.mremap(space.firstContext(), address, oldPages * PAGE, newPages * PAGE, flags, to);
  }

  @Test
  void sharedMemorySurvivesForkAsShared() throws ErrnoException {
    mmap(AT, 1, RW, MapFlags.SHARED | MapFlags.ANONYMOUS | FIXED);
    mmap(AT + 8 * PAGE, 4, RW, ANON | FIXED);
    store(AT + 9 * PAGE, 4);
    map.madvise(space.firstContext(), AT + 10 * PAGE, PAGE, Advice.DONTFORK);
    store(AT + 11 * PAGE, 4);
    map.madvise(space.firstContext(), AT + 11 * PAGE, PAGE, Advice.WIPEONFORK);
    PagedSpace other = new PagedSpace();
    try (MemoryMap child = map.fork(space.firstContext(), other)) {
      assertEquals(4, other.load(child, AT + 9 * PAGE));
      other.store(child, AT + 9 * PAGE, 5);
      assertEquals(4, load(AT + 9 * PAGE));
      assertEquals(-11, other.load(child, AT + 10 * PAGE));
      assertEquals(0, other.load(child, AT + 11 * PAGE));
      store(AT, 7);
      assertEquals(7, other.load(child, AT));
      child.putByte(AT, 8);
      assertEquals(8, map.getByte(AT));
      assertEquals(child.futexKey(AT, false), map.futexKey(AT, false));
    }
    assertTrue(other.closed());
  }

  @Test
  void forkCopiesWhatWasMoved() throws ErrnoException {
    mmap(0, 1, Protection.NONE, ANON); // so that the next cannot grow where it is
    long first = mmap(0, 8, RW, ANON);
    store(first + PAGE, 1);
    long moved = map.mremap(space.firstContext(), first, 8 * PAGE, 600 * PAGE, 1, 0);
    store(moved + 599 * PAGE, 2);
    long second = mmap(first, 8, RW, ANON | FIXED);
    store(second + PAGE, 3);
    PagedSpace other = new PagedSpace();
    try (MemoryMap child = map.fork(space.firstContext(), other)) {
      assertEquals(1, other.load(child, moved + PAGE));
      assertEquals(2, other.load(child, moved + 599 * PAGE));
      assertEquals(3, other.load(child, second + PAGE));
      child.mmap(other.firstContext(), 0, 64 * PAGE, RW, ANON, null, 0);
      assertEquals(1, other.load(child, moved + PAGE));
    }
  }

  @Test
  void heapGrowsAndShrinks() throws ErrnoException {
    map.setBrk(AT);
    assertEquals(AT, map.brk(space.firstContext(), 0));
    assertEquals(AT + 100, map.brk(space.firstContext(), AT + 100));
    store(AT + 50, 1);
    assertEquals(AT + 3 * PAGE, map.brk(space.firstContext(), AT + 3 * PAGE));
    assertEquals(1, load(AT + 50));
    assertEquals("[heap]", map.maps(false).getFirst().name());
    assertEquals(1, map.areas().size());
    assertEquals(AT, map.brk(space.firstContext(), AT));
    assertEquals(-11, load(AT + 50));
    mmap(AT + 8 * PAGE, 1, RW, ANON | FIXED);
    assertEquals(AT, map.brk(space.firstContext(), AT + 8 * PAGE));
    limits.set(Limits.DATA, 2 * PAGE, 2 * PAGE);
    assertEquals(AT, map.brk(space.firstContext(), AT + 2 * PAGE));
  }

  @Test
  void limitsAreEnforced() throws ErrnoException {
    limits.set(Limits.AS, 8 * PAGE, 8 * PAGE);
    mmap(AT, 8, RW, ANON | FIXED);
    assertErrno(Errno.ENOMEM, () -> mmap(0, 1, RW, ANON));
    mmap(AT, 8, RW, ANON | FIXED); // takes no more than it replaces
    limits.set(Limits.AS, Limits.INFINITY, Limits.INFINITY);
    limits.set(Limits.DATA, 9 * PAGE, 9 * PAGE);
    assertErrno(Errno.ENOMEM, () -> mmap(0, 2, RW, ANON));
    long readable = mmap(0, 2, Protection.READ, ANON);
    assertErrno(Errno.ENOMEM, () -> mprotect(readable, 2, RW));
    assertErrno(Errno.ENOMEM, () -> mmap(0, (2L << 30) / PAGE, RW, ANON));
  }

  @Test
  void adviceDropsPages() throws ErrnoException {
    mmap(AT, 4, RW, ANON | FIXED);
    store(AT, 1);
    store(AT + 2 * PAGE, 1);
    assertArrayEquals(new byte[] {1, 0, 1, 0}, map.mincore(AT, 4));
    map.madvise(space.firstContext(), AT, PAGE, Advice.DONTNEED);
    assertEquals(0, load(AT));
    assertErrno(Errno.EINVAL, () -> map.madvise(space.firstContext(), AT, PAGE, 77));
    assertErrno(Errno.EINVAL, () -> map.madvise(space.firstContext(), AT + 1, PAGE, 4));
    assertErrno(
        Errno.ENOMEM, () -> map.madvise(space.firstContext(), AT, 5 * PAGE, Advice.DONTNEED));
    assertEquals(0, load(AT + 2 * PAGE));
    TestFile file = new TestFile(4 * PAGE, false);
    mmap(AT, 4, RW, MapFlags.PRIVATE | FIXED, file, 0);
    store(AT, 55);
    map.madvise(space.firstContext(), AT, PAGE, Advice.DONTNEED);
    assertEquals(1, load(AT));
    munmap(AT, 4);
    file.close();
  }

  @Test
  void lockedMemoryIsCounted() throws ErrnoException {
    limits.set(Limits.MEMLOCK, 2 * PAGE, 2 * PAGE);
    mmap(AT, 4, RW, ANON | FIXED);
    map.mlock(AT, 2 * PAGE, false, false);
    map.mlock(AT, 2 * PAGE, false, false);
    assertErrno(Errno.ENOMEM, () -> map.mlock(AT + 2 * PAGE, PAGE, false, false));
    assertErrno(Errno.EINVAL, () -> map.madvise(space.firstContext(), AT, PAGE, Advice.DONTNEED));
    assertEquals(2 * PAGE, map.sizes().locked());
    map.mlock(AT + 2 * PAGE, PAGE, true, false);
    map.munlock(AT, 4 * PAGE);
    assertEquals(0, map.sizes().locked());
    limits.set(Limits.MEMLOCK, 0, 0);
    assertErrno(Errno.EPERM, () -> map.mlock(AT, PAGE, false, false));
    assertErrno(Errno.EINVAL, () -> map.mlockall(Locking.ONFAULT, true));
  }

  @Test
  void refusalOfTheHostLeavesThingsAsTheyWere() throws ErrnoException {
    mmap(AT, 4, RW, ANON | FIXED);
    store(AT, 6);
    space.refusal = Errno.ENOMEM;
    assertErrno(Errno.ENOMEM, () -> mprotect(AT, 4, Protection.READ));
    assertEquals(6, load(AT));
    assertEquals(0, store(AT, 7));
    space.refusal = Errno.ENOMEM;
    assertErrno(Errno.ENOMEM, () -> mmap(0, 4, RW, ANON));
    assertEquals(1, map.areas().size());
    assertEquals(4 * PAGE, map.sizes().total());
  }

  @Test
  void fileThatTheHostWillNotExecuteIsCopied() throws ErrnoException {
    TestFile file = new TestFile(2 * PAGE, false);
    space.refusal = Errno.EPERM;
    mmap(AT, 2, Protection.READ | Protection.EXEC, MapFlags.PRIVATE | FIXED, file, 0);
    assertEquals(2, load(AT + PAGE));
    munmap(AT, 2);
    file.close();
  }

  @Test
  void codePageCanBeMadePrivate() throws ErrnoException {
    TestFile file = new TestFile(3 * PAGE, false);
    mmap(AT, 3, 5, MapFlags.PRIVATE | FIXED, file, 0);
    assertTrue(map.makePrivate(space.firstContext(), AT + PAGE + 5, 7));
    assertEquals(2, load(AT + PAGE));
    assertTrue(Objects.requireNonNull(map.areas().find(AT + PAGE)).inMemory());
    assertEquals(1, map.maps(false).size());
    assertEquals("r-xp", map.maps(false).getFirst().permissions());
    munmap(AT, 3);
    file.close();
  }

  @Test
  void unmappedFileLeavesNothingBehindInWindows() throws ErrnoException {
    TestFile file = new TestFile(PAGE, false);
    mmap(AT, 1, 1, MapFlags.PRIVATE | FIXED, file, 0);
    assertEquals(1, map.getByte(AT));
    assertEquals(1, account.windows().counts().get(file));
    munmap(AT, 1);
    assertNull(account.windows().counts().get(file));
    file.close();
  }

  @Test
  @Timeout(60)
  void filesAreNeitherAskedNorToldUnderTheLock() throws ErrnoException {
    TestFile file = new TestFile(200 * PAGE, true);
    file.onUse = () -> CompletableFuture.runAsync(map::munlockall).join();
    mmap(AT, 200, RW, MapFlags.PRIVATE | FIXED, file, 0);
    assertEquals(1, load(AT));
    mprotect(AT, 200, Protection.READ);
    mmap(AT, 100, Protection.READ, MapFlags.SHARED | FIXED, file, 0);
    assertEquals(2, map.getByte(AT + PAGE));
    mprotect(AT, 100, RW);
    map.msync(AT, PAGE, true, false);
    map.mremap(space.firstContext(), AT, 100 * PAGE, 100 * PAGE, 3, AT + 300 * PAGE);
    mmap(AT + 300 * PAGE, 100, RW, ANON | FIXED);
    munmap(AT, 200);
    file.onUse = () -> {};
    assertEquals(0, file.mappings);
    file.close();
  }

  @Test
  void areasAreBounded() throws ErrnoException {
    long pages = 2L * Areas.MAX_AREAS + 100;
    map.mmap(space.firstContext(), AT, pages * PAGE, Protection.NONE, ANON | FIXED, null, 0);
    int errno = 0;
    for (long i = 1; errno == 0 && i < pages; i += 2) {
      try {
        map.madvise(space.firstContext(), AT + i * PAGE, PAGE, Advice.DONTFORK);
      } catch (ErrnoException e) {
        errno = e.errno();
      }
    }
    assertEquals(Errno.ENOMEM, errno);
    assertTrue(map.areas().size() <= Areas.MAX_AREAS + 2);
    assertErrno(Errno.ENOMEM, () -> munmap(AT + (pages - 10) * PAGE, 1));
    assertErrno(Errno.ENOMEM, () -> mprotect(AT + (pages - 10) * PAGE, 1, RW));
    munmap(AT, pages);
    assertEquals(0, map.areas().size());
  }
}
