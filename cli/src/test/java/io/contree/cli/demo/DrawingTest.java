package io.contree.cli.demo;

import static org.assertj.core.api.Assertions.assertThat;

import io.contree.cli.terminal.Style;
import io.contree.sdk.Changes;
import io.contree.sdk.Changes.Change;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class DrawingTest {
    private static final UUID A = UUID.fromString("aaaaaaaa-0000-8000-8000-000000000000");
    private static final UUID B = UUID.fromString("bbbbbbbb-0000-8000-8000-000000000000");
    private static final UUID C = UUID.fromString("cccccccc-0000-8000-8000-000000000000");

    @Test
    void drawsBranchesUnderWhatTheyCameFrom() {
        assertThat(new Drawing(Style.PLAIN).draw(story()))
                .containsExactly(
                        "aaaaaaaa  base                                 7 ms",
                        "└─ bbbbbbbb  install     mkdir /app           30 ms  +/app  ~/etc  -/x  and 4 more",
                        "   ├─ cccccccc  branch   touch /a             20 ms  +/a",
                        "   │  └─ bbbbbbbb  undo  rm /a                20 ms  = known state",
                        "   └─ bbbbbbbb  look     ls -l /etc/passwd    20 ms  = known state");
    }

    @Test
    void coloursChangeNothingButTheLook() {
        List<String> coloured = new Drawing(Style.COLOURED).draw(story());

        assertThat(coloured).anyMatch(line -> line.contains("\u001b["));
        assertThat(coloured.stream()
                        .map(line -> line.replaceAll("\u001b\\[[0-9;]*m", ""))
                        .toList())
                .isEqualTo(new Drawing(Style.PLAIN).draw(story()));
    }

    @Test
    void nobodyGetsColoursIntoAFile() {
        assertThat(Style.of(false)).isEqualTo(Style.PLAIN);
        assertThat(Style.PLAIN.bad("x")).isEqualTo("x");
    }

    private static Node story() {
        Node base = Node.base("base", A, Duration.ofMillis(7));
        Node installed = new Node(
                "install",
                "mkdir /app",
                B,
                Duration.ofMillis(30),
                new Changes(
                        List.of(
                                new Change("added", "/app"),
                                new Change("modified", "/etc"),
                                new Change("deleted", "/x")),
                        4),
                new ArrayList<>());
        base.add(installed);
        Node branch = node("branch", "touch /a", C, new Change("added", "/a"));
        installed.add(branch);
        branch.add(node("undo", "rm /a", B, new Change("deleted", "/a")));
        installed.add(node("look", "ls -l /etc/passwd", B));
        return base;
    }

    private static Node node(String title, String command, UUID image, Change... changes) {
        return new Node(
                title, command, image, Duration.ofMillis(20), new Changes(List.of(changes), 0), new ArrayList<>());
    }
}
