package dev.bulwark.platform.systrap;

import dev.bulwark.linux.Errno;
import dev.bulwark.platform.AddressSpace;
import dev.bulwark.platform.CallSites;
import dev.bulwark.platform.Context;
import dev.bulwark.platform.MemoryFile;
import java.io.IOException;
import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;

/**
 * An application address space in a stub. Its monitor guards the queue of operations and is held
 * while the stub carries them out.
 */
final class SystrapAddressSpace implements AddressSpace {
  private record Operation(
      int kind, int protection, long address, long length, long offset, int fd) {}

  private final SystrapPlatform platform;
  private final StubProcess stub;
  private final SystrapContext first;
  private final ArrayDeque<Operation> queue = new ArrayDeque<>();
  private final @Nullable CallSites sites;
  private volatile boolean closed;
  private volatile boolean anyQueued;

  SystrapAddressSpace(SystrapPlatform platform, StubProcess stub) throws IOException {
    this.platform = platform;
    this.stub = stub;
    int patchAfter = platform.patchAfter();
    sites = patchAfter == 0 ? null : new CallSites(Layout.PATCH_ENTRY, patchAfter);
    try {
      first = new SystrapContext(platform, this, stub, stub.takeSlot(), 0);
      first.awaitStart();
    } catch (IOException e) {
      stub.release(); // its slot is never left, so nobody's mapping goes under a running wait
      throw e;
    }
  }

  /** The same as {@link #callSites}. */
  @Nullable CallSites sites() {
    return sites;
  }

  @Override
  public @Nullable CallSites callSites() {
    return sites;
  }

  @Override
  public SystrapContext firstContext() {
    return first;
  }

  @Override
  public MemoryFile memory() {
    return stub.memory();
  }

  @Override
  public void mapMemory(Context via, long address, long length, int protection, long offset) {
    add(new Operation(Layout.MAP_OWN, protection, address, length, offset, -1));
  }

  @Override
  public void mapPresent(Context via, long address, long length, int protection, long offset) {
    add(new Operation(Layout.MAP_PRESENT, protection, address, length, offset, -1));
  }

  @Override
  public void mapFile(Context via, long address, long length, int protection, int fd, long offset) {
    add(new Operation(Layout.MAP_RECEIVED, protection, address, length, offset, fd));
  }

  @Override
  public void unmap(Context via, long address, long length) {
    add(new Operation(Layout.UNMAP, 0, address, length, 0, -1));
  }

  @Override
  public void protect(Context via, long address, long length, int protection) {
    add(new Operation(Layout.PROTECT, protection, address, length, 0, -1));
  }

  private synchronized void add(Operation operation) {
    long end = operation.address + operation.length;
    if (operation.address < Layout.APPLICATION_START
        || operation.length <= 0
        || end > Layout.APPLICATION_END
        || end < operation.address) {
      throw new IllegalArgumentException(
          "range %x+%x is no application memory".formatted(operation.address, operation.length));
    }
    queue.add(operation);
    anyQueued = true;
  }

  @Override
  public int commit(Context via) {
    return anyQueued ? commitQueue((SystrapContext) via) : 0;
  }

  private synchronized int commitQueue(SystrapContext context) {
    anyQueued = false;
    while (!queue.isEmpty()) {
      int result = commitSome(context);
      if (result != 0) {
        queue.clear();
        return result;
      }
    }
    return 0;
  }

  private int commitSome(SystrapContext via) {
    if (stub.dead()) {
      return -Errno.ESRCH;
    }
    Slot slot = via.slot();
    int count = 0;
    for (; count < Layout.OPERATIONS_MAX && !queue.isEmpty(); count++) {
      Operation operation = queue.remove();
      long at = Layout.OPERATIONS + (long) count * Layout.OPERATION_SIZE;
      slot.putInt(at, operation.kind);
      slot.putInt(at + 4, operation.protection);
      slot.putLong(at + 8, operation.address);
      slot.putLong(at + 16, operation.length);
      slot.putLong(at + 24, operation.offset);
      if (operation.kind == Layout.MAP_RECEIVED) {
        long sent = Descriptors.send(stub.socket(), operation.fd);
        if (sent < 0) {
          stub.condemn(SystrapContext.TAMPERED);
          return (int) sent;
        }
      }
    }
    slot.putInt(Layout.COUNT, count);
    long result = via.obey(Layout.ORDER_OPERATIONS);
    return (int) Math.clamp(result, -4095L, 0L);
  }

  /** Another thread in the stub: one that was kept, or one that {@code via}, stopped, clones. */
  SystrapContext newThread(SystrapContext via) throws IOException {
    IdleThread idle = stub.takeIdle();
    if (idle != null) {
      return new SystrapContext(platform, this, stub, idle);
    }
    Slot slot = stub.takeSlot();
    via.slot().putLong(Layout.ARGUMENT, slot.index());
    long tid;
    synchronized (this) {
      tid = via.obey(Layout.ORDER_CLONE);
    }
    if (tid <= 0 || tid > Integer.MAX_VALUE) {
      stub.returnSlot(slot);
      throw new dev.bulwark.linux.HostException(
          "starting a thread in a stub", (int) Math.clamp(-tid, 1L, 4095L));
    }
    SystrapContext context = new SystrapContext(platform, this, stub, slot, (int) tid);
    context.awaitStart();
    return context;
  }

  @Override
  public int hostPid() {
    return stub.pid();
  }

  @Override
  public long cpuTimeNanos() {
    return stub.cpuTimeNanos();
  }

  @Override
  public int deathStatus() {
    return closed ? -1 : stub.status();
  }

  @Override
  public void addMourner(Runnable mourner) {
    stub.addMourner(mourner);
  }

  @Override
  public void removeMourner(Runnable mourner) {
    stub.removeMourner(mourner);
  }

  @Override
  public void close() {
    closed = true;
    stub.release();
  }
}
