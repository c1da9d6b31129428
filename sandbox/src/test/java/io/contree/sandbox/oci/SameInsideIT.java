package io.contree.sandbox.oci;

import static org.assertj.core.api.Assertions.assertThat;

import io.contree.sandbox.Run;
import io.contree.sandbox.Sandbox;
import java.util.Arrays;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What makes a sandbox cannot be told from inside: what crun sets up, our own runtime sets up. */
class SameInsideIT {
    private static Machine ours;
    private static Machine crun;

    @BeforeAll
    static void open() throws Exception {
        ours = Machine.start("native");
        crun = Machine.start("crun");
    }

    @AfterAll
    static void close() throws Exception {
        ours.close();
        crun.close();
    }

    private static String in(Machine machine, String script) throws Exception {
        try (Sandbox sandbox = machine.start()) {
            return Run.main(sandbox, Run.shell(script)).stdout();
        }
    }

    private static void isTheSame(String script) throws Exception {
        assertThat(in(ours, script)).as(script).isEqualTo(in(crun, script)).isNotBlank();
    }

    @Test
    void processes() throws Exception {
        for (String pid : new String[] {"self", "1"}) {
            isTheSame(
                    "grep -E '^(Umask|Uid|Gid|Groups|NoNewPrivs|Seccomp|Seccomp_filters|Sig...|Shd...|Cap...|Cpus_allowed):'"
                            + " /proc/" + pid + "/status");
            isTheSame("cat /proc/" + pid + "/limits");
            isTheSame("cat /proc/" + pid + "/oom_score_adj");
            isTheSame("tr '\\0' '\\n' < /proc/" + pid + "/cmdline");
        }
        isTheSame("env | sort");
        isTheSame("ls /proc/self/fd");
        isTheSame("ps -o pid,ppid,pgid,sid,comm");
        isTheSame("cat /proc/self/cgroup /proc/self/setgroups /proc/self/personality 2>/dev/null");
    }

    @Test
    void ids() throws Exception {
        // Where the range of a run begins is another matter.
        isTheSame("awk '{ print $1, $3 }' /proc/self/uid_map /proc/self/gid_map");
        isTheSame("id; ls -ln / | awk '{ print $1, $3, $4, $9 }' | grep -v '^total'");
    }

    @Test
    void network() throws Exception {
        isTheSame("hostname; cat /etc/hosts /etc/hostname /etc/resolv.conf");
        isTheSame("ip address; ip route; ip -6 route");
        isTheSame(
                "cd /proc/sys/net; cat ipv4/ip_unprivileged_port_start ipv4/ping_group_range ipv6/conf/lo/disable_ipv6");
    }

    @Test
    void devices() throws Exception {
        // Whose the devices of the machine are is another matter.
        isTheSame("cd /dev; for f in $(ls -A); do stat -c '%n %A %t %T' $f; readlink $f; done");
        isTheSame("cd /dev/pts; ls; stat -c '%a %u %g' . ptmx ../shm ../mqueue");
        isTheSame("df /dev/shm /dev | awk '{ print $2, $6 }'");
    }

    @Test
    void maskedFiles() throws Exception {
        for (String path : ProtectedPaths.MASKED) {
            assertThat(in(ours, "ls -A " + path + "; cat " + path + " 2>/dev/null; echo end"))
                    .as(path)
                    .isEqualTo(in(crun, "ls -A " + path + "; cat " + path + " 2>/dev/null; echo end"));
        }
    }

    /** The same mounts, each of the same kind; and ours forbid at least what crun's do. */
    @Test
    void mounts() throws Exception {
        Map<String, Mount> expected = mounts(crun);
        Map<String, Mount> found = mounts(ours);
        assertThat(found).containsOnlyKeys(expected.keySet());
        expected.forEach((point, mount) -> {
            assertThat(found.get(point).type()).as(point).isEqualTo(mount.type());
            assertThat(found.get(point).forbidden()).as(point).containsAll(mount.forbidden());
        });
        assertThat(found.get("/").forbidden()).contains("nodev");
    }

    private record Mount(String type, Set<String> forbidden) {}

    private static Map<String, Mount> mounts(Machine machine) throws Exception {
        Map<String, Mount> mounts = new TreeMap<>();
        for (String line : in(machine, "cat /proc/self/mountinfo").lines().toList()) {
            String[] fields = line.split(" ");
            String type = line.substring(line.indexOf(" - ") + 3).split(" ")[0];
            // Where the devices of crun are those of the machine, ours lie on a tmpfs.
            mounts.put(
                    fields[4],
                    new Mount(
                            type.equals("devtmpfs") ? "tmpfs" : type,
                            Arrays.stream(fields[5].split(","))
                                    .filter(flag -> flag.matches("ro|nosuid|nodev|noexec"))
                                    .collect(Collectors.toSet())));
        }
        return mounts;
    }

    /** The filter is the same program for the kernel where both are compiled by the same library. */
    @Test
    void systemCalls() throws Exception {
        String script =
                "grep -c . /proc/self/status; unshare -U true 2>&1; unshare -m true 2>&1; chroot / true && echo chroot;"
                        + " mount -t tmpfs none /tmp 2>&1; date -s 2000-01-01 2>&1; mknod /tmp/n c 1 3 2>&1; swapoff -a 2>&1; dmesg 2>&1";
        isTheSame(script);
    }
}
