package dev.bulwark.platform.stub;

import dev.bulwark.linux.Errno;
import dev.bulwark.linux.HostException;
import dev.bulwark.platform.AddressSpace;
import dev.bulwark.platform.Context;
import dev.bulwark.platform.MemoryFile;
import java.io.IOException;
import java.util.ArrayDeque;

/**
 * An application address space in a stub. Its monitor guards the queue of operations and is held
 * while the stub carries them out.
 */
public abstract class StubAddressSpace implements AddressSpace {
  private final StubProcess stub;
  private final ArrayDeque<Operation> queue = new ArrayDeque<>();
  private volatile boolean closed;
  private volatile boolean anyQueued;

  /** An address space whose first context is still to be made. */
  protected StubAddressSpace(StubProcess stub) {
    this.stub = stub;
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
    long end = operation.address() + operation.length();
    if (operation.address() < Layout.APPLICATION_START
        || operation.length() <= 0
        || end > Layout.APPLICATION_END
        || end < operation.address()) {
      throw new IllegalArgumentException(
          "range %x+%x is no application memory"
              .formatted(operation.address(), operation.length()));
    }
    queue.add(operation);
    anyQueued = true;
  }

  @Override
  public int commit(Context via) {
    return anyQueued ? commitQueue((StubContext) via) : 0;
  }

  private synchronized int commitQueue(StubContext via) {
    anyQueued = false;
    while (!queue.isEmpty()) {
      int result = stub.dead() ? -Errno.ESRCH : via.operate(stub, queue);
      if (result != 0) {
        queue.clear();
        return result;
      }
    }
    return 0;
  }

  /** Another thread in the stub: {@code via} is stopped and clones itself. */
  public Context newThread(StubContext via) throws IOException {
    Slot slot = stub.takeSlot();
    long tid;
    synchronized (this) {
      tid = via.cloneInto(slot);
    }
    if (tid <= 0 || tid > Integer.MAX_VALUE) {
      stub.returnSlot(slot);
      throw new HostException("starting a thread in a stub", (int) Math.clamp(-tid, 1L, 4095L));
    }
    return started(slot, (int) tid);
  }

  /** The context of a thread that is on its way to its first event, once it is there. */
  protected abstract Context started(Slot slot, int tid) throws IOException;

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
