package io.cumulet.billing.domain.metering;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.NavigableSet;
import java.util.Set;
import java.util.TreeMap;

/**
 * The tags of one instance over time. Kept are only the versions at which they changed; the same facts give the same answers,
 * in whatever order and how often they come.
 *
 * <pre>
 *   version   1           2          3         4           5
 *   tags      team=a      team=a     team=a    team=b      (none)
 *   kept      team=a                           team=b      (none)
 * </pre>
 */
public final class TagHistory {

    /** Of an instance that never had any. */
    public static final TagHistory NONE = new TagHistory(List.of());

    private static final Map<String, String> NO_TAGS = Map.of();

    private final NavigableMap<Long, TagChange> byVersion = new TreeMap<>();
    private final NavigableMap<Instant, Map<String, String>> byTime = new TreeMap<>();

    /** @param kept of one instance, each version once, in any order */
    public TagHistory(Collection<TagChange> kept) {
        kept.forEach(change -> byVersion.put(change.version(), change));
        Instant last = Instant.MIN;
        for (TagChange change : byVersion.values()) {
            // Clocks of two processes may differ a little: versions tell the order.
            last = change.at().isAfter(last) ? change.at() : last;
            byTime.put(last, change.tags());
        }
    }

    /**
     * The tags in force at a moment. Before the instance was there they are those that it was launched with: its first hour
     * began earlier.
     */
    public Map<String, String> at(Instant moment) {
        Map.Entry<Instant, Map<String, String>> inForce = byTime.floorEntry(moment);
        if (inForce != null) {
            return inForce.getValue();
        }
        TagChange first = byVersion.get(1L);
        return first == null ? NO_TAGS : first.tags();
    }

    /** The moments from which on they may be different. */
    public NavigableSet<Instant> changes() {
        return byTime.navigableKeySet();
    }

    /**
     * What has to be kept of what was told: all but what a version has in common with the one before it, if that is known.
     * While it isn't, the tags are kept: what lies between may differ from both.
     *
     * @param told of this instance
     * @param known the versions of it that are known, those told included
     */
    public List<TagChange> toKeep(Collection<TagChange> told, Set<Long> known) {
        NavigableMap<Long, TagChange> all = new TreeMap<>(byVersion);
        List<TagChange> keep = new ArrayList<>();
        told.stream().sorted(Comparator.comparingLong(TagChange::version)).forEach(change -> {
            long before = change.version() - 1;
            boolean isComparable = before == 0 || known.contains(before);
            if (!isComparable || !change.tags().equals(tagsOf(before, all))) {
                if (all.putIfAbsent(change.version(), change) == null) {
                    keep.add(change);
                }
            }
        });
        return keep;
    }

    private static Map<String, String> tagsOf(long version, NavigableMap<Long, TagChange> kept) {
        Map.Entry<Long, TagChange> last = kept.floorEntry(version);
        return last == null ? NO_TAGS : last.getValue().tags();
    }
}
