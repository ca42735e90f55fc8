package dev.bulwark.sentry.fs.cgroup;

import dev.bulwark.sentry.fs.synthetic.FixedDirectory;
import dev.bulwark.sentry.fs.synthetic.SyntheticFile;
import dev.bulwark.sentry.fs.synthetic.SyntheticFileSystem;
import dev.bulwark.sentry.kernel.Kernel;
import dev.bulwark.sentry.vfs.Inode;

/**
 * The control group of a sandbox, for mount(2) with the types {@code cgroup2} and {@code cgroup}:
 * who asks for the first version is shown the second, as on a host that has only that.
 */
public final class CgroupSystem extends SyntheticFileSystem {
  private static final long MAGIC = 0x63677270;

  private final FixedDirectory root = new FixedDirectory(this, 0755, 0, 0);

  /** A file system about a kernel. */
  @SuppressWarnings("this-escape") // the inodes only keep the reference
  public CgroupSystem(Kernel kernel) {
    super("cgroup2", MAGIC);
    new GroupFiles(kernel).addTo(this);
    new MemoryFiles(kernel).addTo(this);
    new ProcessorFiles(kernel).addTo(this);
    setReadOnly(true);
  }

  /** Adds a file that tells something. */
  void shows(String name, SyntheticFile.Text text) {
    root.put(name, SyntheticFile.of(this, 0444, text));
  }

  /** Adds a file that a file system which is not only read would let root write. */
  void sets(String name, SyntheticFile.Text text) {
    root.put(name, SyntheticFile.of(this, 0644, text));
  }

  @Override
  protected Inode root() {
    return root;
  }
}
