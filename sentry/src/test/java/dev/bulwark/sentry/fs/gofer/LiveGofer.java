package dev.bulwark.sentry.fs.gofer;

import dev.bulwark.gofer.Client;
import dev.bulwark.gofer.Root;
import dev.bulwark.gofer.Server;
import dev.bulwark.gofer.ServerLimits;
import dev.bulwark.linux.HostCall;
import dev.bulwark.linux.HostFile;
import dev.bulwark.linux.HostPath;
import dev.bulwark.linux.MessageSocket;
import java.nio.file.Path;
import java.util.List;
import java.util.function.IntFunction;

/** A Gofer in a thread of the test that serves a directory, with a file system upon it. */
public final class LiveGofer implements AutoCloseable {
  public final Client client;
  public final DescriptorBudget budget;
  public final GoferSystem system;
  private final Thread thread;
  private final MessageSocket far;
  private final int fd;

  public LiveGofer(Path directory, boolean readOnly, ServerLimits limits, int descriptors)
      throws Exception {
    this(directory, fd -> new Root(fd, readOnly), limits, descriptors);
  }

  /** Serves a file of any kind. */
  public LiveGofer(Path directory, IntFunction<Root> root, ServerLimits limits, int descriptors)
      throws Exception {
    int flags = HostPath.O_PATH | HostPath.O_CLOEXEC;
    String path = directory.toString();
    fd =
        (int) HostCall.check(HostPath.openAt(HostPath.AT_FDCWD, path, flags, 0), "opening " + path);
    MessageSocket[] pair = MessageSocket.pair();
    far = pair[1];
    Server server =
        new Server(far, List.of(root.apply(fd)), limits, line -> System.err.println(line));
    thread = Thread.ofPlatform().start(server::run);
    client = new Client(pair[0], () -> {});
    budget = new DescriptorBudget(descriptors);
    system = GoferSystem.attach(client, budget, 0);
  }

  public static LiveGofer writable(Path directory) throws Exception {
    return new LiveGofer(directory, false, ServerLimits.DEFAULT, 100);
  }

  /** Serves a file that the test changes too. */
  public static LiveGofer shared(Path file) throws Exception {
    return new LiveGofer(file, fd -> new Root(fd, false, true, false), ServerLimits.DEFAULT, 100);
  }

  /** Ends the Gofer, as if it had been killed. */
  public void kill() {
    far.close();
    while (thread.isAlive()) {
      try {
        thread.join();
      } catch (InterruptedException e) {
        throw new AssertionError(e);
      }
    }
  }

  @Override
  public void close() {
    client.close();
    kill();
    HostFile.close(fd);
  }
}
