package dev.bulwark.sentry.kernel;

import dev.bulwark.platform.AddressSpace;
import dev.bulwark.platform.Context;
import dev.bulwark.platform.Event;
import dev.bulwark.platform.Fault;
import dev.bulwark.platform.Registers;
import java.util.concurrent.atomic.AtomicInteger;

/** A context that runs nothing and counts the kicks it gets. */
public final class IdleContext implements Context {
  /** Offset of the highest byte of MXCSR in an XSAVE image. */
  public static final int MXCSR_HIGH = 27;

  /** The floating-point state. */
  public final byte[] fp = new byte[2436];

  final AtomicInteger kicks = new AtomicInteger();
  private final Registers registers = new Registers();
  private final Fault fault = new Fault();

  @Override
  public Event run() {
    return Event.DIED;
  }

  @Override
  public Registers registers() {
    return registers;
  }

  @Override
  public long syscallNumber() {
    return -1;
  }

  @Override
  public Fault fault() {
    return fault;
  }

  @Override
  public void readFpState(byte[] to) {
    System.arraycopy(fp, 0, to, 0, Math.min(fp.length, to.length));
  }

  @Override
  public boolean writeFpState(byte[] from) {
    if (from[MXCSR_HIGH] != 0) { // reserved bits, which the processor refuses to load
      return false;
    }
    System.arraycopy(from, 0, fp, 0, Math.min(fp.length, from.length));
    return true;
  }

  @Override
  public void resetFpState() {
    java.util.Arrays.fill(fp, (byte) 0);
  }

  @Override
  public void kick() {
    kicks.incrementAndGet();
  }

  @Override
  public long cpuTimeNanos() {
    return 0;
  }

  @Override
  public long sampleCpuTime() {
    return 0;
  }

  @Override
  public AddressSpace addressSpace() {
    throw new AssertionError("an idle context has no address space");
  }

  @Override
  public Context newThread() {
    throw new AssertionError("an idle context starts no threads");
  }

  @Override
  public void setName(String name) {}

  @Override
  public void copyFpState(Context from) {}

  @Override
  public void close() {}
}
