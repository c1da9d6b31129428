package io.contree.conformance.docs;

import static org.assertj.core.api.Assertions.assertThat;

import io.contree.api.Whoami;
import io.contree.sdk.Contree;
import io.contree.sdk.RetryPolicy;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** docs/sdk/connecting.md. */
public interface ConnectingPage extends DocsPage {
    @Test
    default void connect() {
        // docs: connect
        try (Contree contree = Contree.connect()) {
            System.out.println(contree.baseUrl());
        }
        // end
        assertThat(printed()).isEqualTo(contree().baseUrl() + "\n");
    }

    @Test
    default void connectByBuilder() {
        String url = contree().baseUrl().toString();
        String token = token();
        // docs: connect-builder
        Contree contree = Contree.builder()
                .baseUrl(url) // such as https://contree.example.com
                .token(token)
                .requestTimeout(Duration.ofSeconds(10))
                .retries(new RetryPolicy(3, Duration.ofMillis(100), Duration.ofSeconds(2)))
                .userAgent("nightly-builds/1.4")
                .build();
        // end
        try (contree) {
            assertThat(contree.whoami().permissions()).isNotEmpty();
        }
    }

    @Test
    default void connectByProfile() {
        // docs: connect-profile
        Contree contree = Contree.builder().profile("default").build();
        // end
        try (contree) {
            assertThat(contree.baseUrl()).isEqualTo(contree().baseUrl());
        }
    }

    @Test
    default void whoami() {
        Contree contree = contree();
        // docs: whoami
        Whoami whoami = contree.whoami();
        if (!whoami.permissions().getOrDefault("import", false)) {
            System.out.println("token " + whoami.tokenUuid() + " may not import images");
        }
        // end
        assertThat(printed()).isEmpty();
    }
}
