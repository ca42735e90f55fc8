/* Without a handler a fault ends the process. */
#include "case.h"

static void read_null(void) { (void)*(volatile int *)8; }
static void write_text(void) { *(volatile char *)read_null = 1; }
static void divide(void) { volatile int zero = 0; volatile int x = 1 / zero; (void)x; }
static void illegal(void) { __asm__ volatile("ud2"); }
static void breakpoint(void) { __asm__ volatile("int3"); }
static void non_canonical(void) { (void)*(volatile char *)0x8000000000000000; }
static void privileged(void) { __asm__ volatile("hlt"); }
static void ignored(void) {
  signal(SIGSEGV, SIG_IGN);
  read_null();
}
static void blocked(void) {
  sigset_t all;
  sigfillset(&all);
  sigprocmask(SIG_BLOCK, &all, NULL);
  read_null();
}

int main(void) {
  struct rlimit none = {0, 0};
  MUST(setrlimit(RLIMIT_CORE, &none));
  in_child("null", read_null);
  in_child("text", write_text);
  in_child("divide", divide);
  in_child("illegal", illegal);
  in_child("breakpoint", breakpoint);
  in_child("non-canonical", non_canonical);
  in_child("privileged", privileged);
  in_child("ignored", ignored);
  in_child("blocked", blocked);
  return 0;
}
