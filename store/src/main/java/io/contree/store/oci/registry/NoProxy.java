package io.contree.store.oci.registry;

import java.net.InetAddress;
import java.util.Arrays;
import java.util.Locale;

/**
 * The hosts of {@code NO_PROXY}: names with all below them, {@code .suffix} and {@code *.suffix} without the name itself,
 * addresses, ranges such as {@code 10.0.0.0/8}, with or without a port, separated by commas or blanks; {@code *} is
 * every host.
 */
record NoProxy(String text) {
    boolean covers(String writtenHost, int port) {
        String host = plain(writtenHost);
        return Arrays.stream(text.split("[,\\s]+")).map(String::strip).anyMatch(entry -> covers(entry, host, port));
    }

    private static String plain(String host) {
        String lower = host.toLowerCase(Locale.ROOT).replaceAll("[\\[\\]]", "");
        return lower.endsWith(".") ? lower.substring(0, lower.length() - 1) : lower;
    }

    private static boolean covers(String entry, String host, int port) {
        if (entry.isEmpty()) {
            return false;
        }
        if (entry.equals("*")) {
            return true;
        }
        String name = entry;
        int colon = entry.lastIndexOf(':');
        // More than one colon without brackets is an IPv6 address.
        if (colon > 0 && (entry.indexOf(':') == colon || entry.charAt(colon - 1) == ']')) {
            if (!entry.substring(colon + 1).equals(Integer.toString(port))) {
                return false;
            }
            name = entry.substring(0, colon);
        }
        if (name.contains("/")) {
            return isInRange(host, name);
        }
        name = plain(name);
        if (name.startsWith("*.")) {
            name = name.substring(1);
        }
        return name.startsWith(".") ? host.endsWith(name) : host.equals(name) || host.endsWith("." + name);
    }

    private static boolean isInRange(String host, String range) {
        if (!host.matches("[0-9.]+") && host.indexOf(':') < 0) {
            return false;
        }
        try {
            int slash = range.indexOf('/');
            byte[] address = InetAddress.ofLiteral(host).getAddress();
            byte[] base =
                    InetAddress.ofLiteral(plain(range.substring(0, slash))).getAddress();
            int bits = Integer.parseInt(range.substring(slash + 1));
            if (address.length != base.length || bits < 0 || bits > address.length * 8) {
                return false;
            }
            for (int bit = 0; bit < bits; bit++) {
                int mask = 0x80 >> bit % 8;
                if ((address[bit / 8] & mask) != (base[bit / 8] & mask)) {
                    return false;
                }
            }
            return true;
        } catch (IllegalArgumentException e) {
            return false;
        }
    }
}
