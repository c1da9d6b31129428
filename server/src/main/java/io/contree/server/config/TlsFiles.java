package io.contree.server.config;

import io.contree.api.ContreeException;
import io.contree.api.ErrorCode;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.InvalidKeySpecException;
import java.security.spec.PKCS8EncodedKeySpec;
import java.time.Instant;
import java.util.Base64;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The files for TLS, in PEM.
 *
 * @param certificate the server's, followed by the chain to its issuer
 * @param key PKCS #8, not encrypted
 */
public record TlsFiles(Path certificate, Path key) {
    private static final Logger LOG = LoggerFactory.getLogger(TlsFiles.class);
    private static final Pattern PKCS8 =
            Pattern.compile("-----BEGIN PRIVATE KEY-----([A-Za-z0-9+/=\\s]+)-----END PRIVATE KEY-----");
    private static final char[] NO_PASSWORD = new char[0];

    /** UNAVAILABLE if the files are not what they should be, or do not match. */
    public SSLContext load() {
        try {
            return context();
        } catch (IOException | GeneralSecurityException | IllegalArgumentException e) {
            String why = e instanceof IOException ? FileProblem.of(e) : e.getMessage();
            throw new ContreeException(
                    ErrorCode.UNAVAILABLE,
                    "cannot serve TLS with the certificate " + certificate + " and the key " + key + ": "
                            + why
                            + "; both must be PEM, the key as PKCS #8 without a password"
                            + " (openssl pkcs8 -topk8 -nocrypt makes one)",
                    e);
        }
    }

    private SSLContext context() throws IOException, GeneralSecurityException {
        Certificate[] chain;
        try (InputStream in = Files.newInputStream(certificate)) {
            chain = CertificateFactory.getInstance("X.509")
                    .generateCertificates(in)
                    .toArray(new Certificate[0]);
        }
        if (chain.length == 0) {
            throw new IllegalArgumentException("there is no certificate in the first file");
        }
        if (chain[0] instanceof X509Certificate dated
                && dated.getNotAfter().toInstant().isBefore(Instant.now())) {
            LOG.warn("the certificate {} has expired: clients will refuse it", certificate);
        }
        PublicKey open = chain[0].getPublicKey();
        PrivateKey secret = privateKey(open.getAlgorithm());
        requireFit(secret, open);
        KeyStore store = KeyStore.getInstance("PKCS12");
        store.load(null, NO_PASSWORD);
        store.setKeyEntry("server", secret, NO_PASSWORD, chain);
        KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        keys.init(store, NO_PASSWORD);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(keys.getKeyManagers(), null, null);
        return context;
    }

    private static void requireFit(PrivateKey secret, PublicKey open) throws GeneralSecurityException {
        String algorithm = switch (open.getAlgorithm()) {
            case "RSA" -> "SHA256withRSA";
            case "EC" -> "SHA256withECDSA";
            default -> open.getAlgorithm();
        };
        Signature signature = Signature.getInstance(algorithm);
        signature.initSign(secret);
        byte[] signed = signature.sign();
        signature.initVerify(open);
        if (!signature.verify(signed)) {
            throw new IllegalArgumentException("the key does not belong to the certificate");
        }
    }

    private PrivateKey privateKey(String algorithm) throws IOException, GeneralSecurityException {
        Matcher pem = PKCS8.matcher(Files.readString(key));
        if (!pem.find()) {
            throw new IllegalArgumentException("there is no PRIVATE KEY in the second file");
        }
        byte[] encoded = Base64.getMimeDecoder().decode(pem.group(1));
        try {
            return KeyFactory.getInstance(algorithm).generatePrivate(new PKCS8EncodedKeySpec(encoded));
        } catch (InvalidKeySpecException e) {
            throw new IllegalArgumentException("the key is not of the certificate's type, " + algorithm, e);
        }
    }
}
