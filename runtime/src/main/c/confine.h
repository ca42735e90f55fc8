/*
 * What a process of the sandbox is deprived of before it becomes its program: namespaces, the host's files, its user, its
 * capabilities. Written by dev.bulwark.runtime.keeper.Confinement.
 */
#ifndef BULWARK_CONFINE_H
#define BULWARK_CONFINE_H

#include <stdint.h>

#define MOST_VISIBLE 32
#define MOST_TREES 64

struct tree {
  uint64_t descriptor; /* of the new process: replaced by a private copy of the mounts below it */
  uint64_t read_only;
};

struct confinement {
  uint64_t namespaces;   /* CLONE_NEW flags; 0 leaves the process as it is */
  uint64_t keeper;       /* pid of the keeper, which tells sandboxes apart */
  uint64_t users;        /* user identifiers of the host from here on belong to sandboxes; 0 leaves root. In a user
                          namespace of its own if that is among the namespaces */
  uint64_t capabilities; /* what is left of them, as a mask; the bounding set is the same */
  const char *visible[MOST_VISIBLE + 1]; /* files that the program needs to start, ended by 0; without set-user-ID and devices */
  struct tree trees[MOST_TREES];
  uint64_t tree_count;
};

/* Of dev.bulwark.control.Inherited: who the Sentry is in its user namespace. */
#define INSIDE_USER 65534

/*
 * Confines the calling process, which is the first one of its pid namespace. Returns 0, or an errno negated and what was tried.
 */
long confine(const struct confinement *confinement, const char **tried);

/* Takes all files away that a confined process could still open by a path. Returns 0 or an errno negated. */
long close_root(const struct confinement *confinement, int pid);

/* Makes the mounts at an O_PATH descriptor of a detached tree read-only. */
long seal_tree(int fd);

#endif
