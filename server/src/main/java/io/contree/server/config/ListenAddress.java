package io.contree.server.config;

import java.net.InetSocketAddress;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** {@code HOST:PORT}, with an IPv6 address in brackets. */
final class ListenAddress {
    private static final Pattern FORM = Pattern.compile("(?:\\[([0-9A-Fa-f:.%]+)]|([^:\\[\\]\\s]+)):(\\d{1,5})");

    private ListenAddress() {}

    static InetSocketAddress parse(String value) {
        Matcher matcher = FORM.matcher(value);
        Values.require(matcher.matches());
        String host = matcher.group(1) == null ? matcher.group(2) : matcher.group(1);
        InetSocketAddress address = new InetSocketAddress(host, Integer.parseInt(matcher.group(3)));
        if (address.isUnresolved()) {
            throw new UnusableValueException("this machine cannot find the address of the host " + host);
        }
        return address;
    }
}
