package dev.bulwark.sentry.fs.sys;

import dev.bulwark.sentry.ErrnoException;
import dev.bulwark.sentry.fs.proc.ProcessorText;
import dev.bulwark.sentry.fs.proc.SystemView;
import dev.bulwark.sentry.fs.synthetic.FixedDirectory;
import dev.bulwark.sentry.fs.synthetic.SyntheticFile;
import dev.bulwark.sentry.fs.synthetic.SyntheticFileSystem;
import dev.bulwark.sentry.kernel.ProcessorList;
import dev.bulwark.sentry.vfs.Attributes;
import dev.bulwark.sentry.vfs.DirectoryEntry;
import dev.bulwark.sentry.vfs.Inode;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** devices/system/cpu: a directory for each processor there is now, besides the fixed names. */
final class ProcessorDirectory extends FixedDirectory {
  private static final String PREFIX = "cpu";

  private final SyntheticFileSystem fileSystem;
  private final SystemView view;
  private final Map<Integer, FixedDirectory> processors = new HashMap<>();

  ProcessorDirectory(SyntheticFileSystem fileSystem, SystemView view) {
    super(fileSystem);
    this.fileSystem = fileSystem;
    this.view = view;
  }

  @Override
  public synchronized @Nullable Inode lookup(String name) throws ErrnoException {
    if (name.startsWith(PREFIX)) {
      BitSet now = view.processorNumbers();
      for (int cpu = now.nextSetBit(0); cpu >= 0; cpu = now.nextSetBit(cpu + 1)) {
        if (name.equals(PREFIX + cpu)) {
          return processor(cpu);
        }
      }
    }
    return super.lookup(name);
  }

  @Override
  protected synchronized List<DirectoryEntry> entries() throws ErrnoException {
    List<DirectoryEntry> entries = new ArrayList<>(super.entries());
    BitSet now = view.processorNumbers();
    for (int cpu = now.nextSetBit(0); cpu >= 0; cpu = now.nextSetBit(cpu + 1)) {
      long number = processor(cpu).number();
      entries.add(new DirectoryEntry(PREFIX + cpu, number, Attributes.DIRECTORY));
    }
    return entries;
  }

  private FixedDirectory processor(int cpu) {
    return processors.computeIfAbsent(cpu, this::make);
  }

  private FixedDirectory make(int cpu) {
    BitSet itself = new BitSet();
    itself.set(cpu);
    FixedDirectory made =
        new FixedDirectory(fileSystem) {
          @Override
          protected boolean alive() {
            return view.processorNumbers().get(cpu);
          }
        };
    FixedDirectory topology = new FixedDirectory(fileSystem);
    text(topology, "core_id", _ -> cpu + "\n");
    text(topology, "physical_package_id", _ -> "0\n");
    for (String name : new String[] {"thread_siblings", "core_cpus"}) {
      text(topology, name, _ -> ProcessorText.mask(itself) + "\n");
      text(topology, name + "_list", _ -> cpu + "\n");
    }
    for (String name : new String[] {"core_siblings", "package_cpus"}) {
      text(topology, name, _ -> ProcessorText.mask(view.processorNumbers()) + "\n");
      text(topology, name + "_list", _ -> ProcessorList.format(view.processorNumbers()) + "\n");
    }
    made.put("topology", topology);
    if (cpu > 0) { // the first one cannot be taken away
      text(made, "online", _ -> "1\n");
    }
    return made;
  }

  private void text(FixedDirectory directory, String name, SyntheticFile.Text text) {
    directory.put(name, SyntheticFile.of(fileSystem, text));
  }
}
