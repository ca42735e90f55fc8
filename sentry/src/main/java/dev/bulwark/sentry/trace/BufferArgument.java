package dev.bulwark.sentry.trace;

import dev.bulwark.sentry.ErrnoException;
import dev.bulwark.sentry.mm.UserMemory;
import java.util.Arrays;

/**
 * An argument that points to bytes.
 *
 * @param kind the form of what it points to
 * @param lengthAt the argument that says how much there is, or -1 for the result of the call
 * @param filled whether the call fills it
 */
record BufferArgument(Kind kind, int lengthAt, boolean filled) implements Argument {

  /** The forms. */
  enum Kind {
    BYTES,
    VECTOR,
    /** A socket address of a given length. */
    SOCKET_ADDRESS,
    /** A socket address whose length stands in memory. */
    SOCKET_ADDRESS_COUNTED,
    POLL_FILES,
    DESCRIPTOR_SET,
    EPOLL_EVENTS,
    NUMBERS,
    ENTRIES
  }

  private static final int MAX_SHOWN = 32;

  @Override
  public boolean late(CallView call) {
    return filled;
  }

  @Override
  public void print(Line out, CallView call, int index) throws ErrnoException {
    long address = call.arguments[index];
    if (address == 0) {
      out.text("NULL");
      return;
    }
    long length = lengthAt < 0 ? call.result : call.arguments[lengthAt];
    if (kind == Kind.ENTRIES) {
      out.address(address).text(" /* ").number(entries(call.memory, address, length));
      out.text(" entries */");
      return;
    }
    UserMemory memory = call.memory;
    switch (kind) {
      case BYTES -> bytes(out, memory, address, length);
      case VECTOR -> {
        long count = (int) call.arguments[index + 1];
        SocketText.vector(out, memory, address, count, filled ? call.result : Long.MAX_VALUE);
      }
      case SOCKET_ADDRESS -> SocketText.address(out, memory, address, length & 0xffffffffL);
      case SOCKET_ADDRESS_COUNTED -> {
        long counted = length == 0 ? 0 : memory.getInt(length);
        SocketText.address(out, memory, address, Math.min(counted, 128));
      }
      case POLL_FILES -> pollFiles(out, memory, address, length);
      case DESCRIPTOR_SET -> descriptors(out, memory, address, (int) length);
      case EPOLL_EVENTS -> list(out, memory, address, length, "epoll_event", 12);
      case NUMBERS -> list(out, memory, address, length, "int", 4);
      default -> out.address(address);
    }
  }

  /** Writes the first bytes of a buffer. */
  static void bytes(Line out, UserMemory memory, long address, long length) throws ErrnoException {
    if (address == 0) {
      out.text("NULL");
      return;
    }
    int shown = Math.clamp(length, 0, Line.STRING);
    out.quoted(memory.readBytes(address, shown), shown, length > shown);
  }

  private static int entries(UserMemory memory, long address, long length) throws ErrnoException {
    int count = 0;
    long at = 0;
    while (at + 19 <= length) {
      int size = memory.getShort(address + at + 16) & 0xffff;
      if (size == 0) {
        break;
      }
      at += size;
      count++;
    }
    return count;
  }

  private static void pollFiles(Line out, UserMemory memory, long address, long count)
      throws ErrnoException {
    out.text("[");
    for (int i = 0; i < Math.min(count & 0xffffffffL, MAX_SHOWN); i++) {
      out.text(i == 0 ? "{fd=" : ", {fd=").number(memory.getInt(address + 8L * i));
      out.text(", events=");
      events(out, memory.getShort(address + 8L * i + 4));
      out.text("}");
    }
    out.text((count & 0xffffffffL) > MAX_SHOWN ? ", ...]" : "]");
  }

  /** Writes the files that poll(2) found ready. */
  static void polled(Line out, UserMemory memory, long address, long count) throws ErrnoException {
    out.text(" ([");
    boolean first = true;
    for (int i = 0; i < Math.min(count & 0xffffffffL, MAX_SHOWN); i++) {
      short events = memory.getShort(address + 8L * i + 6);
      if (events != 0) {
        out.text(first ? "{fd=" : ", {fd=").number(memory.getInt(address + 8L * i));
        out.text(", revents=");
        events(out, events);
        out.text("}");
        first = false;
      }
    }
    out.text("])");
  }

  private static void events(Line out, short events) {
    Words words = Words.find("poll");
    if (words != null) {
      words.print(out, events & 0xffff);
    }
  }

  /** Writes the members of a descriptor set of select(2). */
  static void descriptors(Line out, UserMemory memory, long address, int count)
      throws ErrnoException {
    int bits = Math.clamp(count, 0, 1024);
    byte[] set = memory.readBytes(address, (bits + 7) / 8);
    out.text("[");
    boolean first = true;
    for (int fd = 0; fd < bits; fd++) {
      if ((set[fd / 8] >>> (fd % 8) & 1) != 0) {
        out.text(first ? "" : " ").number(fd);
        first = false;
      }
    }
    out.text("]");
  }

  private static void list(
      Line out, UserMemory memory, long address, long count, String struct, int size)
      throws ErrnoException {
    out.text("[");
    for (int i = 0; i < Math.min(count, MAX_SHOWN); i++) {
      out.text(i == 0 ? "" : ", ");
      if (struct.equals("int")) {
        out.number(memory.getInt(address + (long) i * size));
      } else {
        Struct found = Struct.find(struct);
        if (found != null) {
          found.print(out, memory, address + (long) i * size);
        }
      }
    }
    out.text(count > MAX_SHOWN ? ", ...]" : "]");
  }

  /** Writes the strings of a null-terminated array of pointers, such as argv. */
  static void strings(Line out, UserMemory memory, long array) throws ErrnoException {
    out.text("[");
    for (int i = 0; ; i++) {
      long pointer = memory.getLong(array + 8L * i);
      if (pointer == 0) {
        break;
      }
      out.text(i == 0 ? "" : ", ");
      if (i == MAX_SHOWN) {
        out.text("...");
        break;
      }
      string(out, memory, pointer, Line.STRING);
    }
    out.text("]");
  }

  /** Writes a string up to its NUL, cut after {@code limit} bytes. */
  static void string(Line out, UserMemory memory, long address, int limit) throws ErrnoException {
    byte[] bytes = new byte[64];
    int n = 0;
    while (n <= limit) {
      if (n == bytes.length) {
        bytes = Arrays.copyOf(bytes, n * 2);
      }
      byte next = memory.getByte(address + n);
      if (next == 0) {
        out.quoted(bytes, n, false);
        return;
      }
      bytes[n++] = next;
    }
    out.quoted(bytes, limit, true);
  }
}
