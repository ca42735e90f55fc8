package dev.bulwark.sentry.mm;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import dev.bulwark.linux.Errno;
import dev.bulwark.linux.HostCall;
import dev.bulwark.linux.HostException;
import dev.bulwark.linux.Sys;
import dev.bulwark.platform.AddressSpace;
import dev.bulwark.platform.Context;
import dev.bulwark.platform.Fault;
import dev.bulwark.platform.MemoryFile;
import dev.bulwark.sentry.kernel.IdleContext;
import dev.bulwark.sentry.signal.SignalInfo;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * An address space that is a table of pages, with an application that loads and stores bytes. It
 * refuses what a stub would refuse.
 */
public final class PagedSpace implements AddressSpace {
  /** The operations that were carried out. */
  final List<String> done = new ArrayList<>();

  /** The errno that the next commit fails with, or 0. */
  int refusal;

  private final MemoryFile memory;
  private final Context context = new IdleContext();
  private final List<Runnable> queue = new ArrayList<>();
  private final TreeMap<Long, Page> pages = new TreeMap<>();
  private final Set<Integer> descriptors = new HashSet<>();
  private boolean closed;

  private record Page(int protection, int fd, long offset) {}

  /** A space without pages. */
  public PagedSpace() {
    try {
      memory = MemoryFile.create("paged", 1L << 45);
    } catch (HostException e) {
      throw new AssertionError(e);
    }
  }

  @Override
  public Context firstContext() {
    return context;
  }

  @Override
  public MemoryFile memory() {
    return memory;
  }

  @Override
  public void mapMemory(Context via, long address, long length, int protection, long offset) {
    check(address, length);
    if (offset < 0 || offset > memory.size() - length) {
      throw new AssertionError("offset " + offset);
    }
    queue.add(
        () -> {
          done.add("map");
          put(address, length, protection, memory.fd(), offset);
        });
  }

  @Override
  public void mapFile(Context via, long address, long length, int protection, int fd, long offset) {
    check(address, length);
    int own = (int) HostCall.call(Sys.DUP, fd);
    if (own < 0) {
      throw new AssertionError("descriptor " + fd + " is closed");
    }
    descriptors.add(own);
    queue.add(
        () -> {
          done.add("file");
          put(address, length, protection, own, offset);
        });
  }

  @Override
  public void unmap(Context via, long address, long length) {
    check(address, length);
    queue.add(
        () -> {
          done.add("unmap");
          pages.subMap(address, address + length).clear();
        });
  }

  @Override
  public void protect(Context via, long address, long length, int protection) {
    check(address, length);
    queue.add(
        () -> {
          done.add("protect");
          for (long page = address; page < address + length; page += Pages.SIZE) {
            Page old = pages.get(page);
            if (old == null) {
              throw new AssertionError("protecting a hole at " + Long.toHexString(page));
            }
            pages.put(page, new Page(protection, old.fd, old.offset));
          }
        });
  }

  private static void check(long address, long length) {
    if (!Pages.aligned(address) || !Pages.aligned(length) || length <= 0 || address < 0x10000) {
      throw new AssertionError("range " + Long.toHexString(address) + "+" + length);
    }
  }

  private void put(long address, long length, int protection, int fd, long offset) {
    for (long at = 0; at < length; at += Pages.SIZE) {
      pages.put(address + at, new Page(protection, fd, offset + at));
    }
  }

  @Override
  public int commit(Context via) {
    int failed = refusal;
    refusal = 0;
    if (failed == 0) {
      queue.forEach(Runnable::run);
    }
    queue.clear();
    return -failed;
  }

  @Override
  public void addMourner(Runnable mourner) {}

  @Override
  public void removeMourner(Runnable mourner) {}

  @Override
  public int hostPid() {
    return 0;
  }

  @Override
  public long cpuTimeNanos() {
    return 0;
  }

  @Override
  public int deathStatus() {
    return -1;
  }

  boolean closed() {
    return closed;
  }

  @Override
  public void close() {
    closed = true;
    memory.close();
    descriptors.forEach(fd -> HostCall.call(Sys.CLOSE, fd));
  }

  /** What the application loads, or the signal it gets, negated. */
  int load(MemoryMap map, long address) {
    return access(map, address, -1);
  }

  /** 0, or the signal that the application gets for storing a byte, negated. */
  int store(MemoryMap map, long address, int value) {
    return access(map, address, value & 0xff);
  }

  private int access(MemoryMap map, long address, int value) {
    for (int attempt = 0; attempt < 2; attempt++) {
      Page page = pages.get(Pages.down(address));
      boolean admitted =
          page != null && (value < 0 ? page.protection != 0 : (page.protection & 2) != 0);
      int result = admitted ? transfer(page, address & (Pages.SIZE - 1), value) : -11;
      if (result >= 0) {
        return result;
      }
      SignalInfo signal = fault(map, address, -result, value >= 0);
      if (signal != null) {
        return -signal.signo();
      }
    }
    throw new AssertionError("the fault at " + Long.toHexString(address) + " comes again");
  }

  @Nullable SignalInfo fault(MemoryMap map, long address, int signal, boolean write) {
    Fault fault = new Fault();
    fault.signal = signal;
    fault.address = address;
    fault.trapNumber = 14;
    fault.errorCode = 4 | (write ? 2 : 0);
    return map.handleFault(context, fault);
  }

  private int transfer(@Nullable Page page, long at, int value) {
    if (page == null) {
      throw new AssertionError();
    }
    if (page.fd == memory.fd()) {
      MemorySegment byteAt = memory.at(page.offset + at, 1);
      if (value >= 0) {
        byteAt.set(JAVA_BYTE, 0, (byte) value);
        return 0;
      }
      return byteAt.get(JAVA_BYTE, 0) & 0xff;
    }
    if (page.offset >= HostFile.size(page.fd)) {
      return -7;
    }
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment buffer = arena.allocate(1);
      if (value >= 0) {
        buffer.set(JAVA_BYTE, 0, (byte) value);
        long n = HostCall.call(Sys.PWRITE64, page.fd, buffer.address(), 1, page.offset + at);
        if (n == -Errno.EBADF) {
          throw new AssertionError("a file that is open for reading is mapped writable");
        }
        return 0;
      }
      HostCall.call(Sys.PREAD64, page.fd, buffer.address(), 1, page.offset + at);
      return buffer.get(JAVA_BYTE, 0) & 0xff;
    }
  }
}
