#!/bin/bash
# One real program a row, as it runs in a container. Arguments: a row, and how many times as much work as the least.
# Prints a line for each figure: its name and the seconds it took, or how many a second.
set -u
row=$1
scale=$2
work=$(mktemp -d /tmp/bench.XXXXXX)
cd "$work" || exit 1

fail() {
  echo "$row: $*" >&2
  exit 1
}

# timed NAME COMMAND...: the seconds of a command, whose output goes nowhere.
timed() {
  local name=$1 start=$EPOCHREALTIME
  shift
  "$@" >out 2>err </dev/null || fail "'$*' ended with $?: $(tail -n 1 err)"
  echo "$name $start $EPOCHREALTIME" | awk '{ printf "%s %.6f\n", $1, $3 - $2 }'
}

# Waits until a server answers on a port of the loopback interface.
answers() {
  local tries=0
  until (: <"/dev/tcp/127.0.0.1/$1") 2>/dev/null; do
    tries=$((tries + 1))
    [ $tries -lt 300 ] || fail "no server on port $1: $(cat log 2>/dev/null)"
    sleep 0.05
  done
}

# files COUNT: that many small files in directories of 100.
files() {
  python3 - "$1" <<'END'
import os, sys
for i in range(int(sys.argv[1])):
    if i % 100 == 0:
        os.makedirs("tree/%03d" % (i // 100))
    with open("tree/%03d/file%02d.txt" % (i // 100, i % 100), "w") as file:
        file.write("line %d\n" % i * (1 + i % 40))
END
}

repository() {
  files $((1000 * scale))
  git init -q tree && git -C tree add . &&
    git -C tree -c user.name=a -c user.email=b commit -q -m c || fail "no repository"
}

# http PORT PATH REQUESTS
http() {
  ab -q -c 8 -n "$3" "http://127.0.0.1:$1$2" >said 2>&1 || fail "$(tail -n 1 said)"
  awk '/^Failed requests:/ && $3 != 0 { exit 1 }' said || fail "$(grep Failed said)"
  awk -v row="$row" '/^Requests per second:/ { print row, $4 }' said
}

each() {
  local i
  for i in $(seq "$1"); do "${@:2}" || return; done
}

case $row in
  python_start) timed $row each $((2 * scale)) python3 -c pass ;;
  python_cpu) timed $row python3 -c "print(sum(i * i % 7 for i in range(1000000 * $scale)))" ;;
  sqlite_insert | sqlite_select)
    {
      echo "pragma journal_mode=wal; create table t(a integer primary key, b text);"
      for i in $(seq $((100 * scale))); do
        echo "begin; with recursive n(x) as (select 1 union all select x+1 from n where x<100)" \
          "insert into t(b) select 'row ' || x || ' of $i' from n; commit;"
      done
    } >insert.sql
    echo "select count(*), sum(length(b)) from t where b like '%7%'; select max(b) from t;" >select.sql
    if [ $row = sqlite_insert ]; then
      timed $row sqlite3 db ".read insert.sql"
    else
      sqlite3 db ".read insert.sql" >out || fail "no table"
      timed $row each $((2 * scale)) sqlite3 db ".read select.sql"
    fi
    ;;
  git_clone) repository && timed $row git clone -q --no-hardlinks tree copy ;;
  git_status) repository && timed $row each 3 git -C tree status --porcelain ;;
  tar_create) files $((4000 * scale)) && timed $row tar cf tree.tar tree ;;
  find_20000) files $((4000 * scale)) && timed $row find tree -type f -size +0 ;;
  make_gcc)
    for i in $(seq $((4 * scale))); do
      echo "#include <stdio.h>
int f$i(int x) { for (int i = 0; i < 10; i++) x += i * $i; printf(\"%d\", x); return x; }" >f$i.c
    done
    printf 'all: %s\n%%.o: %%.c\n\tgcc -O1 -c -o $@ $<\n' "$(ls f*.c | sed 's/c$/o/' | tr '\n' ' ')" >Makefile
    timed $row make -j2
    ;;
  gzip) head -c $((2000000 * scale)) /dev/zero | openssl enc -aes-128-ctr -K 00 -iv 00 2>/dev/null | tr '\200-\377' '\0' >data
    timed $row gzip -k data ;;
  redis_set | redis_get)
    redis-server --port 6399 --save "" --appendonly no --daemonize no >log 2>&1 &
    server=$!
    answers 6399
    redis-benchmark -p 6399 -n $((4000 * scale)) -c 20 -t "${row#redis_}" --csv 2>&1 | tr -d '"' |
      awk -F, -v row=$row 'tolower($1) == substr(row, 7) { print row, $2 }'
    ;;
  nginx_small | nginx_1m)
    mkdir files
    echo small >files/small
    head -c 1048576 /dev/zero >files/1m
    chmod 755 . files
    printf 'daemon off; user root; pid %s; error_log stderr; events {} http { access_log off; sendfile on; server { listen 8099; root %s; } }\n' \
      "$work/pid" "$work/files" >conf
    nginx -c "$work/conf" >log 2>&1 &
    server=$!
    answers 8099
    if [ $row = nginx_small ]; then http 8099 /small $((500 * scale)); else http 8099 /1m $((60 * scale)); fi
    ;;
  node_http)
    node -e 'require("http").createServer((q, a) => a.end("hello")).listen(8098, "127.0.0.1")' >log 2>&1 &
    server=$!
    answers 8098
    http 8098 / $((400 * scale))
    ;;
  pgbench)
    binaries=$(echo /usr/lib/postgresql/*/bin)
    chown postgres "$work"
    as() { setpriv --reuid=postgres --regid=postgres --clear-groups "$@"; }
    as "$binaries/initdb" -D "$work/data" -N >log 2>&1 || fail "$(tail -n 1 log)"
    as "$binaries/postgres" -D "$work/data" -k "$work" -p 5499 -F >log 2>&1 &
    server=$!
    answers 5499
    as "$binaries/pgbench" -h "$work" -p 5499 -i -q postgres >log2 2>&1 || fail "$(tail -n 1 log2)"
    as "$binaries/pgbench" -h "$work" -p 5499 -c 2 -T "$scale" postgres >said 2>&1 || fail "$(tail -n 1 said)"
    awk '/^tps/ { print "pgbench", $3; exit }' said
    ;;
  java_hello) timed $row each "$scale" java -cp /bench Hello ;;
  *) fail "no such row" ;;
esac
status=$?
if [ -n "${server:-}" ]; then
  kill "$server"
  wait "$server" 2>/dev/null
fi
cd / && rm -rf "$work"
exit $status
