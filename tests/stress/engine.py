#!/usr/bin/env python3
"""Repeats what engines lose under load, with a Docker of its own in namespaces of its own.

engine.py end|oom [--rounds N] [--at-once N] [--burners N] [--runtime NAME]

end: processes of docker exec end with their container, and their clients hear of it.
oom: a container that takes too much memory ends with 137, OOMKilled and an event; a process of docker exec that
     does so ends alone.

Prints every deviation, and exits with 1 if there was any. Not part of ./verify.
"""

import argparse
import json
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile
import threading
import time

HOME = pathlib.Path(__file__).resolve().parents[2]
PATIENCE = 120


def docker(*words):
    try:
        return subprocess.run(["docker", *words], capture_output=True, text=True, timeout=PATIENCE)
    except subprocess.TimeoutExpired:
        return subprocess.CompletedProcess(words, None, "", "hangs")


class Engine:
    """The daemon and an image; to be made in namespaces of its own."""

    def __init__(self, work, runtime):
        run = lambda *words: subprocess.run(words, check=True)
        run("ip", "link", "set", "lo", "up")
        for directory in ("/run", "/var/lib"):
            run("mount", "-t", "tmpfs", "stress", directory)
        configuration = {
            "data-root": f"{work}/data", "exec-root": f"{work}/exec", "pidfile": f"{work}/pid",
            "hosts": [f"unix://{work}/docker.sock"], "cgroup-parent": f"/{work.name}",
            "runtimes": {"bulwark": {"path": f"{HOME}/bulwark"}}, "default-runtime": runtime,
        }
        (work / "daemon.json").write_text(json.dumps(configuration))
        os.environ.update(DOCKER_HOST=f"unix://{work}/docker.sock", DOCKER_CONFIG=str(work))
        self.daemon = subprocess.Popen(
            ["dockerd", "--config-file", f"{work}/daemon.json"], stderr=open(work / "log", "w"))
        while docker("version").returncode != 0:
            if self.daemon.poll() is not None:
                sys.exit((work / "log").read_text())
            time.sleep(0.1)
        programs = work / "root/bin"
        programs.mkdir(parents=True)
        shutil.copy(shutil.which("busybox"), programs)
        for name in ("sh", "sleep", "tail"):
            (programs / name).symlink_to("busybox")
        subprocess.run(f"tar -C {work}/root -c . | docker import - box", shell=True, check=True, stdout=subprocess.DEVNULL)

    def stop(self):
        left = docker("ps", "-aq").stdout.split()
        if left:
            docker("rm", "-fv", *left)
        self.daemon.terminate()
        self.daemon.wait()


class Rounds:
    def __init__(self):
        self.lock = threading.Lock()
        self.begun = 0
        self.bad = 0
        self.events = []

    def deviation(self, *what):
        with self.lock:
            self.bad += 1
            print(*what, flush=True)

    def listen(self):
        client = subprocess.Popen(
            ["docker", "events", "--filter", "event=oom", "--format", "{{.ID}}"], stdout=subprocess.PIPE, text=True)
        threading.Thread(target=lambda: self.events.extend(map(str.strip, client.stdout)), daemon=True).start()
        return client

    def run(self, what, rounds, at_once):
        def worker():
            while True:
                with self.lock:
                    if self.begun == rounds:
                        return
                    self.begun += 1
                what(self)

        workers = [threading.Thread(target=worker) for _ in range(at_once)]
        for thread in workers:
            thread.start()
        for thread in workers:
            thread.join()


def container(rounds, *words):
    result = docker("run", "-d", "--network", "none", *words)
    if result.returncode != 0:
        rounds.deviation("run:", result)
    return result.stdout.strip()


def end(rounds):
    idle = container(rounds, "box", "sleep", "100000")
    clients = [
        subprocess.Popen(["docker", "exec", idle, "sh", "-c", "echo up; sleep 100000"], stdout=subprocess.PIPE, text=True)
        for _ in range(2)
    ]
    for client in clients:
        if client.stdout.readline() != "up\n":
            rounds.deviation("exec does not run in", idle)
    docker("kill", "--signal", "KILL", idle)
    for client in clients:
        try:
            if client.wait(PATIENCE) != 137:
                rounds.deviation("exec ends with", client.returncode)
        except subprocess.TimeoutExpired:
            rounds.deviation("exec does not end with", idle)
            client.kill()
            client.wait()
    if docker("wait", idle).stdout.strip() != "137":
        rounds.deviation("wrong end of", idle)
    docker("rm", "-f", idle)


LIMITS = ("--memory", "100m", "--memory-swap", "100m")
HOG = ("sh", "-c", "exec tail -n 1 /dev/zero")


def event_came(rounds, which):
    deadline = time.monotonic() + PATIENCE
    while which not in rounds.events:
        if time.monotonic() > deadline:
            rounds.deviation("no oom event of", which)
            return
        time.sleep(0.05)


def oom(rounds):
    first = container(rounds, *LIMITS, "box", *HOG)
    code = docker("wait", first).stdout.strip()
    state = docker("inspect", "-f", "{{.State.OOMKilled}} {{.State.ExitCode}}", first).stdout.strip()
    if (code, state) != ("137", "true 137"):
        rounds.deviation("container ends with", code, "and is", state)
    event_came(rounds, first)
    docker("rm", "-f", first)

    idle = container(rounds, *LIMITS, "box", "sleep", "100000")
    hog = docker("exec", idle, *HOG)
    if hog.returncode != 137:
        rounds.deviation("exec ends with", hog)
    after = docker("exec", idle, "sh", "-c", "echo lives")
    if after.stdout != "lives\n":
        rounds.deviation("the container of the exec is gone:", after)
    event_came(rounds, idle)
    docker("rm", "-f", idle)


def inside(options):
    engine = Engine(pathlib.Path(options.inside), options.runtime)
    burners = [subprocess.Popen(["sh", "-c", "while :; do :; done"]) for _ in range(options.burners)]
    rounds = Rounds()
    listener = rounds.listen()
    try:
        rounds.run({"end": end, "oom": oom}[options.what], options.rounds, options.at_once)
    finally:
        for process in [listener, *burners]:
            process.kill()
        engine.stop()
    print(f"{rounds.begun} rounds, {rounds.bad} deviations")
    return 1 if rounds.bad else 0


def outside(options):
    work = pathlib.Path(tempfile.mkdtemp(prefix="bulwark-stress."))
    try:
        return subprocess.run(
            ["unshare", "--net", "--ipc", "--mount", "--pid", "--fork", "--mount-proc", "--kill-child",
             sys.executable, __file__, *sys.argv[1:], "--inside", str(work)]).returncode
    finally:
        shutil.rmtree(work, ignore_errors=True)
        subprocess.run(["find", "/sys/fs/cgroup", "-depth", "-type", "d", "(", "-name", work.name, "-o", "-path",
                        f"*/{work.name}/*", ")", "-exec", "rmdir", "{}", "+"])


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("what", choices=("end", "oom"))
    parser.add_argument("--rounds", type=int, default=100)
    parser.add_argument("--at-once", type=int, default=2)
    parser.add_argument("--burners", type=int, default=4, help="processes that take processor time")
    parser.add_argument("--runtime", default="bulwark")
    parser.add_argument("--inside", help=argparse.SUPPRESS)
    given = parser.parse_args()
    sys.exit(inside(given) if given.inside else outside(given))
