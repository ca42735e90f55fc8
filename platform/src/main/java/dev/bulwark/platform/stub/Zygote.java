package dev.bulwark.platform.stub;

import static dev.bulwark.linux.HostCall.call;
import static dev.bulwark.linux.HostCall.check;

import dev.bulwark.linux.HostException;
import dev.bulwark.linux.Spawn;
import dev.bulwark.linux.Sys;
import dev.bulwark.platform.MemoryFile;
import dev.bulwark.platform.Vdso;
import java.io.IOException;
import java.io.InputStream;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The pristine process that clones itself into stubs. It ends with its socket, or with the thread
 * that started it. Thread-safe.
 */
final class Zygote implements AutoCloseable {
  /** What the zygote tells first: BASES_ bits, the pages of the vdso, and its address. */
  private static final long BASES = 0xf;

  private static final int PAGES_SHIFT = 4;
  private static final long PAGES = 0xff;
  private static final long PAGE = 0x1000;

  private static final int MFD_CLOEXEC = 1;
  private static final int MFD_EXEC = 0x10;
  private static final int EINVAL = 22;

  private final int pid;
  private final int socket;
  private final int bases;
  private final @Nullable Vdso vdso;

  private Zygote(int pid, int socket, int bases, @Nullable Vdso vdso) {
    this.pid = pid;
    this.socket = socket;
    this.bases = bases;
    this.vdso = vdso;
  }

  /**
   * Starts the zygote.
   *
   * <p>The calling thread becomes the parent of all stubs and must live as long as they shall.
   */
  static Zygote start() throws IOException {
    int program = program();
    int[] pair = Descriptors.socketPair();
    try {
      // The stub program closes all but the socket at its control descriptor.
      int pid =
          Spawn.start(
              "/proc/self/fd/0",
              List.of("bulwark-stub"),
              List.of(),
              new int[] {program, pair[1], pair[1], pair[1]});
      Descriptors.close(pair[1]);
      pair[1] = -1;
      long features = Descriptors.receiveLong(pair[0], "waiting for the stub zygote to start");
      return new Zygote(pid, pair[0], (int) (features & BASES), vdso(pair[0], features));
    } catch (IOException e) {
      Descriptors.close(pair[0]);
      throw e;
    } finally {
      Descriptors.close(program);
      if (pair[1] >= 0) {
        Descriptors.close(pair[1]);
      }
    }
  }

  /** The image of the vdso, which the zygote sends after telling of it. */
  private static @Nullable Vdso vdso(int socket, long features) throws IOException {
    long pages = features >>> PAGES_SHIFT & PAGES;
    if (pages == 0) {
      return null;
    }
    MemorySegment image = Arena.global().allocate(pages * PAGE, PAGE);
    long n = call(Sys.RECVFROM, socket, image.address(), image.byteSize());
    check(n, "receiving the vdso from the stub zygote");
    if (n != image.byteSize()) {
      throw new IOException("the stub zygote sent " + n + " bytes of the vdso");
    }
    return new Vdso(features & -PAGE, image.asReadOnly());
  }

  /** The stub program in a file without a name, because the Sentry has no file system. */
  private static int program() throws IOException {
    byte[] image;
    try (InputStream in = Zygote.class.getResourceAsStream("stub")) {
      if (in == null) {
        throw new IOException("the stub program is missing from the platform's jar: build again");
      }
      image = in.readAllBytes();
    }
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment name = arena.allocateFrom("bulwark-stub");
      long fd = call(Sys.MEMFD_CREATE, name.address(), MFD_CLOEXEC | MFD_EXEC);
      if (fd == -EINVAL) {
        fd = call(Sys.MEMFD_CREATE, name.address(), MFD_CLOEXEC);
      }
      check(fd, "making a memory file for the stub program");
      MemorySegment bytes = arena.allocate(image.length);
      bytes.copyFrom(MemorySegment.ofArray(image));
      check(
          call(Sys.WRITE, fd, bytes.address(), image.length),
          "writing the stub program to its memory file");
      return (int) fd;
    }
  }

  int pid() {
    return pid;
  }

  /** The {@code BASES_} bits that new slots get. */
  int bases() {
    return bases;
  }

  /** The host's vdso as all stubs have it, or null. */
  @Nullable Vdso vdso() {
    return vdso;
  }

  /**
   * Makes a stub, which starts in its first slot and waits there for an order.
   *
   * @param control its end of a socket pair, {@code slots} a memory file for slots, {@code memory}
   *     its memory file; the caller keeps and closes its own copies
   * @return the pid of the stub, a child of this process
   */
  synchronized int newStub(int control, int slots, MemoryFile memory) throws HostException {
    check(
        Descriptors.send(socket, control, slots, memory.fd()),
        "asking the zygote for a stub (the zygote may have died)");
    return (int)
        check(
            Descriptors.receiveLong(socket, "waiting for the zygote to make a stub"),
            "cloning a stub");
  }

  @Override
  public void close() {
    Descriptors.close(socket);
  }
}
