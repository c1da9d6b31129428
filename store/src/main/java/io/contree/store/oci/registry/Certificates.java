package io.contree.store.oci.registry;

import io.contree.store.StoreException;
import io.contree.store.StoreException.Kind;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.Optional;
import java.util.stream.Stream;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509TrustManager;
import org.jspecify.annotations.Nullable;

/**
 * Certificates of authorities, in PEM, that are trusted besides Java's own.
 *
 * @param file with one or more, or empty
 * @param directories with such files, separated by colons, or empty
 */
record Certificates(String file, String directories) {
    /**
     * The context for TLS; empty for Java's own.
     *
     * @throws StoreException INVALID if a file cannot be read
     */
    Optional<SSLContext> context() {
        if (file.isEmpty() && directories.isEmpty()) {
            return Optional.empty();
        }
        try {
            KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
            store.load(null, null);
            for (X509Certificate known : managers(null).getAcceptedIssuers()) {
                store.setCertificateEntry("java-" + store.size(), known);
            }
            if (!file.isEmpty()) {
                add(store, Path.of(file));
            }
            for (String directory : directories.split(":")) {
                addAll(store, directory);
            }
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(null, new TrustManager[] {managers(store)}, null);
            return Optional.of(context);
        } catch (IOException | GeneralSecurityException | java.nio.file.InvalidPathException e) {
            throw new StoreException(
                    Kind.INVALID,
                    "The certificates that SSL_CERT_FILE or SSL_CERT_DIR in the server's environment names cannot be"
                            + " read as PEM. Check the files, and start the server again.",
                    e);
        }
    }

    private static X509TrustManager managers(@Nullable KeyStore store) throws GeneralSecurityException {
        TrustManagerFactory factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        factory.init(store);
        return Stream.of(factory.getTrustManagers())
                .filter(X509TrustManager.class::isInstance)
                .map(X509TrustManager.class::cast)
                .findFirst()
                .orElseThrow(() -> new GeneralSecurityException("no trust manager for X.509"));
    }

    private static void addAll(KeyStore store, String directory) throws IOException, GeneralSecurityException {
        if (directory.isEmpty()) {
            return;
        }
        try (Stream<Path> files = Files.list(Path.of(directory))) {
            for (Path each : files.filter(Files::isRegularFile).sorted().toList()) {
                try {
                    add(store, each);
                } catch (GeneralSecurityException e) {
                    // Such directories hold other things too.
                }
            }
        }
    }

    private static void add(KeyStore store, Path file) throws IOException, GeneralSecurityException {
        try (InputStream in = new BufferedInputStream(Files.newInputStream(file))) {
            for (Certificate each : CertificateFactory.getInstance("X.509").generateCertificates(in)) {
                store.setCertificateEntry("ours-" + store.size(), each);
            }
        }
    }
}
