package dev.bulwark.microvm.image;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What an image needs to know of a 64-bit ELF file (System V ABI, chapters 4 and 5). */
final class Elf {
  private static final int MAGIC = 0x464c457f;
  private static final int SECTION_BYTES = 64;
  private static final int PROGRAM_BYTES = 56;
  private static final int DYNAMIC_BYTES = 16;
  private static final int PT_INTERP = 3;
  private static final int DT_NEEDED = 1;

  private final ByteBuffer file;

  private Elf(ByteBuffer file) {
    this.file = file;
  }

  /**
   * Reads a file.
   *
   * @param title how messages call it
   * @throws ImageException when it is none
   */
  static Elf of(String title, byte[] bytes) throws ImageException {
    ByteBuffer file = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    if (bytes.length < 64 || file.getInt(0) != MAGIC || bytes[4] != 2) {
      throw new ImageException(title + " is no 64-bit ELF file");
    }
    return new Elf(file);
  }

  /** The contents of a section; null when there is none of that name. */
  byte @Nullable [] section(String name) {
    int table = (int) file.getLong(0x28);
    int count = file.getShort(0x3c) & 0xffff;
    int names = table + SECTION_BYTES * (file.getShort(0x3e) & 0xffff);
    int strings = (int) file.getLong(names + 24);
    for (int i = 0; i < count; i++) {
      int header = table + i * SECTION_BYTES;
      if (string(strings + file.getInt(header)).equals(name)) {
        byte[] contents = new byte[(int) file.getLong(header + 32)];
        file.get((int) file.getLong(header + 24), contents);
        return contents;
      }
    }
    return null;
  }

  /** Names of the shared libraries that it needs. */
  List<String> needed() {
    List<String> libraries = new ArrayList<>();
    byte[] dynamic = section(".dynamic");
    byte[] strings = section(".dynstr");
    if (dynamic == null || strings == null) {
      return libraries;
    }
    Elf names = new Elf(ByteBuffer.wrap(strings));
    ByteBuffer entries = ByteBuffer.wrap(dynamic).order(ByteOrder.LITTLE_ENDIAN);
    for (int at = 0; at + DYNAMIC_BYTES <= dynamic.length; at += DYNAMIC_BYTES) {
      if (entries.getLong(at) == DT_NEEDED) {
        libraries.add(names.string((int) entries.getLong(at + 8)));
      }
    }
    return libraries;
  }

  /** Path of the program interpreter; null for a static program or a library. */
  @Nullable String interpreter() {
    int table = (int) file.getLong(0x20);
    int count = file.getShort(0x38) & 0xffff;
    for (int i = 0; i < count; i++) {
      int header = table + i * PROGRAM_BYTES;
      if (file.getInt(header) == PT_INTERP) {
        return string((int) file.getLong(header + 8));
      }
    }
    return null;
  }

  private String string(int at) {
    int end = at;
    while (file.get(end) != 0) {
      end++;
    }
    byte[] bytes = new byte[end - at];
    file.get(at, bytes);
    return new String(bytes, StandardCharsets.ISO_8859_1);
  }
}
