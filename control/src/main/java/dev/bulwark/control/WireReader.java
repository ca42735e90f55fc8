package dev.bulwark.control;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * Decodes what {@link WireWriter} wrote. Every method throws {@link MalformedException} instead of
 * reading past the end or allocating more than the input can fill.
 */
final class WireReader {
  private final byte[] bytes;
  private final int end;
  private int position;

  WireReader(byte[] bytes, int length) {
    this.bytes = bytes;
    this.end = length;
  }

  long number() throws MalformedException {
    if (end - position < 8) {
      throw new MalformedException("it ends inside a number");
    }
    long value = 0;
    for (int shift = 0; shift < 64; shift += 8) {
      value |= (bytes[position++] & 0xffL) << shift;
    }
    return value;
  }

  int integer() throws MalformedException {
    long value = number();
    if (value != (int) value) {
      throw new MalformedException(value + " is no 32-bit number");
    }
    return (int) value;
  }

  boolean flag() throws MalformedException {
    long value = number();
    if (value != 0 && value != 1) {
      throw new MalformedException(value + " is no truth value");
    }
    return value == 1;
  }

  String string() throws MalformedException {
    int length = bounded(1);
    String value = new String(bytes, position, length, StandardCharsets.ISO_8859_1);
    position += length;
    return value;
  }

  List<String> strings() throws MalformedException {
    return list(8, WireReader::string);
  }

  /** Decodes one thing. */
  interface Decoder<T> {
    T decode(WireReader from) throws MalformedException;
  }

  /**
   * A list.
   *
   * @param smallest how many bytes each element takes at least
   */
  <T> List<T> list(int smallest, Decoder<T> decoder) throws MalformedException {
    int count = bounded(smallest);
    List<T> values = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      values.add(decoder.decode(this));
    }
    return values;
  }

  /** One of the constants of an enum, by its place. */
  <T> T constant(T[] constants) throws MalformedException {
    long place = number();
    if (place < 0 || place >= constants.length) {
      throw new MalformedException("there is no constant " + place);
    }
    return constants[(int) place];
  }

  /** A count of things of which each takes at least {@code size} bytes. */
  int count(int size) throws MalformedException {
    return bounded(size);
  }

  /** A count of things of which each takes at least {@code size} bytes of what is left. */
  private int bounded(int size) throws MalformedException {
    long count = number();
    if (count < 0 || count > (end - position) / size) {
      throw new MalformedException("a length of " + count + " exceeds what is left");
    }
    return (int) count;
  }

  void requireEnd() throws MalformedException {
    if (position != end) {
      throw new MalformedException((end - position) + " bytes are left over");
    }
  }
}
