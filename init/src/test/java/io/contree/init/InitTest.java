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
        init = Init.start(program());
    }

    @AfterEach
    void stop() throws Exception {
        init.close();
    }

    /** The program under test; {@code -Dinit.program} names another one, such as the build with sanitizers. */
    Path program() {
        String given = System.getProperty("init.program");
        return given == null ? InitBinary.install(directory.resolve("bin")) : Path.of(given);
    }
}
