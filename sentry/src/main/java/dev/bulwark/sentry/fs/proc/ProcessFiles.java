package dev.bulwark.sentry.fs.proc;

import dev.bulwark.linux.Errno;
import dev.bulwark.sentry.ErrnoException;
import dev.bulwark.sentry.auth.Capability;
import dev.bulwark.sentry.auth.Credentials;
import dev.bulwark.sentry.kernel.Limits;
import dev.bulwark.sentry.kernel.ProcessAttributes;
import dev.bulwark.sentry.kernel.Task;
import dev.bulwark.sentry.kernel.ThreadGroup;
import dev.bulwark.sentry.loader.Image;
import dev.bulwark.sentry.vfs.FsContext;
import dev.bulwark.sentry.vfs.Location;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The files of a process's directory, but for those that list others. */
final class ProcessFiles {
  private static final String WHOLE_MAP = "         0          0 4294967295\n";
  private static final String NO_USER = "4294967295";

  /** Namespaces and the numbers of their inodes, which Linux gives the first of each kind. */
  private static final Map<String, Long> NAMESPACES =
      Map.of(
          "cgroup", 4026531835L,
          "ipc", 4026531839L,
          "mnt", 4026531841L,
          "net", 4026531840L,
          "pid", 4026531836L,
          "pid_for_children", 4026531836L,
          "time", 4026531834L,
          "time_for_children", 4026531834L,
          "user", 4026531837L,
          "uts", 4026531838L);

  private final Subject about;
  private final ProcSystem system;

  private ProcessFiles(ProcSystem system, Subject about) {
    this.system = system;
    this.about = about;
  }

  static void addTo(ProcessDirectory directory) {
    Subject about = directory.about();
    ProcSystem system = directory.system();
    ProcessFiles files = new ProcessFiles(system, about);
    directory
        .secret("auxv", 0400, () -> MemoryText.auxiliary(about))
        .shown("cgroup", () -> "0::/\n")
        .shown("cmdline", () -> MemoryText.arguments(about))
        .setting("coredump_filter", 0644, () -> "00000033\n", null)
        .setting("comm", 0644, files::name, files::setName)
        .shown("cpuset", () -> "/\n")
        .link("cwd", files.place(FsContext::cwd))
        .secret("environ", 0400, () -> MemoryText.environment(about))
        .link("exe", executable(about))
        .secret("io", 0400, files::transfers)
        .shown("limits", () -> limits(about.process().limits()))
        .setting("loginuid", 0644, () -> NO_USER, null)
        .secret("maps", 0444, () -> MapsText.maps(about))
        .shown("mountinfo", () -> MountText.info(about.living().fs()))
        .shown("mounts", () -> MountText.table(about.living().fs()))
        .secret("mountstats", 0400, () -> MountText.statistics(about.living().fs()))
        .shown("oom_score", () -> Math.max(0, 666 + adjustment(about) * 2 / 3) + "\n")
        .setting("oom_adj", 0644, () -> adjustment(about) * 17 / 1000 + "\n", files::setOldOom)
        .setting("oom_score_adj", 0644, () -> adjustment(about) + "\n", files::setOom)
        .secret("personality", 0400, files::personality)
        .setting("projid_map", 0644, () -> WHOLE_MAP, null)
        .link("root", files.place(FsContext::root))
        .shown("schedstat", () -> "0 0 0\n")
        .shown("sessionid", () -> NO_USER)
        .shown("setgroups", () -> "allow\n")
        .secret("smaps", 0444, () -> MapsText.details(about))
        .secret("smaps_rollup", 0444, () -> MapsText.sums(about))
        .secret("stack", 0400, () -> "")
        .shown("stat", () -> StatText.line(system, about))
        .shown("statm", () -> MapsText.pages(about))
        .shown("status", () -> StatusText.lines(system, about))
        .secret("syscall", 0400, () -> "running\n")
        .setting("timerslack_ns", 0666, files::timerSlack, files::setTimerSlack)
        .setting("uid_map", 0644, () -> WHOLE_MAP, null)
        .setting("gid_map", 0644, () -> WHOLE_MAP, null)
        .shown("wchan", () -> "0");
    directory.inode("mem", number -> new ProcMemory(system, number, about));
    directory.add("net", system.net());
    if (about.thread()) {
      directory.shown("children", () -> children(about));
    }
    directory.inode("ns", number -> files.namespaces(number, directory));
  }

  /** The children, which Linux lists with the thread that made them; here with the first one. */
  private static String children(Subject about) {
    StringBuilder text = new StringBuilder();
    if (about.tid() == about.pid()) {
      for (ThreadGroup process : about.kernel().processes().all()) {
        if (about.kernel().processes().parentPid(process) == about.pid()) {
          text.append(process.pid()).append(' ');
        }
      }
    }
    return text.toString();
  }

  private String name() {
    Task task = about.task();
    return (task == null ? "" : task.attributes().name()) + "\n";
  }

  private void setName(String text, Credentials writer) throws ErrnoException {
    Task current = Task.current();
    if (current == null || current.process().pid() != about.pid()) {
      throw ErrnoException.of(Errno.EINVAL);
    }
    int end = text.indexOf('\n');
    about.living().attributes().setName(end < 0 ? text : text.substring(0, end));
  }

  /** Chooses one of the directories of a task. */
  private interface Choice {
    Location of(FsContext fs);
  }

  private static ProcLink.Target executable(Subject about) {
    return new ProcLink.Target() {
      @Override
      public Location place() throws ErrnoException {
        Image image = about.image();
        Location found = image == null ? null : image.executable();
        if (found == null) {
          throw ErrnoException.of(Errno.ENOENT);
        }
        return found;
      }

      @Override
      public String text() throws ErrnoException {
        return path(place());
      }
    };
  }

  private ProcLink.Target place(Choice choice) {
    return new ProcLink.Target() {
      @Override
      public Location place() throws ErrnoException {
        Task task = about.task();
        if (task == null) {
          throw ErrnoException.of(Errno.ENOENT);
        }
        return choice.of(task.fs());
      }

      @Override
      public String text() throws ErrnoException {
        return path(place());
      }
    };
  }

  /** A path as the reading task sees it. */
  static String path(Location location) {
    Task current = Task.current();
    return current == null
        ? dev.bulwark.sentry.vfs.PathName.of(location)
        : current.fs().path(location);
  }

  private String transfers() {
    return """
        rchar: 0
        wchar: 0
        syscr: 0
        syscw: 0
        read_bytes: 0
        write_bytes: 0
        cancelled_write_bytes: 0
        """;
  }

  private static int adjustment(Subject about) {
    return about.process().attributes().oomAdjustment();
  }

  private void setOom(String text, Credentials writer) throws ErrnoException {
    adjust(parse(text), writer, -1000, 1000);
  }

  private void setOldOom(String text, Credentials writer) throws ErrnoException {
    long value = parse(text);
    if (value < -17 || value > 15) {
      throw ErrnoException.of(Errno.EINVAL);
    }
    adjust(value == 15 ? 1000 : value * 1000 / 17, writer, -1000, 1000);
  }

  private void adjust(long value, Credentials writer, long least, long most) throws ErrnoException {
    if (value < least || value > most) {
      throw ErrnoException.of(Errno.EINVAL);
    }
    ProcessAttributes attributes = about.process().attributes();
    if (value < attributes.oomAdjustment() && !writer.has(Capability.SYS_RESOURCE)) {
      throw ErrnoException.of(Errno.EACCES);
    }
    attributes.setOomAdjustment((int) value);
  }

  private static long parse(String text) throws ErrnoException {
    try {
      return Long.parseLong(text.strip());
    } catch (NumberFormatException e) {
      throw ErrnoException.of(Errno.EINVAL);
    }
  }

  private String personality() throws ErrnoException {
    return String.format(Locale.ROOT, "%08x\n", about.living().attributes().personality());
  }

  private String timerSlack() throws ErrnoException {
    return about.living().attributes().timerSlack() + "\n";
  }

  private void setTimerSlack(String text, Credentials writer) throws ErrnoException {
    Task current = Task.current();
    if ((current == null || current.process().pid() != about.pid())
        && !writer.has(Capability.SYS_NICE)) {
      throw ErrnoException.of(Errno.EPERM);
    }
    about.living().attributes().setTimerSlack(parse(text));
  }

  private static String limits(Limits limits) {
    String[][] rows = {
      {"Max cpu time", "seconds"},
      {"Max file size", "bytes"},
      {"Max data size", "bytes"},
      {"Max stack size", "bytes"},
      {"Max core file size", "bytes"},
      {"Max resident set", "bytes"},
      {"Max processes", "processes"},
      {"Max open files", "files"},
      {"Max locked memory", "bytes"},
      {"Max address space", "bytes"},
      {"Max file locks", "locks"},
      {"Max pending signals", "signals"},
      {"Max msgqueue size", "bytes"},
      {"Max nice priority", ""},
      {"Max realtime priority", ""},
      {"Max realtime timeout", "us"}
    };
    StringBuilder text = new StringBuilder();
    String format = "%-25s %-20s %-20s ";
    text.append(String.format(Locale.ROOT, format, "Limit", "Soft Limit", "Hard Limit"));
    text.append(String.format(Locale.ROOT, "%-10s\n", "Units"));
    for (int i = 0; i < Limits.COUNT; i++) {
      String soft = limit(limits.soft(i));
      String hard = limit(limits.hard(i));
      text.append(String.format(Locale.ROOT, format, rows[i][0], soft, hard));
      text.append(rows[i][1].isEmpty() ? "" : String.format(Locale.ROOT, "%-10s", rows[i][1]));
      text.append('\n');
    }
    return text.toString();
  }

  private static String limit(long value) {
    return value == Limits.INFINITY ? "unlimited" : Long.toUnsignedString(value);
  }

  private ProcDirectory namespaces(long number, ProcessDirectory above) {
    ProcDirectory directory = new ProcDirectory(system, number, 0511, about);
    NAMESPACES.keySet().stream()
        .sorted()
        .forEach(
            kind ->
                directory.add(
                    kind,
                    new ProcLink(
                        system, above.takeNumber(), 0777, about, () -> namespaceName(kind))));
    return directory;
  }

  private static String namespaceName(@Nullable String kind) {
    String name = String.valueOf(kind);
    Long number = NAMESPACES.get(name);
    return name.replace("_for_children", "") + ":[" + number + "]";
  }
}
