package dev.bulwark.sentry.fs.cgroup;

import dev.bulwark.sentry.kernel.Kernel;
import dev.bulwark.sentry.kernel.ProcessTree;
import dev.bulwark.sentry.kernel.Task;
import dev.bulwark.sentry.kernel.ThreadGroup;
import java.util.function.ToIntFunction;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The files of the group itself, and those of the controllers of tasks and of input and output. */
final class GroupFiles {
  private final Kernel kernel;

  GroupFiles(Kernel kernel) {
    this.kernel = kernel;
  }

  void addTo(CgroupSystem group) {
    group.shows("cgroup.controllers", _ -> "cpuset cpu io memory pids\n");
    group.shows("cgroup.events", _ -> "populated 1\nfrozen 0\n");
    group.shows("cgroup.stat", _ -> "nr_descendants 0\nnr_dying_descendants 0\n");
    group.sets("cgroup.freeze", _ -> "0\n");
    group.sets("cgroup.max.depth", _ -> "max\n");
    group.sets("cgroup.max.descendants", _ -> "max\n");
    group.sets("cgroup.procs", _ -> processes());
    group.sets("cgroup.subtree_control", _ -> "\n");
    group.sets("cgroup.threads", _ -> threads());
    group.sets("cgroup.type", _ -> "domain\n");
    group.shows("io.stat", _ -> "");
    ProcessTree tree = kernel.processes();
    group.shows("pids.current", _ -> tree.taskCount() + "\n");
    group.shows("pids.events", _ -> "max " + tree.refusedTasks() + "\n");
    group.shows("pids.peak", _ -> tree.mostTasks() + "\n");
    group.sets("pids.max", _ -> bound(kernel.resources().limits().pids()));
  }

  /** A limit as such files write it. */
  static String bound(long limit) {
    return limit == 0 ? "max\n" : limit + "\n";
  }

  private String processes() {
    return lines(kernel.processes().all().stream().filter(each -> !each.over()), ThreadGroup::pid);
  }

  private String threads() {
    return lines(kernel.tasks().all().stream(), Task::tid);
  }

  private static <T> String lines(Stream<T> all, ToIntFunction<T> number) {
    return all.mapToInt(number)
        .sorted()
        .mapToObj(each -> each + "\n")
        .collect(Collectors.joining());
  }
}
