package dev.bulwark.runtime.oci;

import java.util.List;

/**
 * The sets of capabilities(7), each as bits: bit n for the capability of number n.
 *
 * @param bounding what execve(2) can ever give
 * @param effective what the process has in force
 * @param inheritable what execve(2) keeps for files that allow it
 * @param permitted what it can put in force
 * @param ambient what execve(2) keeps
 */
public record Capabilities(
    long bounding, long effective, long inheritable, long permitted, long ambient) {
  /** Their names without {@code CAP_}, by number. */
  private static final List<String> NAMES =
      List.of(
          ("CHOWN DAC_OVERRIDE DAC_READ_SEARCH FOWNER FSETID KILL SETGID SETUID SETPCAP"
                  + " LINUX_IMMUTABLE NET_BIND_SERVICE NET_BROADCAST NET_ADMIN NET_RAW IPC_LOCK"
                  + " IPC_OWNER SYS_MODULE SYS_RAWIO SYS_CHROOT SYS_PTRACE SYS_PACCT SYS_ADMIN"
                  + " SYS_BOOT SYS_NICE SYS_RESOURCE SYS_TIME SYS_TTY_CONFIG MKNOD LEASE"
                  + " AUDIT_WRITE AUDIT_CONTROL SETFCAP MAC_OVERRIDE MAC_ADMIN SYSLOG WAKE_ALARM"
                  + " BLOCK_SUSPEND AUDIT_READ PERFMON BPF CHECKPOINT_RESTORE")
              .split(" ", -1));

  /** How many capabilities there are. */
  public static final int COUNT = NAMES.size();

  /** No capability in any set. */
  public static final Capabilities NONE = new Capabilities(0, 0, 0, 0, 0);

  /**
   * The number of a capability.
   *
   * @param name {@code CAP_CHOWN}; engines always write it in capitals
   * @return -1 when there is none of that name
   */
  public static int number(String name) {
    return name.startsWith("CAP_") ? NAMES.indexOf(name.substring(4)) : -1;
  }

  /** The name of a capability, {@code CAP_CHOWN}. */
  public static String name(int number) {
    return "CAP_" + NAMES.get(number);
  }
}
