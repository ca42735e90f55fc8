#!/bin/sh
# build.sh SOURCES OUTPUT: compiles the keeper, which has no library and no start-up code but its own.
set -eu
cd "$1"
mkdir -p "$(dirname "$2")"
exec "${CC:-gcc}" -Wall -Wextra -Werror -O2 -std=gnu11 -ffreestanding -fno-stack-protector -fvisibility=hidden \
  -fcf-protection=none -fno-asynchronous-unwind-tables -fno-tree-loop-distribute-patterns -I ../../../../platform/src/main/c/stub \
  -nostdlib -static -no-pie -Wl,--build-id=none -Wl,-z,noexecstack -o "$2" confine.c guard.c keeper.c memory.c plan.c reaping.c text.c
