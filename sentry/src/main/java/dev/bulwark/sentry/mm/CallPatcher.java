package dev.bulwark.sentry.mm;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_LONG_UNALIGNED;

import dev.bulwark.linux.Errno;
import dev.bulwark.platform.CallSite;
import dev.bulwark.platform.CallSites;
import dev.bulwark.platform.Context;
import dev.bulwark.platform.Trampoline;
import dev.bulwark.sentry.ErrnoException;
import java.lang.foreign.MemorySegment;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Changes call sites in application text so that they do not trap. Guarded by the lock of the
 * memory map.
 *
 * <p>Text is never changed where a thread may be executing it: a changed copy of the page takes the
 * page's place, and every processor has left the old one when the host has done so. Only private
 * text that cannot be written is changed; before an application unmaps, moves or protects such
 * text, or the trampolines, it gets back what it had.
 *
 * <p>Trampolines lie in an area of their own near the text, as if the application had mapped it.
 */
final class CallPatcher {
  private static final int SYSCALL = 2;
  private static final String NAME = "bulwark:calls";

  private final Areas areas;
  private final @Nullable CallSites sites;

  CallPatcher(Areas areas) {
    this.areas = areas;
    sites = areas.space().callSites();
  }

  /** Takes over what is changed in the memory that was copied from a parent's. */
  void copyFrom(CallPatcher parent) {
    if (sites != null && parent.sites != null) {
      sites.copyFrom(parent.sites);
    }
  }

  /**
   * Changes a call site if it can be changed.
   *
   * @param returnAddress just behind a {@code syscall} instruction
   * @param number of the call that was made there
   */
  void patch(Context via, long returnAddress, long number) {
    if (sites == null) {
      return;
    }
    try {
      CallSite site = recognise(returnAddress, number);
      Vma page = site == null ? null : page(site);
      if (site == null || page == null) {
        return;
      }
      areas.requireAreas();
      Trampoline trampoline = place(via, sites, site);
      if (trampoline == null) {
        return;
      }
      write(trampoline.address(), sites.code(trampoline));
      sites.add(trampoline);
      boolean changed = false;
      try {
        change(via, page, site.start(), sites.jump(trampoline));
        changed = true;
      } finally {
        if (!changed) {
          sites.remove(trampoline);
        }
      }
    } catch (ErrnoException _) {
      return; // it goes on to trap
    }
  }

  private @Nullable CallSite recognise(long returnAddress, long number) throws ErrnoException {
    long from = returnAddress - CallSite.BEFORE;
    byte[] text = new byte[CallSite.BEFORE + CallSite.BEHIND];
    // Text may begin or end nearby: what lies outside is taken for zeroes.
    long end = Math.min(returnAddress + CallSite.BEHIND, Pages.up(returnAddress));
    long start = Math.max(from, Pages.down(returnAddress - SYSCALL));
    read(start, text, (int) (start - from), (int) (end - start));
    return CallSite.recognise(returnAddress, number, text);
  }

  /** The page of a site, or null when its text is not to be changed. */
  private @Nullable Vma page(CallSite site) {
    long page = Pages.down(site.start());
    Vma area = areas.tree().find(page);
    int last = site.length() - 1;
    boolean within = Pages.down(site.start() + last) == page;
    return within && area != null && isText(area) ? area.within(page, page + Pages.SIZE) : null;
  }

  private static boolean isText(Vma area) {
    int protection = area.protection();
    return protection == (Protection.READ | Protection.EXEC) && !area.shared();
  }

  private @Nullable Trampoline place(Context via, CallSites known, CallSite site)
      throws ErrnoException {
    Trampoline place = known.place(site);
    if (place == null && known.admitsRoom() && addRoom(via, known, site)) {
      place = known.place(site);
    }
    return place;
  }

  /** Maps memory for trampolines below the text, or above it where there is no room below. */
  private boolean addRoom(Context via, CallSites known, CallSite site) throws ErrnoException {
    long size = CallSites.ROOM;
    long lowest = Math.max(areas.lowest(), site.start() - CallSites.REACH);
    long highest = Math.min(areas.limit(), site.start() + CallSites.REACH);
    long start = areas.tree().gap(lowest, site.start(), size);
    if (start < 0) {
      start = areas.tree().gap(site.start(), highest, size);
    }
    if (start < 0) {
      return false;
    }
    areas.requireRoom(size, 0);
    int protection = Protection.READ | Protection.EXEC;
    long memory = areas.allocate(start, size);
    Vma room = new Vma(start, start + size, protection, Vma.MAY_WRITE, null, 0, memory, NAME);
    try {
      areas.apply(via, start, start + size, List.of(room), () -> areas.install(via, room));
    } catch (ErrnoException e) {
      areas.release(List.of(room));
      throw e;
    }
    areas.memory().at(memory, Long.BYTES).set(JAVA_LONG_UNALIGNED, 0, known.entry());
    known.addRoom(start);
    return true;
  }

  private void write(long address, byte[] code) {
    Vma area = areas.tree().find(address);
    if (area != null && area.inMemory()) {
      MemorySegment to = areas.memory().at(area.memoryAt(address), code.length);
      MemorySegment.copy(code, 0, to, JAVA_BYTE, 0, code.length);
    }
  }

  /** Puts a copy of a page in its place, with some bytes changed. */
  private void change(Context via, Vma page, long address, byte[] bytes) throws ErrnoException {
    byte[] text = new byte[(int) Pages.SIZE];
    read(page.start(), text, 0, text.length);
    System.arraycopy(bytes, 0, text, (int) (address - page.start()), bytes.length);
    long memory = areas.allocate(page.start(), Pages.SIZE);
    MemorySegment.copy(text, 0, areas.memory().at(memory, Pages.SIZE), JAVA_BYTE, 0, text.length);
    Vma changed = page.withMemory(memory);
    try {
      areas.apply(
          via, page.start(), page.end(), List.of(changed), () -> areas.install(via, changed));
    } catch (ErrnoException e) {
      areas.release(List.of(changed));
      throw e;
    }
    areas.release(List.of(page));
  }

  private void read(long address, byte[] to, int offset, int length) throws ErrnoException {
    for (int done = 0; done < length; ) {
      Vma area = areas.tree().find(address + done);
      if (area == null || area.lazy()) {
        throw ErrnoException.of(Errno.EFAULT);
      }
      MemorySegment from = areas.seen(area, address + done, length - done);
      try {
        MemorySegment.copy(from, JAVA_BYTE, 0, to, offset + done, (int) from.byteSize());
      } catch (InternalError e) { // a page past the end of the mapped file
        throw ErrnoException.of(Errno.EFAULT);
      }
      done += (int) from.byteSize();
    }
  }

  /**
   * An application is about to change what is mapped in a range: puts back what is changed there.
   *
   * @param via as everywhere; sites that cannot be put back stay as they are
   */
  void disturb(Context via, long start, long length) {
    long end = start + length;
    if (sites == null || sites.isEmpty() || length <= 0 || end < start) {
      return;
    }
    for (Trampoline trampoline : sites.within(start, end)) {
      CallSite site = trampoline.site();
      Vma page = page(site);
      try {
        if (page != null) {
          change(via, page, site.start(), site.original());
        }
        sites.remove(trampoline);
      } catch (ErrnoException _) {
        // The change goes on to work where it is.
      }
    }
    sites.removeRooms(start, end);
  }
}
