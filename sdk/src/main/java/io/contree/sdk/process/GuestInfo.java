package io.contree.sdk.process;

import io.contree.api.OperationEvent;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What the log of a run says about its process. */
record GuestInfo(OperationEvent spawn, @Nullable OperationEvent exit) implements ProcessHandle.Info {
    @Override
    public Optional<String> command() {
        return Optional.ofNullable(spawn.data().get("command")).map(String::valueOf);
    }

    @Override
    public Optional<String[]> arguments() {
        return spawn.data().get("args") instanceof List<?> args
                ? Optional.of(args.stream().map(String::valueOf).toArray(String[]::new))
                : Optional.empty();
    }

    @Override
    public Optional<String> commandLine() {
        return command()
                .map(command -> String.join(
                        " ",
                        java.util.stream.Stream.concat(
                                        java.util.stream.Stream.of(command),
                                        java.util.Arrays.stream(arguments().orElse(new String[0])))
                                .toList()));
    }

    @Override
    public Optional<Instant> startInstant() {
        return Optional.of(spawn.ts());
    }

    /** Known once it has ended. */
    @Override
    public Optional<Duration> totalCpuDuration() {
        if (exit == null || !(exit.data().get("resources") instanceof Map<?, ?> resources)) {
            return Optional.empty();
        }
        return resources.get("user_time_us") instanceof Number user
                        && resources.get("sys_time_us") instanceof Number system
                ? Optional.of(Duration.ofNanos(1000 * (user.longValue() + system.longValue())))
                : Optional.empty();
    }

    /** The number of the user inside. */
    @Override
    public Optional<String> user() {
        return Optional.ofNullable(spawn.data().get("uid")).map(String::valueOf);
    }
}
