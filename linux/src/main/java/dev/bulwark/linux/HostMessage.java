package dev.bulwark.linux;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A {@code struct msghdr} for sendmsg(2) and recvmsg(2) on host sockets that never block, with
 * memory of its own for the address, the vector and the ancillary data. Lent from a pool; belongs
 * to one thread until it is closed.
 */
public final class HostMessage implements AutoCloseable {
  /** How many ranges of memory one message may have (UIO_MAXIOV). */
  public static final int MAX_RANGES = 1024;

  /** The most ancillary data that are sent or received, in bytes. */
  public static final int MAX_CONTROL = 4096;

  private static final int KEPT = 16;
  private static final ConcurrentLinkedDeque<HostMessage> POOL = new ConcurrentLinkedDeque<>();
  private static final AtomicInteger POOLED = new AtomicInteger();

  private static final int MSG_DONTWAIT = 0x40;
  private static final int MSG_NOSIGNAL = 0x4000;

  private static final int NAME_LENGTH = 8;
  private static final int VECTOR = 16;
  private static final int VECTOR_LENGTH = 24;
  private static final int CONTROL = 32;
  private static final int CONTROL_LENGTH = 40;
  private static final int FLAGS = 48;
  private static final int HEADER = 56;
  private static final int NAME_AT = 64;
  private static final int CONTROL_AT = NAME_AT + HostSocket.MAX_ADDRESS;
  private static final int VECTOR_AT = CONTROL_AT + MAX_CONTROL;
  private static final int SIZE = VECTOR_AT + 16 * MAX_RANGES;

  private final MemorySegment memory = Arena.ofAuto().allocate(SIZE, 8);
  private int ranges;
  private long bytes;

  private HostMessage() {}

  /** An empty message. */
  public static HostMessage take() {
    HostMessage pooled = POOL.pollFirst();
    if (pooled == null) {
      return new HostMessage().clear();
    }
    POOLED.decrementAndGet();
    return pooled.clear();
  }

  private HostMessage clear() {
    memory.asSlice(0, HEADER).fill((byte) 0);
    ranges = 0;
    bytes = 0;
    return this;
  }

  /** Whether there is no place for another range. */
  public boolean full() {
    return ranges == MAX_RANGES;
  }

  /** Adds native memory, at least one byte; it must not be {@link #full}. */
  public void add(MemorySegment range) {
    memory.set(JAVA_LONG, VECTOR_AT + 16L * ranges, range.address());
    memory.set(JAVA_LONG, VECTOR_AT + 16L * ranges + 8, range.byteSize());
    ranges++;
    bytes += range.byteSize();
  }

  /** How many bytes all ranges have together. */
  public long bytes() {
    return bytes;
  }

  /** To whom it is sent; at most {@link HostSocket#MAX_ADDRESS} bytes. */
  public void setAddress(byte[] address) {
    MemorySegment.copy(address, 0, memory, JAVA_BYTE, NAME_AT, address.length);
    memory.set(JAVA_LONG, 0, memory.address() + NAME_AT);
    memory.set(JAVA_INT, NAME_LENGTH, address.length);
  }

  /** Ancillary data that go with it; at most {@link #MAX_CONTROL} bytes. */
  public void setControl(byte[] control) {
    MemorySegment.copy(control, 0, memory, JAVA_BYTE, CONTROL_AT, control.length);
    memory.set(JAVA_LONG, CONTROL, memory.address() + CONTROL_AT);
    memory.set(JAVA_LONG, CONTROL_LENGTH, control.length);
  }

  private void setVector() {
    memory.set(JAVA_LONG, VECTOR, memory.address() + VECTOR_AT);
    memory.set(JAVA_LONG, VECTOR_LENGTH, ranges);
  }

  /** sendmsg(2); MSG_DONTWAIT and MSG_NOSIGNAL are added to the flags. */
  public long send(int fd, int flags) {
    setVector();
    return HostCall.call(Sys.SENDMSG, fd, memory.address(), flags | MSG_DONTWAIT | MSG_NOSIGNAL);
  }

  /**
   * recvmsg(2); MSG_DONTWAIT is added to the flags.
   *
   * @param controlRoom how many bytes of ancillary data there is room for; cut to {@link
   *     #MAX_CONTROL}
   */
  public long receive(int fd, int flags, long controlRoom) {
    setVector();
    memory.set(JAVA_LONG, 0, memory.address() + NAME_AT);
    memory.set(JAVA_INT, NAME_LENGTH, HostSocket.MAX_ADDRESS);
    memory.set(JAVA_LONG, CONTROL, memory.address() + CONTROL_AT);
    memory.set(JAVA_LONG, CONTROL_LENGTH, Math.clamp(controlRoom, 0, MAX_CONTROL));
    return HostCall.call(Sys.RECVMSG, fd, memory.address(), flags | MSG_DONTWAIT);
  }

  /** After receiving: the sender's address; empty when there is none. */
  public byte[] address() {
    int length = Math.clamp(memory.get(JAVA_INT, NAME_LENGTH), 0, HostSocket.MAX_ADDRESS);
    return memory.asSlice(NAME_AT, length).toArray(JAVA_BYTE);
  }

  /** After receiving: the ancillary data. */
  public byte[] control() {
    long length = Math.clamp(memory.get(JAVA_LONG, CONTROL_LENGTH), 0, MAX_CONTROL);
    return memory.asSlice(CONTROL_AT, length).toArray(JAVA_BYTE);
  }

  /** After receiving: the flags (MSG_TRUNC, MSG_CTRUNC, MSG_OOB, MSG_ERRQUEUE and others). */
  public int flags() {
    return memory.get(JAVA_INT, FLAGS);
  }

  @Override
  public void close() {
    if (POOLED.get() < KEPT) {
      POOLED.incrementAndGet();
      POOL.addFirst(this);
    }
  }
}
