package io.cumulet.firewall.domain.prefixlists;

import io.cumulet.firewall.domain.groups.GroupWish;
import io.cumulet.firewall.domain.groups.Tags;
import io.cumulet.firewall.domain.prefixlists.PrefixList.Entry;
import io.cumulet.kernel.Cidr;
import io.cumulet.kernel.ErrorCode;
import io.cumulet.kernel.IpFamily;
import io.cumulet.kernel.Outcome;
import io.cumulet.kernel.Refusal;
import io.cumulet.kernel.ResourceTags;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What becomes of a request about a prefix list: all of it happens, or nothing.
 *
 * @see <a href="https://docs.aws.amazon.com/vpc/latest/userguide/managed-prefix-lists.html">Prefix lists</a>
 * @see <a href="https://docs.aws.amazon.com/vpc/latest/userguide/amazon-vpc-limits.html">VPC quotas</a>
 */
public final class PrefixListDecisions {

    /** How many entries a list may have. */
    public static final int MOST_ENTRIES = 1_000;

    /** How many entries one request may bring. */
    public static final int MOST_AT_ONCE = 100;

    private static final int LONGEST = 255;

    private PrefixListDecisions() {}

    /** Why there can't be such a list, if there can't. */
    public static Optional<Refusal> fault(PrefixListWish wish) {
        return firstOf(
                nameFault(wish.name()),
                sizeFault(wish.maxEntries()),
                countFault("entries", wish.entries().size()),
                entriesFault("entries", wish.entries(), wish.family()),
                wish.entries().size() > wish.maxEntries()
                        ? full(wish.maxEntries(), wish.entries().size())
                        : Optional.empty(),
                ResourceTags.fault("tags", wish.tags()));
    }

    /** The list after a change. Whether rules that name it have room for more entries is for the caller to see. */
    public static Outcome<PrefixList> modify(PrefixList list, PrefixListChange change) {
        Optional<Refusal> fault = firstOf(
                versionFault(list, change),
                change.ofEntries() && change.maxEntries() != null
                        ? refusal(
                                ErrorCode.INVALID_PARAMETER_COMBINATION,
                                "maxEntries",
                                "Entries and maxEntries are changed one after the other")
                        : Optional.empty(),
                change.name() == null ? Optional.empty() : nameFault(change.name()),
                change.maxEntries() == null ? Optional.empty() : sizeFault(change.maxEntries()),
                countFault("addEntries", change.add().size()),
                countFault("removeEntries", change.remove().size()),
                entriesFault("addEntries", change.add(), list.family()));
        if (fault.isPresent()) {
            return Outcome.refused(fault.get());
        }
        return entries(list, change).flatMap(entries -> {
            int maxEntries = change.maxEntries() == null ? list.maxEntries() : change.maxEntries();
            Map<String, String> tags = Tags.changed(list.tags(), change.tags());
            return firstOf(
                            entries.size() > maxEntries ? full(maxEntries, entries.size()) : Optional.empty(),
                            ResourceTags.fault("tags", tags))
                    .<Outcome<PrefixList>>map(Outcome::refused)
                    .orElseGet(() -> Outcome.done(list.next(
                            change.ofTagsAlone() ? list.state() : PrefixList.State.MODIFIED,
                            change.name() == null ? list.name() : change.name(),
                            maxEntries,
                            entries,
                            tags)));
        });
    }

    /**
     * The list with the entries it had before.
     *
     * @param currentVersion the version it is thought to have
     * @param previous the entries of the version that is asked for; null if it isn't kept
     * @see <a href="https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_RestoreManagedPrefixListVersion.html">
     *     RestoreManagedPrefixListVersion</a>
     */
    public static Outcome<PrefixList> restore(PrefixList list, long currentVersion, @Nullable List<Entry> previous) {
        Optional<Refusal> mismatch = mismatch(list, currentVersion);
        if (mismatch.isPresent()) {
            return Outcome.refused(mismatch.get());
        }
        if (previous == null) {
            return Outcome.refused(
                    ErrorCode.INVALID_PARAMETER_VALUE, "previousVersion", "The prefix list has no such version");
        }
        return previous.size() > list.maxEntries()
                ? Outcome.refused(full(list.maxEntries(), previous.size()).orElseThrow())
                : Outcome.done(
                        list.next(PrefixList.State.RESTORED, list.name(), list.maxEntries(), previous, list.tags()));
    }

    private static Optional<Refusal> versionFault(PrefixList list, PrefixListChange change) {
        if (change.currentVersion() != null && change.anyVersion()) {
            return refusal(
                    ErrorCode.INVALID_PARAMETER_COMBINATION,
                    "anyVersion",
                    "A change is of the version it names, or of whatever version there is");
        }
        if (change.currentVersion() == null) {
            return change.ofEntries() && !change.anyVersion()
                    ? refusal(
                            ErrorCode.MISSING_PARAMETER,
                            "currentVersion",
                            "A change of entries says which version it is of")
                    : Optional.empty();
        }
        return mismatch(list, change.currentVersion());
    }

    private static Optional<Refusal> mismatch(PrefixList list, long currentVersion) {
        return currentVersion == list.entriesVersion()
                ? Optional.empty()
                : refusal(
                        ErrorCode.PREFIX_LIST_VERSION_MISMATCH,
                        "currentVersion",
                        "The prefix list has the version " + list.entriesVersion() + ", not " + currentVersion);
    }

    private static Outcome<List<Entry>> entries(PrefixList list, PrefixListChange change) {
        Map<Cidr, Entry> entries = new LinkedHashMap<>();
        list.entries().forEach(entry -> entries.put(entry.cidr(), entry));
        Set<Cidr> added = new HashSet<>();
        change.add().forEach(entry -> added.add(entry.cidr()));
        for (int i = 0; i < change.remove().size(); i++) {
            Cidr cidr = change.remove().get(i);
            String place = "removeEntries[" + i + "]";
            if (added.contains(cidr)) {
                return Outcome.refused(
                        ErrorCode.INVALID_PARAMETER_VALUE, place, cidr + " is to be added and removed at once");
            }
            if (entries.remove(cidr) == null) {
                return Outcome.refused(
                        ErrorCode.INVALID_PARAMETER_VALUE, place, "The prefix list has no entry " + cidr);
            }
        }
        change.add().forEach(entry -> entries.put(entry.cidr(), entry));
        return Outcome.done(new ArrayList<>(entries.values()));
    }

    private static Optional<Refusal> nameFault(String name) {
        if (name.isBlank() || !GroupWish.isText(name)) {
            return invalid("name", "A name has 1 to " + LONGEST + " of EC2's characters");
        }
        return ListsOfAws.RESERVED.stream().anyMatch(name::startsWith)
                ? invalid("name", "A name doesn't begin with any of " + String.join(" ", ListsOfAws.RESERVED))
                : Optional.empty();
    }

    private static Optional<Refusal> sizeFault(int maxEntries) {
        return maxEntries >= 1 && maxEntries <= MOST_ENTRIES
                ? Optional.empty()
                : invalid("maxEntries", "A prefix list has room for 1 to " + MOST_ENTRIES + " entries");
    }

    private static Optional<Refusal> countFault(String field, int count) {
        return count <= MOST_AT_ONCE
                ? Optional.empty()
                : invalid(field, "A request brings at most " + MOST_AT_ONCE + " entries; this one " + count);
    }

    private static Optional<Refusal> entriesFault(String field, List<Entry> entries, IpFamily family) {
        Set<Cidr> seen = new HashSet<>();
        for (int i = 0; i < entries.size(); i++) {
            Entry entry = entries.get(i);
            String place = field + "[" + i + "]";
            if (entry.cidr().family() != family) {
                return invalid(place + ".cidr", entry.cidr() + " is not of the list's address family");
            }
            if (!seen.add(entry.cidr())) {
                return invalid(place + ".cidr", "The request has " + entry.cidr() + " twice");
            }
            if (entry.description() != null && !GroupWish.isText(entry.description())) {
                return invalid(place + ".description", "A description has at most " + LONGEST + " of EC2's characters");
            }
        }
        return Optional.empty();
    }

    private static Optional<Refusal> full(int maxEntries, int entries) {
        return refusal(
                ErrorCode.PREFIX_LIST_MAX_ENTRIES_EXCEEDED,
                "maxEntries",
                "The prefix list has room for " + maxEntries + " entries; it would have " + entries);
    }

    @SafeVarargs
    private static Optional<Refusal> firstOf(Optional<Refusal>... faults) {
        for (Optional<Refusal> fault : faults) {
            if (fault.isPresent()) {
                return fault;
            }
        }
        return Optional.empty();
    }

    private static Optional<Refusal> invalid(String field, String message) {
        return refusal(ErrorCode.INVALID_PARAMETER_VALUE, field, message);
    }

    private static Optional<Refusal> refusal(ErrorCode code, String field, String message) {
        return Optional.of(Refusal.of(code, field, message));
    }
}
