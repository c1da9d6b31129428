package io.contree.junit;

import io.contree.sdk.Image;
import io.contree.sdk.Run;
import io.contree.sdk.RunResult;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.extension.ExtensionConfigurationException;

/** Makes an image with files of this machine in it. */
final class Placement {
    private Placement() {}

    static Image of(Image image, List<ImageSpec.Placed> files) {
        Run run = image.command("true");
        for (ImageSpec.Placed placed : files) {
            run = with(run, placed);
        }
        RunResult result = run.execute();
        if (result.exitCode() != 0) {
            throw new ExtensionConfigurationException("the files of @ContreeTest could not be put into " + image
                    + ": 'true' ended with " + result.exitCode() + " " + result.stderr());
        }
        return result.image();
    }

    private static Run with(Run run, ImageSpec.Placed placed) {
        if (!Files.exists(placed.local())) {
            throw new ExtensionConfigurationException(
                    "@ContreeTest(files) names " + placed.local() + ", which is not there");
        }
        try (Stream<Path> found = Files.walk(placed.local())) {
            Run filled = run;
            for (Path file : (Iterable<Path>) found.filter(Files::isRegularFile)::iterator) {
                String below = placed.local().relativize(file).toString();
                filled = filled.file(below.isEmpty() ? placed.place() : placed.place() + "/" + below, file);
            }
            return filled;
        } catch (IOException e) {
            throw new UncheckedIOException("could not read " + placed.local() + ": " + e, e);
        }
    }
}
