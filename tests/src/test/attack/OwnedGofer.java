package dev.bulwark.gofer;

import dev.bulwark.linux.CallFilter;
import dev.bulwark.linux.CallRule;
import dev.bulwark.linux.Guard;
import dev.bulwark.linux.HostCall;
import dev.bulwark.linux.Sys;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * A Gofer that somebody else has taken over, which is told apart by a file ATTACK in its root: it
 * makes the call named there; with {@code all}, it locks itself down without a filter and reports
 * what every way out said.
 */
public final class Main {
  private static final int GUARD = 4;
  private static final int ROOT = 5;
  private static final int O_PATH = 010000000;
  private static final int O_RDWR_CREAT = 0102;
  private static final Arena MEMORY = Arena.global();

  private Main() {}

  private static long text(String value) {
    return MEMORY.allocateFrom(value, StandardCharsets.ISO_8859_1).address();
  }

  private static long openAt(long directory, String path, int flags) {
    return HostCall.call(Sys.OPENAT, directory, text(path), flags, 0600);
  }

  private static String read(long fd) {
    MemorySegment bytes = MEMORY.allocate(256);
    long n = HostCall.call(Sys.READ, fd, bytes.address(), 255);
    byte[] all = bytes.asSlice(0, Math.max(n, 0)).toArray(ValueLayout.JAVA_BYTE);
    return new String(all, StandardCharsets.ISO_8859_1).strip();
  }

  /** How far "..", again and again, gets from its root: to the same directory. */
  private static long leave() {
    long up = openAt(ROOT, "../../../../../../../..", O_PATH);
    // The file that marks the root is there only if this is the root.
    long mark = up < 0 ? up : openAt(up, "ATTACK", 0);
    return mark >= 0 ? -1 : up;
  }

  private static void report(String what, long result) {
    System.err.println("attack: " + what + (result < 0 ? ": refused" : ": OPEN " + result));
  }

  private static long exec() {
    MemorySegment none = MEMORY.allocate(8, 8);
    return HostCall.call(Sys.EXECVE, text("/bin/sh"), none.address(), none.address());
  }

  private static long device() {
    // The host's own disk, or whatever has its number: nodev on the mount.
    long made = HostCall.call(Sys.MKNODAT, ROOT, text("disk"), 0060600, 0xfe00);
    long opened = made < 0 ? made : openAt(ROOT, "disk", 0);
    HostCall.call(Sys.UNLINKAT, ROOT, text("disk"), 0);
    return opened;
  }

  private static long connectOut() {
    long fd = HostCall.call(Sys.SOCKET, 2, 1, 0);
    MemorySegment address = MEMORY.allocate(16, 8);
    address.set(ValueLayout.JAVA_INT, 0, 0x16000002); // AF_INET, port 22
    address.set(ValueLayout.JAVA_INT, 4, 0x0100007f); // 127.0.0.1
    return fd < 0 ? fd : HostCall.call(Sys.CONNECT, fd, address.address(), 16);
  }

  private static void secondLayer(long proc) {
    report("leaving its root by ..", leave());
    report("a file of the host", openAt(-100, "/etc/passwd", 0));
    report("the JDK it came from", openAt(-100, System.getProperty("java.home") + "/release", 0));
    report("the kernel's settings", openAt(proc, "../../sys/kernel/core_pattern", 1));
    report("settings by path", openAt(-100, "/proc/sys/kernel/core_pattern", 1));
    report("the keys of the kernel", openAt(proc, "../../sysrq-trigger", 1));
    report("a program", exec());
    report("a file beside its root", openAt(-100, "/x", O_RDWR_CREAT));
    report("a device of the host", device());
    report("a connection", connectOut());
    report("a mount", HostCall.call(Sys.MOUNT, text("x"), text("/"), text("tmpfs"), 0, 0));
    report("a tree of the host", HostCall.call(Sys.OPEN_TREE, -100, text("/"), 1));
    report("a writable tree", remount());
    report("another namespace", HostCall.call(Sys.UNSHARE, 0x00020000));
    report("a new root", HostCall.call(Sys.CHROOT, text("/")));
    report("a handle", HostCall.call(Sys.OPEN_BY_HANDLE_AT, ROOT, MEMORY.allocate(128, 8).address(), 0));
    report("signalling process 2000000", HostCall.call(Sys.KILL, 2000000, 9));
    report("tracing process 2000000", HostCall.call(Sys.PTRACE, 16, 2000000));
    report("writing to a read-only tree", openAt(ROOT, "written", O_RDWR_CREAT));
    report("a kernel module", HostCall.call(Sys.INIT_MODULE, 0, 0, text("")));
    report("a raw socket from its keeper", new Guard(GUARD).echoSocket(2, 3));
  }

  private static long remount() {
    MemorySegment attributes = MEMORY.allocate(32, 8);
    attributes.set(ValueLayout.JAVA_LONG, 8, 1); // attr_clr: MOUNT_ATTR_RDONLY
    return HostCall.call(Sys.MOUNT_SETATTR, ROOT, text(""), 0x1000, attributes.address(), 32);
  }

  public static void main(String[] args) throws Exception {
    String wanted = read(openAt(ROOT, "ATTACK", 0));
    long proc = openAt(-100, "/proc/self/fd", O_PATH);
    if (wanted.equals("all")) {
      List<CallRule> rules = new ArrayList<>();
      for (int number = 0; number < 470; number++) {
        rules.add(CallRule.any(number));
      }
      new Guard(GUARD).lock(new CallFilter(rules));
      secondLayer(proc);
      System.exit(97);
    }
    long ignored = text("x");
    new Guard(GUARD).lock(new CallFilter(GoferCalls.rules(false)));
    long result =
        switch (wanted) {
          case "execve" -> exec();
          case "socket" -> HostCall.call(Sys.SOCKET, 2, 1, 0);
          case "mount" -> HostCall.call(Sys.MOUNT, ignored, ignored, ignored, 0, 0);
          case "ptrace" -> HostCall.call(Sys.PTRACE, 16, 2);
          case "mmap" -> HostCall.call(Sys.MMAP, 0, 4096, 5, 2, ROOT, 0);
          case "open_by_handle_at" -> HostCall.call(Sys.OPEN_BY_HANDLE_AT, ROOT, ignored, 0);
          case "kill" -> HostCall.call(Sys.KILL, 1, 9);
          default -> throw new IllegalArgumentException(wanted);
        };
    System.err.println("attack: " + wanted + " gave " + result);
    System.exit(98);
  }
}
