package dev.bulwark.sentry.boot;

import dev.bulwark.control.Inherited;
import dev.bulwark.gofer.Client;
import dev.bulwark.linux.MessageSocket;
import dev.bulwark.sentry.ErrnoException;
import dev.bulwark.sentry.fs.gofer.DescriptorBudget;
import dev.bulwark.sentry.fs.gofer.GoferSystem;
import dev.bulwark.sentry.fs.overlay.OverlayFileSystem;
import dev.bulwark.sentry.fs.proc.MachineView;
import dev.bulwark.sentry.fs.tmpfs.Tmpfs;
import dev.bulwark.sentry.kernel.Kernel;
import dev.bulwark.sentry.vfs.FileSystem;

/** The sandbox's root file system, which comes from the Gofer. */
final class RootFiles {
  /** Of the 20,000 descriptors that a process can count on, most are for other things. */
  private static final int DONATED = 6000;

  private static final int ROOT = 0;

  private RootFiles() {}

  /**
   * Connects to the Gofer, which refuses changes itself unless they are to go through.
   *
   * @param died what to do when the Gofer dies
   */
  static FileSystem open(Runnable died) throws ErrnoException {
    Client client = new Client(new MessageSocket(Inherited.SENTRY_GOFER), died);
    return GoferSystem.attach(client, new DescriptorBudget(DONATED), ROOT);
  }

  /** The same with changes kept in memory, of which they may take half. */
  static FileSystem keepingChanges(FileSystem root, Kernel kernel) throws ErrnoException {
    Tmpfs store = new Tmpfs(new MachineView(kernel).memoryTotal() / 2, 0755, 0, 0);
    kernel.account().measure(store, store::bytesUsed);
    return new OverlayFileSystem(root, store);
  }
}
