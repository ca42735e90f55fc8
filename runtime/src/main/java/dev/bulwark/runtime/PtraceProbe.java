package dev.bulwark.runtime;

import dev.bulwark.linux.HostCall;
import dev.bulwark.linux.HostException;
import dev.bulwark.linux.HostIo;
import dev.bulwark.linux.HostPtrace;
import dev.bulwark.linux.HostWait;
import dev.bulwark.linux.Spawn;
import dev.bulwark.linux.Sys;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.List;

/** Finds out whether the platform {@code ptrace} can work here, by tracing a shell that waits. */
final class PtraceProbe {
  private static final int SIGKILL = 9;

  private PtraceProbe() {}

  /** Why it cannot, or an empty string. */
  static String problem() {
    try {
      int[] pipe = HostIo.pipe();
      try {
        int pid =
            Spawn.start("/bin/sh", List.of("sh", "-c", "read x"), List.of(), new int[] {pipe[0]});
        try {
          return trace(pid);
        } finally {
          HostCall.call(Sys.KILL, pid, SIGKILL);
          HostWait.exitCode(pid);
        }
      } finally {
        HostIo.close(pipe[0]);
        HostIo.close(pipe[1]);
      }
    } catch (HostException refused) {
      return refused.getMessage();
    }
  }

  private static String trace(int pid) throws HostException {
    HostPtrace.seize(pid);
    HostPtrace.interrupt(pid);
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment information = arena.allocate(HostPtrace.SIGINFO_SIZE, 8);
      int stop = HostPtrace.awaitStop(pid, information);
      while (stop != HostPtrace.GONE && stop != HostPtrace.SYSCALL_STOP) {
        if (HostPtrace.resume(pid, HostPtrace.SYSEMU, 0) != 0) {
          return "the host has no PTRACE_SYSEMU";
        }
        stop = HostPtrace.awaitStop(pid, information);
      }
      return stop == HostPtrace.SYSCALL_STOP ? "" : "the host lets a traced process get away";
    }
  }
}
