package io.contree.store.oci.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.contree.store.StoreException;
import io.contree.store.oci.reference.RegistryHost;
import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Addresses are given as numbers, so that no test asks a name server. */
class AddressPolicyTest {
    private static final RegistryHost PUBLIC = new RegistryHost("203.0.113.7", -1);
    private static final RegistryHost LOOPBACK = new RegistryHost("127.0.0.1", 5000);

    private static void refused(RegistryHost registry, String target, String why) {
        assertThatThrownBy(() -> new AddressPolicy(registry, false).check(URI.create(target)))
                .isInstanceOf(StoreException.class)
                .hasMessageContaining(why);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "10.1.2.3",
                "172.16.0.1",
                "192.168.1.1",
                "169.254.169.254",
                "100.64.0.1",
                "0.0.0.0",
                "198.18.0.1",
                "224.0.0.1",
                "255.255.255.255",
                "[fc00::1]",
                "[fe80::1]",
                "[64:ff9b::a9fe:a9fe]",
                "[2002:a9fe:a9fe::1]",
                "[2001:0:4136:e378:8000:63bf:3fff:fdd2]",
                "[64:ff9b:1::a00:1]",
                "[::ffff:169.254.169.254]",
                "[::a9fe:a9fe]",
                "[ff02::1]"
            })
    void privateAddressesAreRefusedUnlessAllowed(String host) {
        refused(PUBLIC, "https://" + host + "/x", "private address");
        assertThatCode(() -> new AddressPolicy(PUBLIC, true).check(URI.create("https://" + host + "/x")))
                .doesNotThrowAnyException();
    }

    @ParameterizedTest
    @ValueSource(strings = {"8.8.8.8", "203.0.113.7", "172.32.0.1", "100.128.0.1", "2606:4700::1111"})
    void publicAddressesAreFine(String address) throws UnknownHostException {
        assertThat(AddressPolicy.isPrivate(InetAddress.getByName(address))).isFalse();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "https://127.0.0.1/",
                "https://127.9.9.9:8642/v1",
                "https://[::1]/",
                "https://[::ffff:127.0.0.1]/"
            })
    void noPublicRegistryLeadsToThisMachine(String target) {
        refused(PUBLIC, target, "this machine's own");
        assertThatThrownBy(() -> new AddressPolicy(PUBLIC, true).check(URI.create(target)))
                .isInstanceOf(StoreException.class);
    }

    @Test
    void aNameThatLeadsToThisMachineIsRefusedUnlessAllowed() throws UnknownHostException {
        RegistryHost named = new RegistryHost("inside.test", -1);
        CheckedAddresses.keep("inside.test", List.of(InetAddress.ofLiteral("127.0.0.1")));
        refused(named, "https://inside.test/v2/", "this machine's own 127.0.0.1");
        new AddressPolicy(named, true).check(URI.create("https://inside.test/v2/"));
    }

    @Test
    void connectionsGoWhereTheCheckSaw() throws UnknownHostException {
        List<InetAddress> seen =
                List.of(InetAddress.ofLiteral("203.0.113.7"), InetAddress.ofLiteral("2606:4700::1111"));
        CheckedAddresses.keep("moves.test", seen);
        new AddressPolicy(new RegistryHost("moves.test", -1), false).check(URI.create("https://Moves.Test/v2/"));
        assertThat(CheckedAddresses.of("moves.test")).contains(seen);
        assertThat(InetAddress.getAllByName("moves.test")).containsExactlyElementsOf(seen);
    }

    @Test
    void plainHttpIsForLoopbackRegistriesOnly() throws UnknownHostException {
        new AddressPolicy(LOOPBACK, false).check(URI.create("http://127.0.0.1:5000/v2/"));
        new AddressPolicy(LOOPBACK, false).check(URI.create("http://127.0.0.1:5001/token"));
        refused(LOOPBACK, "http://203.0.113.7/", "plain http");
        refused(PUBLIC, "http://203.0.113.7/", "plain http");
        refused(PUBLIC, "http://127.0.0.1:5000/", "plain http");
    }

    @ParameterizedTest
    @ValueSource(strings = {"ftp://203.0.113.7/", "file:///etc/passwd", "https://user:pw@203.0.113.7/", "https:opaque"})
    void otherAddressesAreRefused(String target) {
        refused(PUBLIC, target, "not a plain http or https address");
    }

    @Test
    void anOriginIsSchemeHostAndPort() {
        URI base = URI.create("https://registry.example/v2/");
        assertThat(AddressPolicy.isSameOrigin(URI.create("HTTPS://Registry.Example:443/x"), base))
                .isTrue();
        assertThat(AddressPolicy.isSameOrigin(URI.create("https://registry.example:444/"), base))
                .isFalse();
        assertThat(AddressPolicy.isSameOrigin(URI.create("http://registry.example:443/"), base))
                .isFalse();
        assertThat(AddressPolicy.isSameOrigin(URI.create("https://registry.example.org/"), base))
                .isFalse();
    }
}
