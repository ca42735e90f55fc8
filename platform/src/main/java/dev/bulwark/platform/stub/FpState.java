package dev.bulwark.platform.stub;

import static java.lang.foreign.ValueLayout.JAVA_INT_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_LONG_UNALIGNED;

import java.lang.foreign.MemorySegment;

/**
 * The form of the floating-point state in signal frames of this host (the kernel's {@code
 * sigcontext.h}): an XSAVE image, with what software needs to know in bytes 464 to 511 and a second
 * magic number behind. Immutable.
 */
public final class FpState {
  private static final int MAGIC1 = 0x46505853;
  private static final int MAGIC2 = 0x46505845;
  private static final int MAGIC_SIZE = 4;
  private static final int FCW = 0;
  private static final int MXCSR = 24;
  private static final int MXCSR_MASK = 28;
  private static final int SOFTWARE = 464;
  private static final int SOFTWARE_SIZE = 48;
  private static final int EXTENDED_SIZE = SOFTWARE + 4;
  private static final int FEATURES = SOFTWARE + 8;
  private static final int XSTATE_SIZE = SOFTWARE + 16;
  private static final int HEADER = 512;
  private static final int HEADER_SIZE = 64;

  /** An image without any part beyond SSE: a processor with AVX alone has 836 bytes. */
  public static final int SMALLEST = HEADER + HEADER_SIZE + 4;

  private static final int LARGEST = 64 << 10;
  private static final int INITIAL_FCW = 0x37f;
  private static final int INITIAL_MXCSR = 0x1f80;

  private final byte[] initial;
  private final long features;
  private final int mxcsrMask;

  /**
   * Learns the form from a frame that no application has touched.
   *
   * @param frame memory from the start of the floating-point state to the end of its slot
   */
  public FpState(MemorySegment frame) {
    int size = frame.get(JAVA_INT_UNALIGNED, EXTENDED_SIZE);
    if (frame.get(JAVA_INT_UNALIGNED, SOFTWARE) != MAGIC1 || size < SMALLEST || size > LARGEST) {
      throw new IllegalStateException("the host's signal frames hold no XSAVE image");
    }
    features = frame.get(JAVA_LONG_UNALIGNED, FEATURES);
    int mask = frame.get(JAVA_INT_UNALIGNED, MXCSR_MASK);
    mxcsrMask = mask == 0 ? 0xffbf : mask;
    initial = new byte[size];
    MemorySegment image = MemorySegment.ofArray(initial);
    image.set(JAVA_INT_UNALIGNED, FCW, INITIAL_FCW);
    image.set(JAVA_INT_UNALIGNED, MXCSR, INITIAL_MXCSR);
    image.set(JAVA_INT_UNALIGNED, MXCSR_MASK, mask);
    MemorySegment.copy(frame, SOFTWARE, image, SOFTWARE, SOFTWARE_SIZE);
    image.set(JAVA_INT_UNALIGNED, size - 4, MAGIC2);
  }

  /** Bytes of an image, the second magic number included. */
  public int size() {
    return initial.length;
  }

  /** The parts of the state that the host saves, as XSAVE numbers them. */
  public long features() {
    return features;
  }

  /** Says in an image that XSAVE made what the host kernel says in those of its signal frames. */
  public void describe(byte[] image) {
    System.arraycopy(initial, SOFTWARE, image, SOFTWARE, SOFTWARE_SIZE);
    System.arraycopy(
        initial, initial.length - MAGIC_SIZE, image, initial.length - MAGIC_SIZE, MAGIC_SIZE);
  }

  /** What a fresh program has. */
  public MemorySegment initial() {
    return MemorySegment.ofArray(initial).asReadOnly();
  }

  /**
   * An image that the processor will load, made from one that anybody may have written.
   *
   * @return a checked copy, or null when it is none
   */
  public byte @org.jspecify.annotations.Nullable [] check(byte[] from) {
    if (from.length < initial.length) {
      return null;
    }
    byte[] copy = java.util.Arrays.copyOf(from, initial.length);
    MemorySegment image = MemorySegment.ofArray(copy);
    if (image.get(JAVA_INT_UNALIGNED, SOFTWARE) != MAGIC1
        || image.get(JAVA_INT_UNALIGNED, EXTENDED_SIZE) != initial.length
        || image.get(JAVA_INT_UNALIGNED, XSTATE_SIZE) != initial.length - 4
        || image.get(JAVA_INT_UNALIGNED, initial.length - 4) != MAGIC2
        || (image.get(JAVA_LONG_UNALIGNED, HEADER) & ~features) != 0) {
      return null;
    }
    for (int i = 8; i < HEADER_SIZE; i += 8) { // compaction and reserved bits
      if (image.get(JAVA_LONG_UNALIGNED, HEADER + i) != 0) {
        return null;
      }
    }
    image.set(JAVA_INT_UNALIGNED, MXCSR, image.get(JAVA_INT_UNALIGNED, MXCSR) & mxcsrMask);
    MemorySegment.copy(initial(), SOFTWARE, image, SOFTWARE, SOFTWARE_SIZE);
    return copy;
  }
}
