package io.cumulet.firewall;

import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.containsInAnyOrder;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasKey;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.not;

import io.cumulet.contract.ContractJson;
import io.cumulet.contract.EventType;
import io.cumulet.contract.PrefixListSnapshot;
import io.cumulet.contract.Topic;
import io.cumulet.kernel.ResourceKind;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.ValidatableResponse;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Blocks under one name. */
@QuarkusTest
class PrefixListsTest extends FirewallStack {

    private static final String S3 = "pl-63a5400a";
    private static final String OFFICES = """
            {"name": "offices", "addressFamily": "IPv4", "maxEntries": 3, "tags": {"team": "net"},
             "entries": [{"cidr": "192.0.2.7/24", "description": "north"}, {"cidr": "198.51.100.0/24"}]}""";

    @Test
    void aListIsMadeFoundChangedAndDeletedAndEachVersionIsTold() throws IOException {
        String id = make(OFFICES)
                .statusCode(201)
                .body("version", equalTo(1))
                .body("entries.cidr", contains("192.0.2.0/24", "198.51.100.0/24"))
                .body("entries[0].description", equalTo("north"))
                .extract()
                .path("prefixListId");
        modify(
                        id,
                        "{\"currentVersion\": 1, \"removeEntries\": [\"198.51.100.0/24\"],"
                                + " \"addEntries\": [{\"cidr\": \"192.0.2.0/24\", \"description\": \"south\"}, {\"cidr\": \"203.0.113.0/24\"}]}")
                .statusCode(200)
                .body("version", equalTo(2))
                .body("entries.cidr", contains("192.0.2.0/24", "203.0.113.0/24"))
                .body("entries[0].description", equalTo("south"));
        modify(id, "{\"name\": \"sites\", \"maxEntries\": 10, \"tags\": {\"team\": null}}")
                .body("name", equalTo("sites"))
                .body("maxEntries", equalTo(10))
                .body("tags", not(hasKey("team")));
        get("/v1/prefix-lists?name=sites")
                .body("prefixLists.prefixListId", contains(id))
                .body("prefixLists[0].entryCount", equalTo(2))
                .body("prefixLists[0]", not(hasKey("entries")));
        get("/v1/prefix-lists?name=offices").body("prefixLists", empty());
        delete("/v1/prefix-lists/" + id).statusCode(204);
        problem(get("/v1/prefix-lists/" + id), 404, "InvalidPrefixListID.NotFound");

        List<Published> told = published(Topic.FIREWALL_PREFIX_LISTS, id, 4);
        assertThat(told)
                .extracting(Published::type)
                .containsExactly(
                        "prefix-list.created", "prefix-list.changed", "prefix-list.changed", "prefix-list.deleted");
        assertThat(told).extracting(Published::version).containsExactly(1L, 2L, 3L, 4L);
        PrefixListSnapshot last = ContractJson.read(told.get(2).body(), PrefixListSnapshot.class);
        assertThat(last.addressFamily()).isEqualTo("IPv4");
        assertThat(last.maxEntries()).isEqualTo(10);
        assertThat(last.entries()).hasSize(2);
    }

    @Test
    void whatIsWrongIsRefusedAndNothingChanges() {
        String id = make(OFFICES).extract().path("prefixListId");
        problem(
                modify(id, "{\"currentVersion\": 2, \"removeEntries\": [\"192.0.2.0/24\"]}"),
                409,
                "PrefixListVersionMismatch");
        problem(modify(id, "{\"removeEntries\": [\"192.0.2.0/24\"]}"), 400, "MissingParameter");
        problem(
                        modify(id, "{\"currentVersion\": 1, \"removeEntries\": [\"10.0.0.0/8\"]}"),
                        400,
                        "InvalidParameterValue")
                .body("field", equalTo("removeEntries[0]"));
        problem(
                modify(
                        id,
                        "{\"currentVersion\": 1, \"addEntries\": [{\"cidr\": \"10.0.0.0/8\"}, {\"cidr\": \"10.0.0.0/9\"}]}"),
                409,
                "PrefixListMaxEntriesExceeded");
        problem(
                        modify(id, "{\"currentVersion\": 1, \"addEntries\": [{\"cidr\": \"fd00::/64\"}]}"),
                        400,
                        "InvalidParameterValue")
                .body("field", equalTo("addEntries[0].cidr"));
        problem(
                        modify(id, "{\"currentVersion\": 1, \"addEntries\": [{\"cidr\": \"10.0.0.0\"}]}"),
                        400,
                        "InvalidParameterValue")
                .body("field", equalTo("addEntries[0].cidr"));
        problem(
                modify(id, "{\"currentVersion\": 1, \"maxEntries\": 5, \"addEntries\": [{\"cidr\": \"10.0.0.0/8\"}]}"),
                400,
                "InvalidParameterCombination");
        problem(modify(id, "{\"maxEntries\": 1}"), 409, "PrefixListMaxEntriesExceeded");
        problem(modify(id, "{\"maxEntries\": 1001}"), 400, "InvalidParameterValue");
        problem(make(OFFICES.replace("IPv4", "ipv4")), 400, "InvalidParameterValue")
                .body("field", equalTo("addressFamily"));
        for (String reserved : List.of("com.amazonaws.x", "com.amazon.x", "com.aws.x")) {
            problem(make(OFFICES.replace("offices", reserved)), 400, "InvalidParameterValue");
            problem(modify(id, "{\"name\": \"" + reserved + "\"}"), 400, "InvalidParameterValue");
        }
        problem(make(OFFICES.replace("\"maxEntries\": 3", "\"maxEntries\": 1")), 409, "PrefixListMaxEntriesExceeded");
        problem(make(OFFICES.replace("198.51.100.0/24", "192.0.2.0/24")), 400, "InvalidParameterValue")
                .body("field", equalTo("entries[1].cidr"));
        get("/v1/prefix-lists/" + id)
                .body("name", equalTo("offices"))
                .body("version", equalTo(1))
                .body("entries", hasSize(2));
        make(OFFICES.replace("offices", "com.amazonaws-offices")).statusCode(201);
    }

    @Test
    void theSameClientTokenMakesOneList() {
        String body = OFFICES.replace("{\"name\"", "{\"clientToken\": \"t1\", \"name\"");
        String first = make(body).statusCode(201).extract().asString();
        assertThat(make(body).statusCode(201).extract().asString()).isEqualTo(first);
        problem(make(body.replace("offices", "sites")), 409, "IdempotentParameterMismatch");
        get("/v1/prefix-lists?name=offices").body("prefixLists", hasSize(1));
    }

    @Test
    void awsOwnListsAreSeenAndNamedButNotChanged() {
        String id = make(OFFICES).extract().path("prefixListId");
        get("/v1/prefix-lists").body("prefixLists.prefixListId", containsInAnyOrder("pl-02cd2c6b", S3, id));
        get("/v1/prefix-lists?maxResults=1").body("prefixLists.name", contains("com.amazonaws.us-east-1.dynamodb"));
        get("/v1/prefix-lists?name=com.amazonaws.us-east-1.s3")
                .body("prefixLists.account", contains("AWS"))
                .body("prefixLists.prefixListId", contains(S3));
        get("/v1/prefix-lists/" + S3 + "/entries").body("entries", hasSize(3));
        String web = group("web");
        authorize(web, "egress", "{\"rules\": [{\"protocol\": \"all\", \"peer\": {\"prefixList\": \"" + S3 + "\"}}]}")
                .statusCode(201);
        get("/v1/prefix-lists/" + S3 + "/associations").body("associations.resourceId", contains(web));
        problem(modify(S3, "{\"maxEntries\": 9}"), 400, "UnsupportedOperation");
        problem(as(account).delete("/v1/prefix-lists/" + S3).then(), 400, "UnsupportedOperation");
    }

    @Test
    void theVersionCountsEntriesAloneAndEachCanBeHadBack() {
        String id = make(OFFICES)
                .body("state", equalTo("create-complete"))
                .extract()
                .path("prefixListId");
        modify(id, "{\"tags\": {\"team\": \"web\"}}")
                .body("version", equalTo(1))
                .body("state", equalTo("create-complete"));
        modify(id, "{\"maxEntries\": 2}").body("version", equalTo(1)).body("state", equalTo("modify-complete"));
        modify(id, "{\"currentVersion\": 1, \"removeEntries\": [\"198.51.100.0/24\"]}")
                .body("version", equalTo(2));

        String path = "/v1/prefix-lists/" + id;
        get(path + "/entries").body("entries.cidr", contains("192.0.2.0/24"));
        get(path + "/entries?version=1")
                .body("entries.cidr", contains("192.0.2.0/24", "198.51.100.0/24"))
                .body("entries[0].description", equalTo("north"));
        problem(get(path + "/entries?version=3"), 400, "InvalidParameterValue");
        problem(get(path + "/entries?version=one"), 400, "InvalidParameterValue");

        problem(restore(id, 1, 1), 409, "PrefixListVersionMismatch");
        problem(restore(id, 7, 2), 400, "InvalidParameterValue").body("field", equalTo("previousVersion"));
        restore(id, 1, 2)
                .statusCode(200)
                .body("version", equalTo(3))
                .body("state", equalTo("restore-complete"))
                .body("entries.cidr", contains("192.0.2.0/24", "198.51.100.0/24"));
        modify(id, "{\"currentVersion\": 3, \"removeEntries\": [\"192.0.2.0/24\", \"198.51.100.0/24\"]}");
        modify(id, "{\"maxEntries\": 1}").statusCode(200);
        problem(restore(id, 3, 4), 409, "PrefixListMaxEntriesExceeded");
        get(path).body("version", equalTo(4)).body("entries", empty());
    }

    @Test
    void aListKnowsTheGroupsThatNameIt() {
        String list = make(OFFICES).extract().path("prefixListId");
        get("/v1/prefix-lists/" + list + "/associations").body("associations", empty());
        String web = group("web");
        authorize(web, "ingress", naming(list)).statusCode(201);
        authorize(web, "egress", naming(list)).statusCode(201);
        get("/v1/prefix-lists/" + list + "/associations")
                .body("associations.resourceId", contains(web))
                .body("associations.resourceOwner", contains(account));
    }

    @Test
    void listsOfOtherAccountsAndRegionsBehaveLikeMissingOnes() {
        String foreign = make(OFFICES).extract().path("prefixListId");
        String stranger = anAccount();
        for (String id : List.of(foreign, ResourceKind.PREFIX_LIST.newId())) {
            problem(as(stranger).get("/v1/prefix-lists/" + id).then(), 404, "InvalidPrefixListID.NotFound");
            problem(
                    as(stranger)
                            .body("{\"name\": \"x\"}")
                            .patch("/v1/prefix-lists/" + id)
                            .then(),
                    404,
                    "InvalidPrefixListID.NotFound");
            problem(as(stranger).delete("/v1/prefix-lists/" + id).then(), 404, "InvalidPrefixListID.NotFound");
            as(stranger).get("/v1/prefix-lists?prefixListId=" + id).then().body("prefixLists", empty());
        }
        problem(get("/v1/prefix-lists/" + foreign + "?region=eu-west-1"), 404, "InvalidPrefixListID.NotFound");
        String web = as(stranger)
                .body("{\"name\": \"web\", \"description\": \"x\"}")
                .post("/v1/security-groups")
                .then()
                .extract()
                .path("groupId");
        problem(
                as(stranger)
                        .body(naming(foreign))
                        .post("/v1/security-groups/" + web + "/ingress-rules")
                        .then(),
                404,
                "InvalidPrefixListID.NotFound");
    }

    @Test
    void aListThatARuleNamesDecidesTrafficCountsAndStays() {
        String list = make(OFFICES).extract().path("prefixListId");
        String web = group("web");
        authorize(web, "ingress", naming(list)).statusCode(201).body("rules[0].peer.prefixList", equalTo(list));
        tell(event(EventType.INSTANCE_REQUESTED, ResourceKind.INSTANCE.newId(), 1, "pending", "172.31.0.4", web));
        assertThat(mayPass("198.51.100.9")).isTrue();
        assertThat(mayPass("203.0.113.9")).isFalse();
        modify(list, "{\"currentVersion\": 1, \"addEntries\": [{\"cidr\": \"203.0.113.0/24\"}]}")
                .statusCode(200);
        assertThat(mayPass("203.0.113.9")).isTrue();

        problem(delete("/v1/prefix-lists/" + list), 409, "PrefixListInUse");
        // It counts as three rules: 57 more have room, not 58.
        problem(
                authorize(web, "ingress", "{\"rules\": [" + ports(58) + "]}"),
                409,
                "RulesPerSecurityGroupLimitExceeded");
        authorize(web, "ingress", "{\"rules\": [" + ports(57) + "]}").statusCode(201);
        problem(modify(list, "{\"maxEntries\": 4}"), 409, "RulesPerSecurityGroupLimitExceeded")
                .body("field", equalTo("maxEntries"));

        String rule =
                get("/v1/security-groups/" + web + "/ingress-rules").extract().path("rules[0].ruleId");
        delete("/v1/security-groups/" + web + "/ingress-rules/" + rule).statusCode(204);
        delete("/v1/prefix-lists/" + list).statusCode(204);
    }

    @Test
    void changesOfWhateverVersionThereIsAreAllMade() throws Exception {
        String id = make("{\"name\": \"many\", \"addressFamily\": \"IPv4\", \"maxEntries\": 16}")
                .extract()
                .path("prefixListId");
        try (ExecutorService callers = Executors.newFixedThreadPool(8)) {
            List<Future<Integer>> answers = IntStream.range(0, 16)
                    .mapToObj(i -> callers.submit(() -> modify(
                                    id,
                                    "{\"anyVersion\": true, \"addEntries\": [{\"cidr\": \"10.0.%d.0/24\"}]}"
                                            .formatted(i))
                            .extract()
                            .statusCode()))
                    .toList();
            for (Future<Integer> answer : answers) {
                assertThat(answer.get()).isEqualTo(200);
            }
        }
        get("/v1/prefix-lists/" + id).body("version", equalTo(17)).body("entries", hasSize(16));
        problem(
                modify(id, "{\"anyVersion\": true, \"currentVersion\": 17, \"removeEntries\": [\"10.0.0.0/24\"]}"),
                400,
                "InvalidParameterCombination");
        problem(modify(id, "{\"anyVersion\": 1, \"name\": \"x\"}"), 400, "InvalidParameterValue");
    }

    @Test
    void listsComeInPages() {
        List<String> ids = IntStream.range(0, 3)
                .mapToObj(i -> make(OFFICES).extract().<String>path("prefixListId"))
                .toList();
        ValidatableResponse first =
                get("/v1/prefix-lists?name=offices&maxResults=2").body("prefixLists", hasSize(2));
        String token = first.extract().path("nextToken");
        List<String> rest = get("/v1/prefix-lists?name=offices&maxResults=2&nextToken=" + token)
                .extract()
                .path("prefixLists.prefixListId");
        assertThat(rest).hasSize(1).isSubsetOf(ids);
        get("/v1/prefix-lists?tag:team=net&prefixListId=" + ids.get(0) + "&prefixListId=" + ids.get(2))
                .body("prefixLists.prefixListId", containsInAnyOrder(ids.get(0), ids.get(2)));
    }

    @Test
    void anAccountHasAHundredListsAndNotOneMore() {
        String small = "{\"name\": \"x\", \"addressFamily\": \"IPv6\", \"maxEntries\": 1}";
        for (int i = 0; i < 100; i++) {
            make(small).statusCode(201);
        }
        problem(make(small), 409, "PrefixListLimitExceeded");
    }

    private static String ports(int count) {
        return IntStream.range(0, count)
                .mapToObj(port ->
                        "{\"protocol\": \"tcp\", \"fromPort\": %1$d, \"toPort\": %1$d, \"peer\": {\"cidr\": \"10.0.0.0/8\"}}"
                                .formatted(port))
                .collect(Collectors.joining(","));
    }

    private static String naming(String list) {
        return "{\"rules\": [{\"protocol\": \"all\", \"peer\": {\"prefixList\": \"" + list + "\"}}]}";
    }

    private boolean mayPass(String source) {
        return as(account)
                .body("{\"packets\": [{\"source\": \"" + source
                        + "\", \"destination\": \"172.31.0.4\", \"protocol\": \"47\"}]}")
                .post("/v1/evaluations")
                .then()
                .statusCode(200)
                .extract()
                .path("verdicts[0].allowed");
    }

    private ValidatableResponse make(String body) {
        return as(account).body(body).post("/v1/prefix-lists").then();
    }

    private ValidatableResponse restore(String id, int previous, int current) {
        return as(account)
                .body("{\"previousVersion\": " + previous + ", \"currentVersion\": " + current + "}")
                .post("/v1/prefix-lists/" + id + "/restorations")
                .then();
    }

    private ValidatableResponse modify(String id, String body) {
        return as(account).body(body).patch("/v1/prefix-lists/" + id).then();
    }
}
