package io.contree.engine.log;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Texts of one event, shown up to a number of characters in all, with dots where something is left out. */
final class Shortening {
    /** Clients take lines of less than 4 MiB, and a character may become six of JSON. */
    private static final int MOST = 256 << 10;

    private static final String DOTS = "…";

    private int left = MOST;

    String text(String text) {
        if (text.length() <= left) {
            left -= text.length();
            return text;
        }
        boolean splits = left > 0 && Character.isHighSurrogate(text.charAt(left - 1));
        String shown = text.substring(0, splits ? left - 1 : left) + DOTS;
        left = 0;
        return shown;
    }

    /** Each entry also costs what separates it from the next. */
    List<String> texts(List<String> texts) {
        List<String> shown = new ArrayList<>();
        for (String text : texts) {
            if (left <= 0) {
                shown.add(DOTS);
                break;
            }
            left--;
            shown.add(text(text));
        }
        return shown;
    }

    Map<String, String> map(Map<String, String> map) {
        Map<String, String> shown = new LinkedHashMap<>();
        for (Map.Entry<String, String> entry : map.entrySet()) {
            if (left <= 0) {
                break;
            }
            left--;
            shown.put(text(entry.getKey()), text(entry.getValue()));
        }
        return shown;
    }
}
