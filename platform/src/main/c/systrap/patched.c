#include "patched.h"

#include <sys/syscall.h>

#define TEXT(x) #x
#define NUMBER(x) TEXT(x)

/* Offsets in struct slot, for the assembler. */
#define AT_NUMBER 8
#define AT_ARGUMENTS 16
#define AT_KICKED 76
#define AT_SAVED 128
#define STACK_TOP 0x2000
#define SAVED(index) NUMBER(AT_SAVED) "+8*" #index

_Static_assert(offsetof(struct slot, number) == AT_NUMBER, "");
_Static_assert(offsetof(struct slot, arguments) == AT_ARGUMENTS, "");
_Static_assert(offsetof(struct slot, kicked) == AT_KICKED, "");
_Static_assert(offsetof(struct slot, saved) == AT_SAVED, "");
_Static_assert(STACK_TOP == BOOT_STACK_TOP, "");
_Static_assert(SLOTS_START >> 32 == 0x7fe1 && (SLOTS_START + SLOT_SIZE * SLOT_COUNT - 1) >> 32 == 0x7fe1,
               "the upper half of a slot's address tells it");
_Static_assert(REGISTERS == sizeof(struct sigcontext_64) / 8 - 14, "registers come first in a signal frame");

enum { R11 = 3, RAX = 13, RCX = 14, RIP = 16, FLAGS = 17 };

/*
 * A system call leaves all flags alone and clobbers rcx and r11 only. So the base of gs is checked without an instruction that
 * touches flags: its upper half must be 0x7fe1. Then all registers are pushed into slot.saved, highest index first.
 *
 * From patched_exit on a kick would come too late for the look at slot.kicked: the signal handler finds the thread there and
 * completes what is left with the frame's registers.
 */
__asm__(
    ".section .patched,\"ax\",@progbits\n"
    ".globl patched_entry, patched_bare, patched_exit, patched_stop\n"
    ".hidden patched_entry, patched_bare, patched_exit, patched_stop\n"
    "patched_entry:\n\t"
    "rdgsbase %rcx\n\t"
    "bswap %rcx\n\t" /* the lower half is now 0xe17f0000 */
    "lea 0x1e810000(%ecx),%ecx\n\t"
    "jrcxz 1f\n"
    "patched_bare:\n\t"
    "ud2\n"
    "1:\n\t"
    "mov %rsp,%gs:" SAVED(15) "\n\t"
    "rdgsbase %rsp\n\t"
    "lea " SAVED(18) "(%rsp),%rsp\n\t"
    "pushfq\n\t"
    "push %r11\n\t"
    "lea -8(%rsp),%rsp\n\t"
    "push %r11\n\t"
    "push %rax\n\t"
    "push %rdx\n\t"
    "push %rbx\n\t"
    "push %rbp\n\t"
    "push %rsi\n\t"
    "push %rdi\n\t"
    "push %r15\n\t"
    "push %r14\n\t"
    "push %r13\n\t"
    "push %r12\n\t"
    "push %r11\n\t"
    "push %r10\n\t"
    "push %r9\n\t"
    "push %r8\n\t"
    "cld\n\t"
    "mov %rax,%gs:" NUMBER(AT_NUMBER) "\n\t"
    "mov %rdi,%gs:" NUMBER(AT_ARGUMENTS) "\n\t"
    "mov %rsi,%gs:" NUMBER(AT_ARGUMENTS) "+8\n\t"
    "mov %rdx,%gs:" NUMBER(AT_ARGUMENTS) "+16\n\t"
    "mov %r10,%gs:" NUMBER(AT_ARGUMENTS) "+24\n\t"
    "mov %r8,%gs:" NUMBER(AT_ARGUMENTS) "+32\n\t"
    "mov %r9,%gs:" NUMBER(AT_ARGUMENTS) "+40\n\t"
    "lea -" NUMBER(AT_SAVED) "(%rsp),%rdi\n\t"
    "lea " NUMBER(STACK_TOP) "(%rdi),%rsp\n\t"
    "call patched_call\n\t"
    "cmpl $0,%gs:" NUMBER(AT_KICKED) "\n"
    "patched_exit:\n\t"
    "jne patched_stop\n\t"
    "mov %gs:" SAVED(0) ",%r8\n\t"
    "mov %gs:" SAVED(1) ",%r9\n\t"
    "mov %gs:" SAVED(2) ",%r10\n\t"
    "mov %gs:" SAVED(8) ",%rdi\n\t"
    "mov %gs:" SAVED(9) ",%rsi\n\t"
    "mov %gs:" SAVED(12) ",%rdx\n\t"
    "mov %gs:" NUMBER(AT_NUMBER) ",%rax\n\t"
    "mov %gs:" SAVED(16) ",%rcx\n\t"
    "lea " SAVED(17) "-" NUMBER(STACK_TOP) "(%rsp),%rsp\n\t"
    "mov (%rsp),%r11\n\t"
    "popfq\n\t"
    "mov %gs:" SAVED(15) ",%rsp\n\t"
    "jmp *%rcx\n"
    "patched_stop:\n\t"
    "ud2\n\t"
    ".text\n");

extern const char patched_exit[] __attribute__((visibility("hidden")));

bool in_patched_exit(uint64_t address) {
  return address >= (uintptr_t)patched_exit && address < (uintptr_t)patched_stop;
}

void return_from_bare(struct sigcontext_64 *registers) {
  registers->ip = registers->r11;
  registers->cx = registers->r11;
  registers->r11 = registers->flags;
}

void complete_patched(const struct slot *slot, struct sigcontext_64 *registers) {
  uint64_t *to = (uint64_t *)registers;
  for (int i = 0; i < REGISTERS; i++) to[i] = slot->saved[i];
  to[R11] = slot->saved[FLAGS];
  to[RCX] = slot->saved[RIP];
  to[RAX] = slot->number;
}

/* Identifiers of a thread never change; a thread that forges them lies to nobody but its own process. */
__attribute__((used)) void patched_call(struct slot *slot) {
  uint64_t number = slot->number;
  if (slot->pid != 0) {
    if (number == SYS_getpid) {
      slot->number = slot->pid;
      return;
    }
    if (number == SYS_gettid) {
      slot->number = slot->tid;
      return;
    }
  }
  serve(slot, EVENT_PATCHED);
}
