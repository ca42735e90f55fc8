package dev.bulwark.microvm.agent;

import java.util.Arrays;

/**
 * What an agent sent, checked: numbers are in their ranges and arrays no longer than a frame.
 * Everything in it is still the guest's word.
 */
sealed interface Report {
  /** It runs; the first thing that it says. */
  record Hello(int version) implements Report {}

  /** The answer to a request: an errno, 0 for success, and the result. */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  record Reply(int id, int errno, byte[] result) implements Report {}

  /** Bytes that a process wrote; stream 1 or 2. */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  record Output(int id, int stream, byte[] bytes) implements Report {}

  /** A process wrote its last to a stream. */
  record OutputEnd(int id, int stream) implements Report {}

  /** A process took input, so more may be sent. */
  record Credit(int id, int bytes) implements Report {}

  /** A process ended; the status as wait4(2) has it. */
  record Exit(int id, int status) implements Report {}

  /**
   * Decodes a frame.
   *
   * @param frame from the type on, without the length
   * @throws MalformedFrameException when it is none that an agent sends
   */
  static Report decode(byte[] frame) throws MalformedFrameException {
    if (frame.length < 5) {
      throw new MalformedFrameException("a frame of " + frame.length + " bytes");
    }
    int type = frame[0] & 0xff;
    int id = number(frame, 1);
    return switch (type) {
      case Wire.HELLO -> new Hello(number(frame, 5, 9));
      case Wire.REPLY -> new Reply(id, errno(frame), Arrays.copyOfRange(frame, 9, frame.length));
      case Wire.OUTPUT -> new Output(id, stream(frame), Arrays.copyOfRange(frame, 6, frame.length));
      case Wire.OUTPUT_END -> new OutputEnd(id, exactly(frame, 6, stream(frame)));
      case Wire.CREDIT -> new Credit(id, number(frame, 5, 9));
      case Wire.EXIT -> new Exit(id, number(frame, 5, 9));
      default -> throw new MalformedFrameException("a frame of type " + type);
    };
  }

  private static int exactly(byte[] frame, int length, int value) throws MalformedFrameException {
    if (frame.length != length) {
      throw new MalformedFrameException("a frame of " + frame.length + " bytes, not " + length);
    }
    return value;
  }

  private static int number(byte[] frame, int at, int length) throws MalformedFrameException {
    exactly(frame, length, 0);
    return number(frame, at);
  }

  private static int number(byte[] frame, int at) throws MalformedFrameException {
    if (frame.length < at + 4) {
      throw new MalformedFrameException("a frame that is cut short");
    }
    return frame[at] & 0xff
        | (frame[at + 1] & 0xff) << 8
        | (frame[at + 2] & 0xff) << 16
        | (frame[at + 3] & 0xff) << 24;
  }

  private static int errno(byte[] frame) throws MalformedFrameException {
    int errno = number(frame, 5);
    if (errno < 0 || errno > 4095) {
      throw new MalformedFrameException("errno " + errno);
    }
    return errno;
  }

  private static int stream(byte[] frame) throws MalformedFrameException {
    int stream = frame.length < 6 ? 0 : frame[5];
    if (stream != 1 && stream != 2) {
      throw new MalformedFrameException("stream " + stream);
    }
    return stream;
  }
}
