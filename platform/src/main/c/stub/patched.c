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
    ".globl patched_entry, patched_bare, patched_exit, patched_stop, patched_exit_all, patched_stop_all\n"
    ".hidden patched_entry, patched_bare, patched_exit, patched_stop, patched_exit_all, patched_stop_all\n"
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
    "test %eax,%eax\n\t"
    "jnz 1f\n\t"
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
    "ud2\n"
    "1:\n\t" /* with other registers than the call came with */
    "cmpl $0,%gs:" NUMBER(AT_KICKED) "\n"
    "patched_exit_all:\n\t"
    "jne patched_stop_all\n\t"
    "mov %gs:" SAVED(0) ",%r8\n\t"
    "mov %gs:" SAVED(1) ",%r9\n\t"
    "mov %gs:" SAVED(2) ",%r10\n\t"
    "mov %gs:" SAVED(3) ",%r11\n\t"
    "mov %gs:" SAVED(4) ",%r12\n\t"
    "mov %gs:" SAVED(5) ",%r13\n\t"
    "mov %gs:" SAVED(6) ",%r14\n\t"
    "mov %gs:" SAVED(7) ",%r15\n\t"
    "mov %gs:" SAVED(8) ",%rdi\n\t"
    "mov %gs:" SAVED(9) ",%rsi\n\t"
    "mov %gs:" SAVED(10) ",%rbp\n\t"
    "mov %gs:" SAVED(11) ",%rbx\n\t"
    "mov %gs:" SAVED(12) ",%rdx\n\t"
    "mov %gs:" SAVED(13) ",%rax\n\t"
    "mov %gs:" SAVED(14) ",%rcx\n\t"
    "lea " SAVED(17) "-" NUMBER(STACK_TOP) "(%rsp),%rsp\n\t"
    "popfq\n\t"
    "mov %gs:" SAVED(15) ",%rsp\n\t"
    "jmp *%gs:" SAVED(16) "\n"
    "patched_stop_all:\n\t"
    "ud2\n\t"
    ".text\n");

extern const char patched_exit[] __attribute__((visibility("hidden")));
extern const char patched_stop[] __attribute__((visibility("hidden")));
extern const char patched_exit_all[] __attribute__((visibility("hidden")));
extern const char patched_stop_all[] __attribute__((visibility("hidden")));

static bool with_all_registers(uint64_t address) { return address >= (uintptr_t)patched_exit_all; }

bool stopped_patched(uint64_t address) {
  return address == (uintptr_t)patched_stop || address == (uintptr_t)patched_stop_all;
}

bool in_patched_exit(uint64_t address) {
  return (address >= (uintptr_t)patched_exit && address < (uintptr_t)patched_stop) ||
         (address >= (uintptr_t)patched_exit_all && address < (uintptr_t)patched_stop_all);
}

void return_from_bare(struct sigcontext_64 *registers) {
  registers->ip = registers->r11;
  registers->cx = registers->r11;
  registers->r11 = registers->flags;
}

void complete_patched(const struct slot *slot, struct sigcontext_64 *registers) {
  bool all = with_all_registers(registers->ip);
  uint64_t *to = (uint64_t *)registers;
  for (int i = 0; i < REGISTERS; i++) to[i] = slot->saved[i];
  if (all) return;
  to[R11] = slot->saved[FLAGS];
  to[RCX] = slot->saved[RIP];
  to[RAX] = slot->number;
}

#define XSAVE_HEADER 512
#define XSAVE_HEADER_WORDS 8

/* XSAVE leaves most of the header as it is, and XRSTOR wants zeroes there. */
void save_fp(struct slot *slot, uint64_t parts) {
  char *image = (char *)slot + FP_STATE;
  volatile uint64_t *header = (uint64_t *)(image + XSAVE_HEADER);
  for (int i = 0; i < XSAVE_HEADER_WORDS; i++) header[i] = 0;
  __asm__ volatile("xsave64 (%0)" ::"r"(image), "a"((uint32_t)parts), "d"((uint32_t)(parts >> 32)) : "memory");
}

/* Only the application itself could have made the image one that XRSTOR faults on. */
static void load_fp(const struct slot *slot, uint64_t parts) {
  const char *image = (const char *)slot + FP_STATE;
  __asm__ volatile("xrstor64 (%0)" ::"r"(image), "a"((uint32_t)parts), "d"((uint32_t)(parts >> 32)) : "memory");
}

/*
 * Returns whether the application goes on with other registers than it came with.
 *
 * Identifiers of a thread never change; a thread that forges them lies to nobody but its own process.
 */
__attribute__((used)) uint32_t patched_call(struct slot *slot) {
  uint64_t number = slot->number;
  if (slot->pid != 0) {
    if (number == SYS_getpid) {
      slot->number = slot->pid;
      return 0;
    }
    if (number == SYS_gettid) {
      slot->number = slot->tid;
      return 0;
    }
  }
  if (serve(slot, EVENT_PATCHED) != ORDER_RESUME_ALL) return 0;
  uint64_t parts = slot->argument;
  if (parts != 0) load_fp(slot, parts);
  return 1;
}
