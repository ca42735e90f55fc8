package dev.bulwark.microvm.monitor;

import dev.bulwark.control.KeeperLink;
import dev.bulwark.control.Keepers;
import dev.bulwark.control.Message;
import dev.bulwark.linux.HostException;
import dev.bulwark.microvm.agent.AgentConnection;
import dev.bulwark.microvm.agent.AgentException;
import dev.bulwark.microvm.agent.AgentProcess;

/**
 * A further process of a container, which a runtime command has started.
 *
 * @param process its streams and its end
 * @param pid its number in the guest
 */
record GuestExecution(AgentConnection agent, AgentProcess process, int pid) {
  private static final int SIGKILL = 9;

  /**
   * Serves it to its end.
   *
   * @param stdio its standard files on the host, closed when nothing more goes through them
   * @param keeper told of its end
   */
  void serve(int[] stdio, KeeperLink keeper, Keepers keepers) throws HostException {
    WindowSize window = new WindowSize(process, stdio[0]);
    StreamRelay relay = StreamRelay.start(process, stdio);
    keepers.begun();
    keeper.listen(
        "keeper-" + pid,
        new KeeperLink.Listener() {
          @Override
          public void signal(int number) {
            send(number);
          }

          @Override
          public void windowChanged() {
            window.changed();
          }

          @Override
          public void abandoned() {
            // Whoever killed the keeper meant the process.
            send(SIGKILL);
            window.close();
            keeper.close();
            keepers.ended();
          }
        });
    window.changed();
    Thread.ofPlatform().name("process-" + pid).daemon().start(() -> await(relay, keeper));
  }

  private void send(int number) {
    try {
      agent.signal(pid, number);
    } catch (AgentException over) {
      // It has ended, or its machine has.
    }
  }

  private void await(StreamRelay relay, KeeperLink keeper) {
    try {
      int status = process.await();
      relay.finish();
      keeper.send(new Message.Ended(status, ""));
    } catch (AgentException gone) {
      keeper.send(new Message.Failed(Crun.FAILED, gone.getMessage()));
    } catch (InterruptedException nobodyDoesThat) {
      Thread.currentThread().interrupt();
    }
  }
}
