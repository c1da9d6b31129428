package io.contree.sandbox.oci;

import static org.assertj.core.api.Assertions.assertThat;

import io.contree.linux.IdMapping;
import io.contree.sandbox.Recorder;
import io.contree.sandbox.Run;
import io.contree.sandbox.Sandbox;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.AfterParameterizedClassInvocation;
import org.junit.jupiter.params.BeforeParameterizedClassInvocation;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Users and groups inside, and who they are outside. */
@EachRuntime
class IdsIT {
    @Parameter
    String runtime;

    private static Machine machine;

    @BeforeParameterizedClassInvocation
    static void open(String runtime) throws Exception {
        machine = Machine.start(runtime);
    }

    @AfterParameterizedClassInvocation
    static void close() throws Exception {
        machine.close();
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 33, 65_535, 65_536, 70_000, 1_000_000_000, Integer.MAX_VALUE})
    void everyIdCanOwnAndRun(int id) throws Exception {
        Path root = machine.root();
        try (Sandbox sandbox = machine.sandboxes().start(machine.spec(root, Machine.LIMITS))) {
            Recorder owner = new Recorder();
            String script = "set -e; mkdir /d; echo x > /d/f; chmod 600 /d/f; chown ID:ID /d /d/f; ln -s f /d/l;"
                    + " chown -h ID:ID /d/l; stat -c '%u:%g' /d /d/f /d/l; sleep 1000";
            sandbox.spawn(Run.shell(script.replace("ID", "" + id)), owner);
            owner.awaitOutput((id + ":" + id + "\n").repeat(3));

            Recorder user = new Recorder();
            sandbox.spawn(Run.as(id, Run.shell("id -u; id -g; cat /d/f; echo mine > /d/g; stat -c %u /d/g")), user);
            assertThat(user.exit().code()).as(user.stderr()).isZero();
            assertThat(user.stdout()).isEqualTo(id + "\n" + id + "\nx\n" + id + "\n");
        }
        for (String name : new String[] {"d", "d/f", "d/g"}) {
            assertThat(Files.getAttribute(Machine.upper(root).resolve(name), "unix:uid"))
                    .isEqualTo(id);
            assertThat(Files.getAttribute(Machine.upper(root).resolve(name), "unix:gid"))
                    .isEqualTo(id);
        }
    }

    @Test
    void aTarWithSuchOwnersIsUnpackedWithThem() throws Exception {
        try (Sandbox sandbox = machine.start()) {
            Recorder main = Run.main(
                    sandbox,
                    Run.shell("set -e; cd /tmp; echo x > f; chown 70000:80000 f;"
                            + " tar cf t f; rm f; tar xf t; stat -c '%u:%g' f"));
            assertThat(main.stdout()).as(main.stderr()).isEqualTo("70000:80000\n");
        }
    }

    @Test
    void twoRunsAreNotOneUserOutside() throws Exception {
        Path first = machine.root();
        Path second = machine.root();
        int one = machine.reserved(first).users().orElseThrow().mapping().hostStart();
        int two = machine.reserved(second).users().orElseThrow().mapping().hostStart();
        assertThat(Math.abs(one - two)).isGreaterThanOrEqualTo(IdMapping.DEFAULT.size());
        for (Path root : new Path[] {first, second}) {
            try (Sandbox sandbox = machine.sandboxes().start(machine.spec(root, Machine.LIMITS))) {
                Recorder main = Run.main(sandbox, Run.shell("cat /proc/self/uid_map"));
                String start = ""
                        + machine.reserved(root).users().orElseThrow().mapping().hostStart();
                assertThat(main.stdout()
                                .lines()
                                .findFirst()
                                .orElseThrow()
                                .strip()
                                .split("\\s+"))
                        .containsExactly("0", start, "65536");
            }
        }
    }
}
