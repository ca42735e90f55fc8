#!/bin/sh
# Builds what ./bulwark starts, from the sources to dist/: finds or installs the tools, compiles, records.
set -u
cd "$(dirname "$0")/.." || exit 1
. setup/toolchain.sh
ensure_toolchain
mkdir -p dist
exec 9>dist/lock
command -v flock >/dev/null 2>&1 && flock 9
say "building (first use, or the sources changed); the log is dist/build.log"
# Without a network the artifacts of an earlier build do.
mvn -q -Dquick -Dmaven.test.skip=true package -pl '!tests' </dev/null >dist/build.log 2>&1 ||
  mvn -q -o -Dquick -Dmaven.test.skip=true package -pl '!tests' </dev/null >>dist/build.log 2>&1 ||
  die "the build failed: see $PWD/dist/build.log"
exec sh setup/assemble.sh
