package dev.bulwark.runtime.oci;

/** Configurations for tests. */
final class ConfigText {
  static final String NAMESPACES =
      "{\"type\": \"pid\"}, {\"type\": \"mount\"}, {\"type\": \"ipc\"}, {\"type\": \"uts\"}";

  /** As little as there can be. */
  static final String SMALL =
      "{\"ociVersion\": \"1.2.0\", \"process\": {\"args\": [\"true\"], \"cwd\": \"/\"},"
          + " \"root\": {\"path\": \"rootfs\"}, \"linux\": {\"namespaces\": ["
          + NAMESPACES
          + "]}}";

  /** Every field that is not refused. */
  static final String FULL =
      """
      {"ociVersion": "1.2.0",
       "process": {
         "terminal": true, "consoleSize": {"height": 24, "width": 80},
         "user": {"uid": 1000, "gid": 4294967294, "umask": 63, "additionalGids": [1, 2], "username": "u"},
         "args": ["sh", "-c", "x"], "env": ["A=b", "C="], "cwd": "/tmp",
         "capabilities": {"bounding": ["CAP_CHOWN"], "effective": [], "inheritable": [], "permitted": [], "ambient": []},
         "rlimits": [{"type": "RLIMIT_CORE", "hard": 18446744073709551615, "soft": 0}],
         "noNewPrivileges": true, "apparmorProfile": "p", "selinuxLabel": "s", "oomScoreAdj": -500,
         "scheduler": {"policy": "SCHED_BATCH", "nice": -5, "flags": ["SCHED_FLAG_RESET_ON_FORK"],
                       "runtime": 1, "deadline": 2, "period": 3},
         "ioPriority": {"class": "IOPRIO_CLASS_BE", "priority": 4},
         "execCPUAffinity": {"initial": "0", "final": "0-1"}},
       "root": {"path": "/r", "readonly": true},
       "hostname": "h", "domainname": "d",
       "mounts": [
         {"destination": "/proc", "type": "proc", "source": "proc"},
         {"destination": "/data", "source": "/srv", "options": ["rbind", "ro", "rslave"]},
         {"destination": "/tmp", "type": "tmpfs", "source": "tmpfs", "options": ["nosuid", "size=64m"]}],
       "hooks": {
         "prestart": [{"path": "/bin/h", "args": ["h", "x"], "env": ["K=v"], "timeout": 5}],
         "createRuntime": [{"path": "/bin/h"}], "createContainer": [{"path": "/bin/h"}],
         "startContainer": [{"path": "/bin/h"}], "poststart": [{"path": "/bin/h"}],
         "poststop": [{"path": "/bin/h"}]},
       "annotations": {"a": "b"},
       "linux": {
         "uidMappings": [{"containerID": 0, "hostID": 0, "size": 65536}],
         "gidMappings": [{"containerID": 0, "hostID": 0, "size": 65536}],
         "sysctl": {"net.ipv4.ip_forward": "1"},
         "cgroupsPath": "/a/b",
         "namespaces": [{"type": "pid"}, {"type": "network", "path": "/run/netns/x"}, {"type": "mount"},
           {"type": "ipc"}, {"type": "uts"}, {"type": "user"}, {"type": "cgroup"}],
         "devices": [{"path": "/dev/null", "type": "c", "major": 1, "minor": 3, "fileMode": 438, "uid": 0, "gid": 0}],
         "resources": {
           "devices": [{"allow": false, "access": "rwm"},
                       {"allow": true, "type": "c", "major": 1, "minor": 3, "access": "r"}],
           "memory": {"limit": 1000, "reservation": 500, "swap": -1, "swappiness": 10, "disableOOMKiller": true,
                      "useHierarchy": true, "checkBeforeUpdate": true},
           "cpu": {"shares": 512, "quota": 50000, "burst": 100, "period": 100000, "cpus": "0-1", "mems": "0", "idle": 0},
           "pids": {"limit": 100},
           "blockIO": {"weight": 100, "leafWeight": 0, "weightDevice": [{"major": 8, "minor": 0, "weight": 10}],
             "throttleReadBpsDevice": [{"major": 8, "minor": 0, "rate": 18446744073709551615}]},
           "hugepageLimits": [{"pageSize": "2MB", "limit": 4194304}],
           "network": {"classID": 7, "priorities": [{"name": "eth0", "priority": 5}]},
           "rdma": {"mlx5_0": {"hcaHandles": 3}},
           "unified": {"memory.high": "1000"}},
         "seccomp": {"defaultAction": "SCMP_ACT_ERRNO", "defaultErrnoRet": 38,
           "architectures": ["SCMP_ARCH_X86_64", "SCMP_ARCH_X86"], "flags": ["SECCOMP_FILTER_FLAG_LOG"],
           "syscalls": [{"names": ["clone", "read"], "action": "SCMP_ACT_ALLOW",
             "args": [{"index": 0, "value": 2114060288, "valueTwo": 18446744073709551615, "op": "SCMP_CMP_MASKED_EQ"}]}]},
         "rootfsPropagation": "slave", "maskedPaths": ["/proc/kcore"], "readonlyPaths": ["/proc/sys"],
         "mountLabel": "m", "personality": {"domain": "LINUX"}}}
      """;

  private ConfigText() {}

  /** The smallest one with another member at the top. */
  static String small(String member) {
    return "{" + member + ", " + SMALL.substring(1);
  }
}
