package dev.bulwark.sentry.ipc;

import dev.bulwark.linux.Errno;
import dev.bulwark.sentry.ErrnoException;
import dev.bulwark.sentry.auth.Credentials;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;

/**
 * The objects of one kind by identifier and by key. Identifiers are given as Linux gives them: an
 * index, and above it how often indices started over, so that an old identifier does not soon find
 * another object. Guarded by the lock of its system.
 */
final class IpcTable<T extends IpcObject> {
  /** IPC_PRIVATE: the key that finds nothing. */
  static final int PRIVATE = 0;

  /** IPC_CREAT. */
  static final int CREATE = 01000;

  /** IPC_EXCL. */
  static final int EXCLUSIVE = 02000;

  /** Identifiers are a multiple of this and an index. */
  private static final int SEQUENCE = 32768;

  private static final int MAX_SEQUENCE = Integer.MAX_VALUE / SEQUENCE;

  /** Indices do not start over before so many. */
  private static final int SHORTEST_CYCLE = 64;

  private final int limit;
  private final TreeMap<Integer, T> objects = new TreeMap<>();
  private final Map<Integer, T> keys = new HashMap<>();
  private int lastIndex = -1;
  private int sequence;

  /** An empty table for at most so many objects. */
  IpcTable(int limit) {
    this.limit = limit;
  }

  /** Makes an object. */
  @FunctionalInterface
  interface Maker<T> {
    T make() throws ErrnoException;
  }

  /** Checks more of an object that was found. */
  @FunctionalInterface
  interface Check<T> {
    void check(T found) throws ErrnoException;
  }

  /**
   * What the get calls do: finds an object by key or makes one.
   *
   * @return its identifier
   * @throws ErrnoException ENOENT, EEXIST, EACCES, ENOSPC
   */
  int get(int key, int flags, Credentials who, Check<T> check, Maker<T> maker)
      throws ErrnoException {
    T found = key == PRIVATE ? null : keys.get(key);
    if (found == null) {
      if (key != PRIVATE && (flags & CREATE) == 0) {
        throw ErrnoException.of(Errno.ENOENT);
      }
      return add(maker);
    }
    if ((flags & CREATE) != 0 && (flags & EXCLUSIVE) != 0) {
      throw ErrnoException.of(Errno.EEXIST);
    }
    check.check(found);
    found.check(flags & 0777, who);
    return found.id();
  }

  private int add(Maker<T> maker) throws ErrnoException {
    if (objects.size() >= limit) {
      throw ErrnoException.of(Errno.ENOSPC);
    }
    T made = maker.make();
    int cycle = Math.min(Math.max(objects.size() * 3 / 2, SHORTEST_CYCLE), limit);
    int index = free(lastIndex + 1, cycle);
    if (index < 0) {
      index = free(0, limit);
    }
    if (index <= lastIndex) {
      sequence = sequence == MAX_SEQUENCE ? 0 : sequence + 1;
    }
    lastIndex = index;
    made.number(sequence * SEQUENCE + index, sequence);
    objects.put(index, made);
    if (made.key() != PRIVATE) {
      keys.put(made.key(), made);
    }
    return made.id();
  }

  private int free(int from, int end) {
    for (int index = from; index < end; index++) {
      if (!objects.containsKey(index)) {
        return index;
      }
    }
    return -1;
  }

  /**
   * The object with an identifier.
   *
   * @throws ErrnoException EINVAL
   */
  T find(int id) throws ErrnoException {
    T found = id < 0 ? null : objects.get(id % SEQUENCE);
    if (found == null || found.id() != id) {
      throw ErrnoException.of(Errno.EINVAL);
    }
    return found;
  }

  /**
   * The object at an index, for the commands that list.
   *
   * @throws ErrnoException EINVAL
   */
  T at(int index) throws ErrnoException {
    T found = objects.get(index);
    if (found == null) {
      throw ErrnoException.of(Errno.EINVAL);
    }
    return found;
  }

  /** Takes the key away from an object that lives on for those who use it. */
  void hide(T object) {
    keys.remove(object.key(), object);
    object.hide();
  }

  /** Removes an object. */
  void remove(T object) {
    hide(object);
    object.markRemoved();
    objects.remove(object.id() % SEQUENCE);
  }

  /** The highest index in use; 0 when there is none, as the info commands return it. */
  int highest() {
    return objects.isEmpty() ? 0 : objects.lastKey();
  }

  /** All objects in the order of indices. */
  Collection<T> all() {
    return objects.values();
  }

  int size() {
    return objects.size();
  }
}
