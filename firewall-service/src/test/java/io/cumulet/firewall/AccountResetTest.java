package io.cumulet.firewall;

import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.containsInAnyOrder;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.everyItem;
import static org.hamcrest.Matchers.hasSize;

import io.cumulet.contract.Topic;
import io.quarkus.test.junit.QuarkusTest;
import org.junit.jupiter.api.Test;

/** The reset of one account's groups and prefix lists. */
@QuarkusTest
class AccountResetTest extends FirewallStack {

    private static final String LIST =
            "{\"name\": \"offices\", \"addressFamily\": \"IPv4\", \"maxEntries\": 5, \"entries\": [{\"cidr\": \"10.0.0.0/8\"}]}";

    private final String neighbour = anAccount();

    @Test
    void groupsAndListsGoAndTheDefaultGroupIsAsItWasMade() {
        String web = group("web");
        String list = as(account)
                .body(LIST)
                .post("/v1/prefix-lists")
                .then()
                .statusCode(201)
                .extract()
                .path("prefixListId");
        authorize(
                        web,
                        "ingress",
                        "{\"rules\": [{\"protocol\": \"all\", \"peer\": {\"prefixList\": \"" + list + "\"}}]}")
                .statusCode(201);
        authorize(defaultGroup, "ingress", "{\"rules\": [" + HTTP_FROM_ANYWHERE + "]}")
                .statusCode(201);
        String others = as(neighbour)
                .body("{\"name\": \"web\", \"description\": \"a group\"}")
                .post("/v1/security-groups")
                .then()
                .statusCode(201)
                .extract()
                .path("groupId");

        reset();

        get("/v1/security-groups")
                .body("securityGroups.groupId", contains(defaultGroup))
                .body("securityGroups[0].ingress.peer.group", contains(defaultGroup))
                .body("securityGroups[0].egress.peer.cidr", contains("0.0.0.0/0"));
        get("/v1/prefix-lists").body("prefixLists.account", everyItem(equalTo("AWS")));
        assertThat(published(web, 3).getLast().type()).isEqualTo("security-group.deleted");
        assertThat(published(Topic.FIREWALL_PREFIX_LISTS, list, 2).getLast().type())
                .isEqualTo("prefix-list.deleted");
        as(neighbour)
                .get("/v1/security-groups")
                .then()
                .body("securityGroups", hasSize(2))
                .body("securityGroups.name", containsInAnyOrder("default", "web"));
        as(neighbour).get("/v1/security-groups/" + others).then().body("version", equalTo(1));

        // The versions of the default group go on; a second reset leaves it alone.
        int version = get("/v1/security-groups/" + defaultGroup).extract().path("version");
        assertThat(version).isGreaterThan(2);
        reset();
        get("/v1/security-groups/" + defaultGroup).body("version", equalTo(version));
        group("web");
    }

    private void reset() {
        as("operator").post("/v1/accounts/" + account + "/reset").then().statusCode(204);
    }
}
