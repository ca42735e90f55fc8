package dev.bulwark.sentry.boot;

import dev.bulwark.control.Inherited;
import dev.bulwark.gofer.Client;
import dev.bulwark.gofer.GoferException;
import dev.bulwark.linux.MessageSocket;
import dev.bulwark.sentry.ErrnoException;
import dev.bulwark.sentry.fs.gofer.DescriptorBudget;
import dev.bulwark.sentry.fs.gofer.GoferSystem;
import dev.bulwark.sentry.fs.overlay.OverlayFileSystem;
import dev.bulwark.sentry.fs.proc.MachineView;
import dev.bulwark.sentry.fs.tmpfs.Tmpfs;
import dev.bulwark.sentry.kernel.Kernel;
import dev.bulwark.sentry.vfs.FileSystem;

/** The trees that the Gofer serves: the sandbox's root file system and what is bound into it. */
final class GoferFiles {
  /** Of the 20,000 descriptors that a process can count on, most are for other things. */
  private static final int DONATED = 6000;

  private final Client client;
  private final DescriptorBudget budget = new DescriptorBudget(DONATED);

  /**
   * Connects to the Gofer, which refuses changes itself unless they are to go through.
   *
   * @param died what to do when the Gofer dies
   */
  GoferFiles(Runnable died) {
    client = new Client(new MessageSocket(Inherited.SENTRY_GOFER), died);
  }

  /** A tree by its place on the Gofer's command line; 0 is the root file system. */
  FileSystem tree(int index) throws ErrnoException {
    return GoferSystem.attach(client, budget, index);
  }

  /** Has the Gofer refuse every change of a tree from now on. */
  void seal(int index) throws ErrnoException {
    try {
      client.seal(index);
    } catch (GoferException failure) {
      throw ErrnoException.of(failure.errno());
    }
  }

  /** A tree with changes kept in memory, of which they may take half. */
  static FileSystem keepingChanges(FileSystem root, Kernel kernel) throws ErrnoException {
    Tmpfs store = new Tmpfs(new MachineView(kernel).memoryTotal() / 2, 0755, 0, 0);
    kernel.account().measure(store, store::bytesUsed);
    return new OverlayFileSystem(root, store);
  }
}
