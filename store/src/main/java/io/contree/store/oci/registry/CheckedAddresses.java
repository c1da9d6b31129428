package io.contree.store.oci.registry;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.net.spi.InetAddressResolver;
import java.net.spi.InetAddressResolverProvider;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;

/**
 * Makes connections go to the addresses that were checked. The HTTP client of the JDK looks a name up again, after
 * {@link AddressPolicy} did; a name server that changes its answer could lead it anywhere. So for a minute after a
 * check this resolver of the JVM (found in {@code META-INF/services}) answers with what was checked, and never asks.
 */
public final class CheckedAddresses extends InetAddressResolverProvider {
    /** Longer than connecting may take. */
    private static final Duration KEPT = Duration.ofMinutes(1);

    private record Checked(List<InetAddress> addresses, long untilNanos) {
        boolean isOver() {
            return System.nanoTime() - untilNanos > 0;
        }
    }

    private static final Map<String, Checked> CHECKED = new ConcurrentHashMap<>();

    /** Look-ups of this host get these addresses for a while. */
    static void keep(String host, List<InetAddress> addresses) {
        CHECKED.values().removeIf(Checked::isOver);
        CHECKED.put(key(host), new Checked(List.copyOf(addresses), System.nanoTime() + KEPT.toNanos()));
    }

    /** The addresses that were checked for a host a short while ago. */
    static Optional<List<InetAddress>> of(String host) {
        return Optional.ofNullable(CHECKED.get(key(host)))
                .filter(checked -> !checked.isOver())
                .map(Checked::addresses);
    }

    private static String key(String host) {
        return host.toLowerCase(Locale.ROOT);
    }

    @Override
    public String name() {
        return "contree";
    }

    @Override
    public InetAddressResolver get(Configuration configuration) {
        InetAddressResolver builtin = configuration.builtinResolver();
        return new InetAddressResolver() {
            @Override
            public Stream<InetAddress> lookupByName(String host, LookupPolicy policy) throws UnknownHostException {
                Optional<List<InetAddress>> checked = of(host);
                return checked.isPresent() ? checked.get().stream() : builtin.lookupByName(host, policy);
            }

            @Override
            public String lookupByAddress(byte[] address) throws UnknownHostException {
                return builtin.lookupByAddress(address);
            }
        };
    }
}
