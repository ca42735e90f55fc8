package dev.bulwark.runtime.container;

import dev.bulwark.control.Answer;
import dev.bulwark.control.MalformedException;
import dev.bulwark.control.Request;
import dev.bulwark.linux.Frame;
import dev.bulwark.linux.HostException;
import dev.bulwark.linux.HostIo;
import dev.bulwark.linux.HostPoll;
import dev.bulwark.linux.LocalSocket;
import dev.bulwark.linux.MessageSocket;

/**
 * A connection to the Sentry of a container. It never waits longer than told: a sandbox that does
 * not answer, or dies, is an error. Not thread-safe.
 */
final class SentryClient implements AutoCloseable {
  static final String SOCKET = "control.sock";

  /** How long an answer that needs no application to act may take. */
  static final int SOON_MILLISECONDS = 20_000;

  private final MessageSocket socket;

  private SentryClient(MessageSocket socket) {
    this.socket = socket;
  }

  /**
   * Connects to a container's Sentry.
   *
   * @throws ContainerException when there is none any more
   */
  static SentryClient connect(StateDirectory directory) throws ContainerException {
    try {
      return new SentryClient(new MessageSocket(LocalSocket.connect(directory.shortPath(SOCKET))));
    } catch (HostException gone) {
      throw new ContainerException(
          "the sandbox of container " + directory.id() + " does not answer: " + gone.getMessage());
    }
  }

  /**
   * Asks.
   *
   * @param milliseconds how long the answer may take
   * @param descriptors that go with the request; they stay the caller's
   * @throws ContainerException when it is refused, or no answer comes
   */
  Answer ask(Request request, int milliseconds, int... descriptors) throws ContainerException {
    Frame frame = new Frame(Answer.MAXIMUM_BYTES);
    frame.clear().put(request.encode());
    for (int fd : descriptors) {
      frame.attach(fd);
    }
    if (socket.send(frame) != 0) {
      throw new ContainerException("the sandbox has ended");
    }
    HostPoll poll = new HostPoll(socket.fd());
    if (poll.await(milliseconds) == 0) {
      throw new ContainerException(
          "the sandbox did not answer within " + milliseconds / 1000 + " s");
    }
    if (socket.receive(frame) <= 0) {
      throw new ContainerException("the sandbox has ended");
    }
    byte[] bytes = new byte[frame.bytes().remaining()];
    frame.bytes().get(bytes);
    try {
      Answer answer = Answer.decode(bytes, bytes.length);
      if (answer instanceof Answer.Refused refused) {
        throw new ContainerException(refused.why());
      }
      return answer;
    } catch (MalformedException malformed) {
      throw new ContainerException("the sandbox cannot be understood: " + malformed.getMessage());
    }
  }

  /** Asks for what starts a process, with its descriptors. */
  int execute(byte[] spec, int[] stdio, int keeper) throws ContainerException, HostException {
    int file = HostIo.memoryFile("bulwark-process", spec);
    try {
      Answer answer =
          ask(
              new Request.Execute(HostProcess.self()),
              SOON_MILLISECONDS,
              file,
              stdio[0],
              stdio[1],
              stdio[2],
              keeper);
      return answer instanceof Answer.Executed executed ? executed.pid() : 0;
    } finally {
      HostIo.close(file);
    }
  }

  @Override
  public void close() {
    socket.close();
  }
}
