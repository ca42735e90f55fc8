package dev.bulwark.sentry.signal;

import dev.bulwark.sentry.ErrnoException;
import dev.bulwark.sentry.kernel.Task;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;

/**
 * The floating-point state in a signal frame: an XSAVE image whose software-reserved bytes ({@code
 * struct _fpx_sw_bytes}) tell its size, followed by a magic number that shows that nobody has
 * copied only the old 512 bytes.
 */
final class FpImage {
  /** Size of what FXSAVE stores: x87 and SSE. */
  private static final int LEGACY_SIZE = 512;

  /** Offset of the software-reserved bytes: magic, size with the second magic, features, size. */
  private static final int MAGIC1_AT = 464;

  private static final int EXTENDED_SIZE_AT = 468;
  private static final int FEATURES_AT = 472;
  private static final int SIZE_AT = 480;
  private static final int MAGIC1 = 0x46505853;
  private static final int MAGIC2 = 0x46505845;
  private static final int MAGIC2_SIZE = 4;

  /** The XSAVE header's set of parts that are not in their initial state. */
  private static final int PRESENT_AT = 512;

  private static final int HEADER_END = 576;
  private static final long X87_AND_SSE = 3;

  private FpImage() {}

  /** The state of a task's stopped context in the form of a frame, the second magic included. */
  static byte[] read(Task task) {
    byte[] image = new byte[task.kernel().fpStateSize()];
    task.context().readFpState(image);
    describe(image);
    return image;
  }

  /** Stores what describes the image, which the application could have changed in its stub. */
  private static void describe(byte[] image) {
    int size = image.length - MAGIC2_SIZE;
    ByteBuffer fields = ByteBuffer.wrap(image).order(ByteOrder.LITTLE_ENDIAN);
    fields.putInt(MAGIC1_AT, MAGIC1);
    fields.putInt(EXTENDED_SIZE_AT, image.length);
    fields.putInt(SIZE_AT, size);
    fields.putInt(size, MAGIC2);
  }

  /**
   * Loads the state that a frame points at.
   *
   * @param address of the image; 0 means the initial state
   * @return false when the processor would refuse it
   * @throws ErrnoException EFAULT
   */
  static boolean restore(Task task, long address) throws ErrnoException {
    if (address == 0) {
      task.context().resetFpState();
      return true;
    }
    byte[] present = read(task);
    byte[] image = new byte[present.length];
    task.memory().read(address, image, 0, LEGACY_SIZE);
    ByteBuffer fields = ByteBuffer.wrap(image).order(ByteOrder.LITTLE_ENDIAN);
    int size = fields.getInt(SIZE_AT);
    if (fields.getInt(MAGIC1_AT) == MAGIC1
        && size >= HEADER_END
        && size <= image.length - MAGIC2_SIZE
        && Integer.compareUnsigned(size, fields.getInt(EXTENDED_SIZE_AT)) <= 0
        && task.memory().getInt(address + size) == MAGIC2) {
      task.memory().read(address + LEGACY_SIZE, image, LEGACY_SIZE, size - LEGACY_SIZE);
    } else {
      fields.putLong(PRESENT_AT, X87_AND_SSE); // the rest goes to its initial state
    }
    System.arraycopy(present, FEATURES_AT, image, FEATURES_AT, 8);
    describe(image);
    return Arrays.equals(image, present) || task.context().writeFpState(image);
  }
}
