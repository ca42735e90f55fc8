package dev.bulwark.sentry.auth;

/** Numbers of capabilities(7). */
public final class Capability {
  /** {@code CAP_CHOWN}. */
  public static final int CHOWN = 0;

  /** {@code CAP_DAC_OVERRIDE}. */
  public static final int DAC_OVERRIDE = 1;

  /** {@code CAP_DAC_READ_SEARCH}. */
  public static final int DAC_READ_SEARCH = 2;

  /** {@code CAP_FOWNER}. */
  public static final int FOWNER = 3;

  /** {@code CAP_FSETID}. */
  public static final int FSETID = 4;

  /** {@code CAP_KILL}. */
  public static final int KILL = 5;

  /** {@code CAP_SETGID}. */
  public static final int SETGID = 6;

  /** {@code CAP_SETUID}. */
  public static final int SETUID = 7;

  /** {@code CAP_SETPCAP}. */
  public static final int SETPCAP = 8;

  /** {@code CAP_LINUX_IMMUTABLE}. */
  public static final int LINUX_IMMUTABLE = 9;

  /** {@code CAP_NET_BIND_SERVICE}. */
  public static final int NET_BIND_SERVICE = 10;

  /** {@code CAP_NET_BROADCAST}. */
  public static final int NET_BROADCAST = 11;

  /** {@code CAP_NET_ADMIN}. */
  public static final int NET_ADMIN = 12;

  /** {@code CAP_NET_RAW}. */
  public static final int NET_RAW = 13;

  /** {@code CAP_IPC_LOCK}. */
  public static final int IPC_LOCK = 14;

  /** {@code CAP_IPC_OWNER}. */
  public static final int IPC_OWNER = 15;

  /** {@code CAP_SYS_MODULE}. */
  public static final int SYS_MODULE = 16;

  /** {@code CAP_SYS_RAWIO}. */
  public static final int SYS_RAWIO = 17;

  /** {@code CAP_SYS_CHROOT}. */
  public static final int SYS_CHROOT = 18;

  /** {@code CAP_SYS_PTRACE}. */
  public static final int SYS_PTRACE = 19;

  /** {@code CAP_SYS_PACCT}. */
  public static final int SYS_PACCT = 20;

  /** {@code CAP_SYS_ADMIN}. */
  public static final int SYS_ADMIN = 21;

  /** {@code CAP_SYS_BOOT}. */
  public static final int SYS_BOOT = 22;

  /** {@code CAP_SYS_NICE}. */
  public static final int SYS_NICE = 23;

  /** {@code CAP_SYS_RESOURCE}. */
  public static final int SYS_RESOURCE = 24;

  /** {@code CAP_SYS_TIME}. */
  public static final int SYS_TIME = 25;

  /** {@code CAP_SYS_TTY_CONFIG}. */
  public static final int SYS_TTY_CONFIG = 26;

  /** {@code CAP_MKNOD}. */
  public static final int MKNOD = 27;

  /** {@code CAP_LEASE}. */
  public static final int LEASE = 28;

  /** {@code CAP_AUDIT_WRITE}. */
  public static final int AUDIT_WRITE = 29;

  /** {@code CAP_AUDIT_CONTROL}. */
  public static final int AUDIT_CONTROL = 30;

  /** {@code CAP_SETFCAP}. */
  public static final int SETFCAP = 31;

  /** {@code CAP_MAC_OVERRIDE}. */
  public static final int MAC_OVERRIDE = 32;

  /** {@code CAP_MAC_ADMIN}. */
  public static final int MAC_ADMIN = 33;

  /** {@code CAP_SYSLOG}. */
  public static final int SYSLOG = 34;

  /** {@code CAP_WAKE_ALARM}. */
  public static final int WAKE_ALARM = 35;

  /** {@code CAP_BLOCK_SUSPEND}. */
  public static final int BLOCK_SUSPEND = 36;

  /** {@code CAP_AUDIT_READ}. */
  public static final int AUDIT_READ = 37;

  /** {@code CAP_PERFMON}. */
  public static final int PERFMON = 38;

  /** {@code CAP_BPF}. */
  public static final int BPF = 39;

  /** {@code CAP_CHECKPOINT_RESTORE}. */
  public static final int CHECKPOINT_RESTORE = 40;

  /** The last number that exists. */
  public static final int LAST = CHECKPOINT_RESTORE;

  /** A set of all of them. */
  public static final long ALL = (1L << (LAST + 1)) - 1;

  private Capability() {}
}
