package dev.bulwark.sentry.mm;

import dev.bulwark.linux.Errno;
import dev.bulwark.linux.HostCall;
import dev.bulwark.linux.Sys;
import dev.bulwark.platform.AddressSpace;
import dev.bulwark.platform.Context;
import dev.bulwark.platform.Fault;
import dev.bulwark.platform.MemoryFile;
import dev.bulwark.sentry.ErrnoException;
import dev.bulwark.sentry.futex.FutexKey;
import dev.bulwark.sentry.futex.FutexWord;
import dev.bulwark.sentry.kernel.Limits;
import dev.bulwark.sentry.loader.Image;
import dev.bulwark.sentry.loader.ImageMemory;
import dev.bulwark.sentry.signal.SignalInfo;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * The memory of a process: its areas, and the address space in which the platform runs it. Shared
 * by the tasks that were cloned with CLONE_VM and counted by {@link #share} and {@link #close}; who
 * is no such task takes a reference with {@link #acquire} before touching it.
 *
 * <p>Thread-safe: one lock guards all changes, and is held while the stub carries them out, so that
 * they happen there in the same order. Access from system calls ({@link #chunk}) takes no lock
 * unless it meets what is not there yet. Where a method takes {@code via}, that is the stopped
 * context of the calling task, which executes the changes.
 */
public final class MemoryMap implements UserMemory, AutoCloseable {
  private final ReentrantLock lock = new ReentrantLock();
  private final AddressSpace space;
  private final MemoryFile memory;
  private final MemoryAccount account;
  private final Areas areas;
  private final Mapper mapper;
  private final Protector protector;
  private final Remapper remapper;
  private final Advice advice;
  private final Locking locking;
  private final Faults faults;
  private final HeapEnd heap;
  private volatile @Nullable Image image;
  private long peakResident;
  private int users = 1;

  private MemoryMap(AddressSpace space, Limits limits, MemoryAccount account) {
    this.space = space;
    this.memory = space.memory();
    this.account = account;
    areas = new Areas(space, limits, account);
    mapper = new Mapper(areas);
    protector = new Protector(areas);
    remapper = new Remapper(areas, mapper);
    advice = new Advice(areas);
    locking = new Locking(areas);
    faults = new Faults(areas);
    heap = new HeapEnd(areas);
    int fd = memory.fd();
    account.measure(this, () -> Math.max(0, HostFile.allocated(fd)));
  }

  /**
   * An empty map with one user.
   *
   * @param space an empty address space, which the map owns from now on
   * @param limits those of the process
   * @param account what the sandbox shares
   */
  public static MemoryMap create(AddressSpace space, Limits limits, MemoryAccount account) {
    return new MemoryMap(space, limits, account);
  }

  /** Notes one more task that uses the map. */
  public MemoryMap share() {
    if (!acquire()) {
      throw new IllegalStateException("sharing memory that is closed");
    }
    return this;
  }

  /**
   * Takes a reference, for a look at the memory of another process.
   *
   * @return false when the memory is gone
   */
  public boolean acquire() {
    lock.lock();
    try {
      if (users == 0) {
        return false;
      }
      users++;
      return true;
    } finally {
      lock.unlock();
    }
  }

  /** How many references there are: 1 when no other task shares the memory. */
  public int users() {
    lock.lock();
    try {
      return users;
    } finally {
      lock.unlock();
    }
  }

  /** One user less; the last one closes the address space. */
  @Override
  public void close() {
    lock.lock();
    try {
      if (users == 0 || --users > 0) {
        return;
      }
      areas.publish(0, account.limitAddress(), List.of());
    } finally {
      lock.unlock();
    }
    account.forget(this);
    space.close();
  }

  /** Replaces the resource limits, as a child does that was given a copy of its parent's. */
  public void setLimits(Limits limits) {
    areas.setLimits(limits);
  }

  /** The address space that the platform runs. */
  public AddressSpace space() {
    return space;
  }

  @Override
  public MemorySegment chunk(long address, long length, boolean store) throws ErrnoException {
    Vma area = areas.tree().find(address);
    if (area != null && (store ? area.writable() : area.protection() != 0)) {
      if (area.inMemory()) {
        return inMemory(area, address, length);
      }
      Mappable file = area.file();
      if (file != null && !area.lazy()) {
        boolean write = area.shared() && area.writable();
        MemorySegment seen = account.windows().find(file.identity(), write, area.fileAt(address));
        if (seen != null) {
          return cut(seen, area, address, length);
        }
      }
    }
    return reach(address, length, store);
  }

  private MemorySegment inMemory(Vma area, long address, long length) {
    long offset = area.memoryAt(address);
    long n = Math.min(length, Math.min(area.end() - address, memory.span(offset)));
    return memory.at(offset, n);
  }

  private static MemorySegment cut(MemorySegment seen, Vma area, long address, long length) {
    long n = Math.min(length, Math.min(area.end() - address, seen.byteSize()));
    return seen.asSlice(0, n);
  }

  private MemorySegment reach(long address, long length, boolean store) throws ErrnoException {
    lock.lock();
    try {
      Vma area = faults.reach(address, store);
      if (area.inMemory()) {
        return inMemory(area, address, length);
      }
      boolean write = area.shared() && area.writable();
      MemorySegment seen = account.windows().at(Areas.file(area), write, area.fileAt(address));
      return cut(seen, area, address, length);
    } finally {
      lock.unlock();
    }
  }

  /**
   * mmap(2).
   *
   * @param flags {@link MapFlags}
   * @param file what to map, or null with {@link MapFlags#ANONYMOUS}
   * @param offset in the file
   * @return where the mapping starts
   * @throws ErrnoException as in the manual page; what was mapped at a fixed address may be lost
   */
  public long mmap(
      Context via,
      long address,
      long length,
      int protection,
      int flags,
      @Nullable FileBacking file,
      long offset)
      throws ErrnoException {
    lock.lock();
    try {
      return mapper.map(
          via,
          address,
          length,
          protection & Protection.ALL,
          flags,
          file,
          offset,
          locking.defaultFlags());
    } finally {
      lock.unlock();
    }
  }

  /**
   * What mmap(2) and its kin check before they lock memory.
   *
   * @param bytes how much would be locked, or 0 to look at the permission only
   * @throws ErrnoException EPERM without any permission to lock, EAGAIN beyond the limit
   */
  public void requireLockable(long bytes, boolean privileged) throws ErrnoException {
    lock.lock();
    try {
      locking.requireAllowed(privileged);
      if (!areas.mayLock(bytes, privileged)) {
        throw ErrnoException.of(Errno.EAGAIN);
      }
    } finally {
      lock.unlock();
    }
  }

  /** munmap(2). */
  public void munmap(Context via, long address, long length) throws ErrnoException {
    long limit = account.limitAddress();
    long size = Pages.up(length);
    if (!Pages.aligned(address)
        || address < 0
        || size <= 0
        || size > limit
        || address > limit - size) {
      throw ErrnoException.of(Errno.EINVAL);
    }
    lock.lock();
    try {
      areas.unmap(via, address, address + size);
    } finally {
      lock.unlock();
    }
  }

  /**
   * mprotect(2).
   *
   * @param protection {@link Protection} bits, {@link Protection#GROWS_DOWN} among them
   */
  public void mprotect(Context via, long address, long length, int protection)
      throws ErrnoException {
    lock.lock();
    try {
      protector.protect(via, address, length, protection);
    } finally {
      lock.unlock();
    }
  }

  /** mremap(2); gives the new address. */
  public long mremap(
      Context via, long address, long oldLength, long newLength, int flags, long newAddress)
      throws ErrnoException {
    lock.lock();
    try {
      return remapper.remap(via, address, oldLength, newLength, flags, newAddress);
    } finally {
      lock.unlock();
    }
  }

  /**
   * remap_file_pages(2): another part of a shared file in a range of its mapping.
   *
   * @param page of the file, which comes to the start of the range
   * @param flags MAP_NONBLOCK counts
   * @throws ErrnoException EINVAL when the range is not one shared mapping
   */
  public void remapFilePages(Context via, long address, long size, long page, int flags)
      throws ErrnoException {
    long start = Pages.down(address);
    long length = Pages.down(size);
    long last = Long.MAX_VALUE / Pages.SIZE - length / Pages.SIZE;
    lock.lock();
    try {
      Vma area = areas.tree().find(start);
      Mappable file = area == null ? null : area.file();
      if (area == null
          || file == null
          || !area.shared()
          || length <= 0
          || length > area.end() - start
          || page < 0
          || page > last) {
        throw ErrnoException.of(Errno.EINVAL);
      }
      FileBacking backing =
          new FileBacking(file, true, area.has(Vma.MAY_WRITE), !area.has(Vma.NO_EXEC));
      int how = MapFlags.SHARED | MapFlags.FIXED | MapFlags.POPULATE;
      mapper.map(
          via,
          start,
          length,
          area.protection(),
          how | (flags & MapFlags.NONBLOCK),
          backing,
          page * Pages.SIZE,
          area.flags() & Vma.LOCKED);
    } finally {
      lock.unlock();
    }
  }

  /**
   * mseal(2): the areas of a range can no longer be unmapped, moved, or changed.
   *
   * @throws ErrnoException EINVAL, or ENOMEM when part of the range is not mapped
   */
  public void mseal(long address, long length) throws ErrnoException {
    long size = Pages.up(length);
    if (!Pages.aligned(address)
        || (length != 0 && size == 0)
        || Long.compareUnsigned(address + size, address) < 0) {
      throw ErrnoException.of(Errno.EINVAL);
    }
    lock.lock();
    try {
      if (size < 0 || address < 0 || !areas.tree().covers(address, address + size)) {
        throw ErrnoException.of(Errno.ENOMEM);
      }
      for (Vma part : areas.tree().within(address, address + size)) {
        areas.publish(part.start(), part.end(), List.of(part.withFlags(part.flags() | Vma.SEALED)));
      }
    } finally {
      lock.unlock();
    }
  }

  /** brk(2); gives the end of the heap afterwards. */
  public long brk(Context via, long wanted) {
    lock.lock();
    try {
      return heap.move(via, wanted, locking.defaultFlags());
    } finally {
      lock.unlock();
    }
  }

  /** Says where the heap starts; page-aligned. */
  public void setBrk(long start) {
    lock.lock();
    try {
      heap.begin(start);
    } finally {
      lock.unlock();
    }
  }

  /** Where the heap starts. */
  public long heapStart() {
    return heap.start();
  }

  /** madvise(2). */
  public void madvise(Context via, long address, long length, int what) throws ErrnoException {
    lock.lock();
    try {
      advice.advise(via, address, length, what);
    } finally {
      lock.unlock();
    }
  }

  /**
   * mincore(2): which pages are in memory. Pages of files count as present.
   *
   * @param address page-aligned
   * @return a byte for each page, 1 when it is present
   * @throws ErrnoException ENOMEM when part of the range is not mapped
   */
  public byte[] mincore(long address, int pages) throws ErrnoException {
    lock.lock();
    try {
      long end = address + pages * Pages.SIZE;
      if (!areas.tree().covers(address, end)) {
        throw ErrnoException.of(Errno.ENOMEM);
      }
      byte[] present = new byte[pages];
      for (Vma part : areas.tree().within(address, end)) {
        Residence.mark(memory, part, present, (int) ((part.start() - address) / Pages.SIZE));
      }
      return present;
    } finally {
      lock.unlock();
    }
  }

  /**
   * msync(2) without its check of flags.
   *
   * @param wait whether changes shall be on the disk (MS_SYNC)
   * @param invalidate MS_INVALIDATE
   */
  public void msync(long address, long length, boolean wait, boolean invalidate)
      throws ErrnoException {
    List<Vma> written = new ArrayList<>();
    ErrnoException failure = null;
    lock.lock();
    try {
      long end = address + Pages.up(length);
      if (!areas.tree().covers(address, end)) {
        failure = ErrnoException.of(Errno.ENOMEM);
      }
      for (Vma part : areas.tree().within(address, end)) {
        if (invalidate && part.has(Vma.LOCKED)) {
          failure = ErrnoException.of(Errno.EBUSY);
          break;
        }
        Mappable file = part.file();
        if (wait && file != null && part.shared() && part.has(Vma.MAY_WRITE)) {
          file.mapped(1); // keeps its descriptor while the lock is not held
          written.add(part);
        }
      }
    } finally {
      lock.unlock();
    }
    for (Vma part : written) {
      Mappable file = Areas.file(part);
      try {
        ErrnoException.check(HostCall.call(Sys.FDATASYNC, file.hostFd(true)));
      } catch (ErrnoException e) {
        failure = failure == null ? e : failure;
      } finally {
        file.mapped(-1);
      }
    }
    if (failure != null) {
      throw failure;
    }
  }

  /**
   * mlock(2) and mlock2(2).
   *
   * @param privileged whether the caller has CAP_IPC_LOCK
   * @param onFault MLOCK_ONFAULT
   */
  public void mlock(long address, long length, boolean privileged, boolean onFault)
      throws ErrnoException {
    lock.lock();
    try {
      locking.lock(address, length, privileged, onFault);
    } finally {
      lock.unlock();
    }
  }

  /** munlock(2). */
  public void munlock(long address, long length) throws ErrnoException {
    lock.lock();
    try {
      locking.unlock(address, length);
    } finally {
      lock.unlock();
    }
  }

  /** mlockall(2). */
  public void mlockall(int flags, boolean privileged) throws ErrnoException {
    lock.lock();
    try {
      locking.lockAll(flags, privileged);
    } finally {
      lock.unlock();
    }
  }

  /** munlockall(2). */
  public void munlockall() {
    lock.lock();
    try {
      locking.unlockAll();
    } finally {
      lock.unlock();
    }
  }

  /**
   * Names a mapped range in /proc/PID/maps, such as {@code [vdso]} or {@code [anon:pool]}.
   *
   * @param name null for none
   * @throws ErrnoException ENOMEM when part of the range is not mapped, EBADF when a file is
   */
  public void setName(long address, long length, @Nullable String name) throws ErrnoException {
    lock.lock();
    try {
      long end = address + Pages.up(length);
      for (Vma part : areas.tree().within(address, end)) {
        if (part.file() != null) {
          throw ErrnoException.of(Errno.EBADF);
        }
        areas.publish(part.start(), part.end(), List.of(part.withName(name)));
      }
      if (!areas.tree().covers(address, end)) {
        throw ErrnoException.of(Errno.ENOMEM);
      }
    } finally {
      lock.unlock();
    }
  }

  /**
   * Answers a fault of the application.
   *
   * @return null when it can go on, or the signal that it gets
   */
  public @Nullable SignalInfo handleFault(Context via, Fault fault) {
    lock.lock();
    try {
      return faults.handle(via, fault);
    } finally {
      lock.unlock();
    }
  }

  /**
   * The memory of a child that fork(2) makes: a copy of private areas, the same shared ones. The
   * child shares the limits of this map until it is given its own.
   *
   * @param via the stopped context of the calling task
   * @param childSpace an empty address space whose first context is stopped; the child owns it when
   *     this succeeds
   * @throws ErrnoException ENOMEM
   */
  public MemoryMap fork(Context via, AddressSpace childSpace) throws ErrnoException {
    lock.lock();
    try {
      MemoryMap child = new MemoryMap(childSpace, areas.limits(), account);
      child.lock.lock();
      try {
        child.areas.setMmapBase(areas.mmapBase());
        new Fork(areas, child.areas).run(childSpace.firstContext());
        child.heap.copyFrom(heap);
        child.image = image;
        return child;
      } catch (ErrnoException e) {
        child.areas.publish(0, account.limitAddress(), List.of());
        child.users = 0;
        account.forget(child);
        throw e;
      } finally {
        child.lock.unlock();
      }
    } finally {
      lock.unlock();
    }
  }

  /**
   * Makes the pages of a range the process's own where they still are a file's, so that the
   * platform may change them.
   *
   * @return false when they are shared, or not mapped
   */
  public boolean makePrivate(Context via, long address, long length) {
    lock.lock();
    try {
      long end = Pages.up(address + length);
      for (Vma part : areas.tree().within(Pages.down(address), end)) {
        if (part.shared()) {
          return false;
        }
        if (!part.inMemory()) {
          Vma copy = areas.copied(part);
          if (copy == null) {
            return false;
          }
          areas.apply(via, copy.start(), copy.end(), List.of(copy), () -> areas.install(via, copy));
        }
      }
      return areas.tree().covers(Pages.down(address), end);
    } catch (ErrnoException _) {
      return false;
    } finally {
      lock.unlock();
    }
  }

  /** The map as the loader fills it. */
  public ImageMemory image(Context via) {
    return new ProgramMemory(this, via);
  }

  /** Notes what was loaded, for /proc. */
  public void loaded(Image loaded) {
    image = loaded;
  }

  /** What was loaded, or null before that. */
  public @Nullable Image image() {
    return image;
  }

  /** The first address that applications cannot map. */
  public long limit() {
    return account.limitAddress();
  }

  void setMmapBase(long address) {
    lock.lock();
    try {
      areas.setMmapBase(address);
    } finally {
      lock.unlock();
    }
  }

  long place(long length, long alignment) throws ErrnoException {
    lock.lock();
    try {
      long padded = length + alignment - Pages.SIZE;
      if (length <= 0 || padded <= 0) {
        throw ErrnoException.of(Errno.ENOMEM);
      }
      long found = mapper.find(0, Pages.up(padded), false);
      return (found + alignment - 1) & -alignment;
    } finally {
      lock.unlock();
    }
  }

  /**
   * What tells the futex at an address apart from all others.
   *
   * @param processPrivate FUTEX_PRIVATE_FLAG
   * @throws ErrnoException EFAULT when nothing is mapped there
   */
  public FutexKey futexKey(long address, boolean processPrivate) throws ErrnoException {
    if (!processPrivate) {
      Vma area = areas.tree().find(address);
      if (area == null) {
        throw ErrnoException.of(Errno.EFAULT);
      }
      Mappable file = area.file();
      if (area.shared() && file != null) {
        return new FutexKey(file.identity(), area.fileAt(address));
      }
    }
    return new FutexKey(this, address);
  }

  /**
   * The word of the futex at an address.
   *
   * @param store whether it will be written
   * @throws ErrnoException EINVAL for an address that is no multiple of 4, EFAULT
   */
  public FutexWord futexWord(long address, boolean store) throws ErrnoException {
    if ((address & 3) != 0) {
      throw ErrnoException.of(Errno.EINVAL);
    }
    return new UserWord(chunk(address, 4, store));
  }

  /** The areas as they are now. */
  public VmaTree areas() {
    return areas.tree();
  }

  /**
   * The lines of /proc/PID/maps.
   *
   * @param measured whether to find out how much memory each area takes, for smaps
   */
  public List<MapsEntry> maps(boolean measured) {
    Image loaded = image;
    long stack = loaded == null ? -1 : loaded.stackPointer();
    return new Snapshot(heap.start(), heap.end(), stack)
        .entries(areas.tree(), measured ? memory : null);
  }

  /** The sizes that /proc/PID/status shows. */
  public MemorySizes sizes() {
    lock.lock();
    try {
      AreaSizes sums = areas.sizes();
      // The descriptor is another file's once the map is closed.
      long allocated = users == 0 ? 0 : HostFile.allocated(memory.fd());
      long resident = Math.max(0, allocated - areas.ranges().keptBytes());
      peakResident = Math.max(peakResident, resident);
      return new MemorySizes(
          sums.total,
          sums.peak,
          resident,
          peakResident,
          sums.data,
          sums.stack,
          sums.locked,
          sums.executable);
    } finally {
      lock.unlock();
    }
  }
}
