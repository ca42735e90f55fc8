#include "reaping.h"

#include <sys/syscall.h>

#include "calls.h"

#define MOST_PROCESSES 256
#define MOST_MILLISECONDS 10000
#define STEP_MILLISECONDS 2

static int processes[MOST_PROCESSES]; /* a pidfd each: a number could belong to another process by now */
static unsigned count;

/* A process that has ended can be sent signals until it is waited for. One that this process may not signal is no keeper. */
static int reaped(int fd) { return call4(SYS_pidfd_send_signal, fd, 0, 0, 0) != 0; }

static void forget_reaped(void) {
  unsigned kept = 0;
  for (unsigned i = 0; i < count; i++) {
    if (reaped(processes[i]))
      call3(SYS_close, processes[i], 0, 0);
    else
      processes[kept++] = processes[i];
  }
  count = kept;
}

void note_process(int64_t pid) {
  forget_reaped();
  if (count == MOST_PROCESSES) return;
  long fd = call3(SYS_pidfd_open, pid, 0, 0);
  if (fd >= 0) processes[count++] = (int)fd;
}

void await_reaping(void) {
  for (int waited = 0; waited < MOST_MILLISECONDS; waited += STEP_MILLISECONDS) {
    forget_reaped();
    if (count == 0) return;
    call3(SYS_poll, 0, 0, STEP_MILLISECONDS); /* a pidfd is readable from the end on: there is nothing to wait for but time */
  }
}
