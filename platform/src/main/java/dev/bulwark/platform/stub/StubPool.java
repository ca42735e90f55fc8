package dev.bulwark.platform.stub;

import dev.bulwark.platform.AddressSpace;
import java.io.IOException;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Address spaces kept ready, so that fork and exec do not wait for one: from the second process on,
 * since many sandboxes have but one. Thread-safe.
 */
public final class StubPool implements AutoCloseable {
  private static final int POOLED = 2;

  /** Makes an empty address space. */
  public interface Maker {
    /** As {@link dev.bulwark.platform.Platform#newAddressSpace}, on any thread. */
    AddressSpace make() throws IOException;
  }

  private final Maker maker;
  private final ArrayBlockingQueue<AddressSpace> pool = new ArrayBlockingQueue<>(POOLED);
  private final Semaphore missing = new Semaphore(0);
  private final AtomicBoolean pooling = new AtomicBoolean();
  private final Thread filler;
  private volatile boolean closed;

  /** A pool with one address space in it. */
  public StubPool(Maker maker, AddressSpace first) {
    this.maker = maker;
    pool.add(first);
    filler = Thread.ofPlatform().name("stub-pool").daemon().start(this::fill);
  }

  /** An address space that is ready, or one made now. */
  public AddressSpace take() throws IOException {
    AddressSpace ready = pool.poll();
    if (ready == null) {
      if (pooling.compareAndSet(false, true)) {
        missing.release(POOLED);
      }
      return maker.make();
    }
    if (pooling.get()) {
      missing.release();
    }
    return ready;
  }

  private void fill() {
    try {
      while (true) {
        missing.acquire();
        AddressSpace made = maker.make();
        if (closed || !pool.offer(made)) {
          discard(made);
          return;
        }
      }
    } catch (InterruptedException | IOException e) {
      // Without a pool, take() makes them itself and reports why it cannot.
      return;
    }
  }

  /** Makes no more. What is ready stays until {@link #discard}. */
  @Override
  public void close() {
    closed = true;
    filler.interrupt();
    try {
      filler.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Closes what nobody took, after {@link #close}. */
  public void discard() {
    for (AddressSpace unused = pool.poll(); unused != null; unused = pool.poll()) {
      discard(unused);
    }
  }

  private static void discard(AddressSpace unused) {
    unused.firstContext().close();
    unused.close();
  }
}
