package dev.bulwark.sentry.boot;

import dev.bulwark.control.Inherited;
import dev.bulwark.control.NetworkMode;
import dev.bulwark.control.SandboxSpec;
import dev.bulwark.linux.CallFilter;
import dev.bulwark.linux.CallRule;
import dev.bulwark.linux.Guard;
import dev.bulwark.linux.HostException;
import dev.bulwark.sentry.io.HostFile;
import dev.bulwark.sentry.net.host.HostSockets;
import dev.bulwark.sentry.net.inet.HostStack;
import java.util.Arrays;
import java.util.List;

/**
 * The moment from which the Sentry can do no more than answer applications: before anything of the
 * container is looked at.
 */
final class Lockdown {
  /** On the command line: all is prepared, but nothing locked, because a JVM must write a file. */
  private static final String REHEARSAL = "--rehearsal";

  private final Guard guard;

  private Lockdown(Guard guard) {
    this.guard = guard;
  }

  static Lockdown of(String[] arguments) {
    boolean rehearsal = Arrays.asList(arguments).contains(REHEARSAL);
    return new Lockdown(new Guard(Inherited.SENTRY_GUARD, rehearsal));
  }

  /** Has the keeper do what takes a capability in the network namespace. */
  void serve(HostStack network) {
    network.sockets().privileged(new KeepersSockets(guard));
  }

  /**
   * Locks the process down. Threads, memory files, the zygote and the network are there already.
   *
   * @param platform what the platform needs beside what is always admitted
   * @throws HostException when that fails, with which the sandbox ends
   */
  void enter(SandboxSpec spec, List<CallRule> platform) throws HostException {
    HostFile.giveTwinsBy(guard::twin);
    boolean hostStack = spec.network() == NetworkMode.HOST_STACK;
    guard.lock(new CallFilter(SentryCalls.rules(hostStack, platform)));
  }

  /** Ends the process. */
  void exit() {
    guard.exit(0);
  }

  /** The keeper as somebody who has capabilities in the network namespace. */
  private record KeepersSockets(Guard keeper) implements HostSockets.Privileged {
    @Override
    public long echoSocket(int family, int type) {
      return keeper.echoSocket(family, type);
    }

    @Override
    public long bind(int fd, byte[] address) {
      return keeper.bind(fd, address);
    }
  }
}
