package dev.bulwark.sentry.mm;

import dev.bulwark.linux.Errno;
import dev.bulwark.platform.AddressSpace;
import dev.bulwark.platform.Context;
import dev.bulwark.platform.MemoryFile;
import dev.bulwark.sentry.ErrnoException;
import dev.bulwark.sentry.kernel.Limits;
import java.util.List;

/**
 * The areas of one address space together with what stands behind them: the stub's mappings, the
 * memory file, the files. The operations on memory are built from the few steps here, which keep
 * the four in agreement. Guarded by the lock of the memory map; only {@link #tree} may be read
 * without it.
 *
 * <p>The tree is what is true. The stub may lag behind it where the Sentry itself filled memory in
 * (it has no context at hand then): the application faults there, and the fault maps what the tree
 * says.
 */
final class Areas {
  /** vm.max_map_count, less what the stub maps for itself. */
  static final int MAX_AREAS = 65_000;

  /** A private writable mapping of a file up to this size is copied at once. */
  static final long COPIED_AT_ONCE = 256 << 10;

  /** What stays free for the stack until the loader has said where mmap(2) begins. */
  private static final long DEFAULT_STACK_GAP = 1L << 34;

  private final AddressSpace space;
  private final MemoryFile memory;
  private final MemoryRanges ranges;
  private final MappedFiles files;
  private final MemoryAccount account;
  private volatile Limits limits;
  private long mmapBase;
  private final AreaSizes sizes = new AreaSizes();
  private final RangeSet lagging = new RangeSet();
  private volatile VmaTree tree = VmaTree.EMPTY;

  /** Queues operations on the stub. */
  @FunctionalInterface
  interface Steps {
    void queue() throws ErrnoException;
  }

  Areas(AddressSpace space, Limits limits, MemoryAccount account) {
    this.space = space;
    this.memory = space.memory();
    this.ranges = new MemoryRanges(memory);
    this.files = new MappedFiles(account.windows());
    this.limits = limits;
    this.account = account;
    this.mmapBase = Pages.down(account.limitAddress() - DEFAULT_STACK_GAP);
  }

  VmaTree tree() {
    return tree;
  }

  AddressSpace space() {
    return space;
  }

  MemoryFile memory() {
    return memory;
  }

  MappedFiles files() {
    return files;
  }

  MemoryRanges ranges() {
    return ranges;
  }

  Limits limits() {
    return limits;
  }

  MemoryAccount account() {
    return account;
  }

  void setLimits(Limits next) {
    limits = next;
  }

  /** The lowest address that may be mapped (vm.mmap_min_addr). */
  long lowest() {
    return account.lowestAddress();
  }

  /** The first address that may not be mapped (TASK_SIZE). */
  long limit() {
    return account.limitAddress();
  }

  /** Below which mmap(2) looks for room, downwards. */
  long mmapBase() {
    return mmapBase;
  }

  void setMmapBase(long address) {
    mmapBase = Math.clamp(Pages.down(address), lowest(), limit());
  }

  AreaSizes sizes() {
    return sizes;
  }

  /** Queues what makes the stub map an area as the tree has it. */
  void install(Context via, Vma area) throws ErrnoException {
    if (area.inMemory()) {
      space.mapMemory(via, area.start(), area.length(), area.protection(), area.memory());
    } else if (area.lazy()) {
      space.unmap(via, area.start(), area.length());
    } else {
      int fd = file(area).fd();
      space.mapFile(via, area.start(), area.length(), area.protection(), fd, area.fileOffset());
    }
    lagging.remove(area.start(), area.end());
  }

  /** The same for private memory whose pages the host holds, so that none need be faulted in. */
  void installPresent(Context via, Vma area) {
    space.mapPresent(via, area.start(), area.length(), area.protection(), area.memory());
    lagging.remove(area.start(), area.end());
  }

  /**
   * Queues a change of protection.
   *
   * @param area as it will be; mapped with another protection until now
   */
  void protect(Context via, Vma area) throws ErrnoException {
    if (lagging.overlap(area.start(), area.end()) != null) {
      install(via, area);
    } else {
      space.protect(via, area.start(), area.length(), area.protection());
    }
  }

  /** Queues the unmapping of a range. */
  void remove(Context via, long start, long end) {
    space.unmap(via, start, end - start);
    lagging.remove(start, end);
  }

  /** Notes that the stub does not map yet what the tree has in a range. */
  void lag(long start, long end) {
    lagging.remove(start, end);
    lagging.add(start, end);
  }

  /**
   * Changes the stub, and when that has worked, the tree.
   *
   * @param next the contents of the range afterwards
   * @throws ErrnoException what the host or a file answered; the range is as before then, or
   *     unmapped where that failed too
   */
  void apply(Context via, long start, long end, List<Vma> next, Steps steps) throws ErrnoException {
    commit(via, start, end, steps);
    publish(start, end, next);
  }

  /** Changes the stub only; restores a range of it when that fails. */
  void commit(Context via, long start, long end, Steps steps) throws ErrnoException {
    ErrnoException failure = null;
    try {
      steps.queue();
    } catch (ErrnoException e) {
      failure = e;
    }
    int result = space.commit(via);
    if (failure == null && result < 0) {
      failure = refused(result);
    }
    if (failure != null) {
      restore(via, start, end);
      throw failure;
    }
  }

  private static ErrnoException refused(int result) {
    return switch (-result) {
      case Errno.EACCES, Errno.EPERM, Errno.ENODEV, Errno.EAGAIN -> ErrnoException.of(-result);
      default -> ErrnoException.of(Errno.ENOMEM);
    };
  }

  private void restore(Context via, long start, long end) {
    remove(via, start, end);
    for (Vma area : tree.within(start, end)) {
      try {
        install(via, area);
      } catch (ErrnoException _) {
        lag(area.start(), area.end()); // the next fault tries again
      }
    }
    if (space.commit(via) < 0) {
      for (Vma area : tree.within(start, end)) {
        lag(area.start(), area.end());
      }
    }
  }

  /** Changes the tree and what is counted from it; memory ranges stay as they are. */
  void publish(long start, long end, List<Vma> next) {
    for (Vma area : next) {
      sizes.add(area);
      if (area.file() != null) {
        files.add(area.file(), area.length());
      }
    }
    List<Vma> old = tree.within(start, end);
    VmaTree changed = tree.replace(start, end, next);
    account.addAreas(changed.size() - tree.size());
    tree = changed;
    for (Vma area : old) {
      sizes.remove(area);
      if (area.file() != null) {
        files.remove(area.file(), area.length());
      }
    }
  }

  /** Gives back the memory of areas that are mapped no more. */
  void release(List<Vma> gone) {
    for (Vma area : gone) {
      if (area.inMemory()) {
        ranges.release(area.memory(), area.length());
      }
    }
  }

  /** Unmaps a range. */
  void unmap(Context via, long start, long end) throws ErrnoException {
    List<Vma> old = tree.within(start, end);
    if (old.isEmpty()) {
      return;
    }
    requireUnsealed(old);
    Vma first = tree.get(tree.indexAbove(start));
    if (first.start() < start && first.end() > end) {
      requireAreas();
    }
    long from = old.getFirst().start();
    long to = old.getLast().end();
    apply(via, from, to, List.of(), () -> remove(via, from, to));
    release(old);
  }

  /**
   * Takes zeroed memory for pages at an address.
   *
   * @param prefer the offset that would join a neighbour, most often the address itself
   */
  long allocate(long prefer, long length) throws ErrnoException {
    long offset = ranges.allocate(prefer, length);
    if (offset < 0) {
      throw ErrnoException.of(Errno.ENOMEM);
    }
    return offset;
  }

  /**
   * Copies the file's pages of a private area into memory.
   *
   * @return the area's pages up to the end of the file, or null when it has none
   * @throws ErrnoException EIO, ENOMEM, or what the file answers
   */
  @org.jspecify.annotations.Nullable
  Vma copied(Vma area) throws ErrnoException {
    int fd = file(area).fd();
    long size = HostFile.size(fd);
    if (size < 0) {
      throw ErrnoException.of(Errno.EIO);
    }
    long length = Math.min(area.length(), Pages.up(size) - area.fileOffset());
    if (length <= 0) {
      return null;
    }
    long offset = allocate(area.start(), length);
    try {
      for (long done = 0; done < length; ) {
        long n = Math.min(length - done, memory.span(offset + done));
        HostFile.read(fd, area.fileOffset() + done, memory.at(offset + done, n));
        done += n;
      }
    } catch (ErrnoException e) {
      ranges.release(offset, length);
      throw e;
    }
    return area.within(area.start(), area.start() + length).withMemory(offset);
  }

  /**
   * What the Sentry sees at an address of an area that is not lazy: at least one byte.
   *
   * @throws ErrnoException EFAULT past the end of a file
   */
  java.lang.foreign.MemorySegment seen(Vma area, long address, long length) throws ErrnoException {
    long most = Math.min(length, area.end() - address);
    if (area.inMemory()) {
      long offset = area.memoryAt(address);
      return memory.at(offset, Math.min(most, memory.span(offset)));
    }
    var window = account.windows().at(file(area), area.fileAt(address));
    return window.asSlice(0, Math.min(most, window.byteSize()));
  }

  /** The file of an area that lies in one. */
  static MappedFile file(Vma area) {
    MappedFile file = area.file();
    if (file == null) {
      throw new IllegalStateException("an area of nothing");
    }
    return file;
  }

  /**
   * Checks that there is room for more (may_expand_vm).
   *
   * @param bytes by how much the address space grows
   * @param data by how much its data grow
   * @throws ErrnoException ENOMEM beyond RLIMIT_AS, RLIMIT_DATA or the number of areas
   */
  void requireRoom(long bytes, long data) throws ErrnoException {
    if (!mayAddAreas()
        || (bytes > 0 && limits.exceeded(Limits.AS, sizes.total + bytes))
        || (data > 0 && limits.exceeded(Limits.DATA, sizes.data + data))) {
      throw ErrnoException.of(Errno.ENOMEM);
    }
  }

  /** Whether the process and the sandbox may have more areas. */
  boolean mayAddAreas() {
    return tree.size() < MAX_AREAS && account.admitsAreas(1);
  }

  /**
   * Checks that areas may be split.
   *
   * @throws ErrnoException ENOMEM when there are too many
   */
  void requireAreas() throws ErrnoException {
    if (!mayAddAreas()) {
      throw ErrnoException.of(Errno.ENOMEM);
    }
  }

  /** Makes the host provide the pages of an area now, as far as the limit of the sandbox goes. */
  void populate(Vma area) {
    if (area.inMemory() && area.protection() != 0 && area.length() <= account.fillable()) {
      memory.populate(area.memory(), area.length());
    }
  }

  /**
   * Checks that areas may be unmapped or changed.
   *
   * @throws ErrnoException EPERM for what mseal(2) has sealed
   */
  static void requireUnsealed(List<Vma> parts) throws ErrnoException {
    for (Vma part : parts) {
      if (part.has(Vma.SEALED)) {
        throw ErrnoException.of(Errno.EPERM);
      }
    }
  }

  /** Whether a privileged caller, or the limit, admits that so much more is locked. */
  boolean mayLock(long bytes, boolean privileged) {
    return privileged || !limits.exceeded(Limits.MEMLOCK, sizes.locked + bytes);
  }
}
