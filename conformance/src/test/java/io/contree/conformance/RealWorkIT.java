package io.contree.conformance;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What people do with well-known tools, each command its own run, against one machine that does it all. */
class RealWorkIT extends OneMachineSuite {
    @Override
    void fill(Path tree) throws Exception {
        List<WorkScript> scripts = new ArrayList<>();
        for (String name : List.of("files", "git", "make", "venv", "sqlite", "tmux")) {
            scripts.add(WorkScript.read(name));
        }
        fill(tree, scripts);
    }

    @ParameterizedTest
    @ValueSource(strings = {"files", "git", "make", "venv", "sqlite", "tmux"})
    void eachStepIsTheSame(String name) throws Exception {
        work(WorkScript.read(name));
    }
}
