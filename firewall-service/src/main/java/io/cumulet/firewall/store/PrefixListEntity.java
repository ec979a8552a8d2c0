package io.cumulet.firewall.store;

import io.cumulet.firewall.domain.prefixlists.PrefixList;
import io.cumulet.kernel.AccountId;
import io.cumulet.kernel.Cidr;
import io.cumulet.kernel.IpFamily;
import io.cumulet.kernel.Region;
import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.hibernate.annotations.JdbcTypeCode;
import org.hibernate.type.SqlTypes;

/** A row of {@code prefix_list}. */
@Entity
@Table(name = "prefix_list")
class PrefixListEntity {

    private static final String IPV4 = "IPv4";
    private static final String IPV6 = "IPv6";
    private static final String CIDR = "cidr";
    private static final String DESCRIPTION = "description";

    @Id
    String id;

    String account;

    String region;

    String name;

    @Column(name = "address_family")
    String addressFamily;

    @Column(name = "max_entries")
    int maxEntries;

    long version;

    @Column(name = "entries_version")
    long entriesVersion;

    String state;

    @Column(name = "created_at")
    Instant createdAt;

    @JdbcTypeCode(SqlTypes.JSON)
    Map<String, String> tags;

    /** In their order, each with a block and perhaps a description. */
    @JdbcTypeCode(SqlTypes.JSON)
    List<Map<String, String>> entries;

    static PrefixListEntity of(PrefixList list) {
        PrefixListEntity row = new PrefixListEntity();
        row.id = list.id();
        row.account = list.account().value();
        row.region = list.region().value();
        row.addressFamily = list.family() == IpFamily.IPV4 ? IPV4 : IPV6;
        row.createdAt = list.createdAt();
        row.keep(list);
        return row;
    }

    /** Takes over what may change. */
    void keep(PrefixList list) {
        name = list.name();
        maxEntries = list.maxEntries();
        version = list.version();
        entriesVersion = list.entriesVersion();
        state = list.state().code();
        tags = list.tags();
        entries = row(list.entries());
    }

    static List<Map<String, String>> row(List<PrefixList.Entry> entries) {
        List<Map<String, String>> row = new ArrayList<>();
        for (PrefixList.Entry entry : entries) {
            Map<String, String> one = new LinkedHashMap<>();
            one.put(CIDR, entry.cidr().toString());
            if (entry.description() != null) {
                one.put(DESCRIPTION, entry.description());
            }
            row.add(one);
        }
        return row;
    }

    static List<PrefixList.Entry> entries(List<Map<String, String>> row) {
        return row.stream()
                .map(entry -> new PrefixList.Entry(
                        Cidr.parse(entry.getOrDefault(CIDR, "")).orElseThrow(), entry.get(DESCRIPTION)))
                .toList();
    }

    IpFamily family() {
        return addressFamily.equals(IPV4) ? IpFamily.IPV4 : IpFamily.IPV6;
    }

    PrefixList list() {
        return new PrefixList(
                id,
                new AccountId(account),
                new Region(region),
                name,
                family(),
                maxEntries,
                version,
                entriesVersion,
                PrefixList.State.of(state),
                createdAt,
                entries(entries),
                tags);
    }
}
