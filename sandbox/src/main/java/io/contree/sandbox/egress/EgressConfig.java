package io.contree.sandbox.egress;

import java.util.List;
import java.util.Optional;

/**
 * Settings of the way out.
 *
 * @param allowed what sandboxes may reach although it is private; an address of this machine counts only if it is listed
 *     by itself, not as part of a range
 * @param resolvers addresses of DNS servers; empty for those of the machine's {@code resolv.conf}
 * @param range addresses of the sandboxes, a prefix of 16 to 28 bits; empty for a range that is free here
 * @param connections how many one sandbox may have at a time, so that the machine's table of them serves all
 * @param ready how many namespaces wait for a sandbox
 */
public record EgressConfig(List<Cidr> allowed, List<Cidr> resolvers, Optional<Cidr> range, int connections, int ready) {
    /** Most machines keep track of 262,144 in all. */
    public static final int CONNECTIONS = 4096;

    private static final int READY = 4;

    /** Nothing allowed, the machine's resolvers, any free range, {@value #CONNECTIONS} connections, four namespaces that wait. */
    public static final EgressConfig DEFAULT =
            new EgressConfig(List.of(), List.of(), Optional.empty(), CONNECTIONS, READY);

    public EgressConfig {
        allowed = List.copyOf(allowed);
        resolvers = List.copyOf(resolvers);
        if (!resolvers.stream().allMatch(Cidr::isSingle)) {
            throw new IllegalArgumentException("a resolver is one address, not a range: " + resolvers);
        }
        range.ifPresent(EgressConfig::requireRoom);
        if (connections < 1) {
            throw new IllegalArgumentException("a sandbox must be able to have a connection, not " + connections);
        }
        if (ready < 1) {
            throw new IllegalArgumentException("at least one namespace must wait, not " + ready);
        }
    }

    public EgressConfig(List<Cidr> allowed, List<Cidr> resolvers, Optional<Cidr> range) {
        this(allowed, resolvers, range, CONNECTIONS, READY);
    }

    /** The same settings with another number of connections. */
    public EgressConfig withConnections(int most) {
        return new EgressConfig(allowed, resolvers, range, most, ready);
    }

    private static void requireRoom(Cidr range) {
        if (range.prefix() < 16 || range.prefix() > 28) {
            throw new IllegalArgumentException("the sandboxes' range needs a prefix of 16 to 28 bits: " + range);
        }
    }
}
