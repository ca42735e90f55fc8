package dev.bulwark.sentry.loader;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;

/** The pairs that a program finds after its environment (getauxval(3)), in the order put. */
final class AuxiliaryVector {
  static final long NULL = 0;
  static final long PHDR = 3;
  static final long PHENT = 4;
  static final long PHNUM = 5;
  static final long PAGESZ = 6;
  static final long BASE = 7;
  static final long FLAGS = 8;
  static final long ENTRY = 9;
  static final long UID = 11;
  static final long EUID = 12;
  static final long GID = 13;
  static final long EGID = 14;
  static final long PLATFORM = 15;
  static final long HWCAP = 16;
  static final long CLKTCK = 17;
  static final long SECURE = 23;
  static final long RANDOM = 25;
  static final long HWCAP2 = 26;
  static final long EXECFN = 31;
  static final long SYSINFO_EHDR = 33;
  static final long MINSIGSTKSZ = 51;

  private final List<long[]> pairs = new ArrayList<>();

  void put(long key, long value) {
    pairs.add(new long[] {key, value});
  }

  /** Bytes with the closing pair. */
  int size() {
    return (pairs.size() + 1) * 16;
  }

  /** All pairs and the closing one. */
  byte[] bytes() {
    ByteBuffer out = ByteBuffer.allocate(size()).order(ByteOrder.LITTLE_ENDIAN);
    for (long[] pair : pairs) {
      out.putLong(pair[0]).putLong(pair[1]);
    }
    out.putLong(NULL).putLong(0);
    return out.array();
  }
}
