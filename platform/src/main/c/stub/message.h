#ifndef BULWARK_MESSAGE_H
#define BULWARK_MESSAGE_H

#include <stdint.h>

#define MSG_DONTWAIT 0x40
#define MSG_NOSIGNAL 0x4000
#define MSG_CMSG_CLOEXEC 0x40000000
#define SOL_SOCKET 1
#define SCM_RIGHTS 1

/* struct msghdr of the kernel, for programs without a C library. */
struct message {
  void *name;
  uint32_t name_length;
  struct {
    void *base;
    uint64_t length;
  } *vector;
  uint64_t vector_length;
  void *control;
  uint64_t control_length;
  uint32_t flags;
};

#endif
