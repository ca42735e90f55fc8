"""The ways of running a program that are compared: natively, and in a container of each runtime.

Each works on a root file system of its own, an overlay over the same files, in the network namespace of the benchmark,
where the loopback interface is up.
"""
import json
import os
import shutil
import subprocess
import time

HOME = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
PROBE_SECONDS = 30


class Failed(Exception):
    """A run that ended badly, with what it said."""


def call(command, seconds):
    """Runs a command; returns what it wrote to standard output."""
    process = subprocess.Popen(
        command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        start_new_session=True)
    try:
        out, err = process.communicate(timeout=seconds)
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, 9)
        process.communicate()
        raise Failed("no end within %d s: %s" % (seconds, " ".join(command)))
    if process.returncode != 0:
        said = (err.strip() or out.strip()).splitlines()
        raise Failed("%s ended with %d: %s" % (command[0], process.returncode, said[-1] if said else ""))
    return out


class Root:
    """A writable view of a root file system."""

    def __init__(self, lower, directory):
        self.path = os.path.join(directory, "root")
        parts = [os.path.join(directory, name) for name in ("upper", "work")]
        for each in parts + [self.path]:
            os.makedirs(each)
        options = "lowerdir=%s,upperdir=%s,workdir=%s" % (lower, parts[0], parts[1])
        subprocess.run(["mount", "-t", "overlay", "-o", options, "bench", self.path], check=True)

    def close(self):
        subprocess.run(["umount", self.path], check=True)


class System:
    """A way to run programs."""

    def __init__(self, name, version, bench):
        self.name = name
        self.version = version
        self.bench = bench

    def run(self, root, command, seconds):
        """Runs a command in a root file system and returns its output."""
        raise NotImplementedError

    def start_command(self, root):
        """A command line that starts /bin/true from nothing, or nothing where that means nothing."""
        return None

    def idle(self, root):
        """Starts a program that does nothing; returns what ends it and the pids it took."""
        return None


class Native(System):
    """The host's kernel, with no more than another root directory."""

    SCRIPT = """
    mount -t proc none "$1/proc" && mount --rbind /dev "$1/dev" && mount --rbind /sys "$1/sys" &&
    mkdir -p "$1/bench" && mount --bind "$2" "$1/bench" && mount -t tmpfs none "$1/dev/shm" &&
    mkdir -p "$1/memory" && mount -t tmpfs none "$1/memory" || exit
    root=$1
    shift 2
    exec chroot "$root" "$@"
    """

    def run(self, root, command, seconds):
        return call(
            ["unshare", "--mount", "--pid", "--fork", "--kill-child", "sh", "-c", self.SCRIPT, "sh", root.path,
             self.bench.programs] + command, seconds)


class Oci(System):
    """An OCI runtime's run."""

    def __init__(self, name, version, bench, binary, network_namespace):
        super().__init__(name, version, bench)
        self.binary = binary
        self.network_namespace = network_namespace
        self.state = os.path.join(bench.directory, "state-" + name)
        self.count = 0

    def global_options(self):
        return [self.binary[0], "--root", self.state] + self.binary[1:]

    def bundle(self, root, command):
        self.count += 1
        directory = os.path.join(self.bench.directory, "bundle-%s-%d" % (self.name, self.count))
        os.makedirs(directory)
        subprocess.run(["runc", "spec"], cwd=directory, check=True)
        path = os.path.join(directory, "config.json")
        with open(path) as file:
            spec = json.load(file)
        process = spec["process"]
        process.update(terminal=False, args=command, rlimits=[])
        process["env"] = ["PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin", "HOME=/root"]
        every = ["CAP_CHOWN", "CAP_DAC_OVERRIDE", "CAP_FOWNER", "CAP_SETGID", "CAP_SETUID", "CAP_KILL", "CAP_FSETID",
                 "CAP_NET_BIND_SERVICE", "CAP_SYS_CHROOT", "CAP_MKNOD", "CAP_SETPCAP", "CAP_SETFCAP"]
        process["capabilities"] = {kind: every for kind in ("bounding", "effective", "permitted")}
        spec["root"] = {"path": root.path, "readonly": False}
        spec["mounts"] += [
            {"destination": "/bench", "type": "bind", "source": self.bench.programs, "options": ["rbind", "ro"]},
            {"destination": "/memory", "type": "tmpfs", "source": "tmpfs", "options": ["size=1g"]}]
        if not self.network_namespace:
            spec["linux"]["namespaces"] = [n for n in spec["linux"]["namespaces"] if n["type"] != "network"]
        spec["linux"]["cgroupsPath"] = "/%s/%s-%d" % (self.bench.name, self.name, self.count)
        spec["linux"].pop("resources", None)
        with open(path, "w") as file:
            json.dump(spec, file)
        return directory

    def run_command(self, root, command):
        directory = self.bundle(root, command)
        return self.global_options() + ["run", "--bundle", directory, "bench-%s-%d" % (self.name, self.count)]

    def run(self, root, command, seconds):
        line = self.run_command(root, command)
        try:
            return call(line, seconds)
        except Failed:
            subprocess.run(
                self.global_options() + ["delete", "--force", line[-1]], stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL, check=False)
            raise

    def start_command(self, root):
        return self.run_command(root, ["/bin/true"])

    def idle(self, root):
        line = self.run_command(root, ["/bin/sleep", "100000"])
        name = line[-1]
        subprocess.run(
            self.global_options() + ["create", "--bundle", line[-2], name], stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL, check=True)
        subprocess.run(self.global_options() + ["start", name], check=True)

        def end():
            subprocess.run(self.global_options() + ["delete", "--force", name], check=False)

        return Idle(self, name, end)


class Idle:
    """A container that sleeps."""

    def __init__(self, system, name, end):
        self.system = system
        self.name = name
        self.end = end
        state = json.loads(call(system.global_options() + ["state", name], PROBE_SECONDS))
        self.pid = state["pid"]

    def exec_command(self):
        return self.system.global_options() + ["exec", self.name, "/bin/true"]

    def processes(self):
        """The pids of the container's cgroup, where the runtime put all its processes."""
        found = set()
        for controller in ("", "memory", "pids"):
            path = os.path.join("/sys/fs/cgroup", controller, self.system.bench.name)
            for directory, _, files in os.walk(path):
                if "cgroup.procs" in files and self.name.split("bench-")[-1] in directory:
                    with open(os.path.join(directory, "cgroup.procs")) as file:
                        found.update(int(line) for line in file if line.strip())
        return found or {self.pid}


def version(command):
    said = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False).stdout
    return said.splitlines()[0] if said else "?"


def found(bench, root, wanted):
    """The systems that work here, the native one first, and the reasons why others do not."""
    candidates = [Native("native", os.uname().release, bench)]
    if shutil.which("runc"):
        candidates.append(Oci("runc", version(["runc", "--version"]), bench, ["runc"], False))
    if shutil.which("runsc"):
        for name in ("systrap", "ptrace", "kvm"):
            candidates.append(Oci(
                "runsc-" + name, version(["runsc", "--version"]), bench,
                ["runsc", "--platform=" + name, "--network=none", "--ignore-cgroups=false"], True))
    bulwark = os.path.join(HOME, "dist", "bulwark")
    candidates.append(Oci("bulwark", version([bulwark, "--version"]), bench, [bulwark], False))
    working, refused = [], {}
    for each in candidates:
        if wanted and each.name != "native" and each.name.split("-")[0] not in wanted and each.name not in wanted:
            continue
        started = time.monotonic()
        try:
            each.run(root, ["/bin/true"], PROBE_SECONDS)
            working.append(each)
        except Failed as failure:
            refused[each.name] = "%s (%.0f s)" % (failure, time.monotonic() - started)
    return working, refused
