/*
 * What a stub and the Sentry share: addresses, and the slot of a context. dev.bulwark.platform.stub.Layout says the
 * same in Java; a test compares the two.
 */
#ifndef BULWARK_LAYOUT_H
#define BULWARK_LAYOUT_H

#include <linux/sched.h>
#include <stddef.h>
#include <stdint.h>

/* The application lives below; BPF adds addresses in units of 4 GiB, so two of those are left as a margin. */
#define APPLICATION_END 0x7fde00000000UL
/* The host's vdso, with the pages that it reads before it; the application can neither change nor unmap them. */
#define VDSO_START 0x7fdf00010000UL
#define VDSO_DATA 0x7fdf00000000UL
#define VDSO_END 0x7fdf00020000UL
#define STUB_START 0x7fe000000000UL
#define STUB_END 0x7fe000100000UL
/* Where a tracer sends a stopped thread: to make one system call, and to make a thread (its slot in r12). */
#define TRACED_CALL 0x7fe0000000c0UL
#define TRACED_CLONE 0x7fe0000000d0UL
#define TRACED_LENGTH 3UL /* of the call with the trap behind it */
#define PATCH_ENTRY 0x7fe000000100UL /* where a patched call enters the stub, its return address in r11 */
#define SLOTS_START 0x7fe100000000UL
#define SLOT_SIZE 0x20000UL
#define SLOT_COUNT 8192UL
#define BOOT_STACK_TOP 0x2000UL /* within a slot; the signal stack takes the rest */
#define FP_STATE 0x2000UL       /* of a thread in a patched call: the far end of the signal stack, which is not in use */

#define CONTROL_FD 3
#define MEMORY_FD 4

/* The one set of flags with which a stub may clone: a thread, never a process. */
#define THREAD_FLAGS                                                                                              \
  (CLONE_VM | CLONE_FS | CLONE_FILES | CLONE_SIGHAND | CLONE_THREAD | CLONE_SYSVSEM | CLONE_CHILD_CLEARTID)

/* Whose turn it is. */
enum turn { TURN_GONE = 0, TURN_STUB = 1, TURN_SENTRY = 2, TURN_DEAD = 3 };

enum event { EVENT_READY = 1, EVENT_SYSCALL, EVENT_FAULT, EVENT_KICK, EVENT_DONE, EVENT_PATCHED, EVENT_BARE };

/*
 * ORDER_SAVE fetches what a patched call left in the processor: bases, and the parts of the floating-point state that the
 * argument names. ORDER_RESUME_ALL goes on with all registers of saved, and the parts of FP_STATE that the argument names.
 */
enum order { ORDER_RESUME = 1, ORDER_OPERATIONS, ORDER_CLONE, ORDER_CPU_TIME, ORDER_EXIT, ORDER_NAME, ORDER_SAVE, ORDER_RESUME_ALL };

enum kind { MAP_OWN = 1, MAP_RECEIVED, UNMAP, PROTECT, MAP_PRESENT };

struct operation {
  uint32_t kind;
  uint32_t protection;
  uint64_t address;
  uint64_t length;
  uint64_t offset;
};

#define OPERATIONS 64

#define RAN_SHIFT 8 /* in units of 1,024 time-stamp cycles, in all bits above */
#define RAN_MOST 0xffffffUL

#define BASES_READABLE 1 /* the processor and the host kernel let user code read and write fs and gs bases */
#define BASES_CHANGED 2  /* the order brings other bases */

#define REGISTERS 18 /* in the order of struct sigcontext */

struct slot {
  /* What every system call touches, in one cache line that the two sides hand to and fro. */
  uint32_t turn;
  uint32_t message; /* an event or an order, by whose turn it is; with an event, how long the application ran before it */
  uint64_t number;  /* of the system call, all ones for one of another architecture; the result of a patched one */
  uint64_t arguments[6];
  /* What both sides read and seldom write. */
  uint32_t sentry_asleep;
  uint32_t stub_asleep;
  uint32_t spin;   /* how long the stub looks for its turn before it sleeps, in units of 1,024 time-stamp cycles */
  uint32_t kicked; /* stop at the end of the patched call */
  uint32_t pid;    /* what getpid(2) and gettid(2) answer here, or 0 to ask the Sentry */
  uint32_t tid;
  uint32_t bases; /* BASES_ bits */
  uint32_t count; /* operations of the order */
  uint64_t frame; /* address of the ucontext in this slot */
  uint64_t fs_base;
  uint64_t gs_base;
  uint32_t pause;      /* how many waits the stub sleeps through when spinning has failed again */
  uint32_t pause_left; /* of those */
  /* The registers that a patched call came with: its return address for the instruction pointer. */
  uint64_t saved[REGISTERS];
  uint64_t resumed; /* when the application went on, in time-stamp cycles; the stub's own */
  /* Faults and rarer things. */
  int32_t signal;
  int32_t code;
  uint64_t address;
  int64_t result;
  uint64_t argument;
  struct operation operations[OPERATIONS];
};

_Static_assert(sizeof(struct slot) <= 0x1000, "a slot's header fits below the boot stack");
_Static_assert(offsetof(struct slot, sentry_asleep) == 64, "the hot part is one cache line");
_Static_assert(offsetof(struct slot, saved) == 128, "what is seldom written is another");

#endif
