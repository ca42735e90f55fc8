package dev.bulwark.sentry.kernel;

import dev.bulwark.platform.Platform;
import dev.bulwark.sentry.loader.HostCpu;
import dev.bulwark.sentry.mm.MemoryAccount;
import dev.bulwark.sentry.syscall.SyscallTable;

/**
 * What a kernel runs on, and what it answers.
 *
 * @param platform where application code runs
 * @param cpu what programs are told of the processor
 * @param account counts the memory of all applications
 * @param calls the system calls
 */
public record Machine(Platform platform, HostCpu cpu, MemoryAccount account, SyscallTable calls) {}
