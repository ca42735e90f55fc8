/*
 * What a keeper does for a process that has locked itself down, and what it does about one that breaks out. The process sends
 * requests over its guard socket (dev.bulwark.linux.Guard); what it asks for is little, so that owning it gives little. The
 * calls that its seccomp filter does not admit come to the keeper, who names them and ends the sandbox.
 */
#ifndef BULWARK_GUARD_H
#define BULWARK_GUARD_H

#include "plan.h"
#include "text.h"

/* Serves one request, if there is one; the socket is closed when it makes no sense or the process is gone. */
void serve_guard(struct child *child);

/*
 * Adds the sentence about a call that the filter stopped; the process is dead afterwards. Returns 0 when there is none after all.
 * To be called only when poll(2) has seen one, since it waits for one otherwise.
 */
int add_forbidden_call(struct text *text, struct child *child);

/* The process is gone: nothing more will be told of its calls. */
void forget_calls(struct child *child);

#endif
