package dev.bulwark.sentry.loader;

import dev.bulwark.linux.Errno;
import dev.bulwark.sentry.ErrnoException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** An address space of pages in a map, which remembers areas and filled bytes. */
final class FakeMemory implements ImageMemory {
  static final long LIMIT = 0x7ffffffff000L;

  /** An area as mmap(2) would make it; {@code file} is null for zeroes. */
  record Area(long start, long end, int protection, @Nullable ProgramFile file, long offset) {}

  final TreeMap<Long, Area> areas = new TreeMap<>();
  private final Map<Long, byte[]> written = new TreeMap<>();
  long mmapBase = -1;
  long brk = -1;

  @Override
  public long limit() {
    return LIMIT;
  }

  @Override
  public long place(long length, long alignment) throws ErrnoException {
    if (length > mmapBase) {
      throw ErrnoException.of(Errno.ENOMEM);
    }
    long at = (mmapBase - length) & -alignment;
    while (at > 65536) {
      Map.Entry<Long, Area> below = areas.lowerEntry(at + length);
      if (below == null || below.getValue().end() <= at) {
        return at;
      }
      at = (below.getKey() - length) & -alignment;
    }
    throw ErrnoException.of(Errno.ENOMEM);
  }

  @Override
  public void mapFile(long address, long length, int protection, ProgramFile file, long offset) {
    assert (offset & 4095) == 0 && offset >= 0 : "offset " + offset;
    add(new Area(address, address + length, protection, file, offset));
  }

  @Override
  public void mapAnonymous(long address, long length, int protection) {
    add(new Area(address, address + length, protection, null, 0));
  }

  @Override
  public void mapStack(long address, long length, int protection) {
    mapAnonymous(address, length, protection);
  }

  private void add(Area area) {
    assert (area.start & 4095) == 0 && (area.end & 4095) == 0 : "unaligned " + area;
    assert area.start >= 65536 && area.start < area.end && area.end <= LIMIT : "outside " + area;
    for (Area old : areas.values().toArray(new Area[0])) {
      if (old.start < area.end && area.start < old.end) {
        areas.remove(old.start);
        if (old.start < area.start) {
          areas.put(
              old.start, new Area(old.start, area.start, old.protection, old.file, old.offset));
        }
        if (old.end > area.end) {
          long offset = old.offset + (area.end - old.start);
          areas.put(area.end, new Area(area.end, old.end, old.protection, old.file, offset));
        }
      }
    }
    written.keySet().removeIf(page -> page >= area.start && page < area.end);
    areas.put(area.start, area);
  }

  Area areaAt(long address) throws ErrnoException {
    Map.Entry<Long, Area> entry = areas.floorEntry(address);
    if (entry == null || entry.getValue().end <= address) {
      throw ErrnoException.of(Errno.EFAULT);
    }
    return entry.getValue();
  }

  private byte[] page(long page) throws ErrnoException {
    byte[] bytes = written.get(page);
    if (bytes == null) {
      bytes = new byte[4096];
      Area area = areaAt(page);
      if (area.file != null) {
        area.file.read(area.offset + (page - area.start), bytes, 0, 4096);
      }
      written.put(page, bytes);
    }
    return bytes;
  }

  @Override
  public void write(long address, byte[] bytes) throws ErrnoException {
    for (int i = 0; i < bytes.length; i++) {
      long at = address + i;
      if ((areaAt(at).protection & WRITE) == 0) {
        throw ErrnoException.of(Errno.EFAULT);
      }
      page(at & -4096)[(int) (at & 4095)] = bytes[i];
    }
  }

  byte byteAt(long address) throws ErrnoException {
    return page(address & -4096)[(int) (address & 4095)];
  }

  long longAt(long address) throws ErrnoException {
    byte[] bytes = new byte[8];
    for (int i = 0; i < 8; i++) {
      bytes[i] = byteAt(address + i);
    }
    return ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).getLong();
  }

  String stringAt(long address) throws ErrnoException {
    StringBuilder text = new StringBuilder();
    for (long at = address; byteAt(at) != 0; at++) {
      text.append((char) (byteAt(at) & 0xff));
    }
    return text.toString();
  }

  @Override
  public void setMmapBase(long address) {
    mmapBase = address;
  }

  @Override
  public void setBrk(long start) {
    brk = start;
  }
}
