package dev.bulwark.runtime;

import dev.bulwark.control.MalformedException;
import dev.bulwark.control.Message;
import dev.bulwark.linux.HostIo;
import dev.bulwark.linux.HostPoll;
import dev.bulwark.linux.SignalPipe;
import org.jspecify.annotations.Nullable;

/**
 * Waits for what happens to a sandbox: passes signals on, listens to the Sentry, and ends all its
 * processes as soon as one of them is gone.
 */
final class Supervisor {
  private static final int SIGWINCH = 28;
  private static final int SIGNALS = 0;
  private static final int CONTROL = 1;
  private static final int SENTRY = 2;
  private static final int GOFER = 3;

  /** How long a Sentry that closed its socket, or was told to end, may take to be gone. */
  private static final int GRACE_MILLISECONDS = 500;

  private static final int TRAINING_MILLISECONDS = 60_000;

  private final HostChild sentry;
  private final ProcessLog sentryLog;
  private final HostChild gofer;
  private final ProcessLog goferLog;
  private final int control;
  private final SignalPipe signals;
  private final boolean training;
  private final byte[] datagram = new byte[Message.MAXIMUM_BYTES];

  Supervisor(
      HostChild sentry,
      ProcessLog sentryLog,
      HostChild gofer,
      ProcessLog goferLog,
      int control,
      SignalPipe signals,
      boolean training) {
    this.sentry = sentry;
    this.sentryLog = sentryLog;
    this.gofer = gofer;
    this.goferLog = goferLog;
    this.control = control;
    this.signals = signals;
    this.training = training;
  }

  /**
   * Stays until the sandbox has ended; no process that was started lives afterwards.
   *
   * @return how its init ended
   * @throws LaunchFailure when it did not end by itself
   */
  Outcome await() throws LaunchFailure {
    Message last = null;
    try (HostPoll poll = new HostPoll(signals.fd(), control, sentry.pidfd(), gofer.pidfd())) {
      while (last == null) {
        poll.await(-1);
        if (poll.ready(SIGNALS)) {
          forward(signals.next());
        }
        if (poll.ready(CONTROL)) {
          last = receive();
          if (last == null) {
            poll.forget(CONTROL);
            awaitDeath(sentry, GRACE_MILLISECONDS);
            throw died(sentry, "Sentry", sentryLog);
          }
          last = last instanceof Message.Started ? null : last;
        } else if (poll.ready(SENTRY)) {
          throw died(sentry, "Sentry", sentryLog);
        } else if (poll.ready(GOFER)) {
          throw died(gofer, "Gofer", goferLog);
        }
      }
    } finally {
      end();
    }
    return switch (last) {
      case Message.Ended ended -> new Outcome(exitCode(ended), ended.remark());
      case Message.Failed failed ->
          throw new LaunchFailure(
              failed.exitCode(),
              failed.exitCode() == LaunchFailure.RUNTIME_FAILED
                  ? failed.why() + where(sentryLog)
                  : failed.why());
      default -> throw new LaunchFailure("the Sentry spoke out of turn: " + last);
    };
  }

  private void forward(int signal) {
    if (signal == SIGWINCH) {
      HostIo.send(control, new Message.WindowChanged().encode());
    } else if (signal != 0) {
      HostIo.send(control, new Message.Signal(signal).encode());
    }
  }

  /** The next message, or null when there will be none. */
  private @Nullable Message receive() throws LaunchFailure {
    int length = HostIo.receive(control, datagram);
    try {
      return length <= 0 ? null : Message.decode(datagram, length);
    } catch (MalformedException malformed) {
      throw new LaunchFailure("the Sentry cannot be understood: " + malformed.getMessage());
    }
  }

  private static int exitCode(Message.Ended ended) {
    int signal = ended.status() & 0x7f;
    return signal == 0 ? ended.status() >>> 8 & 0xff : 128 + signal;
  }

  private LaunchFailure died(HostChild child, String name, ProcessLog log) {
    child.kill();
    return new LaunchFailure(
        "the sandbox has ended because its "
            + name
            + " "
            + HostChild.describe(child.await())
            + where(log));
  }

  private static String where(ProcessLog log) {
    String path = log.keep();
    return path == null ? "" : "; its log is " + path;
  }

  private void end() {
    if (training) {
      awaitDeath(sentry, TRAINING_MILLISECONDS);
      awaitDeath(gofer, TRAINING_MILLISECONDS);
    }
    sentry.kill();
    gofer.kill();
  }

  private static void awaitDeath(HostChild child, int milliseconds) {
    try (HostPoll poll = new HostPoll(child.pidfd())) {
      poll.await(milliseconds);
    }
  }
}
