package io.cumulet.instances.store;

import io.cumulet.instances.app.AccountContents;
import io.cumulet.kernel.AccountId;
import io.cumulet.kernel.AvailabilityZone;
import io.cumulet.kernel.Region;
import io.cumulet.plumbing.suite.AccountRows;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;

/** What an account has, in PostgreSQL. */
@ApplicationScoped
public class SqlAccountContents implements AccountContents {

    /** Tables with a column {@code account} whose rows go without being told of: a new one is a line here. */
    private static final List<String> TABLES = List.of(
            "capacity_demand",
            "scheduled_instance_copy",
            "key_pair",
            "spot_request_user_data",
            "instance_metadata_default");

    private final AccountRows rows;

    public SqlAccountContents(AccountRows rows) {
        this.rows = rows;
    }

    @Override
    public Map<AvailabilityZone, List<String>> livingInstances(AccountId account) {
        return ids(
                "SELECT az || ' ' || instance_id FROM instance WHERE account = ? AND terminated_at IS NULL",
                account,
                AvailabilityZone::new);
    }

    @Override
    public Map<AvailabilityZone, List<String>> interfaces(AccountId account) {
        return ids(
                "SELECT az || ' ' || interface_id FROM network_interface WHERE account = ?",
                account,
                AvailabilityZone::new);
    }

    @Override
    public Map<Region, List<String>> addresses(AccountId account) {
        return ids(
                "SELECT region || ' ' || allocation_id FROM elastic_address WHERE account = ? ORDER BY allocation_id",
                account,
                Region::new);
    }

    private <K> Map<K, List<String>> ids(String query, AccountId account, Function<String, K> key) {
        Map<String, List<String>> byPlace = new TreeMap<>();
        for (String row : rows.ids(query, account)) {
            int space = row.indexOf(' ');
            byPlace.computeIfAbsent(row.substring(0, space), place -> new ArrayList<>())
                    .add(row.substring(space + 1));
        }
        Map<K, List<String>> ids = new LinkedHashMap<>();
        byPlace.forEach((place, ofPlace) -> ids.put(key.apply(place), ofPlace));
        return ids;
    }

    @Override
    public SortedSet<Region> regions(AccountId account) {
        TreeSet<Region> regions = new TreeSet<>(Comparator.comparing(Region::value));
        rows.ids("SELECT DISTINCT region FROM vpc WHERE account = ?", account)
                .forEach(region -> regions.add(new Region(region)));
        return regions;
    }

    @Override
    public SortedSet<AvailabilityZone> waitsIn(AccountId account) {
        TreeSet<AvailabilityZone> zones = new TreeSet<>();
        rows.ids("SELECT DISTINCT az FROM capacity_demand WHERE account = ?", account)
                .forEach(zone -> zones.add(new AvailabilityZone(zone)));
        return zones;
    }

    @Override
    public void deleteRest(AccountId account) {
        rows.run(List.of("""
                        DELETE FROM instance_user_data USING instance
                        WHERE instance_user_data.instance_id = instance.instance_id
                            AND instance.account = ? AND instance.terminated_at IS NOT NULL""", "DELETE FROM instance WHERE account = ? AND terminated_at IS NOT NULL"), account);
        rows.delete(TABLES, account);
        // The rows stay: other accounts may have launched from images that were shared.
        rows.run(List.of("UPDATE image SET state = 'deregistered', launch_accounts = '{}' WHERE account = ?"), account);
    }
}
