package dev.bulwark.sentry.boot;

import dev.bulwark.control.Inherited;
import dev.bulwark.control.KeeperLink;
import dev.bulwark.control.Message;
import dev.bulwark.control.NetworkMode;
import dev.bulwark.control.SandboxSpec;
import dev.bulwark.linux.CallFilter;
import dev.bulwark.linux.CallRule;
import dev.bulwark.linux.Guard;
import dev.bulwark.linux.HostCall;
import dev.bulwark.linux.HostIo;
import dev.bulwark.linux.Sys;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;

/**
 * A Sentry that somebody else has taken over: it locks itself down as the real one does, and then
 * makes the call that the sandbox's host name names; with {@code all}, it locks itself down without
 * a filter, tries every door, and reports what each said, so that the second layer is seen alone.
 */
public final class Main {
  private static final int AT_FDCWD = -100;
  private static final int O_CLOEXEC = 0x80000;
  private static final int O_PATH = 010000000;
  private static final int PTRACE_ATTACH = 16;

  private static final Arena MEMORY = Arena.global();

  private Main() {}

  private interface Attempt {
    long make() throws Exception;
  }

  private record Door(String name, Attempt attempt) {}

  private static long text(String value) {
    return MEMORY.allocateFrom(value, StandardCharsets.ISO_8859_1).address();
  }

  private static long words(String... values) {
    MemorySegment array = MEMORY.allocate(8L * (values.length + 1), 8);
    for (int i = 0; i < values.length; i++) {
      array.setAtIndex(ValueLayout.JAVA_LONG, i, text(values[i]));
    }
    return array.address();
  }

  private static long open(String path) {
    return HostCall.call(Sys.OPENAT, AT_FDCWD, text(path), 0, 0);
  }

  private static long connect(String path) {
    long fd = HostCall.call(Sys.SOCKET, 1, 1, 0);
    if (fd < 0) {
      return fd;
    }
    MemorySegment address = MEMORY.allocate(110, 8);
    address.set(ValueLayout.JAVA_SHORT, 0, (short) 1);
    byte[] bytes = path.getBytes(StandardCharsets.ISO_8859_1);
    MemorySegment.copy(bytes, 0, address, ValueLayout.JAVA_BYTE, 2, bytes.length);
    return HostCall.call(Sys.CONNECT, fd, address.address(), 2 + bytes.length + 1);
  }

  /** A file that the Sentry still holds: its standard error, a memory file. */
  private static long mapExecutable() {
    return HostCall.call(Sys.MMAP, 0, 4096, 5, 2, 2, 0);
  }

  private static long exec(String path) {
    return HostCall.call(Sys.EXECVE, text(path), words(path), words());
  }

  /** A directory that it holds could lead out of its root. */
  private static long upFromHeld() {
    for (int fd = 0; fd < 200; fd++) {
      if (HostCall.call(Sys.OPENAT, fd, text(".."), O_PATH, 0) >= 0) {
        return fd;
      }
    }
    return -20;
  }

  private static List<Door> doors() {
    List<Door> doors = new ArrayList<>();
    doors.add(new Door("openat", () -> open("/etc/passwd")));
    doors.add(new Door("open", () -> HostCall.call(Sys.OPEN, text("/proc/1/environ"), 0)));
    doors.add(new Door("openat2", () -> HostCall.call(Sys.OPENAT2, AT_FDCWD, text("/proc/1"), words(), 24)));
    doors.add(new Door("execve", () -> exec("/bin/sh")));
    doors.add(new Door("socket", () -> connect("/var/run/docker.sock")));
    doors.add(new Door("ptrace", () -> HostCall.call(Sys.PTRACE, PTRACE_ATTACH, 2)));
    doors.add(new Door("process_vm_readv", () -> HostCall.call(Sys.PROCESS_VM_READV, 2, 0, 0, 0, 0, 0)));
    doors.add(new Door("mount", () -> HostCall.call(Sys.MOUNT, text("x"), text("/"), text("tmpfs"), 0, 0)));
    doors.add(new Door("unshare", () -> HostCall.call(Sys.UNSHARE, 0x00020000)));
    doors.add(new Door("kill", () -> HostCall.call(Sys.KILL, 2000000, 9)));
    doors.add(new Door("mmap", Main::mapExecutable));
    doors.add(new Door("mprotect", () -> HostCall.call(Sys.MPROTECT, MEMORY.allocate(8192, 4096).address(), 4096, 7)));
    doors.add(new Door("clone", () -> HostCall.call(Sys.CLONE, 17, 0, 0, 0, 0)));
    doors.add(new Door("ioctl", () -> HostCall.call(Sys.IOCTL, 0, 0x5412, text("x")))); // TIOCSTI
    doors.add(new Door("prctl", () -> HostCall.call(Sys.PRCTL, 23, 21))); // PR_CAPBSET_READ
    doors.add(new Door("setuid", () -> HostCall.call(Sys.SETUID, 0)));
    doors.add(new Door("bpf", () -> HostCall.call(Sys.BPF, 0, 0, 0)));
    doors.add(new Door("io_uring_setup", () -> HostCall.call(Sys.IO_URING_SETUP, 1, 0)));
    return doors;
  }

  /** What the namespaces, the user and the root leave, whatever calls could be made. */
  private static String secondLayer() throws Exception {
    StringBuilder out = new StringBuilder();
    report(out, "a file of the host", open("/etc/passwd"));
    report(out, "the JDK it came from", open(System.getProperty("java.home") + "/release"));
    report(out, "processes of the host", open("/proc/1/environ"));
    report(out, "its own processes", open("/proc/self/maps"));
    report(out, "a program", exec("/bin/sh"));
    report(out, "the engine's socket", connect("/var/run/docker.sock"));
    report(out, "a file of its own", HostCall.call(Sys.OPENAT, AT_FDCWD, text("/x"), 0102, 0600));
    report(out, "a mount", HostCall.call(Sys.MOUNT, text("x"), text("/"), text("tmpfs"), 0, 0));
    report(out, "unmounting", HostCall.call(Sys.UMOUNT2, text("/"), 2));
    report(out, "a new root", HostCall.call(Sys.CHROOT, text("/")));
    report(out, "another user", HostCall.call(Sys.SETUID, 0));
    report(out, "a host name", HostCall.call(Sys.SETHOSTNAME, text("x"), 1));
    report(out, "a raw socket", HostCall.call(Sys.SOCKET, 2, 3, 1));
    report(out, "a packet socket", HostCall.call(Sys.SOCKET, 17, 3, 0));
    report(out, "signalling process 2000000", HostCall.call(Sys.KILL, 2000000, 9));
    report(out, "tracing process 2000000", HostCall.call(Sys.PTRACE, PTRACE_ATTACH, 2000000));
    report(out, "loading a kernel module", HostCall.call(Sys.INIT_MODULE, 0, 0, text("")));
    report(out, "up from what it holds", upFromHeld());
    Guard guard = new Guard(Inherited.SENTRY_GUARD);
    int twin = (int) guard.twin((int) HostCall.call(Sys.MEMFD_CREATE, text("x"), 0));
    out.append(twin < 0 ? "no twin: OPEN" : "");
    report(out, "writing to a twin", HostCall.call(Sys.WRITE, twin, text("x"), 1));
    report(out, "a twin of a twin", guard.twin(twin));
    report(out, "a twin of a socket", guard.twin(Inherited.SENTRY_CONTROL));
    byte[] address = new byte[16];
    address[0] = 2; // AF_INET
    address[2] = 31; // port 7936
    report(out, "a bind that takes no privilege", guard.bind(Inherited.SENTRY_CONTROL, address));
    report(out, "sealing, which is the Gofer's", guard.seal(Inherited.SENTRY_CONTROL));
    report(out, "locking twice", lockAgain());
    return out.toString();
  }

  /** What the Java of a locked-down Sentry goes on doing, for the first time. */
  private static String life() throws Exception {
    StringBuilder out = new StringBuilder();
    out.append("%08x %d %,d %.2f%n".formatted(48879, 7, 1234567, 1.5));
    out.append(java.util.regex.Pattern.compile("(a|b)+").matcher("abba").matches()).append('\n');
    out.append(java.util.Locale.getDefault()).append(' ').append("TITLE".toLowerCase(java.util.Locale.ROOT)).append('\n');
    out.append(java.time.Duration.ofSeconds(61)).append(' ').append(java.time.Instant.EPOCH).append('\n');
    out.append(new java.math.BigInteger("123456789012345678901234567890").bitLength()).append('\n');
    new IllegalStateException("a mistake to be logged", new RuntimeException("why")).printStackTrace();
    for (int i = 0; i < 20; i++) {
      Thread.ofPlatform().start(() -> java.util.stream.IntStream.range(0, 1000).boxed().map(Object::toString).toList()).join();
    }
    Runtime.getRuntime().gc();
    out.append(Thread.getAllStackTraces().isEmpty()).append('\n');
    try {
      Class.forName("dev.bulwark.sentry.NoSuchClass");
    } catch (ClassNotFoundException expected) {
      out.append("no such class\n");
    }
    // Which a JVM does sooner or later, and takes no for an answer.
    String release = System.getProperty("java.home") + "/release";
    out.append(HostCall.call(Sys.OPENAT, AT_FDCWD, text(release), O_CLOEXEC, 0)).append('\n');
    // All that Bulwark has, most of which no recording holds.
    for (String name : new String[] {"syscall.Topics", "net.netlink.NetlinkSystem", "fs.mqueue.MqueueSystem"}) {
      try {
        Class.forName("dev.bulwark.sentry." + name);
      } catch (ClassNotFoundException renamed) {
        out.append("missing: ").append(name).append('\n');
      }
    }
    return out.append("lives\n").toString();
  }

  /** A thread makes a call again and again until it is forbidden, with a lock that others need. */
  private static void inTheMiddle(Lockdown lockdown, SandboxSpec spec) throws Exception {
    CountDownLatch locked = new CountDownLatch(1);
    Thread.ofPlatform()
        .start(
            () -> {
              synchronized (MEMORY) {
                locked.countDown();
                while (HostCall.call(Sys.GETPPID) >= 0) {
                  Thread.onSpinWait();
                }
              }
            });
    locked.await();
    lockdown.enter(spec, List.of());
    synchronized (MEMORY) {
      throw new IllegalStateException("the call was made");
    }
  }

  private static long lockAgain() {
    try {
      new Guard(Inherited.SENTRY_GUARD).lock(everything());
      return 0;
    } catch (dev.bulwark.linux.HostException refused) {
      return -refused.errno();
    }
  }

  private static void report(StringBuilder out, String what, long result) {
    out.append(what).append(result < 0 ? ": refused\n" : ": OPEN " + result + "\n");
  }

  private static CallFilter everything() {
    List<CallRule> rules = new ArrayList<>();
    for (int number = 0; number < 470; number++) {
      rules.add(CallRule.any(number));
    }
    return new CallFilter(rules);
  }

  public static void main(String[] arguments) throws Exception {
    KeeperLink keeper = new KeeperLink(Inherited.SENTRY_CONTROL);
    SandboxSpec spec =
        SandboxSpec.decode(HostIo.readFile(Inherited.SENTRY_SPEC, SandboxSpec.MAXIMUM_BYTES));
    HostIo.close(Inherited.SENTRY_PROC); // as HostStack.start does
    String wanted = spec.hostname();
    List<Door> doors = doors();
    if (wanted.equals("all")) {
      new Guard(Inherited.SENTRY_GUARD).lock(everything());
      keeper.send(new Message.Failed(99, secondLayer()));
    } else if (wanted.equals("life")) {
      Lockdown.of(arguments).enter(spec, List.of());
      keeper.send(new Message.Failed(96, life()));
    } else if (wanted.equals("middle")) {
      inTheMiddle(Lockdown.of(arguments), spec);
    } else {
      Lockdown.of(arguments).enter(spec, List.of());
      for (Door door : doors) {
        if (door.name.replace('_', '-').equals(wanted)) {
          keeper.send(new Message.Failed(98, wanted + " gave " + door.attempt.make()));
        }
      }
    }
    Thread.sleep(60_000);
  }
}
