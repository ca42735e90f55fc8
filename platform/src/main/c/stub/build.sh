#!/bin/sh
# build.sh SOURCES OUTPUT: compiles the stub.
set -eu
cd "$1"
mkdir -p "$(dirname "$2")"
exec "${CC:-gcc}" -Wall -Wextra -Werror -O2 -std=gnu11 -ffreestanding -fno-stack-protector -fpie -fvisibility=hidden \
  -mgeneral-regs-only -fcf-protection=none -fno-asynchronous-unwind-tables -fno-tree-loop-distribute-patterns \
  -nostdlib -static -no-pie -Wl,--build-id=none -Wl,-T,stub.lds -Wl,-z,noseparate-code -o "$2" stub.c traced.c patched.c filter.c vdso.c
