
# What the JVM would take as further options, and announce on standard error.
unset JAVA_TOOL_OPTIONS JDK_JAVA_OPTIONS _JAVA_OPTIONS

if [ ! -x "$java" ]; then
  printf 'bulwark: the JDK that built it is gone (%s): remove %s/built and start ./bulwark to build with another\n' "$java" "$home" >&2
  exit 125
fi
lib=$home/lib
exec "$java" -XX:+UseSerialGC -XX:+UnlockDiagnosticVMOptions -XX:ArchiveRelocationMode=0 \
  -XX:CompileCommand=quiet -XX:CompileCommand=exclude,jdk.internal.classfile.impl.StackMapGenerator::processBlock \
  -XX:TieredStopAtLevel=1 -XX:-AOTReplayTraining -XX:CompileThresholdScaling=10 -XX:-UsePerfData -Xms4m -Xmn2m -Xmx64m -Xss512k \
  -Xlog:disable -Xlog:all=error:stderr -XX:AOTCache="$home/cli.aot" \
  --enable-native-access=ALL-UNNAMED -Djava.library.path="$lib" -Dbulwark.home="$home" \
  -cp "$lib/bulwark-cli.jar:$lib/bulwark-runtime.jar:$lib/bulwark-control.jar:$lib/bulwark-linux.jar:$lib/gson.jar" \
