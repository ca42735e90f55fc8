package dev.bulwark.sentry.mm;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A virtual memory area: neighbouring pages of an application that are alike. Where their contents
 * lie follows from two optional parts:
 *
 * <table>
 * <caption>Kinds of areas</caption>
 * <tr><th>file</th><th>memory</th><th>flags</th><th>the area is</th></tr>
 * <tr><td>no</td><td>yes</td><td></td><td>anonymous private memory</td></tr>
 * <tr><td>yes</td><td>yes</td><td></td><td>a private copy of the file's pages</td></tr>
 * <tr><td>yes</td><td>no</td><td></td><td>private pages that still are the file's own: mapped from
 * it while they cannot be written, and otherwise copied when first touched</td></tr>
 * <tr><td>yes</td><td>no</td><td>SHARED</td><td>a shared mapping of the file, or shared anonymous
 * memory</td></tr>
 * </table>
 *
 * Two areas that differ in nothing but the place of their pages in the memory file are one area as
 * far as the application can tell.
 *
 * @param start first address, page-aligned
 * @param end first address behind it, page-aligned, greater than {@code start}
 * @param protection {@link Protection} bits
 * @param flags bits of the constants below
 * @param file what is mapped, or null for anonymous private memory
 * @param fileOffset where in the file {@code start} lies; 0 without a file
 * @param memory where in the memory file {@code start} lies, or {@link #NO_MEMORY}
 * @param name what the application says that anonymous memory is for, or null
 */
public record Vma(
    long start,
    long end,
    int protection,
    int flags,
    @Nullable MappedFile file,
    long fileOffset,
    long memory,
    @Nullable String name) {

  /** The pages have no place in the memory file. */
  public static final long NO_MEMORY = -1;

  /** Made with MAP_SHARED. */
  public static final int SHARED = 1;

  /** The protection may come to include writing. */
  public static final int MAY_WRITE = 2;

  /** A fault just below makes the area grow. */
  public static final int GROWS_DOWN = 4;

  /** Locked by mlock(2) and its kin. */
  public static final int LOCKED = 8;

  /** fork(2) leaves it out. */
  public static final int DONT_FORK = 0x10;

  /** fork(2) gives the child zeroes. */
  public static final int WIPE_ON_FORK = 0x20;

  /** Made with MAP_NORESERVE. */
  public static final int NO_RESERVE = 0x40;

  /** Left out of core dumps. */
  public static final int DONT_DUMP = 0x80;

  /** Cannot be unmapped, moved, or changed in protection (mseal(2)). */
  public static final int SEALED = 0x100;

  /** The protection may not come to include executing. */
  public static final int NO_EXEC = 0x200;

  /** Checks what every area fulfils. */
  public Vma {
    if (start < 0 || end <= start || !Pages.aligned(start) || !Pages.aligned(end)) {
      throw new IllegalArgumentException(
          "area " + Long.toHexString(start) + "-" + Long.toHexString(end));
    }
    if (file == null && memory == NO_MEMORY) {
      throw new IllegalArgumentException("an area of nothing");
    }
  }

  /** How many bytes it has. */
  public long length() {
    return end - start;
  }

  /** Whether a flag is set. */
  public boolean has(int flag) {
    return (flags & flag) != 0;
  }

  /** Whether stores are seen by others who map the same object. */
  public boolean shared() {
    return has(SHARED);
  }

  /** Whether the protection admits writing. */
  public boolean writable() {
    return (protection & Protection.WRITE) != 0;
  }

  /** Whether the pages lie in the memory file of the address space. */
  public boolean inMemory() {
    return memory != NO_MEMORY;
  }

  /** Whether pages are copied from the file when they are first touched. */
  public boolean lazy() {
    return !inMemory() && !shared() && writable();
  }

  /** Whether it counts as data (RLIMIT_DATA, VmData): private, writable and no stack. */
  public boolean isData() {
    return writable() && !shared() && !has(GROWS_DOWN);
  }

  /** Where in the memory file an address of the area lies. */
  public long memoryAt(long address) {
    return memory + (address - start);
  }

  /** Where in the file an address of the area lies. */
  public long fileAt(long address) {
    return fileOffset + (address - start);
  }

  /** The part of the area that lies in a range, which must overlap it. */
  public Vma within(long from, long to) {
    return from <= start && to >= end ? this : part(Math.max(from, start), Math.min(to, end));
  }

  private Vma part(long from, long to) {
    return new Vma(
        from,
        to,
        protection,
        flags,
        file,
        file == null ? 0 : fileAt(from),
        inMemory() ? memoryAt(from) : NO_MEMORY,
        name);
  }

  /** The same pages with another protection. */
  public Vma withProtection(int next) {
    return new Vma(start, end, next, flags, file, fileOffset, memory, name);
  }

  /** The same pages with other flags. */
  public Vma withFlags(int next) {
    return new Vma(start, end, protection, next, file, fileOffset, memory, name);
  }

  /** The same area with its contents elsewhere in the memory file, or nowhere in it. */
  public Vma withMemory(long next) {
    return new Vma(start, end, protection, flags, file, fileOffset, next, name);
  }

  /** The same pages with another name. */
  public Vma withName(@Nullable String next) {
    return new Vma(start, end, protection, flags, file, fileOffset, memory, next);
  }

  /** The same pages at another address. */
  public Vma at(long address) {
    return new Vma(address, address + length(), protection, flags, file, fileOffset, memory, name);
  }

  /** Whether {@code next} follows at once and an application could not tell the two from one. */
  public boolean continuedBy(Vma next) {
    return end == next.start
        && protection == next.protection
        && flags == next.flags
        && Objects.equals(file, next.file)
        && (file == null || fileOffset + length() == next.fileOffset)
        && Objects.equals(name, next.name);
  }

  /** Whether {@code next} can be joined to this area: it goes on in every respect. */
  boolean joins(Vma next) {
    return continuedBy(next) && (inMemory() ? next.memory == memory + length() : !next.inMemory());
  }

  /** The two areas as one, when they join. */
  Vma join(Vma next) {
    return new Vma(start, next.end, protection, flags, file, fileOffset, memory, name);
  }
}
