package dev.bulwark.sentry.io;

import dev.bulwark.linux.Errno;
import dev.bulwark.linux.HostCall;
import dev.bulwark.linux.Sys;
import dev.bulwark.sentry.ErrnoException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayDeque;

/**
 * Pages of native memory for contents that the Sentry keeps for applications, such as those of
 * pipes. The number of pages in use is limited, and memory of pages that lie idle goes back to the
 * host. Thread-safe; its monitor is a leaf.
 */
public final class PagePool {
  private static final int SLAB_PAGES = 16;
  private static final int MADV_DONTNEED = 4;

  /** How many idle pages keep their memory, for quick reuse. */
  private static final int WARM = 256;

  private final int limit;
  private final ArrayDeque<Page> free = new ArrayDeque<>();
  private int made;

  /**
   * A pool without pages.
   *
   * @param limit how many it hands out at most
   */
  public PagePool(int limit) {
    this.limit = limit;
  }

  /**
   * A page with unspecified contents and one owner.
   *
   * @throws ErrnoException ENOMEM when the limit is reached
   */
  public synchronized Page take() throws ErrnoException {
    if (free.isEmpty()) {
      grow();
    }
    Page page = free.pop();
    page.taken();
    return page;
  }

  private void grow() throws ErrnoException {
    int pages = Math.min(SLAB_PAGES, limit - made);
    if (pages <= 0) {
      throw ErrnoException.of(Errno.ENOMEM);
    }
    long length = (long) pages * Page.SIZE;
    MemorySegment slab = Arena.global().allocate(length, Page.SIZE);
    for (int i = 0; i < pages; i++) {
      free.add(new Page(this, slab.asSlice((long) i * Page.SIZE, Page.SIZE)));
    }
    made += pages;
  }

  synchronized void give(Page page) {
    if (free.size() >= WARM) {
      HostCall.call(Sys.MADVISE, page.memory.address(), Page.SIZE, MADV_DONTNEED);
      free.addLast(page);
    } else {
      free.push(page);
    }
  }

  /** How many pages are in use. */
  public synchronized int inUse() {
    return made - free.size();
  }
}
