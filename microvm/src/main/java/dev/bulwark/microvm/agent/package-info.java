/**
 * The host's side of the conversation with a guest agent (microvm/src/main/c/wire.h).
 *
 * <p>The guest is hostile: whoever runs a program as root in it can be the agent. Every length is
 * bounded before it is believed; an answer that was not asked for, output beyond what was allowed,
 * or a frame of no known type ends the connection, and the machine with it. What it sends is never
 * used as a path or a command of the host.
 *
 * <p>One thread reads the connection and never waits for whoever takes what it brings: output lies
 * in a queue that cannot grow beyond the window that the agent was given. Locks: each process has
 * one, taken without any other; none is held across a call that can wait.
 */
package dev.bulwark.microvm.agent;
