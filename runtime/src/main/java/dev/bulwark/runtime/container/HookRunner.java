package dev.bulwark.runtime.container;

import dev.bulwark.linux.HostCall;
import dev.bulwark.linux.HostException;
import dev.bulwark.linux.HostIo;
import dev.bulwark.linux.HostPoll;
import dev.bulwark.linux.HostWait;
import dev.bulwark.linux.Spawn;
import dev.bulwark.linux.Sys;
import dev.bulwark.runtime.oci.Hooks;
import dev.bulwark.runtime.oci.State;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** Runs hooks on the host, one after the other, with the container's state on standard input. */
final class HookRunner {
  private static final int LONGEST_OUTPUT = 4096;
  private static final int STARTED_FILES = 3;

  private final State state;

  HookRunner(State state) {
    this.state = state;
  }

  /**
   * Runs hooks in their order, up to the first that fails.
   *
   * @param kind what messages call them
   * @param wrapper what the command is prefixed with, to enter namespaces; empty for none
   * @throws ContainerException with the hook's own words when it fails or takes too long
   */
  void run(String kind, List<Hooks.Hook> hooks, List<String> wrapper)
      throws ContainerException, HostException {
    for (int i = 0; i < hooks.size(); i++) {
      run(kind + " hook #" + i, hooks.get(i), wrapper);
    }
  }

  private void run(String name, Hooks.Hook hook, List<String> wrapper)
      throws ContainerException, HostException {
    int input = HostIo.memoryFile("bulwark-state", state.forHooks());
    int output = HostIo.memoryFile("bulwark-hook", new byte[0]);
    try {
      HostCall.call(Sys.LSEEK, input, 0, 0);
      List<String> command = new ArrayList<>(wrapper);
      String program = wrapper.isEmpty() ? hook.path() : wrapper.getFirst();
      if (wrapper.isEmpty()) {
        command.addAll(hook.args().isEmpty() ? List.of(hook.path()) : hook.args());
      } else {
        // The wrapper starts what it is given by path; the zeroth argument cannot be another then.
        command.add(hook.path());
        command.addAll(
            hook.args().isEmpty() ? List.of() : hook.args().subList(1, hook.args().size()));
      }
      int[] files = new int[STARTED_FILES];
      files[0] = input;
      files[1] = output;
      files[2] = output;
      int pid = Spawn.start(program, command, hook.env(), files);
      Integer seconds = hook.timeout();
      if (!endedWithin(pid, seconds)) {
        HostCall.call(Sys.KILL, pid, HostProcess.SIGKILL);
        HostWait.exitCode(pid);
        throw new ContainerException(
            "error running " + name + ": it took longer than its timeout of " + seconds + " s");
      }
      int exit = HostWait.exitCode(pid);
      if (exit != 0) {
        String words =
            new String(HostIo.readFile(output, LONGEST_OUTPUT), StandardCharsets.ISO_8859_1);
        throw new ContainerException(
            "error running "
                + name
                + ": exit status "
                + exit
                + (words.isBlank() ? "" : ", stdout and stderr: " + words.strip()));
      }
    } catch (HostException failure) {
      throw new ContainerException("error running " + name + ": " + failure.getMessage());
    } finally {
      HostIo.close(input);
      HostIo.close(output);
    }
  }

  private static boolean endedWithin(int pid, @org.jspecify.annotations.Nullable Integer seconds)
      throws HostException {
    if (seconds == null) {
      return true; // whoever wrote the hook means it to take as long as it takes
    }
    int pidfd =
        (int) HostCall.check(HostCall.call(Sys.PIDFD_OPEN, pid, 0), "watching process " + pid);
    HostPoll poll = new HostPoll(pidfd);
    try {
      return poll.await(Math.min(seconds, Integer.MAX_VALUE / 1000) * 1000) > 0;
    } finally {
      HostIo.close(pidfd);
    }
  }
}
