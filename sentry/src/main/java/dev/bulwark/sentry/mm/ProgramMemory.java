package dev.bulwark.sentry.mm;

import dev.bulwark.linux.Errno;
import dev.bulwark.platform.Context;
import dev.bulwark.sentry.ErrnoException;
import dev.bulwark.sentry.loader.ImageMemory;
import dev.bulwark.sentry.loader.ProgramFile;

/** A memory map as the loader fills it, through the context that will run the program. */
final class ProgramMemory implements ImageMemory {
  private static final int FIXED_PRIVATE = MapFlags.FIXED | MapFlags.PRIVATE;
  private static final int READ_STEP = 1 << 16;

  private final MemoryMap map;
  private final Context via;

  ProgramMemory(MemoryMap map, Context via) {
    this.map = map;
    this.via = via;
  }

  @Override
  public long limit() {
    return map.limit();
  }

  @Override
  public long place(long length, long alignment) throws ErrnoException {
    return map.place(length, alignment);
  }

  @Override
  public void mapFile(long address, long length, int protection, ProgramFile file, long offset)
      throws ErrnoException {
    Mappable contents;
    try {
      contents = file.mappable();
    } catch (ErrnoException e) {
      if (e.errno() != Errno.ENODEV) {
        throw e;
      }
      readIn(address, length, protection, file, offset);
      return;
    }
    map.mmap(
        via, address, length, protection, FIXED_PRIVATE, FileBacking.readOnly(contents), offset);
  }

  /** A file that the host cannot map is copied. */
  private void readIn(long address, long length, int protection, ProgramFile file, long offset)
      throws ErrnoException {
    mapAnonymous(address, length, READ | WRITE);
    byte[] bytes = new byte[(int) Math.min(length, READ_STEP)];
    for (long done = 0; done < length; ) {
      int n = file.read(offset + done, bytes, 0, (int) Math.min(length - done, bytes.length));
      if (n <= 0) {
        break;
      }
      map.write(address + done, bytes, 0, n);
      done += n;
    }
    map.mprotect(via, address, length, protection);
  }

  @Override
  public void mapAnonymous(long address, long length, int protection) throws ErrnoException {
    map.mmap(via, address, length, protection, FIXED_PRIVATE | MapFlags.ANONYMOUS, null, 0);
  }

  @Override
  public void mapStack(long address, long length, int protection) throws ErrnoException {
    int flags = FIXED_PRIVATE | MapFlags.ANONYMOUS | MapFlags.GROWSDOWN;
    map.mmap(via, address, length, protection, flags, null, 0);
  }

  @Override
  public void write(long address, byte[] bytes) throws ErrnoException {
    map.write(address, bytes);
  }

  @Override
  public void setMmapBase(long address) {
    map.setMmapBase(address);
  }

  @Override
  public void setBrk(long start) {
    map.setBrk(start);
  }
}
