package io.cumulet.firewall.api;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.cumulet.firewall.domain.prefixlists.ListsOfAws;
import io.cumulet.firewall.domain.prefixlists.PrefixList;
import io.cumulet.kernel.IpFamily;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/**
 * A prefix list as callers see it.
 *
 * @param account {@code AWS} for a list of AWS' own
 * @param version counts changes of entries
 * @param state what was done last, by EC2's names
 * @param entries in the order they were added; left out in lists of lists
 */
@Schema(name = "PrefixList")
@JsonInclude(JsonInclude.Include.NON_NULL)
public record PrefixListView(
        String prefixListId,
        String account,
        String region,
        String name,
        String addressFamily,
        int maxEntries,
        int entryCount,
        long version,
        String state,
        Instant createdAt,
        @Nullable List<EntryView> entries,
        Map<String, String> tags) {

    static final String IPV4 = "IPv4";
    static final String IPV6 = "IPv6";

    /** One block. */
    @Schema(name = "PrefixListEntryView")
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record EntryView(String cidr, @Nullable String description) {}

    /** The entries of one version. */
    @Schema(name = "PrefixListEntries")
    public record EntryList(List<EntryView> entries) {
        static EntryList of(List<PrefixList.Entry> entries) {
            return new EntryList(entries.stream()
                    .map(entry -> new EntryView(entry.cidr().toString(), entry.description()))
                    .toList());
        }
    }

    /** Whose rules name a list. */
    @Schema(name = "PrefixListAssociations")
    public record AssociationList(List<AssociationView> associations) {}

    /** @param resourceId a security group */
    @Schema(name = "PrefixListAssociation")
    public record AssociationView(String resourceId, String resourceOwner) {}

    /** A page of prefix lists; without a token it is the last. */
    @Schema(name = "PrefixListPage")
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record PrefixListPage(
            List<PrefixListView> prefixLists, @Nullable String nextToken) {}

    static PrefixListView whole(PrefixList list) {
        return of(list, EntryList.of(list.entries()).entries());
    }

    static PrefixListView withoutEntries(PrefixList list) {
        return of(list, null);
    }

    private static PrefixListView of(PrefixList list, @Nullable List<EntryView> entries) {
        return new PrefixListView(
                list.id(),
                ListsOfAws.has(list.region(), list.id())
                        ? ListsOfAws.OWNER
                        : list.account().value(),
                list.region().value(),
                list.name(),
                list.family() == IpFamily.IPV4 ? IPV4 : IPV6,
                list.maxEntries(),
                list.entries().size(),
                list.entriesVersion(),
                list.state().code(),
                list.createdAt(),
                entries,
                list.tags());
    }
}
