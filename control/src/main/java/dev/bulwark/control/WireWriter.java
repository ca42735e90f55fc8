package dev.bulwark.control;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.function.BiConsumer;

/** Encodes little-endian numbers, byte strings and lists of them. */
final class WireWriter {
  private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

  WireWriter number(long value) {
    for (int shift = 0; shift < 64; shift += 8) {
      bytes.write((int) (value >>> shift));
    }
    return this;
  }

  WireWriter flag(boolean value) {
    return number(value ? 1 : 0);
  }

  WireWriter string(String value) {
    byte[] encoded = value.getBytes(StandardCharsets.ISO_8859_1);
    number(encoded.length);
    bytes.writeBytes(encoded);
    return this;
  }

  WireWriter strings(List<String> values) {
    number(values.size());
    values.forEach(this::string);
    return this;
  }

  /** A count, and what {@code encode} writes of each. */
  <T> WireWriter list(List<T> values, BiConsumer<T, WireWriter> encode) {
    number(values.size());
    values.forEach(value -> encode.accept(value, this));
    return this;
  }

  byte[] toBytes() {
    return bytes.toByteArray();
  }
}
