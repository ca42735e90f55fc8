package dev.bulwark.microvm.agent;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** Puts a request together. Strings are byte strings without NUL. Not thread-safe. */
final class Payload {
  private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

  /** An unsigned number of so many bytes. */
  Payload number(long value, int size) {
    for (int i = 0; i < size; i++) {
      bytes.write((int) (value >>> 8 * i));
    }
    return this;
  }

  Payload string(String value) {
    if (value.indexOf('\0') >= 0) {
      throw new IllegalArgumentException("a string with a NUL in it");
    }
    byte[] encoded = value.getBytes(StandardCharsets.ISO_8859_1);
    number(encoded.length, 4);
    bytes.writeBytes(encoded);
    bytes.write(0);
    return this;
  }

  Payload strings(List<String> values) {
    number(values.size(), 4);
    values.forEach(this::string);
    return this;
  }

  Payload bytes(byte[] value, int offset, int length) {
    bytes.write(value, offset, length);
    return this;
  }

  /**
   * The whole frame.
   *
   * @throws AgentException when it is longer than the agent takes
   */
  byte[] frame(int type, int id) throws AgentException {
    int length = 5 + bytes.size();
    if (length > Wire.MOST_FRAME) {
      throw new AgentException("a request of " + length + " bytes is longer than an agent takes");
    }
    Payload head = new Payload().number(length, 4).number(type, 1).number(id, 4);
    head.bytes.writeBytes(bytes.toByteArray());
    return head.bytes.toByteArray();
  }
}
