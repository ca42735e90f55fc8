#!/bin/sh
# build.sh SOURCES OUTPUT JAVA_HOME: compiles the library through which Java makes host calls.
set -eu
cd "$1"
mkdir -p "$(dirname "$2")"
exec "${CC:-gcc}" -Wall -Wextra -Werror -O2 -std=gnu11 -fPIC -fvisibility=hidden -fno-stack-protector -fcf-protection=none \
  -fno-asynchronous-unwind-tables -I "$3/include" -I "$3/include/linux" -shared -Wl,--build-id=none \
  -Wl,-z,noexecstack -Wl,-z,relro -Wl,-z,now -o "$2" hostcall.c
