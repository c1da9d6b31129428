package io.contree.conformance;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * As {@link RealWorkIT}, with tools that take minutes and a Debian of more than a gigabyte; by hand: {@code -Dcontree.work.long=true}.
 */
class LongWorkIT extends OneMachineSuite {
    @Override
    Path home(Path directory) throws Exception {
        assumeTrue(Boolean.getBoolean("contree.work.long"), "takes minutes: with -Dcontree.work.long=true");
        return super.home(directory);
    }

    @Override
    void fill(Path tree) throws Exception {
        List<WorkScript> scripts = new ArrayList<>();
        for (String name : List.of("apt", "npm", "cargo", "postgresql")) {
            scripts.add(WorkScript.read(name));
        }
        fill(tree, scripts);
    }

    @ParameterizedTest
    @ValueSource(strings = {"apt", "npm", "cargo", "postgresql"})
    void eachStepIsTheSame(String name) throws Exception {
        work(WorkScript.read(name));
    }
}
