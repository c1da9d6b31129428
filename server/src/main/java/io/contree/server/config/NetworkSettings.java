package io.contree.server.config;

import io.contree.sandbox.egress.Cidr;
import io.contree.sandbox.egress.EgressConfig;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** What the settings say about the network of runs; docs/networking.md explains them. */
public record NetworkSettings(Mode mode, EgressConfig egress) {
    /** When a run has a network. */
    public enum Mode {
        /** Unless it says otherwise, where the machine can give it one. */
        AUTO,
        /** Unless it says otherwise; a machine that cannot give it one gets no server. */
        ON,
        /** If it asks for it, where the machine can give it one. */
        ON_REQUEST,
        /** Never. */
        OFF;

        static Mode parse(String value) {
            Values.require(value.equals(value.toLowerCase(Locale.ROOT)));
            return valueOf(value.replace('-', '_').toUpperCase(Locale.ROOT));
        }
    }

    /** Empty if runs never have a network. */
    public Optional<EgressConfig> wanted() {
        return mode == Mode.OFF ? Optional.empty() : Optional.of(egress);
    }

    /** Whether a run that does not say has one, where it can be had. */
    public boolean byDefault() {
        return mode == Mode.AUTO || mode == Mode.ON;
    }

    static NetworkSettings of(Sources sources) {
        return new NetworkSettings(
                sources.get(Keys.NETWORKING),
                new EgressConfig(
                                sources.get(Keys.NETWORK_ALLOW),
                                sources.get(Keys.NETWORK_RESOLVERS),
                                sources.get(Keys.NETWORK_RANGE))
                        .withConnections(sources.get(Keys.NETWORK_CONNECTIONS)));
    }

    static List<Cidr> ranges(String value) {
        return value.equals("none")
                ? List.of()
                : Arrays.stream(value.split(","))
                        .map(String::strip)
                        .map(Cidr::parse)
                        .toList();
    }

    static List<Cidr> resolvers(String value) {
        if (value.equals("host")) {
            return List.of();
        }
        List<Cidr> resolvers = ranges(value);
        Values.require(!resolvers.isEmpty() && resolvers.stream().allMatch(address -> address.prefix() == 32));
        return resolvers;
    }

    static Optional<Cidr> range(String value) {
        if (value.equals("auto")) {
            return Optional.empty();
        }
        Cidr range = Cidr.parse(value);
        Values.require(range.prefix() >= 16 && range.prefix() <= 28);
        return Optional.of(range);
    }
}
