package io.contree.sdk.internal;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** Threads to wait on: virtual ones where the JVM has them (21 and later), else daemons that are kept for reuse. */
public final class Workers {
    /** {@code Executors.newVirtualThreadPerTaskExecutor}, which Java 17 does not have. */
    private static final @Nullable MethodHandle VIRTUAL = find();

    private Workers() {}

    public static ExecutorService start() {
        if (VIRTUAL == null) {
            return daemons("contree-async-");
        }
        try {
            return (ExecutorService) VIRTUAL.invokeExact();
        } catch (RuntimeException | Error e) {
            throw e;
        } catch (Throwable e) {
            throw new IllegalStateException("a method of the JDK threw what it does not declare", e);
        }
    }

    public static ExecutorService daemons(String name) {
        AtomicInteger number = new AtomicInteger();
        return Executors.newCachedThreadPool(task -> {
            Thread thread = new Thread(task, name + number.incrementAndGet());
            thread.setDaemon(true);
            return thread;
        });
    }

    private static @Nullable MethodHandle find() {
        try {
            return MethodHandles.publicLookup()
                    .findStatic(
                            Executors.class,
                            "newVirtualThreadPerTaskExecutor",
                            MethodType.methodType(ExecutorService.class));
        } catch (NoSuchMethodException | IllegalAccessException e) {
            return null;
        }
    }
}
