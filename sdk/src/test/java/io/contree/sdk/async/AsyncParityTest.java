package io.contree.sdk.async;

import static org.assertj.core.api.Assertions.assertThat;

import io.contree.api.OperationEvent;
import io.contree.sdk.Contree;
import io.contree.sdk.EventStream;
import io.contree.sdk.Execution;
import io.contree.sdk.Image;
import io.contree.sdk.Images;
import io.contree.sdk.Import;
import io.contree.sdk.Operations;
import io.contree.sdk.Run;
import io.contree.sdk.RunResult;
import io.contree.sdk.Subprocess;
import io.contree.sdk.SubprocessRun;
import io.contree.sdk.Subprocesses;
import io.contree.sdk.UploadedFiles;
import io.contree.sdk.session.Session;
import java.io.InputStream;
import java.io.OutputStream;
import java.lang.invoke.MethodType;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.lang.reflect.WildcardType;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Flow.Publisher;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** Whatever the blocking client can do, the other one can, under the same name. */
class AsyncParityTest {
    private static final Map<Class<?>, Class<?>> TWINS = Map.ofEntries(
            Map.entry(Contree.class, AsyncContree.class),
            Map.entry(Images.class, AsyncImages.class),
            Map.entry(Image.class, AsyncImage.class),
            Map.entry(Import.class, AsyncImport.class),
            Map.entry(Run.class, AsyncRun.class),
            Map.entry(Execution.class, AsyncExecution.class),
            Map.entry(RunResult.class, AsyncRunResult.class),
            Map.entry(Operations.class, AsyncOperations.class),
            Map.entry(Subprocesses.class, AsyncSubprocesses.class),
            Map.entry(SubprocessRun.class, AsyncSubprocessRun.class),
            Map.entry(Subprocess.class, AsyncSubprocess.class),
            Map.entry(Session.class, AsyncSession.class),
            Map.entry(UploadedFiles.class, AsyncFiles.class));

    /** Methods that ask nobody and give no value of a twin: what they return is the same in both. */
    private static final Set<String> AT_ONCE = Set.of(
            "Contree.baseUrl",
            "Contree.close",
            "Image.tag",
            "Run.isDisposable",
            "Run.commandLine",
            "Execution.operation",
            "Subprocess.operation",
            "Subprocess.spid",
            "Session.currentBranch");

    /** The way from one client to the other. */
    private static final Set<String> BRIDGES = Set.of(
            "Contree.async",
            "AsyncContree.over",
            "AsyncContree.call",
            "Run.launchedBy",
            "popen",
            "process",
            "blocking");

    @TestFactory
    Stream<DynamicTest> everyBlockingMethodHasItsTwin() {
        return TWINS.keySet().stream()
                .flatMap(AsyncParityTest::methods)
                .filter(method -> !isBridge(method) && !Modifier.isStatic(method.getModifiers()))
                .map(method -> DynamicTest.dynamicTest(describe(method), () -> {
                    Class<?> twin = TWINS.get(method.getDeclaringClass());
                    assertThat(methods(twin).map(AsyncParityTest::describe))
                            .as(twin.getSimpleName())
                            .contains(expected(method));
                }));
    }

    @TestFactory
    Stream<DynamicTest> noAsyncMethodIsWithoutOrigin() {
        return TWINS.entrySet().stream()
                .map(pair -> DynamicTest.dynamicTest(pair.getKey().getSimpleName(), () -> {
                    Set<String> origins = methods(pair.getKey())
                            .map(AsyncParityTest::expected)
                            .collect(Collectors.toSet());
                    assertThat(methods(pair.getValue())
                                    .filter(method -> !isBridge(method))
                                    .map(AsyncParityTest::describe))
                            .isSubsetOf(origins);
                }));
    }

    private static Stream<Method> methods(Class<?> type) {
        return Arrays.stream(type.getDeclaredMethods())
                .filter(method -> Modifier.isPublic(method.getModifiers()) && !method.isSynthetic())
                .filter(method -> !Set.of("toString", "equals", "hashCode").contains(method.getName()))
                // What waits while it is written to has no twin: that is write(byte[]).
                .filter(method -> method.getReturnType() != OutputStream.class);
    }

    private static boolean isBridge(Method method) {
        return BRIDGES.contains(method.getName()) || BRIDGES.contains(name(method));
    }

    private static String name(Method method) {
        return method.getDeclaringClass().getSimpleName() + "." + method.getName();
    }

    private static String describe(Method method) {
        return signature(
                        method, Arrays.stream(method.getGenericParameterTypes()).map(AsyncParityTest::text))
                + text(method.getGenericReturnType());
    }

    /** How the twin of a blocking method has to look. */
    private static String expected(Method method) {
        return signature(
                        method, Arrays.stream(method.getGenericParameterTypes()).map(AsyncParityTest::twin))
                + result(method);
    }

    private static String signature(Method method, Stream<String> parameters) {
        return method.getName() + parameters.collect(Collectors.joining(", ", "(", "): "));
    }

    private static String result(Method method) {
        Type type = method.getGenericReturnType();
        if (type == EventStream.class) {
            return generic(Publisher.class, OperationEvent.class.getSimpleName());
        }
        if (type == InputStream.class) {
            return generic(Publisher.class, ByteBuffer.class.getSimpleName());
        }
        if (type instanceof ParameterizedType list && list.getRawType() == Stream.class) {
            return generic(Publisher.class, twin(list.getActualTypeArguments()[0]));
        }
        return waits(method) ? generic(CompletableFuture.class, boxed(type)) : twin(type);
    }

    /** A value is changed at once, and so is its twin; what carries it out waits. */
    private static boolean waits(Method method) {
        if (AT_ONCE.contains(name(method)) || method.getDeclaringClass() == RunResult.class) {
            return false;
        }
        if (method.getDeclaringClass() == Session.class) {
            return method.getReturnType() != Run.class;
        }
        boolean carriesOut = Set.of(
                        "execute",
                        "find",
                        "oci",
                        "await",
                        "follow",
                        "tagAs",
                        "label",
                        "unlabel",
                        "note",
                        "start",
                        "applyFiles",
                        "pull")
                .contains(method.getName());
        return carriesOut || !TWINS.containsKey(method.getReturnType());
    }

    private static String generic(Class<?> raw, String argument) {
        return raw.getSimpleName() + "<" + argument + ">";
    }

    private static String boxed(Type type) {
        return type instanceof Class<?> raw && raw.isPrimitive()
                ? MethodType.methodType(raw).wrap().returnType().getSimpleName()
                : twin(type);
    }

    private static String twin(Type type) {
        return type instanceof Class<?> raw && TWINS.containsKey(raw)
                ? TWINS.get(raw).getSimpleName()
                : text(type);
    }

    private static String text(Type type) {
        if (type instanceof ParameterizedType generic) {
            return ((Class<?>) generic.getRawType()).getSimpleName()
                    + Arrays.stream(generic.getActualTypeArguments())
                            .map(AsyncParityTest::text)
                            .collect(Collectors.joining(", ", "<", ">"));
        }
        if (type instanceof WildcardType wildcard) {
            return "? extends " + text(wildcard.getUpperBounds()[0]);
        }
        return type instanceof Class<?> raw ? raw.getSimpleName() : type.getTypeName();
    }
}
