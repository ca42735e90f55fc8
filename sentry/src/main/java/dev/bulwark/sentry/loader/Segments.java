package dev.bulwark.sentry.loader;

import dev.bulwark.linux.Errno;
import dev.bulwark.sentry.ErrnoException;
import java.util.List;

/** Maps the PT_LOAD segments of one ELF file, as {@code fs/binfmt_elf.c} does. */
final class Segments {
  /** Bytes of a page. */
  static final long PAGE = 4096;

  /** The lowest address that may be mapped (vm.mmap_min_addr). */
  private static final long MIN_ADDRESS = 65536;

  private Segments() {}

  /**
   * Where an image went.
   *
   * @param bias what was added to every address of the file
   * @param codeStart lowest address of any segment
   * @param codeEnd end of the file's bytes in executable segments
   * @param dataStart highest start of a segment
   * @param dataEnd highest end of the file's bytes
   * @param end highest end of any segment, not rounded
   * @param headers address of the program headers in memory, or 0
   */
  record Placed(
      long bias,
      long codeStart,
      long codeEnd,
      long dataStart,
      long dataEnd,
      long end,
      long headers) {}

  static long pageStart(long address) {
    return address & -PAGE;
  }

  static long pageAlign(long address) {
    return (address + PAGE - 1) & -PAGE;
  }

  /**
   * Bytes from the first page of the lowest segment to the end of the highest.
   *
   * @throws ErrnoException EINVAL when there is no segment, or one lies outside the address space
   */
  static long span(List<ProgramHeader> segments, long limit) throws ErrnoException {
    long low = Long.MAX_VALUE;
    long high = 0;
    for (ProgramHeader segment : segments) {
      if (segment.isLoad()) {
        check(segment, limit);
        low = Math.min(low, pageStart(segment.address()));
        high = Math.max(high, segment.address() + segment.memorySize());
      }
    }
    if (high <= low) {
      throw ErrnoException.of(Errno.EINVAL);
    }
    return high - low;
  }

  private static void check(ProgramHeader segment, long limit) throws ErrnoException {
    long address = segment.address();
    long memory = segment.memorySize();
    // After this no sum of these numbers overflows.
    if (Long.compareUnsigned(address, limit) >= 0
        || Long.compareUnsigned(memory, limit - address) > 0
        || Long.compareUnsigned(segment.fileSize(), memory) > 0
        || segment.offset() < 0
        || segment.offset() > Long.MAX_VALUE - limit) {
      throw ErrnoException.of(Errno.EINVAL);
    }
    // mmap(2) takes whole pages: address and offset must be congruent.
    if (segment.fileSize() > 0 && ((address - segment.offset()) & (PAGE - 1)) != 0) {
      throw ErrnoException.of(Errno.EINVAL);
    }
  }

  /** Largest alignment of a segment that is a power of two; at least a page. */
  static long alignment(List<ProgramHeader> segments) {
    long alignment = PAGE;
    for (ProgramHeader segment : segments) {
      long wanted = segment.alignment();
      if (segment.isLoad() && wanted > 0 && Long.bitCount(wanted) == 1) {
        alignment = Math.max(alignment, wanted);
      }
    }
    return alignment;
  }

  /** The lowest page, before relocation; the base that a bias is reckoned from. */
  static long lowestPage(List<ProgramHeader> segments) {
    long lowest = Long.MAX_VALUE;
    for (ProgramHeader segment : segments) {
      if (segment.isLoad()) {
        lowest = Math.min(lowest, pageStart(segment.address()));
      }
    }
    return lowest;
  }

  /**
   * Maps everything.
   *
   * @param bias a multiple of the page size
   * @throws ErrnoException EINVAL, EPERM below the lowest address, ENOMEM, EFAULT
   */
  static Placed map(ElfFile elf, long bias, ImageMemory memory) throws ErrnoException {
    long limit = memory.limit();
    long codeStart = Long.MAX_VALUE;
    long codeEnd = 0;
    long dataStart = 0;
    long dataEnd = 0;
    long end = 0;
    long headers = 0;
    for (ProgramHeader segment : elf.segments()) {
      if (!segment.isLoad()) {
        continue;
      }
      check(segment, limit);
      long address = segment.address() + bias;
      if (address < 0 || address >= limit || segment.memorySize() > limit - address) {
        throw ErrnoException.of(Errno.EINVAL);
      }
      if (segment.memorySize() == 0) {
        continue;
      }
      if (address < MIN_ADDRESS) {
        throw ErrnoException.of(Errno.EPERM);
      }
      mapOne(elf.file(), segment, address, memory);
      long table = elf.header().headersOffset() - segment.offset();
      if (headers == 0 && table >= 0 && table < segment.fileSize()) {
        headers = table + address;
      }
      long fileEnd = address + segment.fileSize();
      codeStart = Math.min(codeStart, address);
      dataStart = Math.max(dataStart, address);
      if ((segment.flags() & ProgramHeader.EXECUTE) != 0) {
        codeEnd = Math.max(codeEnd, fileEnd);
      }
      dataEnd = Math.max(dataEnd, fileEnd);
      end = Math.max(end, address + segment.memorySize());
    }
    if (end == 0) {
      throw ErrnoException.of(Errno.EINVAL);
    }
    return new Placed(bias, codeStart, codeEnd, dataStart, dataEnd, end, headers);
  }

  private static void mapOne(
      ProgramFile file, ProgramHeader segment, long address, ImageMemory memory)
      throws ErrnoException {
    long first = pageStart(address);
    int protection = segment.protection();
    long fileEnd = address + segment.fileSize();
    long end = pageAlign(address + segment.memorySize());
    long mappedEnd = first;
    if (segment.fileSize() > 0) {
      mappedEnd = pageAlign(fileEnd);
      memory.mapFile(
          first, mappedEnd - first, protection, file, segment.offset() - (address - first));
      if (segment.memorySize() > segment.fileSize() && mappedEnd > fileEnd) {
        try {
          memory.write(fileEnd, new byte[(int) (mappedEnd - fileEnd)]);
        } catch (ErrnoException e) {
          // Linux lets a read-only segment keep what the file has after its last byte.
          if ((protection & ImageMemory.WRITE) != 0) {
            throw e;
          }
        }
      }
    }
    if (end > mappedEnd) {
      // As on Linux, what is not backed by the file is writable whatever the segment says.
      memory.mapAnonymous(
          mappedEnd,
          end - mappedEnd,
          ImageMemory.READ | ImageMemory.WRITE | (protection & ImageMemory.EXECUTE));
    }
  }
}
