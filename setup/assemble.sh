#!/bin/sh
# Puts the jars of a finished build into dist/lib, and records the ahead-of-time caches of the three JVMs
# by a training run, which is the difference between 0.3 s and 1 s of start.
set -u
cd "$(dirname "$0")/.." || exit 1
. setup/toolchain.sh
find_jdk || die "no JDK 25 or later in JAVA_HOME, /usr/lib/jvm or /opt"
home=$PWD/dist
lib=$home/lib
rm -rf "$home/built" "$home/cli.aot" "$home/sentry.aot" "$home/gofer.aot"
mkdir -p "$lib"
for module in linux control platform gofer sentry microvm runtime cli; do
  rm -f "$lib/bulwark-$module.jar"
  cp "$module/target/bulwark-$module-"[0-9]*[0-9].jar "$lib/bulwark-$module.jar" || die "module $module built no jar"
done
rm -f "$lib/libbulwark.so"
cp linux/target/libbulwark.so "$lib/libbulwark.so" || die "the library for host calls was not built"
cp runtime/target/bulwark-keeper "$lib/bulwark-keeper.new" && mv "$lib/bulwark-keeper.new" "$lib/bulwark-keeper" || die "the keeper was not built"
for program in agent jail; do
  cp "microvm/target/bulwark-$program" "$lib/bulwark-$program.new" && mv "$lib/bulwark-$program.new" "$lib/bulwark-$program" || die "the $program was not built"
done

quoted() { printf "'%s'" "$(printf %s "$1" | sed "s/'/'\\\\''/g")"; }

# launcher NAME OPTION: what engines start, which never builds. Its first lines say where it is, so that it need not look.
launcher() {
  {
    printf '#!/bin/sh\n# The command line of this build; written by setup/assemble.sh.\n'
    printf 'java=%s\nhome=%s\n' "$(quoted "$JAVA_HOME/bin/java")" "$(quoted "$home")"
    cat setup/launcher.sh
    printf '  dev.bulwark.cli.Main%s "$@"\n' "$2"
  } >"$home/$1.new" && chmod 0755 "$home/$1.new" && mv "$home/$1.new" "$home/$1" || die "dist/$1 cannot be written"
}
launcher bulwark ""
launcher bulwark-vm " --wall=vm"

rm -f "$lib/gson.jar"
cp runtime/target/lib/gson.jar "$lib/gson.jar" || die "the build fetched no gson.jar"

# What a shell does at its start, several processes, pipes, and files read and written.
training='for i in 1 2 3; do echo $i; done | cat | sort -r; ls -l /bin/sh; x=$(cat /proc/self/status); echo "$x" >/tmp/t; rm /tmp/t; kill -0 $$; sleep 0'
say "recording the start of its processes"
# The same flags as in setup/launcher.sh, but for the output.
"$JAVA_HOME/bin/java" -XX:+UseSerialGC -XX:TieredStopAtLevel=1 -XX:-UsePerfData -Xms4m -Xmn2m -Xmx64m -Xss512k \
  -XX:AOTCacheOutput="$home/cli.aot" \
  --enable-native-access=ALL-UNNAMED -Djava.library.path="$lib" -Dbulwark.home="$home" -Dbulwark.training="$home" \
  -cp "$lib/bulwark-cli.jar:$lib/bulwark-runtime.jar:$lib/bulwark-control.jar:$lib/bulwark-linux.jar:$lib/gson.jar" \
  dev.bulwark.cli.Main do -- /bin/sh -c "$training" </dev/null >"$home/training.log" 2>&1
rm -rf "$home/training"
for cache in cli sentry gofer; do
  # The Gofer runs without a umask; a cache that others could write would be a way into the next sandbox.
  [ ! -e "$home/$cache.aot" ] || chmod 0644 "$home/$cache.aot"
  [ -e "$home/$cache.aot" ] || say "no recording for $cache: starts will be slower; see dist/training.log"
done
printf '%s\n' "$JAVA_HOME" >"$home/built"
