package io.cumulet.firewall.store;

import io.cumulet.firewall.domain.prefixlists.PrefixList;
import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.IdClass;
import jakarta.persistence.Table;
import java.io.Serializable;
import java.util.List;
import java.util.Map;
import org.hibernate.annotations.JdbcTypeCode;
import org.hibernate.type.SqlTypes;

/** A row of {@code prefix_list_version}: the entries that a list has or had. */
@Entity
@Table(name = "prefix_list_version")
@IdClass(PrefixListVersionEntity.Key.class)
class PrefixListVersionEntity {

    record Key(String prefixListId, long version) implements Serializable {}

    @Id
    @Column(name = "prefix_list_id")
    String prefixListId;

    @Id
    long version;

    /** As {@link PrefixListEntity} keeps them. */
    @JdbcTypeCode(SqlTypes.JSON)
    List<Map<String, String>> entries;

    static PrefixListVersionEntity of(PrefixList list) {
        PrefixListVersionEntity row = new PrefixListVersionEntity();
        row.prefixListId = list.id();
        row.version = list.entriesVersion();
        row.entries = PrefixListEntity.row(list.entries());
        return row;
    }
}
