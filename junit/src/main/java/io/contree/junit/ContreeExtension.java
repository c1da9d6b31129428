package io.contree.junit;

import io.contree.sdk.Contree;
import io.contree.sdk.Image;
import io.contree.sdk.session.Session;
import java.lang.reflect.AnnotatedElement;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.extension.ConditionEvaluationResult;
import org.junit.jupiter.api.extension.ExecutionCondition;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.jupiter.api.extension.ExtensionContext.Store;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolutionException;
import org.junit.jupiter.api.extension.ParameterResolver;
import org.junit.platform.commons.support.AnnotationSupport;

/** Fills in what {@link ContreeTest} promises. With {@code @ExtendWith} alone there is a {@link Contree} and no image. */
public final class ContreeExtension implements ParameterResolver, ExecutionCondition {
    private static final Namespace NAMESPACE = Namespace.create(ContreeExtension.class);

    @Override
    public ConditionEvaluationResult evaluateExecutionCondition(ExtensionContext context) {
        return server(context)
                .reasonToSkip()
                .map(ConditionEvaluationResult::disabled)
                .orElseGet(() -> ConditionEvaluationResult.enabled("a server is available or required"));
    }

    @Override
    public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
        Class<?> type = parameter.getParameter().getType();
        return type == Contree.class || type == Image.class || type == Session.class;
    }

    @Override
    @SuppressWarnings("deprecation") // its successor is not in JUnit 5
    public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
        SharedServer server = server(context);
        Class<?> type = parameter.getParameter().getType();
        if (type == Contree.class) {
            return server.client();
        }
        ImageSpec wanted = wanted(context);
        if (type == Image.class) {
            return server.image(wanted);
        }
        if (context.getTestMethod().isEmpty()) {
            throw new ParameterResolutionException(
                    "a Session belongs to one test, so it cannot be given to a constructor or @BeforeAll of "
                            + context.getDisplayName() + "; take it as a parameter of @BeforeEach or of the test");
        }
        return Objects.requireNonNull(context.getStore(NAMESPACE)
                .getOrComputeIfAbsent(wanted, image -> server.image(image).session(), Session.class));
    }

    @SuppressWarnings("deprecation") // its successor is not in JUnit 5
    private static SharedServer server(ExtensionContext context) {
        Store store = context.getRoot().getStore(NAMESPACE);
        return Objects.requireNonNull(store.getOrComputeIfAbsent(
                SharedServer.class, key -> new SharedServer(Settings.of(context)), SharedServer.class));
    }

    private static ImageSpec wanted(ExtensionContext context) {
        List<ContreeTest> nearestFirst = annotations(context);
        List<String> files = nearestFirst.stream()
                .map(annotation -> List.of(annotation.files()))
                .filter(list -> !list.isEmpty())
                .findFirst()
                .orElse(List.of());
        return nearestFirst.stream()
                .map(ContreeTest::image)
                .filter(image -> !image.isEmpty())
                .findFirst()
                .map(image -> ImageSpec.of(image, files))
                .orElseThrow(() -> new ParameterResolutionException("no image is named for " + context.getDisplayName()
                        + "; put @ContreeTest(image = \"…\") on the class or the method"));
    }

    private static List<ContreeTest> annotations(ExtensionContext context) {
        Set<AnnotatedElement> elements = new LinkedHashSet<>();
        Optional<ExtensionContext> at = Optional.of(context);
        while (at.isPresent()) {
            at.get().getTestMethod().ifPresent(elements::add);
            at.get().getTestClass().ifPresent(elements::add);
            at = at.get().getParent();
        }
        return elements.stream()
                .flatMap(element -> AnnotationSupport.findAnnotation(element, ContreeTest.class).stream())
                .toList();
    }
}
