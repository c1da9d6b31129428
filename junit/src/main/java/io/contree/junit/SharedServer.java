package io.contree.junit;

import io.contree.embedded.CannotStartException;
import io.contree.embedded.EmbeddedContree;
import io.contree.sdk.ConfigurationException;
import io.contree.sdk.Contree;
import io.contree.sdk.ContreeClientException;
import io.contree.sdk.Image;
import io.contree.sdk.Images;
import io.contree.sdk.UnavailableException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.ExtensionContext.Store;

/** The server of a test run: started when first needed, closed by JUnit at the end of the run. */
@SuppressWarnings("deprecation") // what JUnit 5 closes; JUnit 6 closes it too
final class SharedServer implements Store.CloseableResource, AutoCloseable {
    private final Settings settings;
    private final Map<ImageSpec, Image> images = new HashMap<>();
    private @Nullable EmbeddedContree embedded;
    private @Nullable Contree client;
    private @Nullable RuntimeException missing;

    SharedServer(Settings settings) {
        this.settings = settings;
    }

    /** The client; a server that could not be reached or started is not tried again. */
    synchronized Contree client() {
        if (client == null && missing == null) {
            try {
                client = open();
            } catch (CannotStartException | ConfigurationException | UnavailableException e) {
                missing = e;
            }
        }
        if (missing != null) {
            throw missing;
        }
        return Objects.requireNonNull(client);
    }

    /** Why tests have to be skipped: there is no server, and the settings allow for that. */
    Optional<String> reasonToSkip() {
        if (settings.missing() == Settings.Missing.FAIL) {
            return Optional.empty();
        }
        try {
            client();
            return Optional.empty();
        } catch (CannotStartException | ConfigurationException | UnavailableException e) {
            return Optional.of(String.valueOf(e.getMessage()));
        }
    }

    private Contree open() {
        if (settings.server() == Settings.Server.ENVIRONMENT) {
            Contree found = Contree.connect();
            try {
                found.whoami();
                return found;
            } catch (ContreeClientException e) {
                found.close();
                throw e;
            }
        }
        embedded = settings.data().map(EmbeddedContree::start).orElseGet(EmbeddedContree::start);
        return embedded.client();
    }

    /** The image, made once. */
    synchronized Image image(ImageSpec wanted) {
        Image known = images.get(wanted);
        if (known == null) {
            known = wanted.files().isEmpty()
                    ? named(client().images(), wanted)
                    : Placement.of(image(new ImageSpec(wanted.reference(), List.of())), wanted.files());
            images.put(wanted, known);
        }
        return known;
    }

    private static Image named(Images images, ImageSpec wanted) {
        if (!wanted.isImported()) {
            return images.find(wanted.reference());
        }
        return wanted.reference().startsWith("rootfs:")
                ? images.importFrom(wanted.reference()).execute()
                : images.oci(wanted.reference());
    }

    @Override
    public synchronized void close() {
        if (embedded != null) {
            embedded.close();
        } else if (client != null) {
            client.close();
        }
    }
}
