/*
 * What the runtime asks of a keeper: a memory file at PLAN_FD, written by dev.bulwark.runtime.keeper.Plan. All numbers take eight
 * bytes; a string is its length with the final NUL, and its bytes, padded to eight. The writer is trusted: it is the process
 * that started this one.
 */
#ifndef BULWARK_PLAN_H
#define BULWARK_PLAN_H

#include <stddef.h>
#include <stdint.h>

#include "confine.h"

#define PLAN_FD 3
#define NO_FD (~0UL)
#define MOST_CHILDREN 4
#define MOST_REASON 512

enum step { STEP_END = 0, STEP_JOIN, STEP_UNSHARE, STEP_LOOPBACK, STEP_WRITE, STEP_TERMINAL, STEP_CGROUP, STEP_CHILD };

/* PATIENT: the children end by themselves when the sandbox has ended, and are waited for. */
#define FLAG_PATIENT 1

/* What a process may ask its keeper for, as bits of its duties (dev.bulwark.linux.Guard). */
enum guard { GUARD_LOCK = 1, GUARD_TWIN = 2, GUARD_SEAL = 3, GUARD_ECHO_SOCKET = 4, GUARD_BIND = 5, GUARD_FAILED = 6 };

struct child {
  int pid;
  int calls_fd; /* where the host tells of forbidden calls, once the process has locked itself down; or -1 */
  int guard_fd; /* where the process asks; or -1 */
  uint64_t duties;
  struct confinement confinement;
  size_t reason_length; /* what it said about its end, before it came; 0 for nothing */
  char reason[MOST_REASON];
  const char *title;
  uint64_t log_fd;      /* of a file without a name, to be saved when the child ends badly; or NO_FD */
  const char *log_path; /* where it is or will be saved */
};

struct plan {
  uint64_t flags;
  uint64_t control_fd;
  uint64_t report_fd; /* takes the reason when a step fails, and is closed when all have been made; or NO_FD */
  uint64_t forwarded; /* bit n - 1: signal n goes to the sandbox */
  uint64_t memory_limit_fd; /* of the cgroup, to tell the host of a lack of memory; or NO_FD */
  uint64_t memory_usage_fd;
  uint64_t terminal_fd;
  const char *terminal_settings; /* a struct termios to be put back at the end; empty for none */
  uint64_t terminal_settings_length;
  struct child children[MOST_CHILDREN];
  unsigned count;
};

/* Reads the plan, and takes its steps. When one fails, says so and ends the process. */
void carry_out(struct plan *plan);

#endif
