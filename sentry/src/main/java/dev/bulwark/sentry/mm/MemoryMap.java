package dev.bulwark.sentry.mm;

import dev.bulwark.linux.Errno;
import dev.bulwark.platform.AddressSpace;
import dev.bulwark.platform.Context;
import dev.bulwark.platform.Fault;
import dev.bulwark.platform.MemoryFile;
import dev.bulwark.platform.Vdso;
import dev.bulwark.sentry.ErrnoException;
import dev.bulwark.sentry.futex.FutexKey;
import dev.bulwark.sentry.futex.FutexMemory;
import dev.bulwark.sentry.futex.FutexWord;
import dev.bulwark.sentry.kernel.Limits;
import dev.bulwark.sentry.loader.Image;
import dev.bulwark.sentry.loader.ImageMemory;
import dev.bulwark.sentry.signal.SignalInfo;
import dev.bulwark.sentry.vfs.Location;
import dev.bulwark.sentry.vfs.WriteAccess;
import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Predicate;
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
public final class MemoryMap implements FutexMemory, UserMemory, AutoCloseable {
  private final ReentrantLock lock = new ReentrantLock();
  private final Held held = this::letGo;
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
  private final CallPatcher calls;
  private final HeapEnd heap;
  private final Marks marks;
  private volatile @Nullable Image image;
  private long peakResident;
  private int users = 1;

  /** The lock, held until closed. */
  @FunctionalInterface
  private interface Held extends AutoCloseable {
    @Override
    void close();
  }

  private Held hold() {
    lock.lock();
    return held;
  }

  private void letGo() {
    List<MappedFile> gone = areas.files().takeGone();
    lock.unlock();
    gone.forEach(MappedFile::release);
  }

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
    calls = new CallPatcher(areas);
    heap = new HeapEnd(areas);
    marks = new Marks(areas);
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
    try (Held _ = hold()) {
      if (users == 0) {
        return false;
      }
      users++;
      return true;
    }
  }

  /** How many references there are: 1 when no other task shares the memory. */
  public int users() {
    try (Held _ = hold()) {
      return users;
    }
  }

  /** One user less; the last one closes the address space. */
  @Override
  public void close() {
    try (Held _ = hold()) {
      if (users == 0 || --users > 0) {
        return;
      }
      areas.publish(0, account.limitAddress(), List.of());
    }
    loaded(null);
    account.forget(this);
    space.close();
  }

  /**
   * The last task that runs here is about to end: lets go of all that is mapped, so that nobody who
   * learns of the end still finds it mapped. Nothing happens while others use the map.
   */
  public void abandon() {
    try (Held _ = hold()) {
      if (users == 1) {
        areas.publish(0, account.limitAddress(), List.of());
      }
    }
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
      MappedFile file = area.file();
      if (file != null && !area.lazy()) {
        MemorySegment seen = account.windows().find(file, area.fileAt(address));
        if (seen != null) {
          return cut(seen, area, address, length);
        }
      }
    }
    Vdso vdso = account.vdso();
    if (vdso != null && !store && address >= vdso.address() && address < vdso.end()) {
      return vdso.image().asSlice(address - vdso.address(), Math.min(length, vdso.end() - address));
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
    try (Held _ = hold()) {
      Vma area = faults.reach(address, store);
      if (area.inMemory()) {
        return inMemory(area, address, length);
      }
      MemorySegment seen = account.windows().at(Areas.file(area), area.fileAt(address));
      return cut(seen, area, address, length);
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
    if (file == null) {
      return map(via, address, length, protection, flags, null, null, offset);
    }
    boolean store = file.writable() && (flags & MapFlags.SHARED) != 0;
    FileBacking backing = file;
    MappedFile opened;
    try {
      opened = MappedFile.open(file.file(), store);
    } catch (ErrnoException e) {
      if (!store || (protection & Protection.WRITE) != 0) {
        throw e;
      }
      // Sealed against writing, for example: such a mapping can never become writable.
      backing = new FileBacking(file.file(), file.readable(), false, file.executable());
      opened = MappedFile.open(file.file(), false);
    }
    try {
      return map(via, address, length, protection, flags, backing, opened, offset);
    } finally {
      opened.release();
    }
  }

  private long map(
      Context via,
      long address,
      long length,
      int protection,
      int flags,
      @Nullable FileBacking backing,
      @Nullable MappedFile opened,
      long offset)
      throws ErrnoException {
    try (Held _ = hold()) {
      if ((flags & (MapFlags.FIXED | MapFlags.FIXED_NOREPLACE)) == MapFlags.FIXED) {
        calls.disturb(via, address, Pages.up(length));
      }
      return mapper.map(
          via,
          address,
          length,
          protection & Protection.ALL,
          flags,
          backing,
          opened,
          offset,
          locking.defaultFlags());
    }
  }

  /**
   * What mmap(2) and its kin check before they lock memory.
   *
   * @param bytes how much would be locked, or 0 to look at the permission only
   * @throws ErrnoException EPERM without any permission to lock, EAGAIN beyond the limit
   */
  public void requireLockable(long bytes, boolean privileged) throws ErrnoException {
    try (Held _ = hold()) {
      locking.requireAllowed(privileged);
      if (!areas.mayLock(bytes, privileged)) {
        throw ErrnoException.of(Errno.EAGAIN);
      }
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
    try (Held _ = hold()) {
      calls.disturb(via, address, size);
      areas.unmap(via, address, address + size);
    }
  }

  /**
   * shmdt(2): unmaps the parts of one object that lie as if the object began at an address.
   *
   * @param kind tells the objects that count; the first such one is it
   * @return false when there is none
   */
  public boolean detach(Context via, long address, Predicate<Mappable> kind) throws ErrnoException {
    try (Held _ = hold()) {
      MappedFile found = null;
      for (Vma area : areas.tree().all()) {
        MappedFile file = area.file();
        if (file == null || area.start() - address != area.fileOffset()) {
          continue;
        }
        if (found == null ? kind.test(file.source()) : file.equals(found)) {
          areas.unmap(via, area.start(), area.end());
          found = file;
        }
      }
      return found != null;
    }
  }

  /**
   * mprotect(2).
   *
   * @param protection {@link Protection} bits, {@link Protection#GROWS_DOWN} among them
   */
  public void mprotect(Context via, long address, long length, int protection)
      throws ErrnoException {
    try (Held _ = hold()) {
      calls.disturb(via, address, Pages.up(length));
      protector.protect(via, address, length, protection);
    }
  }

  /** mremap(2); gives the new address. */
  public long mremap(
      Context via, long address, long oldLength, long newLength, int flags, long newAddress)
      throws ErrnoException {
    try (Held _ = hold()) {
      calls.disturb(via, address, Pages.up(oldLength));
      if ((flags & Remapper.FIXED) != 0) {
        calls.disturb(via, newAddress, Pages.up(newLength));
      }
      return remapper.remap(via, address, oldLength, newLength, flags, newAddress);
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
    try (Held _ = hold()) {
      remapper.remapFilePages(via, address, size, page, flags);
    }
  }

  /**
   * mseal(2): the areas of a range can no longer be unmapped, moved, or changed.
   *
   * @throws ErrnoException EINVAL, or ENOMEM when part of the range is not mapped
   */
  public void mseal(long address, long length) throws ErrnoException {
    try (Held _ = hold()) {
      marks.seal(address, length);
    }
  }

  /** brk(2); gives the end of the heap afterwards. */
  public long brk(Context via, long wanted) {
    try (Held _ = hold()) {
      return heap.move(via, wanted, locking.defaultFlags());
    }
  }

  /** Says where the heap starts; page-aligned. */
  public void setBrk(long start) {
    try (Held _ = hold()) {
      heap.begin(start);
    }
  }

  /** Where the heap starts. */
  public long heapStart() {
    return heap.start();
  }

  /**
   * A file was cut off: its private pages behind the new end go.
   *
   * @param device the file's device number, as the maps show it
   * @param inode its inode number
   * @param size its length now
   * @throws ErrnoException ENOMEM when areas cannot be split any further
   */
  public void fileTruncated(Context via, long device, long inode, long size) throws ErrnoException {
    try (Held _ = hold()) {
      new Truncation(areas).drop(via, device, inode, size);
    }
  }

  /** madvise(2). */
  public void madvise(Context via, long address, long length, int what) throws ErrnoException {
    try (Held _ = hold()) {
      calls.disturb(via, address, Pages.up(length));
      advice.advise(via, address, length, what);
    }
  }

  /**
   * mincore(2): which pages are in memory. Pages of files on a disk count as present.
   *
   * @param address page-aligned
   * @return a byte for each page, 1 when it is present
   * @throws ErrnoException ENOMEM when part of the range is not mapped
   */
  public byte[] mincore(long address, int pages) throws ErrnoException {
    try (Held _ = hold()) {
      return Residence.of(areas, address, pages);
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
    FileSync sync = new FileSync(areas);
    try (Held _ = hold()) {
      sync.collect(address, length, wait, invalidate);
    }
    sync.run();
  }

  /**
   * mlock(2) and mlock2(2).
   *
   * @param privileged whether the caller has CAP_IPC_LOCK
   * @param onFault MLOCK_ONFAULT
   */
  public void mlock(long address, long length, boolean privileged, boolean onFault)
      throws ErrnoException {
    try (Held _ = hold()) {
      locking.lock(address, length, privileged, onFault);
    }
  }

  /** munlock(2). */
  public void munlock(long address, long length) throws ErrnoException {
    try (Held _ = hold()) {
      locking.unlock(address, length);
    }
  }

  /** mlockall(2). */
  public void mlockall(int flags, boolean privileged) throws ErrnoException {
    try (Held _ = hold()) {
      locking.lockAll(flags, privileged);
    }
  }

  /** munlockall(2). */
  public void munlockall() {
    try (Held _ = hold()) {
      locking.unlockAll();
    }
  }

  /**
   * Names anonymous memory in /proc/PID/maps (PR_SET_VMA_ANON_NAME).
   *
   * @param name at most 79 printable characters, or null for none
   * @throws ErrnoException EINVAL for a bad range, ENOMEM when part of it is not mapped, EBADF when
   *     a file is
   */
  public void setName(long address, long length, @Nullable String name) throws ErrnoException {
    try (Held _ = hold()) {
      marks.name(address, length, name);
    }
  }

  /**
   * Answers a fault of the application.
   *
   * @return null when it can go on, or the signal that it gets
   */
  public @Nullable SignalInfo handleFault(Context via, Fault fault) {
    try (Held _ = hold()) {
      return faults.handle(via, fault);
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
    try (Held _ = hold()) {
      MemoryMap child = new MemoryMap(childSpace, areas.limits(), account);
      child.lock.lock();
      try {
        child.areas.setMmapBase(areas.mmapBase());
        new Fork(areas, child.areas).run(childSpace.firstContext());
        child.calls.copyFrom(calls);
        child.heap.copyFrom(heap);
        child.loaded(image);
        return child;
      } catch (ErrnoException e) {
        child.areas.publish(0, account.limitAddress(), List.of());
        child.areas.files().takeGone().forEach(MappedFile::release); // all are the parent's too
        child.users = 0;
        account.forget(child);
        throw e;
      } finally {
        child.lock.unlock();
      }
    }
  }

  /**
   * Makes the pages of a range the process's own where they still are a file's, so that the
   * platform may change them.
   *
   * @return false when they are shared, or not mapped
   */
  public boolean makePrivate(Context via, long address, long length) {
    try (Held _ = hold()) {
      return faults.makePrivate(via, Pages.down(address), Pages.up(address + length));
    }
  }

  /**
   * Has a call site that often traps changed so that it does not, if it can be changed.
   *
   * @param via the context that is stopped in a system call
   * @param returnAddress of that call
   */
  public void patchCall(Context via, long returnAddress) {
    try (Held _ = hold()) {
      calls.patch(via, returnAddress, via.syscallNumber());
    }
  }

  /** The map as the loader fills it. */
  public ImageMemory image(Context via) {
    return new ProgramMemory(this, via);
  }

  /** Notes what was loaded, for /proc. */
  public void loaded(@Nullable Image loaded) {
    executes(image, false);
    image = loaded;
    executes(loaded, true);
  }

  /** A program that runs cannot be written to. Whoever loads or copies it keeps writers out. */
  private static void executes(@Nullable Image image, boolean begins) {
    Location program = image == null ? null : image.executable();
    if (program != null) {
      WriteAccess access = program.inode().writeAccess();
      if (!begins) {
        access.endExecute();
      } else if (!access.tryExecute()) {
        throw new IllegalStateException("loading a program that somebody writes to");
      }
    }
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
    try (Held _ = hold()) {
      areas.setMmapBase(address);
    }
  }

  long place(long length, long alignment) throws ErrnoException {
    try (Held _ = hold()) {
      return mapper.find(length, alignment);
    }
  }

  /**
   * What tells the futex at an address apart from all others.
   *
   * @param processPrivate FUTEX_PRIVATE_FLAG
   * @throws ErrnoException EFAULT when nothing is mapped there
   */
  @Override
  public FutexKey futexKey(long address, boolean processPrivate) throws ErrnoException {
    if (!processPrivate) {
      Vma area = areas.tree().find(address);
      if (area == null) {
        throw ErrnoException.of(Errno.EFAULT);
      }
      MappedFile file = area.file();
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
  @Override
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
    return new Snapshot(heap.start(), heap.end(), stack, account.vdso())
        .entries(areas.tree(), measured ? memory : null);
  }

  /** The sizes that /proc/PID/status shows. */
  public MemorySizes sizes() {
    try (Held _ = hold()) {
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
    }
  }
}
