package dev.bulwark.linux;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.junit.jupiter.api.Test;

class HostCallTest {
  @Test
  void resultComesBackAsTheKernelGaveIt() {
    assertEquals(ProcessHandle.current().pid(), HostCall.call(Sys.GETPID));
    assertEquals(ProcessHandle.current().pid(), HostCall.call(Sys.GETPID, 0, 0, 0));
  }

  @Test
  void failureIsTheErrnoNegated() {
    long result = HostCall.call(Sys.CLOSE, -1);
    assertEquals(-Errno.EBADF, result);
    assertTrue(HostCall.failed(result));
    assertFalse(HostCall.failed(-4096));
  }

  @Test
  void allSixArgumentsArrive() throws HostException {
    // pselect6 reads its sixth argument, and mmap its fifth and sixth: a shared mapping at an
    // offset shows them.
    try (Arena arena = Arena.ofConfined()) {
      long fd =
          HostCall.check(
              HostCall.call(Sys.MEMFD_CREATE, arena.allocateFrom("t").address(), 1), "memfd");
      HostCall.check(HostCall.call(Sys.FTRUNCATE, fd, 8192), "ftruncate");
      long address = HostCall.check(HostCall.call(Sys.MMAP, 0, 4096, 3, 1, fd, 4096), "mmap");
      MemorySegment.ofAddress(address).reinterpret(4096).set(ValueLayout.JAVA_INT, 0, 42);
      MemorySegment read = arena.allocate(4);
      assertEquals(4, HostCall.call(Sys.PREAD64, fd, read.address(), 4, 4096));
      assertEquals(42, read.get(ValueLayout.JAVA_INT, 0));
      HostCall.check(HostCall.call(Sys.MUNMAP, address, 4096), "munmap");
      HostCall.check(HostCall.call(Sys.CLOSE, fd), "close");
    }
  }

  @Test
  void checkedFailureSaysWhatWasTriedAndWhy() {
    HostException e =
        assertThrows(HostException.class, () -> HostCall.check(-Errno.EACCES, "opening the door"));
    assertEquals(Errno.EACCES, e.errno());
    assertEquals("opening the door: EACCES (Permission denied)", e.getMessage());
  }

  @Test
  void namesOfCallsAndErrors() {
    assertEquals("openat2", Sys.name(Sys.OPENAT2));
    assertEquals("syscall_9999", Sys.name(9999));
    assertFalse(Sys.exists(-1));
    assertEquals("ENOENT", Errno.name(Errno.ENOENT));
  }
}
