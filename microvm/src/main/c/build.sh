#!/bin/sh
# build.sh SOURCES OUTPUT: compiles the guest agent and the jail of QEMU, which have no library and no start-up code but their own.
set -eu
cd "$1"
mkdir -p "$2"
compile() {
  output=$1
  shift
  "${CC:-gcc}" -Wall -Wextra -Werror -O2 -std=gnu11 -ffreestanding -fno-stack-protector -fvisibility=hidden \
    -fcf-protection=none -fno-asynchronous-unwind-tables -fno-tree-loop-distribute-patterns -I ../../../../platform/src/main/c/stub \
    -nostdlib -static -no-pie -Wl,--build-id=none -Wl,-z,noexecstack -o "$output" "$@"
}
compile "$2/bulwark-agent" agent.c boot.c files.c machine.c process.c text.c wire.c
compile "$2/bulwark-jail" jail.c text.c
