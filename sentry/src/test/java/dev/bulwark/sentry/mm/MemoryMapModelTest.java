package dev.bulwark.sentry.mm;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.bulwark.linux.Errno;
import dev.bulwark.platform.Context;
import dev.bulwark.sentry.ErrnoException;
import dev.bulwark.sentry.kernel.Limits;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Random operations on a memory map and on an array of pages, which must agree in what the
 * application sees, in what the Sentry sees, and after a fork.
 */
class MemoryMapModelTest {
  private static final long AT = 0x10000000L;
  private static final long PAGE = Pages.SIZE;
  private static final int PAGES = 220;
  private static final int FILE_PAGES = 180;
  private static final int FIXED = MapFlags.PRIVATE | MapFlags.FIXED;

  private final MemoryAccount account =
      new MemoryAccount(MemoryAccount.UNLIMITED, 0x10000, 0x7fff_0000_0000L);
  private final PagedSpace space = new PagedSpace();
  private final Context via = space.firstContext();
  private final MemoryMap map = MemoryMap.create(space, new Limits(), account);
  private final TestFile file = new TestFile(FILE_PAGES * PAGE, true);
  private Page[] model = new Page[PAGES];

  /** A page: its protection, the value of its first byte, and where in the file it was mapped. */
  private static final class Page {
    int protection;
    int value;
    final int filePage;

    Page(int protection, int filePage) {
      this.protection = protection;
      this.filePage = filePage;
      this.value = filePage + 1;
    }

    Page(Page other) {
      protection = other.protection;
      value = other.value;
      filePage = other.filePage;
    }

    /** The page lies past the end of the file. */
    boolean bad() {
      return filePage >= FILE_PAGES;
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 4, 5, 6})
  void agreesWithAnArrayOfPages(int seed) throws ErrnoException {
    Random random = new Random(seed);
    for (int step = 0; step < 300; step++) {
      act(random);
      for (int i = 0; i < 4; i++) {
        check(space, map, random.nextInt(PAGES));
      }
      if (step % 50 == 49) {
        checkFork();
      }
    }
    for (int i = 0; i < PAGES; i++) {
      check(space, map, i);
    }
    map.munmap(via, AT, PAGES * PAGE);
    assertEquals(0, map.areas().size());
    assertEquals(0, map.sizes().total());
    assertEquals(0, file.mappings);
    map.close();
    file.close();
  }

  private void act(Random random) throws ErrnoException {
    int start = random.nextInt(PAGES);
    int count = 1 + random.nextInt(Math.min(PAGES - start, random.nextBoolean() ? 8 : PAGES));
    long address = AT + start * PAGE;
    int protection = random.nextInt(4);
    switch (random.nextInt(9)) {
      case 0 -> {
        int flags = FIXED | MapFlags.ANONYMOUS;
        map.mmap(via, address, count * PAGE, protection, flags, null, 0);
        for (int i = 0; i < count; i++) {
          model[start + i] = new Page(protection, -1);
        }
      }
      case 1 -> {
        int page = random.nextInt(FILE_PAGES);
        FileBacking backing = FileBacking.readOnly(file);
        map.mmap(via, address, count * PAGE, protection, FIXED, backing, page * PAGE);
        for (int i = 0; i < count; i++) {
          model[start + i] = new Page(protection, page + i);
        }
      }
      case 2 -> {
        map.munmap(via, address, count * PAGE);
        Arrays.fill(model, start, start + count, null);
      }
      case 3, 4 -> protect(address, start, count, protection);
      case 5 -> drop(address, start, count);
      case 6 -> move(start, count, random.nextInt(PAGES));
      default -> {
        for (int i = 0; i < 3; i++) {
          store(start, 1 + random.nextInt(200), random.nextBoolean());
        }
      }
    }
  }

  private void protect(long address, int start, int count, int protection) {
    int errno = errno(() -> map.mprotect(via, address, count * PAGE, protection));
    int reached = start;
    while (reached < start + count && model[reached] != null) {
      model[reached++].protection = protection;
    }
    assertEquals(reached == start + count ? 0 : Errno.ENOMEM, errno);
  }

  private void drop(long address, int start, int count) {
    int errno = errno(() -> map.madvise(via, address, count * PAGE, Advice.DONTNEED));
    boolean whole = true;
    for (int i = start; i < start + count; i++) {
      Page page = model[i];
      whole &= page != null;
      if (page != null) {
        page.value = page.filePage + 1;
      }
    }
    assertEquals(whole ? 0 : Errno.ENOMEM, errno);
  }

  /** Moves with MREMAP_FIXED; only ranges that are one area for the application can be moved. */
  private void move(int from, int count, int to) {
    long source = AT + from * PAGE;
    long target = AT + to * PAGE;
    if (to + count > PAGES) {
      return;
    }
    int flags = Remapper.MAYMOVE | Remapper.FIXED;
    int errno = errno(() -> map.mremap(via, source, count * PAGE, count * PAGE, flags, target));
    boolean overlaps = from < to + count && to < from + count;
    if (model[from] == null || overlaps) {
      assertEquals(overlaps ? Errno.EINVAL : Errno.EFAULT, errno);
      return;
    }
    Page[] pages = Arrays.copyOfRange(model, from, from + count);
    Arrays.fill(model, to, to + count, null);
    boolean alike = true;
    for (int i = 0; i < count; i++) {
      Page first = pages[0];
      Page page = pages[i];
      alike &=
          page != null
              && page.protection == first.protection
              && page.filePage == (first.filePage < 0 ? -1 : first.filePage + i);
    }
    assertEquals(alike ? 0 : Errno.EFAULT, errno);
    if (alike) {
      Arrays.fill(model, from, from + count, null);
      System.arraycopy(pages, 0, model, to, count);
    }
  }

  private void store(int index, int value, boolean bySentry) {
    Page page = model[index];
    long address = AT + index * PAGE;
    boolean possible = page != null && (page.protection & Protection.WRITE) != 0;
    boolean good = possible && page != null && !page.bad();
    if (bySentry) {
      assertEquals(good ? 0 : Errno.EFAULT, errno(() -> map.putByte(address, value)));
    } else {
      assertEquals(good ? 0 : possible ? -7 : -11, space.store(map, address, value));
    }
    if (good && page != null) {
      page.value = value;
    }
  }

  private void check(PagedSpace seenBy, MemoryMap memory, int index) {
    Page page = model[index];
    long address = AT + index * PAGE;
    boolean possible = page != null && page.protection != 0;
    if (!possible || page == null || page.bad()) {
      assertEquals(possible ? -7 : -11, seenBy.load(memory, address), () -> "page " + index);
      assertEquals(Errno.EFAULT, errno(() -> memory.getByte(address)));
    } else {
      List<Integer> seen = new ArrayList<>();
      assertEquals(0, errno(() -> seen.add(memory.getByte(address) & 0xff)), () -> "page " + index);
      seen.add(seenBy.load(memory, address));
      assertEquals(List.of(page.value, page.value), seen, () -> "page " + index);
    }
  }

  private void checkFork() throws ErrnoException {
    PagedSpace other = new PagedSpace();
    Page[] before = model;
    try (MemoryMap child = map.fork(via, other)) {
      Page[] copy = new Page[PAGES];
      for (int i = 0; i < PAGES; i++) {
        Page page = model[i];
        copy[i] = page == null ? null : new Page(page);
      }
      model = copy;
      for (int i = 0; i < PAGES; i++) {
        check(other, child, i);
      }
    } finally {
      model = before;
    }
  }

  private interface Action {
    void run() throws ErrnoException;
  }

  private static int errno(Action action) {
    try {
      action.run();
      return 0;
    } catch (ErrnoException e) {
      return e.errno();
    }
  }
}
