package dev.bulwark.linux;

import java.lang.ref.Reference;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * Memory that a host call can reach by its address: what structs, names and data are put in. It is
 * zeroed at first and freed when nothing refers to this object or a slice of it any more, so
 * whoever passes its {@link #address} to a call must refer to it until the call returns. Not
 * thread-safe.
 *
 * <p>It is a direct buffer and not a segment of {@code java.lang.foreign}, whose access methods are
 * classes that each JVM makes anew: 25 ms of CPU time until the first field is read.
 */
final class NativeMemory {
  static {
    NativeLibrary.load();
  }

  private final ByteBuffer bytes;
  private final long address;

  private NativeMemory(ByteBuffer bytes, long address) {
    this.bytes = bytes.order(ByteOrder.nativeOrder());
    this.address = address;
  }

  /** New memory, aligned as malloc(3) does, for any type. */
  static NativeMemory allocate(int size) {
    ByteBuffer bytes = ByteBuffer.allocateDirect(size);
    return new NativeMemory(bytes, address(bytes));
  }

  /** New memory that holds a C string. */
  static NativeMemory string(String value) {
    NativeMemory memory = allocate(value.length() + 1);
    memory.putString(0, value);
    return memory;
  }

  /** New memory that begins with the addresses of C strings, and a null pointer after the last. */
  static NativeMemory strings(List<String> values) {
    int at = Long.BYTES * (values.size() + 1);
    int size = at;
    for (String value : values) {
      size += value.length() + 1;
    }
    NativeMemory memory = allocate(size);
    for (int i = 0; i < values.size(); i++) {
      memory.putLong(Long.BYTES * i, memory.address + at);
      memory.putString(at, values.get(i));
      at += values.get(i).length() + 1;
    }
    return memory;
  }

  /** A part of this memory. */
  NativeMemory slice(int from, int length) {
    return new NativeMemory(bytes.slice(from, length), address + from);
  }

  /** A view of this memory, in the machine's byte order. */
  ByteBuffer buffer() {
    return bytes.duplicate().order(ByteOrder.nativeOrder());
  }

  long address() {
    return address;
  }

  int size() {
    return bytes.capacity();
  }

  byte getByte(int at) {
    return bytes.get(at);
  }

  short getShort(int at) {
    return bytes.getShort(at);
  }

  int getInt(int at) {
    return bytes.getInt(at);
  }

  long getLong(int at) {
    return bytes.getLong(at);
  }

  void putByte(int at, byte value) {
    bytes.put(at, value);
  }

  void putShort(int at, short value) {
    bytes.putShort(at, value);
  }

  void putInt(int at, int value) {
    bytes.putInt(at, value);
  }

  void putLong(int at, long value) {
    bytes.putLong(at, value);
  }

  /** Copies out. */
  void get(int at, byte[] to, int offset, int length) {
    bytes.get(at, to, offset, length);
  }

  /** Copies out. */
  byte[] get(int at, int length) {
    byte[] copy = new byte[length];
    bytes.get(at, copy);
    return copy;
  }

  /** Copies in. */
  void put(int at, byte[] from, int offset, int length) {
    bytes.put(at, from, offset, length);
  }

  /** The byte string of a length. */
  String getString(int at, int length) {
    return new String(get(at, length), StandardCharsets.ISO_8859_1);
  }

  /**
   * The byte string that ends before a NUL.
   *
   * @throws IndexOutOfBoundsException when there is no NUL
   */
  String getString(int at) {
    int end = at;
    while (bytes.get(end) != 0) {
      end++;
    }
    return getString(at, end - at);
  }

  /**
   * Puts a byte string and a NUL.
   *
   * @throws IndexOutOfBoundsException when there is no room
   */
  void putString(int at, String value) {
    byte[] characters = value.getBytes(StandardCharsets.ISO_8859_1);
    bytes.put(at + characters.length, (byte) 0);
    bytes.put(at, characters);
  }

  /** Sets a range of bytes. */
  void fill(int at, int length, byte value) {
    for (int i = at; i < at + length; i++) {
      bytes.put(i, value);
    }
  }

  /** Keeps the memory until here, for calls after which nothing else refers to it. */
  @SuppressWarnings("ReachabilityFenceUsage") // a call that throws has not begun
  void keep() {
    Reference.reachabilityFence(bytes);
  }

  private static native long address(ByteBuffer bytes);
}
