package io.contree.sandbox.egress;

import io.contree.linux.IdRanges;
import java.io.IOException;
import java.net.BindException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The way out of one server's sandboxes. Safe for use by several threads. */
public final class Egress implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(Egress.class);
    private static final int ID_DIGITS = 6;
    private static final int DNS_PORT = 53;

    private final Place place;
    private final List<String> nameservers;
    private final SlotPool pool;
    private final Optional<DnsForwarder> forwarder;

    /**
     * Where it keeps what.
     *
     * @param name of the server, {@code contree-} and 12 hexadecimal digits; everything on the machine has it
     * @param directory for the files that hold namespaces; it exists already
     * @param memory a file that outlives this server
     * @param ids for the sandboxes' user namespaces; empty for none
     * @param usual how most sandboxes get in
     */
    public record Place(String name, Path directory, Path memory, Optional<IdRanges> ids, NetworkEntry usual) {
        // Names of devices have at most 15 characters: five, six of these, and four for the slot.
        String devices() {
            return "ctree" + name.substring(name.length() - ID_DIGITS);
        }
    }

    private Egress(Place place, List<String> nameservers, SlotPool pool, Optional<DnsForwarder> forwarder) {
        this.place = place;
        this.nameservers = nameservers;
        this.pool = pool;
        this.forwarder = forwarder;
    }

    /**
     * Opens it: afterwards forwarding is on, the rules are in place and one slot is ready. What a killed predecessor left has been removed
     * by {@link #removeLeftovers}.
     *
     * @throws IOException if this machine cannot do it, with what is missing; nothing is left then
     */
    public static Egress open(Place place, EgressConfig config) throws IOException {
        HostProgram.requireAll();
        try {
            return set(place, config);
        } catch (IOException | RuntimeException e) {
            try {
                removeLeftovers(place);
            } catch (IOException more) {
                e.addSuppressed(more);
            }
            throw e;
        }
    }

    private static Egress set(Place place, EgressConfig config) throws IOException {
        Resolvers resolvers = Resolvers.of(config.resolvers());
        List<Cidr> shunned = new ArrayList<>(resolvers.direct());
        config.allowed().stream().filter(range -> range.prefix() >= 16).forEach(shunned::add);
        AddressRange addresses = AddressRange.claim(config.range(), shunned, place.name(), place.memory());
        SlotMaker maker = new SlotMaker(place.directory(), place.devices(), addresses.range(), place.ids());
        List<String> nameservers = resolvers.seenFromInside(maker.gateway());
        new Firewall(
                        place.name(),
                        place.devices(),
                        addresses.range(),
                        maker.gateway(),
                        nameservers.stream().map(Cidr::parse).toList(),
                        config.allowed(),
                        config.connections())
                .install();
        IpForwarding.enable();
        OtherFirewalls.warning().ifPresent(log::warn);
        Optional<DnsForwarder> forwarder = forwarder(maker.gateway(), resolvers.local());
        try {
            SlotPool pool = SlotPool.start(maker, place.usual() == NetworkEntry.BY_PATH ? config.ready() : 0);
            log.info("Runs have a network: addresses of {}, resolvers {}", addresses.range(), resolvers.servers());
            return new Egress(place, nameservers, pool, forwarder);
        } catch (IOException | RuntimeException e) {
            if (forwarder.isPresent()) {
                forwarder.get().close();
            }
            throw e;
        }
    }

    private static Optional<DnsForwarder> forwarder(String gateway, List<String> servers) throws IOException {
        if (servers.isEmpty()) {
            return Optional.empty();
        }
        try {
            return Optional.of(
                    DnsForwarder.open(new InetSocketAddress(gateway, DNS_PORT), DnsForwarder.servers(servers)));
        } catch (BindException e) {
            if (!String.valueOf(e.getMessage()).contains("in use")) {
                throw e;
            }
            log.info("Port {} of every address of this machine is taken; runs ask who has it for names", DNS_PORT);
            return Optional.empty();
        }
    }

    /** Removes what a killed server of the same place left: devices, rules, the claim on its addresses, if any. */
    public static void removeLeftovers(Place place) throws IOException {
        if (!Files.exists(place.memory())) {
            return;
        }
        SlotMaker.removeDevicesOf(place.devices());
        Firewall.remove(place.name());
        AddressRange.release(place.memory());
    }

    /**
     * A network for a sandbox; release it when the sandbox has ended.
     *
     * @throws IOException if none can be made
     */
    public EgressSlot take(NetworkEntry entry) throws IOException {
        return pool.take(entry);
    }

    /** Addresses of the DNS servers that sandboxes ask. */
    public List<String> nameservers() {
        return nameservers;
    }

    /** The text of a sandbox's {@code /etc/resolv.conf}. */
    public String resolvConf() {
        return Stream.concat(
                        Stream.of(
                                nameservers.isEmpty()
                                        ? "# The machine of this sandbox knows no DNS server."
                                        : "# From the settings of contree."),
                        nameservers.stream().map(server -> "nameserver " + server))
                .collect(Collectors.joining("\n", "", "\n"));
    }

    /** Removes everything; every slot has been released. */
    @Override
    public void close() throws IOException {
        try {
            if (forwarder.isPresent()) {
                forwarder.get().close();
            }
            pool.close();
        } finally {
            removeLeftovers(place);
        }
    }
}
