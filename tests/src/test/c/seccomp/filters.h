/* What the cases about seccomp share. */
#ifndef FILTERS_H
#define FILTERS_H

#include "case.h"
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/seccomp.h>

#define NUMBER offsetof(struct seccomp_data, nr)
#define LOW(argument) (offsetof(struct seccomp_data, args) + 8 * (argument))
#define HIGH(argument) (LOW(argument) + 4)
#define LOAD(offset) BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offset)
#define RETURN(value) BPF_STMT(BPF_RET | BPF_K, value)
#define IF_EQUAL(value, yes, no) BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, value, yes, no)

/* Installs the instructions of an array. */
#define INSTALL(array, flags) set_filter(array, sizeof array / sizeof *array, flags)

__attribute__((unused)) static long set_filter(
    const struct sock_filter *filter, size_t length, unsigned flags) {
  struct sock_fprog program = {length, (struct sock_filter *)filter};
  return syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, flags, &program);
}

__attribute__((unused)) static void no_new_privileges(void) {
  MUST(prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0));
}

/* Answers one call with a value, and allows all others. */
__attribute__((unused)) static long answer(long number, unsigned value, unsigned flags) {
  struct sock_filter filter[] = {
      LOAD(NUMBER),
      IF_EQUAL(number, 0, 1),
      RETURN(value),
      RETURN(SECCOMP_RET_ALLOW),
  };
  return INSTALL(filter, flags);
}

/* Prints the lines of /proc/thread-self/status that are about seccomp. */
__attribute__((unused)) static void say_status_lines(const char *who) {
  char line[256];
  FILE *file = fopen("/proc/thread-self/status", "r");
  while (file && fgets(line, sizeof line, file))
    if (!strncmp(line, "Seccomp", 7) || !strncmp(line, "NoNewPrivs", 10)) say("%s %s", who, line);
  if (file) fclose(file);
}

#endif
