package dev.bulwark.platform;

import java.lang.foreign.MemorySegment;

/**
 * An ELF image in all address spaces that tells the time without a system call (vdso(7)), in
 * addresses that applications cannot map.
 *
 * @param address where application code finds it
 * @param image its bytes, for whoever has to read what an application points to; read-only
 */
public record Vdso(long address, MemorySegment image) {
  /** The first address behind it. */
  public long end() {
    return address + image.byteSize();
  }
}
