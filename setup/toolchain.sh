# Sourced by ./bulwark and ./verify: finds a JDK 25 or later and installs the build tools that are missing.
# Sets JAVA_HOME. Prints what it does before it does it; ends the caller with a remedy when it cannot.

say() { printf 'bulwark: %s\n' "$*" >&2; }

die() {
  say "$1"
  exit "${2:-1}"
}

# The feature release of the JDK in a directory, or nothing when there is none.
jdk_release() {
  [ -x "$1/bin/javac" ] && [ -r "$1/release" ] &&
    sed -n 's/^JAVA_VERSION="\([0-9]*\).*/\1/p' "$1/release"
}

find_jdk() {
  for candidate in "${JAVA_HOME:-}" /usr/lib/jvm/* /opt/java/* /opt/jdk*; do
    [ -n "$candidate" ] || continue
    release=$(jdk_release "$candidate")
    if [ "${release:-0}" -ge 25 ]; then
      JAVA_HOME=$candidate
      export JAVA_HOME
      return 0
    fi
  done
  return 1
}

# install_package PACKAGE REASON: installs a Debian package, saying so first.
install_package() {
  command -v apt-get >/dev/null 2>&1 || die "$2, and there is no apt-get: install what Debian calls $1"
  [ "$(id -u)" = 0 ] || die "$2: run 'apt-get install $1' as root, then try again"
  say "installing $1 with apt-get, because $2"
  { DEBIAN_FRONTEND=noninteractive apt-get install -y -q "$1" ||
    { apt-get update -q && DEBIAN_FRONTEND=noninteractive apt-get install -y -q "$1"; }; } >&2 </dev/null ||
    die "apt-get could not install $1: see its message above"
}

# require_command COMMAND PACKAGE
require_command() {
  command -v "$1" >/dev/null 2>&1 || install_package "$2" "the command '$1' is missing"
}

ensure_toolchain() {
  if ! find_jdk; then
    for package in temurin-25-jdk openjdk-25-jdk-headless; do
      if apt-cache show "$package" >/dev/null 2>&1; then
        install_package "$package" "no JDK 25 was found"
        break
      fi
    done
    find_jdk || die "no JDK 25 or later in JAVA_HOME, /usr/lib/jvm or /opt: install temurin-25-jdk or openjdk-25-jdk, or set JAVA_HOME"
  fi
  require_command gcc gcc
  require_command mvn maven
  [ -e /usr/include/stdio.h ] || install_package libc6-dev "the C library's headers are missing"
}
