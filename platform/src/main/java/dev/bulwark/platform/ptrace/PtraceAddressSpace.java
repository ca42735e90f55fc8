package dev.bulwark.platform.ptrace;

import dev.bulwark.platform.stub.Slot;
import dev.bulwark.platform.stub.StubAddressSpace;
import dev.bulwark.platform.stub.StubProcess;
import java.io.IOException;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** An application address space in a stub whose threads are traced. */
final class PtraceAddressSpace extends StubAddressSpace {
  private final PtracePlatform platform;
  private final StubProcess stub;
  private final PtraceContext first;
  private final Set<PtraceContext> traced = ConcurrentHashMap.newKeySet();

  PtraceAddressSpace(PtracePlatform platform, StubProcess stub) throws IOException {
    super(stub);
    this.platform = platform;
    this.stub = stub;
    try {
      stub.whenThreadsEnd(this::threadsEnded);
      first = new PtraceContext(platform, this, stub, stub.takeSlot(), stub.pid());
      first.awaitStart();
    } catch (IOException e) {
      stub.release(); // its slot is never left, so nobody's mapping goes under a running wait
      throw e;
    }
  }

  /** Takes note of a thread that has a tracer. */
  void traced(PtraceContext context) {
    traced.add(context);
  }

  /** A thread has no tracer any more, or is reaped by whoever says this. */
  void untraced(PtraceContext context) {
    traced.remove(context);
  }

  /** Threads that have let go of their descriptors are dying, or have tampered with them. */
  private void threadsEnded() {
    stub.kill();
    traced.forEach(PtraceContext::reap);
  }

  @Override
  public PtraceContext firstContext() {
    return first;
  }

  @Override
  protected PtraceContext started(Slot slot, int tid) throws IOException {
    PtraceContext context = new PtraceContext(platform, this, stub, slot, tid);
    context.awaitStart();
    return context;
  }
}
