package dev.bulwark.sentry.syscall;

import dev.bulwark.sentry.fs.mqueue.MqueueCalls;
import dev.bulwark.sentry.fs.signalfd.SignalFileCalls;
import dev.bulwark.sentry.ipc.IpcCalls;
import dev.bulwark.sentry.net.SocketCalls;
import dev.bulwark.sentry.seccomp.SeccompCalls;
import dev.bulwark.sentry.signal.SignalCalls;
import dev.bulwark.sentry.syscall.file.FileCalls;
import dev.bulwark.sentry.time.ClockCalls;
import dev.bulwark.sentry.time.TimerCalls;

/** The topics of system calls, and the table that their rows make. */
public final class Topics {
  private Topics() {}

  /** The table of all calls. */
  public static SyscallTable table() {
    SyscallTable.Builder table = SyscallTable.builder();
    CapabilityCalls.rows(table);
    ClockCalls.rows(table);
    CompareCalls.rows(table);
    CloneCalls.rows(table);
    CredentialCalls.rows(table);
    EventCalls.rows(table);
    ExecCalls.rows(table);
    FileCalls.rows(table);
    FutexCalls.rows(table);
    IpcCalls.rows(table);
    LimitCalls.rows(table);
    MemoryCalls.rows(table);
    MqueueCalls.rows(table);
    PidFileCalls.rows(table);
    PipeCalls.rows(table);
    PollCalls.rows(table);
    PrctlCalls.rows(table);
    PriorityCalls.rows(table);
    ProcessCalls.rows(table);
    RandomCalls.rows(table);
    RefusedCalls.rows(table);
    RemoteMemoryCalls.rows(table);
    SchedAttributeCalls.rows(table);
    ScheduleCalls.rows(table);
    SeccompCalls.rows(table);
    SelectCalls.rows(table);
    SignalCalls.rows(table);
    SocketCalls.rows(table);
    SignalFileCalls.rows(table);
    SysinfoCalls.rows(table);
    SystemCalls.rows(table);
    TimerCalls.rows(table);
    WaitCalls.rows(table);
    return table.build();
  }
}
