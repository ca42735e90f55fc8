package dev.bulwark.linux;

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

  private final NativeMemory memory = NativeMemory.allocate(SIZE);
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
    memory.fill(0, HEADER, (byte) 0);
    ranges = 0;
    bytes = 0;
    return this;
  }

  /** Whether there is no place for another range. */
  public boolean full() {
    return ranges == MAX_RANGES;
  }

  /**
   * Adds native memory; it must not be {@link #full}.
   *
   * @param address of memory that stays until the message is sent or received
   * @param length at least 1
   */
  public void add(long address, long length) {
    memory.putLong(VECTOR_AT + 16 * ranges, address);
    memory.putLong(VECTOR_AT + 16 * ranges + 8, length);
    ranges++;
    bytes += length;
  }

  /** How many bytes all ranges have together. */
  public long bytes() {
    return bytes;
  }

  /** To whom it is sent; at most {@link HostSocket#MAX_ADDRESS} bytes. */
  public void setAddress(byte[] address) {
    memory.put(NAME_AT, address, 0, address.length);
    memory.putLong(0, memory.address() + NAME_AT);
    memory.putInt(NAME_LENGTH, address.length);
  }

  /** Ancillary data that go with it; at most {@link #MAX_CONTROL} bytes. */
  public void setControl(byte[] control) {
    memory.put(CONTROL_AT, control, 0, control.length);
    memory.putLong(CONTROL, memory.address() + CONTROL_AT);
    memory.putLong(CONTROL_LENGTH, control.length);
  }

  private void setVector() {
    memory.putLong(VECTOR, memory.address() + VECTOR_AT);
    memory.putLong(VECTOR_LENGTH, ranges);
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
    memory.putLong(0, memory.address() + NAME_AT);
    memory.putInt(NAME_LENGTH, HostSocket.MAX_ADDRESS);
    memory.putLong(CONTROL, memory.address() + CONTROL_AT);
    memory.putLong(CONTROL_LENGTH, Math.clamp(controlRoom, 0, MAX_CONTROL));
    return HostCall.call(Sys.RECVMSG, fd, memory.address(), flags | MSG_DONTWAIT);
  }

  /** After receiving: the sender's address; empty when there is none. */
  public byte[] address() {
    int length = Math.clamp(memory.getInt(NAME_LENGTH), 0, HostSocket.MAX_ADDRESS);
    return memory.get(NAME_AT, length);
  }

  /** After receiving: the ancillary data. */
  public byte[] control() {
    int length = Math.clamp(memory.getLong(CONTROL_LENGTH), 0, MAX_CONTROL);
    return memory.get(CONTROL_AT, length);
  }

  /** After receiving: the flags (MSG_TRUNC, MSG_CTRUNC, MSG_OOB, MSG_ERRQUEUE and others). */
  public int flags() {
    return memory.getInt(FLAGS);
  }

  @Override
  public void close() {
    if (POOLED.get() < KEPT) {
      POOLED.incrementAndGet();
      POOL.addFirst(this);
    }
  }
}
