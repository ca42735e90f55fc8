/*
 * What a thread executes for its tracer: one system call with the registers that the tracer gave it, and a trap. Nothing in
 * memory takes part, so that other threads of the application cannot lead it astray. A cloned thread is not traced; it goes to
 * its slot like any new one.
 */
__asm__(
    ".section .traced,\"ax\",@progbits\n"
    ".globl traced_call, traced_clone\n"
    ".hidden traced_call, traced_clone\n"
    "traced_call:\n\t"
    "syscall\n\t"
    "int3\n\t"
    ".balign 16,0xcc\n"
    "traced_clone:\n\t"
    "syscall\n\t"
    "test %rax,%rax\n\t"
    "jnz 1f\n\t"
    "xor %ebp,%ebp\n\t"
    "mov %r12,%rdi\n\t"
    "call begin_thread\n"
    "1:\n\t"
    "int3\n\t"
    ".text\n");
