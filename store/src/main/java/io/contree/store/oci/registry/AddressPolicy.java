package io.contree.store.oci.registry;

import io.contree.store.StoreException;
import io.contree.store.StoreException.Kind;
import io.contree.store.oci.image.Json;
import io.contree.store.oci.reference.RegistryHost;
import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/**
 * Which addresses the client may connect to, so that a reference, a redirect or a token realm cannot make the server reach
 * into its own network (metadata services above all).
 *
 * <p>A name may change its address between this check and the connection, so {@link CheckedAddresses} keeps what was checked.
 *
 * @param registry the registry that was named
 * @param allowPrivate whether private and link-local addresses are fine
 */
record AddressPolicy(RegistryHost registry, boolean allowPrivate) {
    /**
     * Returns normally if a connection may be made.
     *
     * @throws UnknownHostException if the host has no address
     * @throws StoreException INVALID
     */
    void check(URI target) throws UnknownHostException {
        check(target, false);
    }

    /**
     * As above. A proxy looks names up itself, and its rules hold for those that this machine does not know; those that
     * this machine knows are held to the same rules.
     */
    void check(URI target, boolean proxied) throws UnknownHostException {
        String scheme = target.getScheme() == null ? "" : target.getScheme().toLowerCase(Locale.ROOT);
        String host = target.getHost();
        if (host == null || target.getRawUserInfo() != null || !(scheme.equals("https") || scheme.equals("http"))) {
            throw refused(target, "it is not a plain http or https address");
        }
        boolean plainLoopback = registry.isLoopback() && RegistryHost.isLoopback(host.toLowerCase(Locale.ROOT));
        if (scheme.equals("http") && !plainLoopback) {
            throw refused(target, "plain http is spoken on loopback only");
        }
        boolean named = isSameOrigin(target, registry.base());
        InetAddress[] resolved = proxied ? known(host) : InetAddress.getAllByName(host);
        for (InetAddress address : resolved) {
            if (address.isLoopbackAddress()) {
                if (!registry.isLoopback() && !(named && allowPrivate)) {
                    throw refused(
                            target,
                            "it leads to this machine's own " + address.getHostAddress()
                                    + "; a registry there is named localhost or by its address");
                }
            } else if (scheme.equals("http")) {
                throw refused(target, "plain http is spoken on loopback only");
            } else if (!allowPrivate && isPrivate(address)) {
                throw refused(
                        target,
                        "it leads to the private address " + address.getHostAddress()
                                + "; the server's operator can allow registries on private addresses");
            }
        }
        if (!proxied) {
            CheckedAddresses.keep(host, List.of(resolved));
        }
    }

    private static InetAddress[] known(String host) {
        try {
            return InetAddress.getAllByName(host);
        } catch (UnknownHostException e) {
            return new InetAddress[0];
        }
    }

    static boolean isSameOrigin(URI one, URI other) {
        return one.getScheme().equalsIgnoreCase(other.getScheme())
                && one.getHost().equalsIgnoreCase(other.getHost())
                && port(one) == port(other);
    }

    private static int port(URI uri) {
        return uri.getPort() >= 0 ? uri.getPort() : uri.getScheme().equalsIgnoreCase("https") ? 443 : 80;
    }

    /** Every address but public unicast ones (see the IANA special-purpose address registries), loopback aside. */
    static boolean isPrivate(InetAddress address) {
        byte[] bytes = address.getAddress();
        return address.isAnyLocalAddress()
                || address.isLinkLocalAddress()
                || address.isSiteLocalAddress()
                || address.isMulticastAddress()
                || (bytes.length == 4 ? isPrivateV4(bytes) : isPrivateV6(bytes));
    }

    private static boolean isPrivateV4(byte[] b) {
        int first = b[0] & 0xFF;
        int second = b[1] & 0xFF;
        return first == 0
                || first == 127
                || first >= 240
                || (first == 100 && second >= 64 && second < 128)
                || (first == 192 && second == 0 && b[2] == 0)
                || (first == 198 && (second == 18 || second == 19));
    }

    private static boolean isPrivateV6(byte[] b) {
        boolean uniqueLocal = (b[0] & 0xFE) == 0xFC;
        boolean nat64 = b[0] == 0 && b[1] == 0x64 && (b[2] & 0xFF) == 0xFF && (b[3] & 0xFF) == 0x9B;
        boolean sixToFour = b[0] == 0x20 && b[1] == 0x02;
        boolean teredo = b[0] == 0x20 && b[1] == 0x01 && b[2] == 0 && b[3] == 0;
        boolean compatible = Arrays.equals(b, 0, 12, new byte[12], 0, 12);
        // These contain an IPv4 address, and a translator may lead to it.
        return uniqueLocal || nat64 || sixToFour || teredo || compatible;
    }

    private StoreException refused(URI target, String why) {
        return new StoreException(
                Kind.INVALID,
                "Tried to reach " + Json.shortened(target.getScheme() + "://" + target.getAuthority())
                        + " for the registry " + registry.name() + ", which is refused: " + why + ".");
    }
}
