package io.cumulet.firewall.domain.rulesets;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A host's table on paper. It reads the same lines as {@code nft -f} and is as strict: what is deleted has to be there, and
 * nothing may name it any more.
 */
public final class PaperKernel {

    private static final String NAME = "([a-z0-9-]+)";
    private static final Pattern ELEMENT = Pattern.compile("(add|delete) element inet cumulet " + NAME + " \\{ (.*) }");
    private static final Pattern OBJECT =
            Pattern.compile("(add|delete|flush) (set|map|chain) inet cumulet " + NAME + "( .*)?");
    private static final Pattern RULE = Pattern.compile("add rule inet cumulet " + NAME + " (.*)");
    private static final Pattern REFERENCE = Pattern.compile("(?:@|jump )" + NAME);
    private static final Pattern TABLE = Pattern.compile("(add|delete) table inet cumulet");

    private final Map<String, String> types = new TreeMap<>();
    private final Map<String, TreeSet<String>> sets = new TreeMap<>();
    private final Map<String, TreeMap<String, String>> maps = new TreeMap<>();
    private final Map<String, List<String>> chains = new TreeMap<>();

    public void load(List<String> lines) {
        lines.forEach(this::load);
    }

    private void load(String line) {
        if (TABLE.matcher(line).matches()) {
            if (line.startsWith("delete")) {
                List.of(types, sets, maps, chains).forEach(Map::clear);
            }
            return;
        }
        Matcher element = ELEMENT.matcher(line);
        Matcher rule = RULE.matcher(line);
        Matcher object = OBJECT.matcher(line);
        if (element.matches()) {
            boolean adds = element.group(1).equals("add");
            for (String one : element.group(3).split(", ", -1)) {
                element(adds, element.group(2), one, line);
            }
        } else if (rule.matches()) {
            there(chains, rule.group(1), line).add(rule.group(2));
            insist(named(rule.group(2)).stream().allMatch(this::isThere), line);
        } else if (object.matches()) {
            object(object.group(1) + " " + object.group(2), object.group(3), String.valueOf(object.group(4)), line);
        } else {
            throw new IllegalStateException("Not understood: " + line);
        }
    }

    private void object(String what, String name, String type, String line) {
        switch (what) {
            case "add set" -> {
                insist(types.put(name, type) == null, line);
                sets.put(name, new TreeSet<>());
            }
            case "add map" -> {
                insist(types.put(name, type) == null, line);
                maps.put(name, new TreeMap<>());
            }
            case "add chain" -> {
                if (chains.putIfAbsent(name, new ArrayList<>()) == null) {
                    types.put(name, type);
                }
            }
            case "flush chain" -> there(chains, name, line).clear();
            case "flush set" -> there(sets, name, line).clear();
            case "delete chain", "delete set" -> {
                insist(types.remove(name) != null && !isNamed(name), line);
                sets.remove(name);
                chains.remove(name);
            }
            default -> throw new IllegalStateException("Not understood: " + line);
        }
    }

    private void element(boolean adds, String set, String element, String line) {
        if (maps.containsKey(set)) {
            TreeMap<String, String> map = there(maps, set, line);
            if (adds) {
                String[] pair = element.split(" : goto ", -1);
                String before = map.put(pair[0], pair[1]);
                insist(before == null || before.equals(pair[1]), line);
                insist(chains.containsKey(pair[1]), line);
            } else {
                insist(map.remove(element) != null, line);
            }
        } else if (adds) {
            there(sets, set, line).add(element);
        } else {
            insist(there(sets, set, line).remove(element), line);
        }
    }

    private static List<String> named(String rule) {
        List<String> names = new ArrayList<>();
        Matcher reference = REFERENCE.matcher(rule);
        while (reference.find()) {
            names.add(reference.group(1));
        }
        return names;
    }

    private boolean isThere(String name) {
        return sets.containsKey(name) || maps.containsKey(name) || chains.containsKey(name);
    }

    private boolean isNamed(String name) {
        return chains.values().stream()
                        .flatMap(List::stream)
                        .anyMatch(rule -> named(rule).contains(name))
                || maps.values().stream().anyMatch(map -> map.containsValue(name));
    }

    private static <T> T there(Map<String, T> all, String name, String line) {
        T one = all.get(name);
        if (one == null) {
            throw new IllegalStateException("The kernel refuses: " + line);
        }
        return one;
    }

    private static void insist(boolean condition, String line) {
        if (!condition) {
            throw new IllegalStateException("The kernel refuses: " + line);
        }
    }

    @Override
    public String toString() {
        return types + "\n" + sets + "\n" + maps + "\n" + chains;
    }
}
