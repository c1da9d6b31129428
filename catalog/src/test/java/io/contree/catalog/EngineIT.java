package io.contree.catalog;

import static org.assertj.core.api.Assertions.assertThat;

import io.contree.api.Encoding;
import io.contree.api.InstanceResult;
import io.contree.api.OperationStatus;
import io.contree.api.ProcessRequest;
import io.contree.api.SpawnRequest;
import io.contree.api.Stdin;
import io.contree.engine.EventReader;
import io.contree.engine.OperationDetails;
import io.contree.engine.Samples;
import io.contree.testkit.LeakChecker;
import io.contree.testkit.Requirements;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(LeakChecker.class)
class EngineIT {
    private static RealMachine machine;

    @BeforeAll
    static void start() throws IOException, InterruptedException {
        Requirements.crun();
        Requirements.overlayfs();
        Requirements.staticBusybox();
        machine = new RealMachine(16);
    }

    @AfterAll
    static void stop() throws IOException {
        if (machine != null) {
            machine.close();
        }
    }

    private static void assertUndisturbed() throws InterruptedException {
        assertThat(machine.after(machine.base, "true")).isEqualTo(machine.base);
    }

    @Test
    void whatChangesNothingYieldsTheSameImage() throws Exception {
        for (String command : List.of("true", "ls -lR /", "cat /etc/*", "touch /tmp/x && rm /tmp/x")) {
            assertThat(machine.run(machine.base, command).summary().resultImageUuid())
                    .describedAs(command)
                    .isEqualTo(machine.base);
        }
    }

    @Test
    void theStateNamesTheImageAndNotTheRoad() throws Exception {
        UUID changed = machine.after(machine.base, "echo CHANGES > file.txt");
        assertThat(changed).isNotEqualTo(machine.base);
        assertThat(machine.after(changed, "sleep 1")).isEqualTo(changed);
        assertThat(machine.after(changed, "rm file.txt")).isEqualTo(machine.base);
    }

    @Test
    void branchesWithTheSameBytesShareAContentDigestAndNothingElse() throws Exception {
        UUID left = machine.after(machine.base, "echo same > /root/same; echo left");
        UUID right = machine.after(machine.base, "sleep 0.01; echo same > /root/same");

        assertThat(left).isNotEqualTo(right);
        assertThat(contentDigest(left)).isEqualTo(contentDigest(right));
        UUID other = machine.after(left, "echo more > /root/more");
        assertThat(contentDigest(other)).isNotEqualTo(contentDigest(left));
        assertThat(machine.run(right, "test -e /root/more")
                        .result()
                        .orElseThrow()
                        .state()
                        .exitCode())
                .isEqualTo(1);
    }

    private static String contentDigest(UUID image) {
        return machine.engine.images().get(machine.caller, image).contentDigest();
    }

    @Test
    void twoHundredRunsAtOnceAreTwoHundredImages() throws Exception {
        LeakChecker.Watch watch = LeakChecker.watch();
        List<UUID> operations = new ArrayList<>();
        for (int i = 0; i < 200; i++) {
            operations.add(machine.start(RealMachine.shell(machine.base, "echo " + i + " > /root/number", 60)));
        }
        Set<UUID> images = new HashSet<>();
        for (UUID operation : operations) {
            OperationDetails details = machine.end(operation);
            assertThat(details.summary().status())
                    .describedAs(String.valueOf(details.summary().error()))
                    .isEqualTo(OperationStatus.SUCCESS);
            images.add(details.summary().resultImageUuid());
        }
        assertThat(images).hasSize(200);
        assertThat(watch.leaks(java.time.Duration.ofSeconds(5)))
                .filteredOn(leak -> !leak.startsWith("thread") && !leak.startsWith("open file"))
                .isEmpty();
    }

    @Test
    void aSleepOfAnHourEndsAtItsTimeout() throws Exception {
        long start = System.nanoTime();
        OperationDetails details =
                machine.end(machine.start(RealMachine.shell(machine.base, "echo kept > /root/kept; sleep 3600", 2)));

        assertThat(System.nanoTime() - start).isBetween(2_000_000_000L, 20_000_000_000L);
        assertThat(details.summary().status()).isEqualTo(OperationStatus.SUCCESS);
        assertThat(details.result().orElseThrow().state().timedOut()).isTrue();
        assertThat(machine.after(details.summary().resultImageUuid(), "grep kept /root/kept"))
                .isEqualTo(details.summary().resultImageUuid());
        assertUndisturbed();
    }

    @Test
    void aMemoryHogEndsAndDisturbsNobody() throws Exception {
        OperationDetails details = machine.end(
                machine.start(RealMachine.shell(machine.base, "x=$(cat /dev/zero | tr '\\0' x); echo $x", 60)));

        assertThat(details.summary().status()).isIn(OperationStatus.SUCCESS, OperationStatus.FAILED);
        if (details.summary().status() == OperationStatus.SUCCESS) {
            InstanceResult.State state = details.result().orElseThrow().state();
            assertThat(state.signal() == 9 || state.exitCode() != 0).isTrue();
        } else {
            assertThat(details.summary().error()).contains("memory");
        }
        assertUndisturbed();
    }

    @Test
    void aForkBombEndsAndDisturbsNobody() throws Exception {
        OperationDetails details = machine.end(
                machine.start(RealMachine.shell(machine.base, "bomb() { bomb | bomb & }; bomb; sleep 3600", 3)));

        assertThat(details.summary().status()).isEqualTo(OperationStatus.SUCCESS);
        assertUndisturbed();
    }

    @Test
    void aCancelKillsARun() throws Exception {
        UUID operation = machine.start(RealMachine.shell(machine.base, "echo started; sleep 3600", 3600));
        try (EventReader events = machine.engine.operations().events(machine.caller, operation, -1)) {
            boolean started = false;
            while (!started) {
                started = events.next(RealMachine.LONG).orElseThrow().type().equals("stdout");
            }
        }
        machine.engine.operations().cancel(machine.caller, operation);

        OperationDetails details = machine.end(operation);
        assertThat(details.summary().status()).isEqualTo(OperationStatus.CANCELLED);
        assertThat(details.summary().resultImageUuid()).isNull();
        assertUndisturbed();
    }

    @Test
    void outputOf200MegabytesIsTruncatedAsAsked() throws Exception {
        UUID operation = machine.start(Samples.withOutput(
                Samples.spawn(machine.base.toString(), "head", "-c", "200000000", "/dev/zero"), 5000));
        OperationDetails details = machine.end(operation);

        InstanceResult result = details.result().orElseThrow();
        assertThat(result.stdout().truncated()).isTrue();
        assertThat(RealMachine.text(result.stdout())).hasSize(5000);
        Map<String, Object> truncated = null;
        try (EventReader events = machine.engine.operations().events(machine.caller, operation, -1)) {
            while (!events.ended()) {
                var event = events.next(RealMachine.LONG).orElseThrow();
                truncated = event.type().equals("truncated") ? event.data() : truncated;
            }
        }
        assertThat(truncated).containsEntry("bytes_emitted", 5000).containsEntry("bytes_dropped", 199_995_000);
    }

    @Test
    void everythingOfARequestReachesTheRun() throws Exception {
        var file = machine.engine
                .files()
                .put(
                        machine.caller,
                        new ByteArrayInputStream("#!/bin/sh\necho app\n".getBytes(StandardCharsets.UTF_8)));
        ProcessRequest process = new ProcessRequest(
                "id -u; pwd; hostname; echo $NAME; cat; /opt/app; stat -c %a:%u:%g /opt/app",
                List.of(),
                true,
                new TreeMap<>(Map.of("NAME", "value")),
                "/srv/new",
                0,
                0,
                "",
                new Stdin("Grüße\n", Encoding.ASCII, true),
                1 << 20);
        SpawnRequest request = SpawnRequest.builder(process, machine.base.toString())
                .preserve(true, true)
                .hostname("myhost")
                .files(Map.of("/opt/app", new SpawnRequest.FileSpec(file.uuid().toString(), 0750, 12, 34)))
                .build();
        OperationDetails details = machine.end(machine.start(request));

        assertThat(RealMachine.text(details.result().orElseThrow().stdout()))
                .isEqualTo("0\n/srv/new\nmyhost\nvalue\nGrüße\napp\n750:12:34\n");
        OperationDetails next = machine.run(details.summary().resultImageUuid(), "echo $NAME; pwd");
        assertThat(RealMachine.text(next.result().orElseThrow().stdout())).isEqualTo("value\n/srv/new\n");
    }

    @Test
    void endsAreReported() throws Exception {
        assertThat(machine.run(machine.base, "exit 3")
                        .result()
                        .orElseThrow()
                        .state()
                        .exitCode())
                .isEqualTo(3);
        assertThat(machine.run(machine.base, "kill -15 $$")
                        .result()
                        .orElseThrow()
                        .state()
                        .signal())
                .isEqualTo(15);
        OperationDetails missing = machine.end(machine.start(Samples.spawn(machine.base.toString(), "nosuch")));
        assertThat(missing.summary().status()).isEqualTo(OperationStatus.FAILED);
        assertThat(missing.summary().error()).startsWith("spawn failed: ").contains("nosuch");
    }
}
