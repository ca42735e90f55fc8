package dev.bulwark.linux;

import org.jspecify.annotations.Nullable;

/** Error numbers of Linux on x86-64 ({@code asm-generic/errno.h}), positive as in the header. */
public final class Errno {
  /** Operation not permitted. */
  public static final int EPERM = 1;

  /** No such file or directory. */
  public static final int ENOENT = 2;

  /** No such process. */
  public static final int ESRCH = 3;

  /** Interrupted system call. */
  public static final int EINTR = 4;

  /** Input/output error. */
  public static final int EIO = 5;

  /** No such device or address. */
  public static final int ENXIO = 6;

  /** Argument list too long. */
  public static final int E2BIG = 7;

  /** Exec format error. */
  public static final int ENOEXEC = 8;

  /** Bad file descriptor. */
  public static final int EBADF = 9;

  /** No child processes. */
  public static final int ECHILD = 10;

  /** Resource temporarily unavailable. */
  public static final int EAGAIN = 11;

  /** Cannot allocate memory. */
  public static final int ENOMEM = 12;

  /** Permission denied. */
  public static final int EACCES = 13;

  /** Bad address. */
  public static final int EFAULT = 14;

  /** Block device required. */
  public static final int ENOTBLK = 15;

  /** Device or resource busy. */
  public static final int EBUSY = 16;

  /** File exists. */
  public static final int EEXIST = 17;

  /** Invalid cross-device link. */
  public static final int EXDEV = 18;

  /** No such device. */
  public static final int ENODEV = 19;

  /** Not a directory. */
  public static final int ENOTDIR = 20;

  /** Is a directory. */
  public static final int EISDIR = 21;

  /** Invalid argument. */
  public static final int EINVAL = 22;

  /** Too many open files in system. */
  public static final int ENFILE = 23;

  /** Too many open files. */
  public static final int EMFILE = 24;

  /** Inappropriate ioctl for device. */
  public static final int ENOTTY = 25;

  /** Text file busy. */
  public static final int ETXTBSY = 26;

  /** File too large. */
  public static final int EFBIG = 27;

  /** No space left on device. */
  public static final int ENOSPC = 28;

  /** Illegal seek. */
  public static final int ESPIPE = 29;

  /** Read-only file system. */
  public static final int EROFS = 30;

  /** Too many links. */
  public static final int EMLINK = 31;

  /** Broken pipe. */
  public static final int EPIPE = 32;

  /** Numerical argument out of domain. */
  public static final int EDOM = 33;

  /** Numerical result out of range. */
  public static final int ERANGE = 34;

  /** Resource deadlock avoided. */
  public static final int EDEADLK = 35;

  /** File name too long. */
  public static final int ENAMETOOLONG = 36;

  /** No locks available. */
  public static final int ENOLCK = 37;

  /** Function not implemented. */
  public static final int ENOSYS = 38;

  /** Directory not empty. */
  public static final int ENOTEMPTY = 39;

  /** Too many levels of symbolic links. */
  public static final int ELOOP = 40;

  /** No message of desired type. */
  public static final int ENOMSG = 42;

  /** Identifier removed. */
  public static final int EIDRM = 43;

  /** Channel number out of range. */
  public static final int ECHRNG = 44;

  /** Level 2 not synchronized. */
  public static final int EL2NSYNC = 45;

  /** Level 3 halted. */
  public static final int EL3HLT = 46;

  /** Level 3 reset. */
  public static final int EL3RST = 47;

  /** Link number out of range. */
  public static final int ELNRNG = 48;

  /** Protocol driver not attached. */
  public static final int EUNATCH = 49;

  /** No CSI structure available. */
  public static final int ENOCSI = 50;

  /** Level 2 halted. */
  public static final int EL2HLT = 51;

  /** Invalid exchange. */
  public static final int EBADE = 52;

  /** Invalid request descriptor. */
  public static final int EBADR = 53;

  /** Exchange full. */
  public static final int EXFULL = 54;

  /** No anode. */
  public static final int ENOANO = 55;

  /** Invalid request code. */
  public static final int EBADRQC = 56;

  /** Invalid slot. */
  public static final int EBADSLT = 57;

  /** Bad font file format. */
  public static final int EBFONT = 59;

  /** Device not a stream. */
  public static final int ENOSTR = 60;

  /** No data available. */
  public static final int ENODATA = 61;

  /** Timer expired. */
  public static final int ETIME = 62;

  /** Out of streams resources. */
  public static final int ENOSR = 63;

  /** Machine is not on the network. */
  public static final int ENONET = 64;

  /** Package not installed. */
  public static final int ENOPKG = 65;

  /** Object is remote. */
  public static final int EREMOTE = 66;

  /** Link has been severed. */
  public static final int ENOLINK = 67;

  /** Advertise error. */
  public static final int EADV = 68;

  /** Srmount error. */
  public static final int ESRMNT = 69;

  /** Communication error on send. */
  public static final int ECOMM = 70;

  /** Protocol error. */
  public static final int EPROTO = 71;

  /** Multihop attempted. */
  public static final int EMULTIHOP = 72;

  /** RFS specific error. */
  public static final int EDOTDOT = 73;

  /** Bad message. */
  public static final int EBADMSG = 74;

  /** Value too large for defined data type. */
  public static final int EOVERFLOW = 75;

  /** Name not unique on network. */
  public static final int ENOTUNIQ = 76;

  /** File descriptor in bad state. */
  public static final int EBADFD = 77;

  /** Remote address changed. */
  public static final int EREMCHG = 78;

  /** Can not access a needed shared library. */
  public static final int ELIBACC = 79;

  /** Accessing a corrupted shared library. */
  public static final int ELIBBAD = 80;

  /** .lib section in a.out corrupted. */
  public static final int ELIBSCN = 81;

  /** Attempting to link in too many shared libraries. */
  public static final int ELIBMAX = 82;

  /** Cannot exec a shared library directly. */
  public static final int ELIBEXEC = 83;

  /** Invalid or incomplete multibyte or wide character. */
  public static final int EILSEQ = 84;

  /** Interrupted system call should be restarted. */
  public static final int ERESTART = 85;

  /** Streams pipe error. */
  public static final int ESTRPIPE = 86;

  /** Too many users. */
  public static final int EUSERS = 87;

  /** Socket operation on non-socket. */
  public static final int ENOTSOCK = 88;

  /** Destination address required. */
  public static final int EDESTADDRREQ = 89;

  /** Message too long. */
  public static final int EMSGSIZE = 90;

  /** Protocol wrong type for socket. */
  public static final int EPROTOTYPE = 91;

  /** Protocol not available. */
  public static final int ENOPROTOOPT = 92;

  /** Protocol not supported. */
  public static final int EPROTONOSUPPORT = 93;

  /** Socket type not supported. */
  public static final int ESOCKTNOSUPPORT = 94;

  /** Operation not supported. */
  public static final int EOPNOTSUPP = 95;

  /** Protocol family not supported. */
  public static final int EPFNOSUPPORT = 96;

  /** Address family not supported by protocol. */
  public static final int EAFNOSUPPORT = 97;

  /** Address already in use. */
  public static final int EADDRINUSE = 98;

  /** Cannot assign requested address. */
  public static final int EADDRNOTAVAIL = 99;

  /** Network is down. */
  public static final int ENETDOWN = 100;

  /** Network is unreachable. */
  public static final int ENETUNREACH = 101;

  /** Network dropped connection on reset. */
  public static final int ENETRESET = 102;

  /** Software caused connection abort. */
  public static final int ECONNABORTED = 103;

  /** Connection reset by peer. */
  public static final int ECONNRESET = 104;

  /** No buffer space available. */
  public static final int ENOBUFS = 105;

  /** Transport endpoint is already connected. */
  public static final int EISCONN = 106;

  /** Transport endpoint is not connected. */
  public static final int ENOTCONN = 107;

  /** Cannot send after transport endpoint shutdown. */
  public static final int ESHUTDOWN = 108;

  /** Too many references: cannot splice. */
  public static final int ETOOMANYREFS = 109;

  /** Connection timed out. */
  public static final int ETIMEDOUT = 110;

  /** Connection refused. */
  public static final int ECONNREFUSED = 111;

  /** Host is down. */
  public static final int EHOSTDOWN = 112;

  /** No route to host. */
  public static final int EHOSTUNREACH = 113;

  /** Operation already in progress. */
  public static final int EALREADY = 114;

  /** Operation now in progress. */
  public static final int EINPROGRESS = 115;

  /** Stale file handle. */
  public static final int ESTALE = 116;

  /** Structure needs cleaning. */
  public static final int EUCLEAN = 117;

  /** Not a XENIX named type file. */
  public static final int ENOTNAM = 118;

  /** No XENIX semaphores available. */
  public static final int ENAVAIL = 119;

  /** Is a named type file. */
  public static final int EISNAM = 120;

  /** Remote I/O error. */
  public static final int EREMOTEIO = 121;

  /** Disk quota exceeded. */
  public static final int EDQUOT = 122;

  /** No medium found. */
  public static final int ENOMEDIUM = 123;

  /** Wrong medium type. */
  public static final int EMEDIUMTYPE = 124;

  /** Operation canceled. */
  public static final int ECANCELED = 125;

  /** Required key not available. */
  public static final int ENOKEY = 126;

  /** Key has expired. */
  public static final int EKEYEXPIRED = 127;

  /** Key has been revoked. */
  public static final int EKEYREVOKED = 128;

  /** Key was rejected by service. */
  public static final int EKEYREJECTED = 129;

  /** Owner died. */
  public static final int EOWNERDEAD = 130;

  /** State not recoverable. */
  public static final int ENOTRECOVERABLE = 131;

  /** Operation not possible due to RF-kill. */
  public static final int ERFKILL = 132;

  /** Memory page has hardware error. */
  public static final int EHWPOISON = 133;

  /** Restart the call after any signal handler (kernel-internal; never seen by an application). */
  public static final int ERESTARTSYS = 512;

  /** Restart the call always (kernel-internal). */
  public static final int ERESTARTNOINTR = 513;

  /** Restart the call unless a handler ran (kernel-internal). */
  public static final int ERESTARTNOHAND = 514;

  /** Restart through restart_syscall(2) unless a handler ran (kernel-internal). */
  public static final int ERESTART_RESTARTBLOCK = 516;

  private static final int MAX = 134;
  private static final @Nullable String[] NAMES = new @Nullable String[MAX];
  private static final @Nullable String[] TEXTS = new @Nullable String[MAX];

  static {
    name(EPERM, "EPERM", "Operation not permitted");
    name(ENOENT, "ENOENT", "No such file or directory");
    name(ESRCH, "ESRCH", "No such process");
    name(EINTR, "EINTR", "Interrupted system call");
    name(EIO, "EIO", "Input/output error");
    name(ENXIO, "ENXIO", "No such device or address");
    name(E2BIG, "E2BIG", "Argument list too long");
    name(ENOEXEC, "ENOEXEC", "Exec format error");
    name(EBADF, "EBADF", "Bad file descriptor");
    name(ECHILD, "ECHILD", "No child processes");
    name(EAGAIN, "EAGAIN", "Resource temporarily unavailable");
    name(ENOMEM, "ENOMEM", "Cannot allocate memory");
    name(EACCES, "EACCES", "Permission denied");
    name(EFAULT, "EFAULT", "Bad address");
    name(ENOTBLK, "ENOTBLK", "Block device required");
    name(EBUSY, "EBUSY", "Device or resource busy");
    name(EEXIST, "EEXIST", "File exists");
    name(EXDEV, "EXDEV", "Invalid cross-device link");
    name(ENODEV, "ENODEV", "No such device");
    name(ENOTDIR, "ENOTDIR", "Not a directory");
    name(EISDIR, "EISDIR", "Is a directory");
    name(EINVAL, "EINVAL", "Invalid argument");
    name(ENFILE, "ENFILE", "Too many open files in system");
    name(EMFILE, "EMFILE", "Too many open files");
    name(ENOTTY, "ENOTTY", "Inappropriate ioctl for device");
    name(ETXTBSY, "ETXTBSY", "Text file busy");
    name(EFBIG, "EFBIG", "File too large");
    name(ENOSPC, "ENOSPC", "No space left on device");
    name(ESPIPE, "ESPIPE", "Illegal seek");
    name(EROFS, "EROFS", "Read-only file system");
    name(EMLINK, "EMLINK", "Too many links");
    name(EPIPE, "EPIPE", "Broken pipe");
    name(EDOM, "EDOM", "Numerical argument out of domain");
    name(ERANGE, "ERANGE", "Numerical result out of range");
    name(EDEADLK, "EDEADLK", "Resource deadlock avoided");
    name(ENAMETOOLONG, "ENAMETOOLONG", "File name too long");
    name(ENOLCK, "ENOLCK", "No locks available");
    name(ENOSYS, "ENOSYS", "Function not implemented");
    name(ENOTEMPTY, "ENOTEMPTY", "Directory not empty");
    name(ELOOP, "ELOOP", "Too many levels of symbolic links");
    name(ENOMSG, "ENOMSG", "No message of desired type");
    name(EIDRM, "EIDRM", "Identifier removed");
    name(ECHRNG, "ECHRNG", "Channel number out of range");
    name(EL2NSYNC, "EL2NSYNC", "Level 2 not synchronized");
    name(EL3HLT, "EL3HLT", "Level 3 halted");
    name(EL3RST, "EL3RST", "Level 3 reset");
    name(ELNRNG, "ELNRNG", "Link number out of range");
    name(EUNATCH, "EUNATCH", "Protocol driver not attached");
    name(ENOCSI, "ENOCSI", "No CSI structure available");
    name(EL2HLT, "EL2HLT", "Level 2 halted");
    name(EBADE, "EBADE", "Invalid exchange");
    name(EBADR, "EBADR", "Invalid request descriptor");
    name(EXFULL, "EXFULL", "Exchange full");
    name(ENOANO, "ENOANO", "No anode");
    name(EBADRQC, "EBADRQC", "Invalid request code");
    name(EBADSLT, "EBADSLT", "Invalid slot");
    name(EBFONT, "EBFONT", "Bad font file format");
    name(ENOSTR, "ENOSTR", "Device not a stream");
    name(ENODATA, "ENODATA", "No data available");
    name(ETIME, "ETIME", "Timer expired");
    name(ENOSR, "ENOSR", "Out of streams resources");
    name(ENONET, "ENONET", "Machine is not on the network");
    name(ENOPKG, "ENOPKG", "Package not installed");
    name(EREMOTE, "EREMOTE", "Object is remote");
    name(ENOLINK, "ENOLINK", "Link has been severed");
    name(EADV, "EADV", "Advertise error");
    name(ESRMNT, "ESRMNT", "Srmount error");
    name(ECOMM, "ECOMM", "Communication error on send");
    name(EPROTO, "EPROTO", "Protocol error");
    name(EMULTIHOP, "EMULTIHOP", "Multihop attempted");
    name(EDOTDOT, "EDOTDOT", "RFS specific error");
    name(EBADMSG, "EBADMSG", "Bad message");
    name(EOVERFLOW, "EOVERFLOW", "Value too large for defined data type");
    name(ENOTUNIQ, "ENOTUNIQ", "Name not unique on network");
    name(EBADFD, "EBADFD", "File descriptor in bad state");
    name(EREMCHG, "EREMCHG", "Remote address changed");
    name(ELIBACC, "ELIBACC", "Can not access a needed shared library");
    name(ELIBBAD, "ELIBBAD", "Accessing a corrupted shared library");
    name(ELIBSCN, "ELIBSCN", ".lib section in a.out corrupted");
    name(ELIBMAX, "ELIBMAX", "Attempting to link in too many shared libraries");
    name(ELIBEXEC, "ELIBEXEC", "Cannot exec a shared library directly");
    name(EILSEQ, "EILSEQ", "Invalid or incomplete multibyte or wide character");
    name(ERESTART, "ERESTART", "Interrupted system call should be restarted");
    name(ESTRPIPE, "ESTRPIPE", "Streams pipe error");
    name(EUSERS, "EUSERS", "Too many users");
    name(ENOTSOCK, "ENOTSOCK", "Socket operation on non-socket");
    name(EDESTADDRREQ, "EDESTADDRREQ", "Destination address required");
    name(EMSGSIZE, "EMSGSIZE", "Message too long");
    name(EPROTOTYPE, "EPROTOTYPE", "Protocol wrong type for socket");
    name(ENOPROTOOPT, "ENOPROTOOPT", "Protocol not available");
    name(EPROTONOSUPPORT, "EPROTONOSUPPORT", "Protocol not supported");
    name(ESOCKTNOSUPPORT, "ESOCKTNOSUPPORT", "Socket type not supported");
    name(EOPNOTSUPP, "EOPNOTSUPP", "Operation not supported");
    name(EPFNOSUPPORT, "EPFNOSUPPORT", "Protocol family not supported");
    name(EAFNOSUPPORT, "EAFNOSUPPORT", "Address family not supported by protocol");
    name(EADDRINUSE, "EADDRINUSE", "Address already in use");
    name(EADDRNOTAVAIL, "EADDRNOTAVAIL", "Cannot assign requested address");
    name(ENETDOWN, "ENETDOWN", "Network is down");
    name(ENETUNREACH, "ENETUNREACH", "Network is unreachable");
    name(ENETRESET, "ENETRESET", "Network dropped connection on reset");
    name(ECONNABORTED, "ECONNABORTED", "Software caused connection abort");
    name(ECONNRESET, "ECONNRESET", "Connection reset by peer");
    name(ENOBUFS, "ENOBUFS", "No buffer space available");
    name(EISCONN, "EISCONN", "Transport endpoint is already connected");
    name(ENOTCONN, "ENOTCONN", "Transport endpoint is not connected");
    name(ESHUTDOWN, "ESHUTDOWN", "Cannot send after transport endpoint shutdown");
    name(ETOOMANYREFS, "ETOOMANYREFS", "Too many references: cannot splice");
    name(ETIMEDOUT, "ETIMEDOUT", "Connection timed out");
    name(ECONNREFUSED, "ECONNREFUSED", "Connection refused");
    name(EHOSTDOWN, "EHOSTDOWN", "Host is down");
    name(EHOSTUNREACH, "EHOSTUNREACH", "No route to host");
    name(EALREADY, "EALREADY", "Operation already in progress");
    name(EINPROGRESS, "EINPROGRESS", "Operation now in progress");
    name(ESTALE, "ESTALE", "Stale file handle");
    name(EUCLEAN, "EUCLEAN", "Structure needs cleaning");
    name(ENOTNAM, "ENOTNAM", "Not a XENIX named type file");
    name(ENAVAIL, "ENAVAIL", "No XENIX semaphores available");
    name(EISNAM, "EISNAM", "Is a named type file");
    name(EREMOTEIO, "EREMOTEIO", "Remote I/O error");
    name(EDQUOT, "EDQUOT", "Disk quota exceeded");
    name(ENOMEDIUM, "ENOMEDIUM", "No medium found");
    name(EMEDIUMTYPE, "EMEDIUMTYPE", "Wrong medium type");
    name(ECANCELED, "ECANCELED", "Operation canceled");
    name(ENOKEY, "ENOKEY", "Required key not available");
    name(EKEYEXPIRED, "EKEYEXPIRED", "Key has expired");
    name(EKEYREVOKED, "EKEYREVOKED", "Key has been revoked");
    name(EKEYREJECTED, "EKEYREJECTED", "Key was rejected by service");
    name(EOWNERDEAD, "EOWNERDEAD", "Owner died");
    name(ENOTRECOVERABLE, "ENOTRECOVERABLE", "State not recoverable");
    name(ERFKILL, "ERFKILL", "Operation not possible due to RF-kill");
    name(EHWPOISON, "EHWPOISON", "Memory page has hardware error");
  }

  private Errno() {}

  private static void name(int errno, String name, String text) {
    NAMES[errno] = name;
    TEXTS[errno] = text;
  }

  /** The symbolic name, for example {@code ENOENT}; {@code errno N} for a number that has none. */
  public static String name(int errno) {
    String name = errno > 0 && errno < MAX ? NAMES[errno] : null;
    if (name != null) {
      return name;
    }
    return switch (errno) {
      case ERESTARTSYS -> "ERESTARTSYS";
      case ERESTARTNOINTR -> "ERESTARTNOINTR";
      case ERESTARTNOHAND -> "ERESTARTNOHAND";
      case ERESTART_RESTARTBLOCK -> "ERESTART_RESTARTBLOCK";
      default -> "errno " + errno;
    };
  }

  /** What strerror(3) says, for example {@code No such file or directory}. */
  public static String text(int errno) {
    String text = errno > 0 && errno < MAX ? TEXTS[errno] : null;
    return text != null ? text : "Unknown error " + errno;
  }

  /** Name and text together, for messages to people. */
  public static String describe(int errno) {
    return name(errno) + " (" + text(errno) + ")";
  }
}
