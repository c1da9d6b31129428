package io.contree.init;

import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A test with an init of its own, run natively. The timeout is only there so that a hang fails. */
@Timeout(value = 60, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
abstract class InitTest {
    @TempDir
    Path directory;

    Init init;

    @BeforeEach
    void start() throws Exception {
        init = startAnother();
    }

    @AfterEach
    void stop() throws Exception {
        init.close();
    }

    /** Starts another one; {@code -Dinit.prefix} names a program that is to run it, such as an emulator. */
    Init startAnother() throws Exception {
        String prefix = System.getProperty("init.prefix");
        return Init.start(program(), prefix == null ? new String[0] : prefix.split(" "));
    }

    /** The program under test; {@code -Dinit.program} names another one, such as the build with sanitizers. */
    Path program() {
        String given = System.getProperty("init.program");
        return given == null ? SandboxProgram.INIT.install(directory.resolve("bin")) : Path.of(given);
    }
}
