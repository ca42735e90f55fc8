package dev.bulwark.sentry.trace;

import dev.bulwark.sentry.ErrnoException;
import dev.bulwark.sentry.mm.UserMemory;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** How a structure in application memory is written. */
@FunctionalInterface
interface Struct {

  /**
   * Writes it.
   *
   * @throws ErrnoException EFAULT
   */
  void print(Line out, UserMemory memory, long address) throws ErrnoException;

  /** The structure of a name, or null. */
  static @Nullable Struct find(String name) {
    return Structs.ALL.get(name);
  }

  /** The registry. */
  final class Structs {
    static final Map<String, Struct> ALL = new HashMap<>();

    private record Field(String name, String kind, int size, int offset) {}

    static {
      read();
      ALL.put("sigaction", Structs::signalAction);
      ALL.put("siginfo", (out, memory, at) -> SignalText.print(out, memory.readBytes(at, 48)));
      ALL.put("msghdr", SocketText::message);
      ALL.put("utsname", Structs::machine);
    }

    private Structs() {}

    private static void read() {
      String joined = StructText.TEXT.replace("\n ", " ");
      for (String line : joined.lines().toList()) {
        String[] parts = line.strip().split(" +", -1);
        boolean list = parts[1].startsWith("[");
        List<Field> fields = new ArrayList<>();
        for (int i = 1; i < parts.length; i++) {
          String field = i == 1 && list ? parts[i].substring(1) : parts[i];
          int colon = field.indexOf(':');
          int slash = field.indexOf('/');
          int at = field.indexOf('@');
          fields.add(
              new Field(
                  field.substring(0, colon),
                  field.substring(colon + 1, slash),
                  Integer.parseInt(field, slash + 1, at, 10),
                  Integer.parseInt(field.substring(at + 1))));
        }
        ALL.put(parts[0], (out, memory, address) -> fields(out, memory, address, fields, list));
      }
    }

    private static void fields(
        Line out, UserMemory memory, long address, List<Field> fields, boolean list)
        throws ErrnoException {
      boolean bare = !list && fields.getFirst().name().isEmpty();
      out.text(list ? "[" : bare ? "" : "{");
      String separator = "";
      for (Field field : fields) {
        out.text(separator);
        separator = ", ";
        if (!field.name().isEmpty()) {
          out.text(field.name()).text("=");
        }
        long at = address + field.offset();
        Scalar scalar = Scalar.find(field.kind());
        if (scalar != null) {
          scalar.print(out, load(memory, at, field.size()));
        } else {
          Struct inner = ALL.get(field.kind());
          if (inner == null) {
            throw new IllegalStateException("no kind " + field.kind());
          }
          inner.print(out, memory, at);
        }
      }
      out.text(list ? "]" : bare ? "" : "}");
    }

    private static long load(UserMemory memory, long at, int size) throws ErrnoException {
      return switch (size) {
        case 2 -> memory.getShort(at) & 0xffff;
        case 4 -> memory.getInt(at) & 0xffffffffL;
        default -> memory.getLong(at);
      };
    }

    private static void signalAction(Line out, UserMemory memory, long at) throws ErrnoException {
      long handler = memory.getLong(at);
      out.text("{sa_handler=");
      if (handler == 0 || handler == 1) {
        out.text(handler == 0 ? "SIG_DFL" : "SIG_IGN");
      } else {
        out.address(handler);
      }
      out.text(", sa_mask=");
      Scalar.Scalars.signals(out, memory.getLong(at + 24));
      out.text(", sa_flags=");
      long flags = memory.getLong(at + 8);
      Words words = Words.find("sa");
      if (words != null) {
        words.print(out, flags & 0xffffffffL);
      }
      if ((flags & 0x04000000) != 0) {
        out.text(", sa_restorer=").address(memory.getLong(at + 16));
      }
      out.text("}");
    }

    private static void machine(Line out, UserMemory memory, long at) throws ErrnoException {
      byte[] bytes = memory.readBytes(at, 130);
      out.text("{sysname=");
      field(out, bytes, 0);
      out.text(", nodename=");
      field(out, bytes, 65);
      out.text(", ...}");
    }

    private static void field(Line out, byte[] bytes, int from) {
      String text = new String(bytes, from, 65, StandardCharsets.ISO_8859_1);
      int end = text.indexOf('\0');
      String cut = end < 0 ? text : text.substring(0, end);
      out.quoted(cut.getBytes(StandardCharsets.ISO_8859_1), cut.length(), false);
    }
  }
}
