package io.contree.cli.command;

import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Sizes as {@code truncate(1)} takes them: {@code 100G} and {@code 100GiB} are powers of 1024, {@code 100GB} of 1000. */
public final class SizeConverter implements ITypeConverter<Long> {
    private static final Pattern SIZE = Pattern.compile("(\\d{1,18})(?:([KMGT])(B|IB)?)?");

    @Override
    public Long convert(String value) {
        Matcher matcher = SIZE.matcher(value.strip().toUpperCase(Locale.ROOT));
        if (!matcher.matches()) {
            throw noSize(value);
        }
        long size = Long.parseLong(matcher.group(1));
        int power = matcher.group(2) == null ? 0 : 1 + "KMGT".indexOf(matcher.group(2));
        long step = "B".equals(matcher.group(3)) ? 1000 : 1024;
        for (int i = 0; i < power; i++) {
            if (size > Long.MAX_VALUE / step) {
                throw noSize(value);
            }
            size *= step;
        }
        return size;
    }

    private static TypeConversionException noSize(String value) {
        return new TypeConversionException("'" + value + "' is not a size; 100G is one");
    }
}
