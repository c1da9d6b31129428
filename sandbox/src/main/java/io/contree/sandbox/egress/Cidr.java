package io.contree.sandbox.egress;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A range of IPv4 addresses.
 *
 * @param address the first one, as a number; its bits beyond the prefix are zero
 * @param prefix bits that all addresses share, 0 to 32
 */
public record Cidr(int address, int prefix) {
    private static final Pattern FORM =
            Pattern.compile("(\\d{1,3})\\.(\\d{1,3})\\.(\\d{1,3})\\.(\\d{1,3})(?:/(\\d{1,2}))?");

    public Cidr {
        if (prefix < 0 || prefix > 32 || (address & ~mask(prefix)) != 0) {
            throw new IllegalArgumentException("no range of addresses: " + text(address) + "/" + prefix);
        }
    }

    /**
     * Reads {@code 10.0.0.0/8}, or {@code 10.1.2.3} for one address.
     *
     * @throws IllegalArgumentException for anything else, including {@code 10.1.2.3/8}, which is not a range
     */
    public static Cidr parse(String text) {
        Matcher matcher = FORM.matcher(text);
        if (!matcher.matches()) {
            throw new IllegalArgumentException("no range of IPv4 addresses such as 10.0.0.0/8: " + text);
        }
        int address = 0;
        for (int part = 1; part <= 4; part++) {
            int number = Integer.parseInt(matcher.group(part));
            if (number > 255) {
                throw new IllegalArgumentException("no IPv4 address: " + text);
            }
            address = (address << 8) | number;
        }
        return new Cidr(address, matcher.group(5) == null ? 32 : Integer.parseInt(matcher.group(5)));
    }

    /** True if some address is in both. */
    public boolean overlaps(Cidr other) {
        int shared = mask(Math.min(prefix, other.prefix));
        return (address & shared) == (other.address & shared);
    }

    /** The address at a distance from the first one, dotted. */
    String at(int distance) {
        return text(address + distance);
    }

    /** True for a single address. */
    boolean isSingle() {
        return prefix == 32;
    }

    /** How many addresses it has; at most {@link Integer#MAX_VALUE}. */
    int size() {
        return (int) Math.min(Integer.MAX_VALUE, 1L << (32 - prefix));
    }

    @Override
    public String toString() {
        return text(address) + (isSingle() ? "" : "/" + prefix);
    }

    private static int mask(int prefix) {
        return prefix == 0 ? 0 : -1 << (32 - prefix);
    }

    private static String text(int address) {
        return (address >>> 24) + "." + ((address >>> 16) & 255) + "." + ((address >>> 8) & 255) + "."
                + (address & 255);
    }
}
