package dev.bulwark.platform;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/**
 * The changed call sites of one address space. The platform keeps them secret from the application:
 * where its instruction pointer is shown, it is that of the text as it was.
 *
 * <p>Looking up is thread-safe; changes are serialised by the owner of the address space.
 */
public final class CallSites {
  /**
   * Bytes of memory for trampolines that are mapped at a time. In so much every second byte of a
   * jump's displacement occurs, so that there is a place for every site near enough.
   */
  public static final long ROOM = 1 << 16;

  /** How far a jump reaches, less the room itself. */
  public static final long REACH = (1L << 31) - 2 * ROOM;

  private static final int COUNTED = 256;

  /**
   * How many sites share places among those counted: where two that alternate shared a single one,
   * neither would ever become worth changing.
   */
  private static final int WAYS = 4;

  /** How many rooms there ever are: those that were removed are remembered, which takes heap. */
  private static final int MOST_ROOMS = 64;

  private final long entry;
  private final int hot;
  private final ConcurrentHashMap<Long, Trampoline> byReturn = new ConcurrentHashMap<>();
  private final List<Room> rooms = new CopyOnWriteArrayList<>();
  private final long[] trapping = new long[COUNTED];
  private final int[] traps = new int[COUNTED];
  private final List<Room> removed = new CopyOnWriteArrayList<>();
  private volatile boolean anyRemoved;

  /** Memory with trampolines; the first place holds the address of the entry. */
  private static final class Room {
    final long address;
    final @Nullable Trampoline[] places = new Trampoline[(int) (ROOM / Trampoline.SIZE)];

    Room(long address) {
      this.address = address;
    }

    @Nullable Trampoline at(long instruction) {
      return places[(int) ((instruction - address) / Trampoline.SIZE)];
    }

    boolean overlaps(long start, long end) {
      return address < end && address + ROOM > start;
    }

    boolean holds(long instruction) {
      return instruction >= address && instruction < address + ROOM;
    }
  }

  /**
   * Sites of an address space in which none is changed yet.
   *
   * @param entry where the platform is entered
   * @param hot how often a site traps before it is worth changing; at least 1
   */
  public CallSites(long entry, int hot) {
    this.entry = entry;
    this.hot = hot;
  }

  /** The address that {@link #addRoom new rooms} begin with, in eight bytes. */
  public long entry() {
    return entry;
  }

  /** Takes over the sites of an address space whose memory is copied. */
  public void copyFrom(CallSites other) {
    byReturn.putAll(other.byReturn);
    for (Room room : other.rooms) {
      Room copy = new Room(room.address);
      System.arraycopy(room.places, 0, copy.places, 0, copy.places.length);
      rooms.add(copy);
    }
    removed.addAll(other.removed);
    anyRemoved = other.anyRemoved;
  }

  /** Whether no site is changed and no room made. */
  public boolean isEmpty() {
    return rooms.isEmpty();
  }

  /**
   * Counts a call that trapped. Threads may miscount each other's; nothing depends on it.
   *
   * @return whether the site has become worth changing; true again only many traps later
   */
  public boolean trapped(long returnAddress) {
    int set = (int) ((returnAddress * 0x9e3779b97f4a7c15L) >>> 56) & -WAYS;
    int at = set;
    for (int i = set; i < set + WAYS; i++) {
      if (trapping[i] == returnAddress) {
        return ++traps[i] == hot && !byReturn.containsKey(returnAddress);
      }
      if (traps[i] < traps[at]) {
        at = i;
      }
    }
    trapping[at] = returnAddress;
    traps[at] = 1;
    return hot == 1 && !byReturn.containsKey(returnAddress);
  }

  /**
   * Finds a place for the trampoline of a site.
   *
   * @return null when no room is near enough: {@link #addRoom} makes one
   */
  public @Nullable Trampoline place(CallSite site) {
    for (Room room : rooms) {
      for (int i = 1; i < room.places.length; i++) {
        long address = room.address + (long) i * Trampoline.SIZE;
        if (room.places[i] == null && site.admits(address)) {
          return new Trampoline(address, site);
        }
      }
    }
    return null;
  }

  /** Whether another room may be made: programs that remove theirs again and again may not. */
  public boolean admitsRoom() {
    return rooms.size() + removed.size() < MOST_ROOMS;
  }

  /** Takes note of a room: {@link #ROOM} bytes that the application can execute. */
  public void addRoom(long address) {
    rooms.add(new Room(address));
  }

  /** The code of a trampoline that {@link #place} gave. */
  public byte[] code(Trampoline trampoline) {
    for (Room room : rooms) {
      if (room.holds(trampoline.address())) {
        return trampoline.code(room.address);
      }
    }
    throw new IllegalArgumentException("a trampoline outside all rooms");
  }

  /** The bytes that stand at a site's start once it is changed. */
  public byte[] jump(Trampoline trampoline) {
    return trampoline.site().jumpTo(trampoline.address());
  }

  /** Takes note of a site before the change is to be seen. */
  public void add(Trampoline trampoline) {
    for (Room room : rooms) {
      if (room.holds(trampoline.address())) {
        room.places[(int) ((trampoline.address() - room.address) / Trampoline.SIZE)] = trampoline;
      }
    }
    byReturn.put(trampoline.site().returnAddress(), trampoline);
  }

  /**
   * Forgets a site once its text is as it was. Threads may still be on their way through its
   * trampoline, whose place is never used again.
   */
  public void remove(Trampoline trampoline) {
    byReturn.remove(trampoline.site().returnAddress(), trampoline);
    anyRemoved = true;
  }

  /** Forgets rooms in a range, to which no site leads any more. */
  public void removeRooms(long start, long end) {
    List<Room> gone = rooms.stream().filter(room -> room.overlaps(start, end)).toList();
    removed.addAll(gone);
    rooms.removeAll(gone);
  }

  /** The sites whose text, or the room of whose trampoline, lies in a range. */
  public List<Trampoline> within(long start, long end) {
    List<Trampoline> found = new ArrayList<>();
    List<Room> reached = rooms.stream().filter(room -> room.overlaps(start, end)).toList();
    for (Trampoline trampoline : byReturn.values()) {
      CallSite site = trampoline.site();
      if ((site.start() < end && site.end() > start)
          || reached.stream().anyMatch(room -> room.holds(trampoline.address()))) {
        found.add(trampoline);
      }
    }
    return found;
  }

  /** Whether {@link #returnFrom} has anything to say. */
  public boolean anyRemoved() {
    return anyRemoved;
  }

  /**
   * Where a thread must return to after a call that came through a trampoline, which may be gone by
   * now.
   */
  public long returnFrom(long returnsTo) {
    if (!anyRemoved) {
      return returnsTo;
    }
    for (Room room : removed) {
      Trampoline trampoline = room.holds(returnsTo) ? room.at(returnsTo) : null;
      if (trampoline != null) {
        return trampoline.originalOf(returnsTo);
      }
    }
    return returnsTo;
  }

  /** The instruction pointer as the application knows it. */
  public long shown(long instruction) {
    for (Room room : rooms) {
      if (room.holds(instruction)) {
        Trampoline trampoline = room.at(instruction);
        return trampoline == null ? instruction : trampoline.originalOf(instruction);
      }
    }
    return instruction;
  }

  /** Where a thread must go on that the application wants to go on at an address. */
  public long real(long instruction) {
    Trampoline trampoline = byReturn.get(instruction);
    return trampoline == null ? instruction : trampoline.returnsTo();
  }

  /** Whether the application jumped to an instruction that was moved away. */
  public boolean moved(long instruction) {
    Trampoline trampoline = byReturn.get(instruction);
    return trampoline != null && !trampoline.site().loads();
  }
}
