package dev.bulwark.microvm.agent;

import dev.bulwark.linux.HostStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** The connection to the agent of a machine. Thread-safe. */
public final class AgentConnection implements AutoCloseable {
  /** The most processes at a time; the agent has places for as many. */
  static final int MOST_PROCESSES = 128;

  private static final int ANSWER_SECONDS = 60;

  private final HostStream stream;
  private final CompletableFuture<Integer> hello = new CompletableFuture<>();
  private final Map<Integer, CompletableFuture<Report.Reply>> asked = new ConcurrentHashMap<>();
  private final Map<Integer, AgentProcess> processes = new ConcurrentHashMap<>();
  private final AtomicInteger lastId = new AtomicInteger();
  private volatile @Nullable String why;

  private AgentConnection(HostStream stream) {
    this.stream = stream;
  }

  /** Listens to an agent that will come to life at the other end; the stream is closed with it. */
  public static AgentConnection over(HostStream stream) {
    AgentConnection connection = new AgentConnection(stream);
    Thread.ofPlatform().name("agent").daemon().start(connection::receive);
    return connection;
  }

  /**
   * Waits until the agent runs.
   *
   * @throws AgentException when it speaks another version, does not in time, or never will
   */
  public void awaitHello(int seconds) throws AgentException, InterruptedException {
    int version;
    try {
      version = hello.get(seconds, TimeUnit.SECONDS);
    } catch (TimeoutException late) {
      throw new AgentException("the guest agent did not come to life within " + seconds + " s");
    } catch (ExecutionException gone) {
      throw lost();
    }
    if (version != Wire.VERSION) {
      throw new AgentException(
          "the guest agent speaks version "
              + version
              + " of the protocol, not "
              + Wire.VERSION
              + ": build the guest image again with 'bulwark image build'");
    }
  }

  /** Starts a program. */
  public AgentProcess spawn(Program program) throws AgentException {
    if (processes.size() >= MOST_PROCESSES) {
      throw new AgentException("the guest runs " + MOST_PROCESSES + " programs already");
    }
    int id = lastId.incrementAndGet();
    AgentProcess process = new AgentProcess(this, id);
    processes.put(id, process);
    boolean started = false;
    try {
      byte[] result =
          ask("starting " + program.arguments().getFirst(), Wire.SPAWN, id, program.encode());
      process.started(numbers(result, 4).getInt());
      started = true;
      return process;
    } finally {
      if (!started) {
        processes.remove(id);
      }
    }
  }

  /**
   * Waits from now on for the end of a process whose parent has left it to the agent; that it has
   * ended already does not matter. It has no streams.
   *
   * @throws AgentException ESRCH when there is no such process
   */
  public AgentProcess adopt(int pid) throws AgentException {
    int id = lastId.incrementAndGet();
    AgentProcess process = new AgentProcess(this, id);
    process.adopted(pid);
    processes.put(id, process);
    boolean known = false;
    try {
      ask("waiting for a process", Wire.ADOPT, id, new Payload().number(pid, 4));
      known = true;
      return process;
    } finally {
      if (!known) {
        processes.remove(id);
      }
    }
  }

  /** Sends a signal to a process of the guest. */
  public void signal(int pid, int number) throws AgentException {
    ask("sending a signal", Wire.SIGNAL, new Payload().number(pid, 4).number(number, 4));
  }

  /** Mounts a file system. */
  public void mount(String source, String target, String type, long flags, String data)
      throws AgentException {
    ask(
        "mounting " + target,
        Wire.MOUNT,
        new Payload().string(source).string(target).string(type).number(flags, 8).string(data));
  }

  /** Unmounts a file system, even while it is used. */
  public void unmount(String target) throws AgentException {
    ask("unmounting " + target, Wire.UNMOUNT, new Payload().string(target));
  }

  /** Makes a directory and those above it. */
  public void makeDirectory(String path, int mode) throws AgentException {
    ask(
        "making the directory " + path,
        Wire.MAKE_DIRECTORY,
        new Payload().string(path).number(mode, 4));
  }

  /** Writes a file anew. */
  public void writeFile(String path, int mode, byte[] contents) throws AgentException {
    int at = 0;
    do {
      int length = Math.min(contents.length - at, Wire.MOST_PAYLOAD - path.length() - 32);
      ask(
          "writing " + path,
          Wire.WRITE_FILE,
          new Payload().string(path).number(mode, 4).number(at, 8).bytes(contents, at, length));
      at += length;
    } while (at < contents.length);
  }

  /**
   * Reads a file.
   *
   * @param limit the most bytes that are taken
   * @throws AgentException with EFBIG when it is longer
   */
  public byte[] readFile(String path, int limit) throws AgentException {
    byte[] all = new byte[0];
    while (true) {
      byte[] piece =
          ask(
              "reading " + path,
              Wire.READ_FILE,
              new Payload().string(path).number(all.length, 8).number(Wire.MOST_PAYLOAD, 4));
      if (piece.length == 0) {
        return all;
      }
      if (all.length + piece.length > limit) {
        throw new AgentException("reading " + path, dev.bulwark.linux.Errno.EFBIG);
      }
      int old = all.length;
      all = Arrays.copyOf(all, old + piece.length);
      System.arraycopy(piece, 0, all, old, piece.length);
    }
  }

  /** What stat(2) tells of a file of the guest, as far as the guest can be believed. */
  public record FileStatus(int mode, int uid, int gid, long size, long modified) {}

  /** Describes a file; a symbolic link is not followed. */
  public FileStatus stat(String path) throws AgentException {
    ByteBuffer result = numbers(ask("stat of " + path, Wire.STAT, new Payload().string(path)), 28);
    return new FileStatus(
        result.getInt(), result.getInt(), result.getInt(), result.getLong(), result.getLong());
  }

  /** Gives the machine the time, a host name and randomness of its own. */
  public void resumed(long nanoseconds, String hostname, byte[] seed) throws AgentException {
    ask(
        "setting clock, name and random numbers",
        Wire.RESUMED,
        new Payload().number(nanoseconds, 8).string(hostname).bytes(seed, 0, seed.length));
  }

  /** What a guest has set online. */
  public record Online(int processors, int memoryBlocks) {}

  /** Sets all processors and memory online that the machine was given. */
  public Online online() throws AgentException {
    ByteBuffer result = numbers(ask("setting processors online", Wire.ONLINE, new Payload()), 8);
    return new Online(result.getInt(), result.getInt());
  }

  /** What a guest says of itself. */
  public record Pulse(long upNanoseconds, long clockNanoseconds, long random) {}

  /** Asks whether it lives. */
  public Pulse ping() throws AgentException {
    ByteBuffer result = numbers(ask("a ping", Wire.PING, new Payload()), 24);
    return new Pulse(result.getLong(), result.getLong(), result.getLong());
  }

  /** Lets the machine end. */
  public void powerOff() throws AgentException {
    tell(Wire.POWER_OFF, lastId.incrementAndGet(), new Payload());
  }

  private static ByteBuffer numbers(byte[] result, int length) throws AgentException {
    if (result.length != length) {
      throw new AgentException("the guest agent answers something else than was asked");
    }
    return ByteBuffer.wrap(result).order(ByteOrder.LITTLE_ENDIAN);
  }

  byte[] ask(String what, int type, Payload payload) throws AgentException {
    return ask(what, type, lastId.incrementAndGet(), payload);
  }

  private byte[] ask(String what, int type, int id, Payload payload) throws AgentException {
    CompletableFuture<Report.Reply> answer = new CompletableFuture<>();
    asked.put(id, answer);
    try {
      tell(type, id, payload);
      if (why != null) {
        throw lost(); // it ended before the question was known to who could have told
      }
      Report.Reply reply = await(answer);
      if (reply.errno() != 0) {
        throw new AgentException(what, reply.errno());
      }
      return reply.result();
    } catch (TimeoutException silent) {
      close("the guest agent did not answer within " + ANSWER_SECONDS + " s");
      throw lost();
    } catch (ExecutionException gone) {
      throw lost();
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw new AgentException(what + " was interrupted");
    } finally {
      asked.remove(id);
    }
  }

  /** Counts seconds one by one, so that a time in which the whole sandbox was frozen is one. */
  private static Report.Reply await(CompletableFuture<Report.Reply> answer)
      throws InterruptedException, ExecutionException, TimeoutException {
    int second = 1;
    while (true) {
      try {
        return answer.get(1, TimeUnit.SECONDS);
      } catch (TimeoutException notYet) {
        if (second++ == ANSWER_SECONDS) {
          throw notYet;
        }
      }
    }
  }

  void tell(int type, int id, Payload payload) throws AgentException {
    byte[] frame = payload.frame(type, id);
    if (stream.write(frame, 0, frame.length) != 0) {
      close("the virtual machine has ended");
      throw lost();
    }
  }

  /** Why the connection ended. */
  AgentException lost() {
    return new AgentException(why == null ? "the virtual machine has ended" : why);
  }

  private void receive() {
    byte[] chunk = new byte[Wire.MOST_PAYLOAD];
    FrameAssembler assembler = new FrameAssembler();
    try {
      for (int n = stream.read(chunk); n > 0; n = stream.read(chunk)) {
        for (byte[] frame : assembler.add(chunk, n)) {
          act(Report.decode(frame));
        }
      }
      close("the virtual machine has ended");
    } catch (MalformedFrameException hostile) {
      close(hostile.getMessage());
    } catch (RuntimeException | Error mistake) {
      mistake.printStackTrace();
      close("the monitor failed on what the guest sent");
    }
  }

  private void act(Report report) throws MalformedFrameException {
    switch (report) {
      case Report.Hello said -> {
        if (!hello.complete(said.version())) {
          throw new MalformedFrameException("a second greeting");
        }
      }
      case Report.Reply reply -> {
        CompletableFuture<Report.Reply> answer = asked.remove(reply.id());
        if (answer == null) {
          throw new MalformedFrameException("an answer to nothing");
        }
        answer.complete(reply);
      }
      case Report.Output output -> process(output.id()).output(output.stream(), output.bytes());
      case Report.OutputEnd end -> {
        process(end.id()).outputEnd(end.stream());
        forgetIfOver(end.id());
      }
      case Report.Credit credit -> process(credit.id()).credit(credit.bytes());
      case Report.Exit exit -> {
        process(exit.id()).exit(exit.status());
        forgetIfOver(exit.id());
      }
    }
  }

  private AgentProcess process(int id) throws MalformedFrameException {
    AgentProcess process = processes.get(id);
    if (process == null) {
      throw new MalformedFrameException("something of a process that there is not");
    }
    return process;
  }

  private void forgetIfOver(int id) throws MalformedFrameException {
    if (process(id).over()) {
      processes.remove(id);
    }
  }

  private void close(String reason) {
    synchronized (this) {
      if (why == null) {
        why = reason;
      }
    }
    stream.close();
    IllegalStateException gone = new IllegalStateException(reason);
    hello.completeExceptionally(gone);
    asked.values().forEach(answer -> answer.completeExceptionally(gone));
    processes.values().forEach(AgentProcess::lose);
  }

  /** Ends the connection; whoever waits is told. */
  @Override
  public void close() {
    close("the virtual machine has been ended");
  }
}
