package dev.bulwark.sentry.boot;

import dev.bulwark.control.CommandServer;
import dev.bulwark.control.Inherited;
import dev.bulwark.control.KeeperLink;
import dev.bulwark.control.Keepers;
import dev.bulwark.control.Message;
import dev.bulwark.control.SandboxSpec;
import dev.bulwark.linux.HostIo;
import java.io.IOException;

/** The entry point of the Sentry, started by the keeper. */
public final class Main {
  private Main() {}

  /** Runs a sandbox and ends the process with it. */
  public static void main(String[] arguments) {
    KeeperLink keeper = new KeeperLink(Inherited.SENTRY_CONTROL);
    Keepers keepers = new Keepers(keeper);
    Commands commands = new Commands(keepers);
    CommandServer server = new CommandServer(Inherited.SENTRY_LISTENER, commands);
    Lockdown lockdown = Lockdown.of(arguments);
    Message end = run(keeper, commands, server, lockdown);
    keepers.close();
    keepers.awaitEnd();
    server.settle();
    keeper.send(end);
    lockdown.exit();
  }

  /** Runs the sandbox to its end, and gives the report for the keeper. */
  private static Message run(
      KeeperLink keeper, Commands commands, CommandServer server, Lockdown lockdown) {
    StartFailure why;
    try {
      SandboxSpec spec =
          SandboxSpec.decode(HostIo.readFile(Inherited.SENTRY_SPEC, SandboxSpec.MAXIMUM_BYTES));
      HostIo.close(Inherited.SENTRY_SPEC);
      if (spec.waits()) {
        server.start();
      }
      return new Boot(spec, keeper, commands, lockdown).run();
    } catch (StartFailure failure) {
      why = failure;
    } catch (IOException | RuntimeException | Error failure) {
      failure.printStackTrace();
      why = new StartFailure(StartFailure.RUNTIME_FAILED, "the Sentry failed: " + failure);
    }
    commands.failed(why);
    return new Message.Failed(why.exitCode(), why.getMessage());
  }
}
