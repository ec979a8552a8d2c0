package io.cumulet.firewall;

import static org.assertj.core.api.Assertions.assertThat;

import io.cumulet.firewall.app.GroupStore;
import io.cumulet.firewall.domain.groups.SecurityGroup;
import io.cumulet.kernel.AccountId;
import io.cumulet.kernel.Region;
import io.cumulet.plumbing.Transactions;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.ValidatableResponse;
import jakarta.inject.Inject;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.Map;
import java.util.Random;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;

/** Who changes a group sees it as it is, whoever has changed it before: this process or another. */
@QuarkusTest
class RecentGroupsTest extends FirewallStack {

    @Inject
    GroupStore store;

    @Inject
    DataSource database;

    private final Region region = Region.DEFAULT;

    @Test
    void aLockedGroupIsAsItIsKept() throws SQLException {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        String group = group("web");
        for (int step = 0; step < 150; step++) {
            String said = step(random, group);
            String label = "seed " + seed + ", step " + step + ", " + said;
            var kept = Transactions.read(() -> store.find(new AccountId(account), region, group));
            var locked = Transactions.read(() -> store.lock(new AccountId(account), region, group));
            assertThat(locked).as(label).isPresent().isEqualTo(kept);
        }
        assertThat(store.lock(new AccountId(anAccount()), region, group)).isEmpty();
    }

    private String step(Random random, String group) throws SQLException {
        String path = "/v1/security-groups/" + group;
        int port = 1 + random.nextInt(12);
        String rule =
                "{\"protocol\": \"tcp\", \"fromPort\": %1$d, \"toPort\": %1$d, \"peer\": {\"cidr\": \"10.0.0.0/8\"}}"
                        .formatted(port);
        return switch (random.nextInt(8)) {
            case 0, 1 -> "authorized: " + status(authorize(group, "ingress", rule));
            case 2 -> "revoked: " + status(post(path + "/ingress-rules/revocations", "{\"rules\": [" + rule + "]}"));
            case 3 ->
                "described: "
                        + status(post(
                                path + "/ingress-rules/descriptions",
                                "{\"rules\": ["
                                        + rule.replace("}}", "}, \"description\": \"" + random.nextInt(9) + "\"}")
                                        + "]}"));
            case 4 -> "tagged: " + status(patch(path, "{\"tags\": {\"a\": \"" + random.nextInt(9) + "\"}}"));
            case 5 -> "another process: " + anotherProcessTakesRulesAway(group, port);
            case 6 -> "failed here: " + isRolledBackHere(group);
            default -> "another process that failed: " + anotherProcessIsRolledBack(group);
        };
    }

    private static int status(ValidatableResponse response) {
        return response.extract().statusCode();
    }

    private int anotherProcessTakesRulesAway(String group, int port) throws SQLException {
        try (Connection connection = database.getConnection()) {
            connection.setAutoCommit(false);
            int gone = update(
                    connection,
                    "DELETE FROM security_group_rule WHERE from_port = " + port + " AND group_id = ?",
                    group);
            update(connection, "UPDATE security_group SET version = version + 1 WHERE id = ?", group);
            connection.commit();
            return gone;
        }
    }

    private String isRolledBackHere(String group) {
        try {
            return Transactions.write(() -> {
                SecurityGroup before =
                        store.lock(new AccountId(account), region, group).orElseThrow();
                store.keepTags(before.tagged(Map.of("never", "kept")));
                throw new IllegalStateException("rolled back");
            });
        } catch (IllegalStateException e) {
            return String.valueOf(e.getMessage());
        }
    }

    private int anotherProcessIsRolledBack(String group) throws SQLException {
        try (Connection connection = database.getConnection()) {
            connection.setAutoCommit(false);
            int changed = update(connection, "UPDATE security_group SET version = version + 1 WHERE id = ?", group);
            connection.rollback();
            return changed;
        }
    }

    private static int update(Connection connection, String sql, String group) throws SQLException {
        try (PreparedStatement update = connection.prepareStatement(sql)) {
            update.setString(1, group);
            return update.executeUpdate();
        }
    }
}
