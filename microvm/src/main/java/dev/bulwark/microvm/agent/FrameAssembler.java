package dev.bulwark.microvm.agent;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Makes frames of the bytes of a stream. Holds at most one frame that is not whole. Not
 * thread-safe.
 */
final class FrameAssembler {
  private static final int LENGTH_BYTES = 4;

  private byte[] rest = new byte[0];

  /**
   * Takes the next bytes.
   *
   * @return the frames that are whole now, each without its length
   * @throws MalformedFrameException when a length is none
   */
  List<byte[]> add(byte[] bytes, int count) throws MalformedFrameException {
    byte[] all = Arrays.copyOf(rest, rest.length + count);
    System.arraycopy(bytes, 0, all, rest.length, count);
    List<byte[]> frames = new ArrayList<>();
    int at = 0;
    while (all.length - at >= LENGTH_BYTES) {
      int length = length(all, at);
      if (all.length - at - LENGTH_BYTES < length) {
        break;
      }
      at += LENGTH_BYTES;
      frames.add(Arrays.copyOfRange(all, at, at + length));
      at += length;
    }
    rest = Arrays.copyOfRange(all, at, all.length);
    return frames;
  }

  private static int length(byte[] bytes, int at) throws MalformedFrameException {
    int length = 0;
    for (int i = LENGTH_BYTES - 1; i >= 0; i--) {
      length = length << 8 | bytes[at + i] & 0xff;
    }
    if (length < 5 || length > Wire.MOST_FRAME) {
      throw new MalformedFrameException(
          "a frame of " + Integer.toUnsignedString(length) + " bytes");
    }
    return length;
  }
}
