package dev.bulwark.linux;

import java.nio.ByteBuffer;

/**
 * A message that a {@link MessageSocket} sends or receives, with the descriptors that travel with
 * it. It is reused from message to message and belongs to one thread at a time.
 */
public final class Frame {
  /** How many descriptors one message can carry. */
  public static final int MAX_DESCRIPTORS = 8;

  private static final int SOL_SOCKET = 1;
  private static final int SCM_RIGHTS = 1;
  private static final int MSGHDR = 56;
  private static final int IOVEC = 16;
  private static final int CMSG_HEADER = 16;
  private static final int CONTROL = CMSG_HEADER + 4 * MAX_DESCRIPTORS;
  private static final int CONTROL_AT = MSGHDR + IOVEC;
  private static final int BYTES_AT = CONTROL_AT + CONTROL;

  private static final int MSGHDR_IOV = 16;
  private static final int MSGHDR_IOVLEN = 24;
  private static final int MSGHDR_CONTROL = 32;
  private static final int MSGHDR_CONTROLLEN = 40;
  private static final int MSGHDR_FLAGS = 48;

  private final NativeMemory memory;
  private final ByteBuffer bytes;
  private final int[] descriptors = new int[MAX_DESCRIPTORS];
  private int descriptorCount;
  private boolean descriptorsLost;

  /**
   * An empty frame.
   *
   * @param capacity the longest message in bytes
   */
  public Frame(int capacity) {
    memory = NativeMemory.allocate(BYTES_AT + capacity);
    bytes = memory.slice(BYTES_AT, capacity).buffer();
  }

  /**
   * The message in little-endian order. Before sending, its bytes lie between 0 and the position;
   * after receiving, between the position (0) and the limit.
   */
  public ByteBuffer bytes() {
    return bytes;
  }

  /** Makes ready for a new message to be written; descriptors of the old one are forgotten. */
  public ByteBuffer clear() {
    descriptorCount = 0;
    descriptorsLost = false;
    return bytes.clear();
  }

  /**
   * Adds a descriptor to what is sent; it stays the caller's.
   *
   * @throws IllegalStateException when there are {@link #MAX_DESCRIPTORS} already
   */
  public void attach(int fd) {
    if (descriptorCount == MAX_DESCRIPTORS) {
      throw new IllegalStateException("too many descriptors for one message");
    }
    descriptors[descriptorCount++] = fd;
  }

  /** How many descriptors it carries. */
  public int descriptorCount() {
    return descriptorCount;
  }

  /** Whether descriptors were sent that this process had no room for. */
  public boolean descriptorsLost() {
    return descriptorsLost;
  }

  /** Takes the first received descriptor out; the caller owns it. -1 when there is none. */
  public int takeDescriptor() {
    if (descriptorCount == 0) {
      return -1;
    }
    int fd = descriptors[0];
    System.arraycopy(descriptors, 1, descriptors, 0, --descriptorCount);
    return fd;
  }

  /** Closes the received descriptors that nobody took. */
  public void closeDescriptors() {
    while (descriptorCount > 0) {
      HostFile.close(descriptors[--descriptorCount]);
    }
  }

  long address() {
    return memory.address();
  }

  long bytesAddress() {
    return memory.address() + BYTES_AT;
  }

  /** Keeps the memory until here. */
  void keep() {
    memory.keep();
  }

  /** Fills in the struct msghdr for sending. */
  void prepareToSend() {
    header(bytes.position());
    if (descriptorCount == 0) {
      memory.putLong(MSGHDR_CONTROL, 0);
      memory.putLong(MSGHDR_CONTROLLEN, 0);
      return;
    }
    long length = CMSG_HEADER + 4L * descriptorCount;
    memory.putLong(MSGHDR_CONTROLLEN, (length + 7) & ~7L);
    memory.putLong(CONTROL_AT, length);
    memory.putInt(CONTROL_AT + 8, SOL_SOCKET);
    memory.putInt(CONTROL_AT + 12, SCM_RIGHTS);
    for (int i = 0; i < descriptorCount; i++) {
      memory.putInt(CONTROL_AT + CMSG_HEADER + 4 * i, descriptors[i]);
    }
  }

  /** Fills in the struct msghdr for receiving. */
  void prepareToReceive() {
    clear();
    header(bytes.capacity());
    memory.putLong(MSGHDR_CONTROLLEN, CONTROL);
  }

  private void header(int length) {
    memory.fill(0, MSGHDR, (byte) 0);
    memory.putLong(MSGHDR_IOV, memory.address() + MSGHDR);
    memory.putLong(MSGHDR_IOVLEN, 1);
    memory.putLong(MSGHDR_CONTROL, memory.address() + CONTROL_AT);
    memory.putLong(MSGHDR, memory.address() + BYTES_AT);
    memory.putLong(MSGHDR + 8, length);
  }

  /**
   * Takes over what recvmsg(2) left.
   *
   * @return the flags of the message
   */
  int received(int length) {
    bytes.limit(length);
    int flags = memory.getInt(MSGHDR_FLAGS);
    descriptorsLost = (flags & MessageSocket.MSG_CTRUNC) != 0;
    long control = memory.getLong(MSGHDR_CONTROLLEN);
    if (control >= CMSG_HEADER
        && memory.getInt(CONTROL_AT + 8) == SOL_SOCKET
        && memory.getInt(CONTROL_AT + 12) == SCM_RIGHTS) {
      long data = Math.min(memory.getLong(CONTROL_AT), control) - CMSG_HEADER;
      descriptorCount = Math.clamp(data / 4, 0, MAX_DESCRIPTORS);
      for (int i = 0; i < descriptorCount; i++) {
        descriptors[i] = memory.getInt(CONTROL_AT + CMSG_HEADER + 4 * i);
      }
    }
    return flags;
  }
}
