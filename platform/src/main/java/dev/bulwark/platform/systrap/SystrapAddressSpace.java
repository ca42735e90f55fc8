package dev.bulwark.platform.systrap;

import dev.bulwark.platform.CallSites;
import dev.bulwark.platform.Context;
import dev.bulwark.platform.stub.IdleThread;
import dev.bulwark.platform.stub.Layout;
import dev.bulwark.platform.stub.Slot;
import dev.bulwark.platform.stub.StubAddressSpace;
import dev.bulwark.platform.stub.StubContext;
import dev.bulwark.platform.stub.StubProcess;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** An application address space whose call sites can be changed. */
final class SystrapAddressSpace extends StubAddressSpace {
  private final SystrapPlatform platform;
  private final StubProcess stub;
  private final SystrapContext first;
  private final @Nullable CallSites sites;

  SystrapAddressSpace(SystrapPlatform platform, StubProcess stub) throws IOException {
    super(stub);
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

  @Override
  public @Nullable CallSites callSites() {
    return sites;
  }

  @Override
  public SystrapContext firstContext() {
    return first;
  }

  /** One that was kept, before any is cloned. */
  @Override
  public Context newThread(StubContext via) throws IOException {
    IdleThread idle = stub.takeIdle();
    return idle == null ? super.newThread(via) : new SystrapContext(platform, this, stub, idle);
  }

  @Override
  protected SystrapContext started(Slot slot, int tid) throws IOException {
    SystrapContext context = new SystrapContext(platform, this, stub, slot, tid);
    context.awaitStart();
    return context;
  }
}
