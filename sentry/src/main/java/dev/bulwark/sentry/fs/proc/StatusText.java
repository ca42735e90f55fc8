package dev.bulwark.sentry.fs.proc;

import dev.bulwark.sentry.auth.Credentials;
import dev.bulwark.sentry.kernel.Limits;
import dev.bulwark.sentry.kernel.ProcessorList;
import dev.bulwark.sentry.kernel.Task;
import dev.bulwark.sentry.mm.MemorySizes;
import dev.bulwark.sentry.seccomp.SeccompFilters;
import java.util.BitSet;
import java.util.Locale;

/** The lines of /proc/PID/status (proc(5)). */
final class StatusText {
  private final StringBuilder text = new StringBuilder(1024);

  private StatusText() {}

  static String lines(ProcSystem system, Subject about) {
    StatusText status = new StatusText();
    status.identity(about);
    status.memory(about);
    status.signals(about);
    status.privileges(about);
    status.processors(system, about);
    return status.text.toString();
  }

  private void line(String name, Object value) {
    text.append(name).append(":\t").append(value).append('\n');
  }

  private void identity(Subject about) {
    Task task = about.task();
    Credentials who = about.credentials();
    line("Name", task == null ? "" : escape(task.attributes().name()));
    if (task != null) {
      line("Umask", String.format(Locale.ROOT, "%04o", task.fs().umask()));
    }
    line("State", about.stateWords());
    line("Tgid", about.pid());
    line("Ngid", 0);
    line("Pid", about.tid());
    line("PPid", about.parentPid());
    line("TracerPid", 0);
    line("Uid", four(who.uid(), who.euid(), who.suid(), who.fsuid()));
    line("Gid", four(who.gid(), who.egid(), who.sgid(), who.fsgid()));
    int[] open = task == null ? new int[0] : task.files().descriptors();
    int highest = open.length == 0 ? 0 : open[open.length - 1] + 1;
    line("FDSize", Math.max(64, Integer.highestOneBit(Math.max(1, highest - 1)) * 2));
    StringBuilder groups = new StringBuilder();
    for (int group : who.groups()) {
      groups.append(Integer.toUnsignedString(group)).append(' ');
    }
    line("Groups", groups.isEmpty() ? " " : groups);
    line("NStgid", about.pid());
    line("NSpid", about.tid());
    line("NSpgid", about.groupId());
    line("NSsid", about.sessionId());
  }

  private static String escape(String name) {
    return name.replace("\\", "\\\\").replace("\n", "\\n");
  }

  private static String four(int real, int effective, int saved, int fileSystem) {
    return Integer.toUnsignedString(real)
        + "\t"
        + Integer.toUnsignedString(effective)
        + "\t"
        + Integer.toUnsignedString(saved)
        + "\t"
        + Integer.toUnsignedString(fileSystem);
  }

  private void kilobytes(String name, long bytes) {
    text.append(String.format(Locale.ROOT, "%s:\t%8d kB\n", name, bytes >> 10));
  }

  private void memory(Subject about) {
    if (about.memory() == null) {
      return; // a zombie has none
    }
    MemorySizes sizes = about.sizes();
    kilobytes("VmPeak", sizes.peak());
    kilobytes("VmSize", sizes.total());
    kilobytes("VmLck", sizes.locked());
    kilobytes("VmPin", 0);
    kilobytes("VmHWM", sizes.peakResident());
    kilobytes("VmRSS", sizes.resident());
    kilobytes("RssAnon", sizes.resident());
    kilobytes("RssFile", 0);
    kilobytes("RssShmem", 0);
    kilobytes("VmData", sizes.data());
    kilobytes("VmStk", sizes.stack());
    kilobytes("VmExe", sizes.executable());
    kilobytes("VmLib", 0);
    kilobytes("VmPTE", 0);
    kilobytes("VmSwap", 0);
    kilobytes("HugetlbPages", 0);
    line("CoreDumping", 0);
    line("THP_enabled", about.process().attributes().hugePagesDisabled() ? 0 : 1);
  }

  private static String set(long bits) {
    return String.format(Locale.ROOT, "%016x", bits);
  }

  private void signals(Subject about) {
    SignalSets sets = SignalSets.of(about);
    line("Threads", Math.max(1, about.process().signals().count()));
    long used = about.process().signals().budget().used(about.credentials().uid());
    long limit = about.process().limits().soft(Limits.SIGPENDING);
    line("SigQ", used + "/" + Long.toUnsignedString(limit));
    line("SigPnd", set(sets.pending()));
    line("ShdPnd", set(sets.shared()));
    line("SigBlk", set(sets.blocked()));
    line("SigIgn", set(sets.ignored()));
    line("SigCgt", set(sets.caught()));
  }

  private void privileges(Subject about) {
    Credentials who = about.credentials();
    line("CapInh", set(who.inheritable()));
    line("CapPrm", set(who.permitted()));
    line("CapEff", set(who.effective()));
    line("CapBnd", set(who.bounding()));
    line("CapAmb", set(who.ambient()));
    Task task = about.task();
    line("NoNewPrivs", task != null && task.attributes().noNewPrivileges() ? 1 : 0);
    SeccompFilters filters = task == null ? null : task.seccomp();
    line("Seccomp", filters == null ? 0 : filters.mode());
    line("Seccomp_filters", filters == null ? 0 : filters.count());
    line("Speculation_Store_Bypass", "thread vulnerable");
  }

  private void processors(ProcSystem system, Subject about) {
    Task task = about.task();
    long[] all = system.view().processorNumbers().toLongArray();
    BitSet allowed =
        BitSet.valueOf(task == null ? all : task.attributes().scheduling().affinity(all));
    line("Cpus_allowed", ProcessorText.mask(allowed));
    line("Cpus_allowed_list", ProcessorList.format(allowed));
    line("Mems_allowed", "1");
    line("Mems_allowed_list", "0");
    line("voluntary_ctxt_switches", 0);
    line("nonvoluntary_ctxt_switches", 0);
  }
}
