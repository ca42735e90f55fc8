package dev.bulwark.microvm.hypervisor;

import dev.bulwark.linux.HostCall;
import dev.bulwark.linux.HostException;
import dev.bulwark.linux.HostIo;
import dev.bulwark.linux.HostStream;
import dev.bulwark.linux.HostWait;
import dev.bulwark.linux.Sys;
import dev.bulwark.microvm.agent.AgentConnection;

/** A QEMU that runs, in its jail, which is a child of this process. */
final class QemuMachine implements Machine {
  private static final int SIGKILL = 9;
  private static final int LONGEST_LIST = 4096;

  private final int pid;
  private final HostStream consoleStream;
  private final AgentConnection agent;
  private final QmpClient qmp;
  private final Console console = new Console();
  private final Thread consoleThread;
  private boolean closed;

  QemuMachine(int pid, int agentFd, int qmpFd, int consoleFd) {
    this.pid = pid;
    consoleStream = new HostStream(consoleFd);
    agent = AgentConnection.over(new HostStream(agentFd));
    qmp = new QmpClient(new HostStream(qmpFd), event -> {});
    consoleThread =
        Thread.ofPlatform().name("console").daemon().start(() -> console.follow(consoleStream));
  }

  @Override
  public AgentConnection agent() {
    return agent;
  }

  @Override
  public void pause() throws MachineException {
    qmp.execute("stop");
  }

  @Override
  public void resume() throws MachineException {
    qmp.execute("cont");
  }

  @Override
  public int hostPid() {
    String children = "/proc/" + pid + "/task/" + pid + "/children";
    try {
      String first = HostIo.text(children, LONGEST_LIST).strip().split(" ", -1)[0];
      return first.isEmpty() ? pid : Integer.parseInt(first);
    } catch (HostException gone) {
      return pid;
    }
  }

  @Override
  public String lastLines() {
    return console.lastLines();
  }

  @Override
  public synchronized void close() {
    if (closed) {
      return;
    }
    closed = true;
    // The jail dies of it, and QEMU, the first process of its namespace, with the jail.
    HostCall.call(Sys.KILL, pid, SIGKILL);
    try {
      HostWait.exitCode(pid);
    } catch (HostException gone) {
      // Somebody else waited for it: there is nothing left to wait for.
    }
    agent.close();
    qmp.close();
    // Its end is that of the last process that held the other end.
    try {
      consoleThread.join();
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    }
    consoleStream.close();
  }
}
