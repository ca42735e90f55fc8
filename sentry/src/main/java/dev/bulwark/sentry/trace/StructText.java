package dev.bulwark.sentry.trace;

/** The fields of C structures that strace(1) shows, for x86-64. */
final class StructText {
  /** A structure is its name and fields {@code name:scalar/size@offset}; blanks continue it. */
  static final String TEXT =
      """
      timespec tv_sec:ld/8@0 tv_nsec:ld/8@8
      timeval tv_sec:ld/8@0 tv_usec:ld/8@8
      timezone tz_minuteswest:d/4@0 tz_dsttime:d/4@4
      itimerval it_interval.tv_sec:ld/8@0 it_interval.tv_usec:ld/8@8 it_value.tv_sec:ld/8@16
         it_value.tv_usec:ld/8@24
      itimerspec it_interval.tv_sec:ld/8@0 it_interval.tv_nsec:ld/8@8 it_value.tv_sec:ld/8@16
         it_value.tv_nsec:ld/8@24
      utimbuf actime:ld/8@0 modtime:ld/8@8
      stat st_mode:modet/4@24 st_size:ld/8@48
      statx stx_mask:statxmask/4@0 stx_mode:modet/2@28 stx_size:lu/8@40
      statfs f_type:x/8@0 f_bsize:lu/8@8 f_blocks:lu/8@16 f_bfree:lu/8@24 f_bavail:lu/8@32
         f_files:lu/8@40 f_ffree:lu/8@48 f_namelen:lu/8@64 f_frsize:lu/8@72 f_flags:x/8@80
      rlimit rlim_cur:lim/8@0 rlim_max:lim/8@8
      rusage ru_utime.tv_sec:ld/8@0 ru_utime.tv_usec:ld/8@8 ru_stime.tv_sec:ld/8@16
         ru_stime.tv_usec:ld/8@24 ru_maxrss:ld/8@32
      tms tms_utime:ld/8@0 tms_stime:ld/8@8 tms_cutime:ld/8@16 tms_cstime:ld/8@24
      sysinfo uptime:ld/8@0 totalram:lu/8@32 freeram:lu/8@40 procs:u/2@80 mem_unit:u/4@104
      stack ss_sp:ptr/8@0 ss_flags:ss/4@8 ss_size:lu/8@16
      sched_param sched_priority:d/4@0
      sched_attr size:u/4@0 sched_policy:schedpolicy/4@4 sched_flags:x/8@8 sched_nice:d/4@16
         sched_priority:u/4@20 sched_runtime:lu/8@24 sched_deadline:lu/8@32 sched_period:lu/8@40
      flock l_type:locktype/2@0 l_whence:whence/2@2 l_start:ld/8@8 l_len:ld/8@16 l_pid:d/4@24
      f_owner_ex type:d/4@0 pid:d/4@4
      capheader version:x/4@0 pid:d/4@4
      capdata effective:cap/4@0 permitted:cap/4@4 inheritable:cap/4@8
      epoll_event events:epoll/4@0 data:x/8@4
      winsize ws_row:u/2@0 ws_col:u/2@2 ws_xpixel:u/2@4 ws_ypixel:u/2@6
      termios c_iflag:x/4@0 c_oflag:x/4@4 c_cflag:x/4@8 c_lflag:x/4@12
      open_how flags:openflags/8@0 mode:mode/8@8 resolve:resolve/8@16
      clone_args flags:cloneflags/8@0 pidfd:ptr/8@8 child_tid:ptr/8@16 parent_tid:ptr/8@24
         exit_signal:sig/8@32 stack:ptr/8@40 stack_size:x/8@48 tls:ptr/8@56
      sigevent sigev_value:x/8@0 sigev_signo:sig/4@8 sigev_notify:sigev/4@12
      ucred pid:d/4@0 uid:id/4@4 gid:id/4@8
      linger l_onoff:d/4@0 l_linger:d/4@4
      mq_attr mq_flags:x/8@0 mq_maxmsg:ld/8@8 mq_msgsize:ld/8@16 mq_curmsgs:ld/8@24
      user_desc entry_number:d/4@0 base_addr:x/4@4 limit:x/4@8
      int [:d/4@0
      uint [:u/4@0
      long [:ld/8@0
      ulong [:lu/8@0
      pair [:d/4@0 :d/4@4
      clock_t [:ld/8@0
      pointer [:ptr/8@0
      sigset :sigmask/8@0
      waitstatus [:waitstatus/4@0
      timespecs [:timespec/0@0 :timespec/0@16
      timevals [:timeval/0@0 :timeval/0@16
      futex_waitv val:lu/8@0 uaddr:ptr/8@8 flags:x/4@16
      file_handle handle_bytes:u/4@0 handle_type:d/4@4
      """;

  private StructText() {}
}
