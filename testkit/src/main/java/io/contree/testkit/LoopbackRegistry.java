package io.contree.testkit;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The registry of Debian's package docker-registry, on a free port of the loopback interface, with plain HTTP. */
public final class LoopbackRegistry implements AutoCloseable {
    /** Who may use a registry that asks. */
    public static final Credentials CREDENTIALS = new Credentials("contree", "pull-me");

    // bcrypt of the password above; the registry takes no other scheme.
    private static final String HTPASSWD =
            CREDENTIALS.user() + ":$2b$04$Ng8pp/Dpheccw8091h5zAemJHl7uEK2ElFVKsqoiwmJH7TWyUTRSi\n";
    private static final Pattern LISTENING = Pattern.compile("listening on (127\\.0\\.0\\.1:\\d+)");
    private static final Pattern REQUEST = Pattern.compile("\"((?:GET|HEAD|POST|PUT|PATCH|DELETE) \\S+) HTTP/");

    private final Process process;
    private final Path directory;
    private final @Nullable TokenServer tokens;
    private final Thread reader;
    private final CountDownLatch listening = new CountDownLatch(1);
    private final AtomicReference<String> address = new AtomicReference<>("");
    private final List<String> requests = new CopyOnWriteArrayList<>();
    private final List<String> log = new CopyOnWriteArrayList<>();

    /** A user and a password. */
    public record Credentials(String user, String password) {}

    private LoopbackRegistry(Process process, Path directory, @Nullable TokenServer tokens) {
        this.process = process;
        this.directory = directory;
        this.tokens = tokens;
        this.reader = Thread.ofVirtual().name("registry-log").start(this::read);
    }

    /** A registry that anyone may use. */
    public static LoopbackRegistry open() throws IOException, InterruptedException {
        return start(Files.createTempDirectory("loopback-registry-"), "", null);
    }

    /** A registry that asks for {@link #CREDENTIALS} by HTTP basic authentication. */
    public static LoopbackRegistry withBasicAuth() throws IOException, InterruptedException {
        Path directory = Files.createTempDirectory("loopback-registry-");
        Path passwords = Files.writeString(directory.resolve("htpasswd"), HTPASSWD);
        return start(directory, "auth:\n  htpasswd:\n    realm: loopback\n    path: " + passwords + "\n", null);
    }

    /** A registry that asks for a bearer token, which its token server gives for {@link #CREDENTIALS}. */
    public static LoopbackRegistry withTokenAuth() throws IOException, InterruptedException {
        Path directory = Files.createTempDirectory("loopback-registry-");
        TokenServer tokens = TokenServer.start(directory, CREDENTIALS);
        String auth = "auth:\n  token:\n    realm: " + tokens.realm() + "\n    service: " + TokenServer.SERVICE
                + "\n    issuer: " + TokenServer.ISSUER + "\n    rootcertbundle: " + tokens.certificate() + "\n";
        return start(directory, auth, tokens);
    }

    private static LoopbackRegistry start(Path directory, String auth, @Nullable TokenServer tokens)
            throws IOException, InterruptedException {
        Requirements.dockerRegistry();
        Path config = Files.writeString(
                directory.resolve("config.yml"),
                "version: 0.1\nlog:\n  level: info\nstorage:\n  filesystem:\n    rootdirectory: "
                        + directory.resolve("data") + "\n  delete:\n    enabled: true\nhttp:\n  addr: 127.0.0.1:0\n"
                        + auth);
        ProcessBuilder builder = new ProcessBuilder("docker-registry", "serve", config.toString());
        builder.environment().put("OTEL_TRACES_EXPORTER", "none");
        LoopbackRegistry registry =
                new LoopbackRegistry(builder.redirectErrorStream(true).start(), directory, tokens);
        if (!registry.listening.await(30, TimeUnit.SECONDS) || registry.host().isEmpty()) {
            registry.close();
            throw new IOException("docker-registry did not start:\n" + String.join("\n", registry.log));
        }
        return registry;
    }

    /** {@code 127.0.0.1:port}, the first part of a reference. */
    public String host() {
        return address.get();
    }

    /** What clients must know, or empty if anyone may come. */
    public Optional<Credentials> credentials() throws IOException {
        return Files.readString(directory.resolve("config.yml")).contains("\nauth:")
                ? Optional.of(CREDENTIALS)
                : Optional.empty();
    }

    /** The requests that were answered so far, such as {@code GET /v2/}; may lag behind a little. */
    public List<String> requests() {
        return List.copyOf(requests);
    }

    /** Ends this registry's process and removes what it stored. */
    @Override
    public void close() throws IOException {
        try {
            process.destroy();
            if (!process.waitFor(5, TimeUnit.SECONDS)) {
                process.destroyForcibly().waitFor();
            }
            reader.join();
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
        if (tokens != null) {
            tokens.close();
        }
        Trees.remove(directory);
    }

    private void read() {
        try (BufferedReader lines = process.inputReader()) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                accept(line);
            }
        } catch (IOException e) {
            log.add(e.toString());
        } finally {
            listening.countDown();
        }
    }

    private void accept(String line) {
        Matcher request = REQUEST.matcher(line);
        if (request.find()) {
            requests.add(request.group(1));
            return;
        }
        log.add(line);
        Matcher started = LISTENING.matcher(line);
        if (started.find()) {
            address.set(started.group(1));
            listening.countDown();
        }
    }
}
