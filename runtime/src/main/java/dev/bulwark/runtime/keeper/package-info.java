/**
 * The keeper: the small process that a sandbox, or a further process in one, has on the host for as
 * long as it lives. The runtime command writes a {@link dev.bulwark.runtime.keeper.Plan} of what
 * the keeper is to do and starts it, or becomes it. The keeper is written in C
 * (runtime/src/main/c), because it outlives the runtime command and must cost no memory, and
 * because namespaces can only be entered before a JVM starts.
 */
package dev.bulwark.runtime.keeper;
