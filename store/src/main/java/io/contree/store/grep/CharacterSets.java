package io.contree.store.grep;

import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Rust's named sets of characters, which cover all of Unicode, as members of a class of RE2/J. */
final class CharacterSets {
    private static final String SPACE =
            "\\x{9}-\\x{D}\\x{20}\\x{85}\\x{A0}\\x{1680}\\x{2000}-\\x{200A}\\x{2028}\\x{2029}\\x{202F}\\x{205F}\\x{3000}";
    private static final String NO_SPACE =
            "\\x{0}-\\x{8}\\x{E}-\\x{1F}\\x{21}-\\x{84}\\x{86}-\\x{9F}\\x{A1}-\\x{167F}\\x{1681}-\\x{1FFF}"
                    + "\\x{200B}-\\x{2027}\\x{202A}-\\x{202E}\\x{2030}-\\x{205E}\\x{2060}-\\x{2FFF}\\x{3001}-\\x{10FFFF}";
    private static final String WORD = "\\p{L}\\p{M}\\p{Nd}\\p{Nl}\\p{Pc}\\x{200C}\\x{200D}";
    private static final String NO_WORD = "\\p{S}\\p{Z}\\p{Pd}\\p{Ps}\\p{Pe}\\p{Pi}\\p{Pf}\\p{Po}\\p{No}\\p{C}";

    private static final Map<String, String> LONG_NAMES = Map.ofEntries(
            Map.entry("letter", "L"),
            Map.entry("alphabetic", "L"),
            Map.entry("alpha", "L"),
            Map.entry("lowercaseletter", "Ll"),
            Map.entry("lowercase", "Ll"),
            Map.entry("lower", "Ll"),
            Map.entry("uppercaseletter", "Lu"),
            Map.entry("uppercase", "Lu"),
            Map.entry("upper", "Lu"),
            Map.entry("mark", "M"),
            Map.entry("number", "N"),
            Map.entry("decimalnumber", "Nd"),
            Map.entry("digit", "Nd"),
            Map.entry("punctuation", "P"),
            Map.entry("punct", "P"),
            Map.entry("symbol", "S"),
            Map.entry("currencysymbol", "Sc"),
            Map.entry("mathsymbol", "Sm"),
            Map.entry("separator", "Z"),
            Map.entry("control", "Cc"),
            Map.entry("cntrl", "Cc"));

    private CharacterSets() {}

    /** The members that {@code \d}, {@code \w}, {@code \s} and their opposites stand for. */
    static String members(char letter) {
        return switch (letter) {
            case 'd' -> "\\p{Nd}";
            case 'D' -> "\\P{Nd}";
            case 'w' -> WORD;
            case 'W' -> NO_WORD;
            case 's' -> SPACE;
            case 'S' -> NO_SPACE;
            default -> throw new IllegalArgumentException("no set is called " + letter);
        };
    }

    /** The short name of a category, or the name of a script, by any of its names. */
    static String property(String name) {
        String value = name.substring(name.lastIndexOf('=') + 1);
        String known = LONG_NAMES.get(value.toLowerCase(Locale.ROOT).replaceAll("[ _-]", ""));
        return known != null
                ? known
                : Stream.of(value.split("_")).map(CharacterSets::capitalised).collect(Collectors.joining("_"));
    }

    private static String capitalised(String part) {
        return part.isEmpty()
                ? part
                : part.substring(0, 1).toUpperCase(Locale.ROOT)
                        + part.substring(1).toLowerCase(Locale.ROOT);
    }
}
