package io.cumulet.firewall;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.containsInAnyOrder;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.hasKey;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.not;
import static org.hamcrest.Matchers.notNullValue;
import static org.hamcrest.Matchers.nullValue;

import com.networknt.schema.JsonSchema;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SpecVersion;
import io.cumulet.contract.ContractJson;
import io.cumulet.contract.EventType;
import io.cumulet.contract.Schemas;
import io.cumulet.contract.SecurityGroupSnapshot;
import io.cumulet.kernel.AccountId;
import io.cumulet.kernel.DefaultNetwork;
import io.cumulet.kernel.Region;
import io.cumulet.kernel.ResourceKind;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.ValidatableResponse;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.Test;

@QuarkusTest
class FirewallServiceTest extends FirewallStack {

    @Test
    void theDefaultGroupIsThereWithoutAskingAndStays() {
        get("/v1/security-groups/" + defaultGroup)
                .statusCode(200)
                .body("name", equalTo("default"))
                .body("vpcId", equalTo(DefaultNetwork.vpcId(new AccountId(account), Region.DEFAULT)))
                .body("ingress", hasSize(1))
                .body("ingress[0].protocol", equalTo("all"))
                .body("ingress[0].peer.group", equalTo(defaultGroup))
                .body("egress[0].peer.cidr", equalTo("0.0.0.0/0"));
        get("/v1/security-groups").statusCode(200).body("securityGroups.groupId", contains(defaultGroup));
        problem(delete("/v1/security-groups/" + defaultGroup), 409, "CannotDelete");
        get("/v1/security-groups?region=eu-west-1")
                .body(
                        "securityGroups.groupId",
                        contains(DefaultNetwork.securityGroupId(new AccountId(account), new Region("eu-west-1"))));
        assertThat(published(defaultGroup, 1)).extracting(Published::type).containsExactly("security-group.created");
    }

    @Test
    void aNewGroupLetsNothingInAndEverythingOut() {
        create("{\"name\": \"web\", \"description\": \"web servers\", \"tags\": {\"team\": \"a\"}}")
                .statusCode(201)
                .body("name", equalTo("web"))
                .body("ingress", empty())
                .body("egress", hasSize(1))
                .body("egress[0].protocol", equalTo("all"))
                .body("egress[0].peer.cidr", equalTo("0.0.0.0/0"))
                .body("egress[0]", not(hasKey("fromPort")))
                .body("tags.team", equalTo("a"))
                .body("version", equalTo(1));
    }

    @Test
    void groupsAreListedInPagesAndByFilter() {
        List<String> ids = new ArrayList<>(List.of(defaultGroup));
        for (int i = 0; i < 4; i++) {
            ids.add(group("g" + i));
        }
        create("{\"name\": \"tagged\", \"description\": \"x\", \"tags\": {\"a:b\": \"c\"}}")
                .statusCode(201);
        get("/v1/security-groups?groupName=g1&groupName=g2")
                .body("securityGroups.name", containsInAnyOrder("g1", "g2"))
                .body("nextToken", nullValue());
        get("/v1/security-groups?groupId=" + ids.get(1)).body("securityGroups.groupId", contains(ids.get(1)));
        get("/v1/security-groups?vpcId=vpc-0123456789abcdef0").body("securityGroups", empty());
        given().header("Authorization", "Bearer " + account)
                .queryParam("tag:a:b", "c", "d")
                .get("/v1/security-groups")
                .then()
                .body("securityGroups.name", contains("tagged"));

        List<String> read = new ArrayList<>();
        String token = null;
        do {
            ValidatableResponse page = get("/v1/security-groups?maxResults=2"
                            + (token == null ? "" : "&nextToken=" + token))
                    .statusCode(200);
            List<String> pageIds = page.extract().path("securityGroups.groupId");
            assertThat(pageIds).hasSizeBetween(1, 2);
            read.addAll(pageIds);
            token = page.extract().path("nextToken");
        } while (token != null);
        assertThat(read).hasSize(6).isSorted().containsAll(ids);
        problem(get("/v1/security-groups?maxResults=0"), 400, "InvalidParameterValue");
        problem(get("/v1/security-groups?nextToken=x"), 400, "InvalidNextToken");
    }

    @Test
    void aNameIsTakenOnceInAVpcAlsoInARace() throws Exception {
        String body = "{\"name\": \"web\", \"description\": \"x\"}";
        List<Integer> statuses = atOnce(8, () -> create(body).extract().statusCode());
        assertThat(statuses).containsOnlyOnce(201).containsOnly(201, 409);
        problem(create(body), 409, "InvalidGroup.Duplicate").body("field", equalTo("name"));
        get("/v1/security-groups?groupName=web").body("securityGroups", hasSize(1));
    }

    @Test
    void theSameClientTokenGivesTheSameAnswerAndAnotherRequestWithItNone() throws Exception {
        String body = "{\"name\": \"web\", \"description\": \"x\", \"clientToken\": \"t1\"}";
        List<String> answers =
                atOnce(4, () -> create(body).statusCode(201).extract().body().asString());
        assertThat(answers.stream().distinct()).hasSize(1);
        problem(
                create("{\"name\": \"web2\", \"description\": \"x\", \"clientToken\": \"t1\"}"),
                409,
                "IdempotentParameterMismatch");

        String id = get("/v1/security-groups?groupName=web").extract().path("securityGroups[0].groupId");
        String rules = "{\"rules\": [" + HTTP_FROM_ANYWHERE + "], \"clientToken\": \"r1\"}";
        String first = authorize(id, "ingress", rules).statusCode(201).extract().asString();
        assertThat(authorize(id, "ingress", rules).statusCode(201).extract().asString())
                .isEqualTo(first);
        assertThat(published(id, 2)).extracting(Published::version).containsExactly(1L, 2L);

        delete("/v1/security-groups/" + id).statusCode(204);
        assertThat(create(body).statusCode(201).extract().asString()).isEqualTo(answers.getFirst());
        problem(get("/v1/security-groups/" + id), 404, "InvalidGroup.NotFound");
    }

    @Test
    void aRefusedRequestLeavesItsClientTokenFree() {
        String taken = group("web");
        String body = "{\"name\": \"web\", \"description\": \"x\", \"clientToken\": \"t1\"}";
        problem(create(body), 409, "InvalidGroup.Duplicate");
        delete("/v1/security-groups/" + taken).statusCode(204);
        create(body).statusCode(201);
    }

    @Test
    void rulesJoinTogetherOrNotAtAll() {
        String id = group("web");
        String peer = group("lb");
        authorize(id, "ingress", "{\"rules\": [" + HTTP_FROM_ANYWHERE + """
                , {"protocol": "udp", "fromPort": 53, "toPort": 54, "peer": {"cidr": "FD00::5/64"}, "description": "dns"}
                , {"protocol": "icmp", "icmpType": 8, "icmpCode": -1, "peer": {"group": "%s"}}
                , {"protocol": "47", "peer": {"group": "%s"}}]}""".formatted(peer, id))
                .statusCode(201)
                .body("rules", hasSize(4))
                .body("rules[1].peer.cidr", equalTo("fd00::/64"))
                .body("rules[1].description", equalTo("dns"))
                .body("rules[2].icmpCode", equalTo(-1));
        problem(
                        authorize(
                                id,
                                "ingress",
                                "{\"rules\": [{\"protocol\": \"all\", \"peer\": {\"cidr\": \"10.0.0.0/8\"}}, "
                                        + HTTP_FROM_ANYWHERE + "]}"),
                        409,
                        "InvalidPermission.Duplicate")
                .body("field", equalTo("rules[1]"));
        get("/v1/security-groups/" + id + "/ingress-rules")
                .body("rules.protocol", contains("tcp", "udp", "icmp", "47"));
        get("/v1/security-groups/" + id).body("version", equalTo(2));

        String ruleId =
                get("/v1/security-groups/" + id + "/ingress-rules").extract().path("rules[1].ruleId");
        problem(
                delete("/v1/security-groups/" + id + "/egress-rules/" + ruleId),
                404,
                "InvalidSecurityGroupRuleId.NotFound");
        delete("/v1/security-groups/" + id + "/ingress-rules/" + ruleId).statusCode(204);
        get("/v1/security-groups/" + id)
                .body("ingress.protocol", contains("tcp", "icmp", "47"))
                .body("egress", hasSize(1))
                .body("version", equalTo(3));
        authorize(id, "egress", "{\"rules\": [" + HTTP_FROM_ANYWHERE + "]}").statusCode(201);
        get("/v1/security-groups/" + id + "/egress-rules").body("rules", hasSize(2));
    }

    @Test
    void aGroupHoldsSixtyRulesInADirection() {
        String id = group("full");
        String rules = IntStream.range(0, 61)
                .mapToObj(port ->
                        "{\"protocol\": \"tcp\", \"fromPort\": %1$d, \"toPort\": %1$d, \"peer\": {\"cidr\": \"10.0.0.0/8\"}}"
                                .formatted(port))
                .collect(Collectors.joining(","));
        problem(authorize(id, "ingress", "{\"rules\": [" + rules + "]}"), 409, "RulesPerSecurityGroupLimitExceeded");
        get("/v1/security-groups/" + id).body("ingress", empty());
    }

    @Test
    void malformedRulesAreRefusedWithTheirPlace() {
        String id = group("web");
        problem(
                        authorize(
                                id,
                                "ingress",
                                "{\"rules\": [" + HTTP_FROM_ANYWHERE
                                        + ", {\"protocol\": \"tcp\", \"fromPort\": 1, \"toPort\": 2, \"peer\": {\"cidr\": \"10.0.0.0/33\"}}]}"),
                        400,
                        "InvalidPermission.Malformed")
                .body("field", equalTo("rules[1].peer.cidr"));
        problem(authorize(id, "ingress", "{\"rules\": []}"), 400, "InvalidParameterValue");
        problem(authorize(id, "ingress", "{\"rule\": []}"), 400, "UnknownParameter")
                .body("field", equalTo("rule"));
        problem(
                        authorize(
                                id,
                                "ingress",
                                "{\"rules\": [{\"protocol\": \"all\", \"peer\": {\"prefixList\": \"pl-0123456789abcdef0\"}}]}"),
                        404,
                        "InvalidPrefixListID.NotFound")
                .body("field", equalTo("rules[0].peer.prefixList"));
        get("/v1/security-groups/" + id).body("ingress", empty()).body("version", equalTo(1));
    }

    @Test
    void groupsOfOtherAccountsAndRegionsBehaveLikeMissingOnes() {
        String foreign = group("web");
        String stranger = anAccount();
        String own = as(stranger)
                .body("{\"name\": \"own\", \"description\": \"x\"}")
                .post("/v1/security-groups")
                .then()
                .statusCode(201)
                .extract()
                .path("groupId");
        String missing = ResourceKind.SECURITY_GROUP.newId();
        for (String id : List.of(foreign, missing)) {
            problem(as(stranger).get("/v1/security-groups/" + id).then(), 404, "InvalidGroup.NotFound")
                    .body("detail", equalTo("The security group '" + id + "' does not exist"));
            problem(as(stranger).delete("/v1/security-groups/" + id).then(), 404, "InvalidGroup.NotFound");
            problem(
                    as(stranger)
                            .body("{\"rules\": [" + HTTP_FROM_ANYWHERE + "]}")
                            .post("/v1/security-groups/" + id + "/ingress-rules")
                            .then(),
                    404,
                    "InvalidGroup.NotFound");
            problem(
                            as(stranger)
                                    .body("{\"rules\": [{\"protocol\": \"all\", \"peer\": {\"group\": \"" + id
                                            + "\"}}]}")
                                    .post("/v1/security-groups/" + own + "/ingress-rules")
                                    .then(),
                            404,
                            "InvalidGroup.NotFound")
                    .body("field", equalTo("rules[0].peer.group"));
            as(stranger).get("/v1/security-groups?groupId=" + id).then().body("securityGroups", empty());
        }
        problem(get("/v1/security-groups/" + foreign + "?region=eu-west-1"), 404, "InvalidGroup.NotFound");
        problem(
                create("{\"name\": \"x\", \"description\": \"x\", \"vpcId\": \""
                        + DefaultNetwork.vpcId(new AccountId(stranger), Region.DEFAULT) + "\"}"),
                404,
                "InvalidVpcID.NotFound");
    }

    @Test
    void aGroupThatAnotherNamesIsNotDeletedButOneThatNamesItselfIs() {
        String lb = group("lb");
        String web = group("web");
        authorize(web, "ingress", "{\"rules\": [{\"protocol\": \"all\", \"peer\": {\"group\": \"" + lb + "\"}}]}")
                .statusCode(201);
        authorize(lb, "ingress", "{\"rules\": [{\"protocol\": \"all\", \"peer\": {\"group\": \"" + lb + "\"}}]}")
                .statusCode(201);
        problem(delete("/v1/security-groups/" + lb), 409, "DependencyViolation").body("detail", containsString(web));
        delete("/v1/security-groups/" + web).statusCode(204);
        delete("/v1/security-groups/" + lb).statusCode(204);
        problem(delete("/v1/security-groups/" + lb), 404, "InvalidGroup.NotFound");
    }

    @Test
    void aRuleNeverComesToNameAGroupThatIsBeingDeleted() throws Exception {
        for (int round = 0; round < 10; round++) {
            String lb = group("lb" + round);
            String web = group("web" + round);
            String rule = "{\"rules\": [{\"protocol\": \"all\", \"peer\": {\"group\": \"" + lb + "\"}}]}";
            AtomicInteger turn = new AtomicInteger();
            List<Integer> statuses = atOnce(
                    2,
                    () -> turn.getAndIncrement() == 0
                            ? delete("/v1/security-groups/" + lb).extract().statusCode()
                            : authorize(web, "ingress", rule).extract().statusCode());
            assertThat(statuses).isIn(List.of(204, 404), List.of(404, 204), List.of(409, 201), List.of(201, 409));
        }
    }

    @Test
    void packetsBetweenStoredInstancesAreJudgedByTheirGroups() {
        String web = group("web");
        String ruleId = authorize(web, "ingress", "{\"rules\": [" + HTTP_FROM_ANYWHERE + "]}")
                .extract()
                .path("rules[0].ruleId");
        tell(
                event(EventType.INSTANCE_REQUESTED, ResourceKind.INSTANCE.newId(), 1, "pending", "172.31.0.4", web),
                event(
                        EventType.INSTANCE_REQUESTED,
                        ResourceKind.INSTANCE.newId(),
                        1,
                        "pending",
                        "172.31.0.5",
                        defaultGroup),
                event(
                        EventType.INSTANCE_REQUESTED,
                        ResourceKind.INSTANCE.newId(),
                        1,
                        "pending",
                        "172.31.0.6",
                        defaultGroup));
        as(account)
                .body("""
                        {"packets": [
                          {"source": "203.0.113.9", "destination": "172.31.0.4", "protocol": "tcp", "destinationPort": 80},
                          {"source": "203.0.113.9", "destination": "172.31.0.4", "protocol": "tcp", "destinationPort": 81},
                          {"source": "172.31.0.5", "destination": "172.31.0.6", "protocol": "47"},
                          {"source": "172.31.0.4", "destination": "172.31.0.6", "protocol": "47"},
                          {"source": "203.0.113.9", "destination": "172.31.0.7", "protocol": "47"}]}""")
                .post("/v1/evaluations")
                .then()
                .statusCode(200)
                .body("verdicts.allowed", contains(true, false, true, false, true))
                .body("verdicts[0].ingressRule", equalTo(ruleId))
                .body("verdicts[0].egressRule", nullValue())
                .body("verdicts[1].blockedBy", equalTo("ingress"))
                .body("verdicts[2].egressRule", notNullValue())
                .body("verdicts[3].blockedBy", equalTo("ingress"));
        // Another account's instance is an address like any outside.
        as(anAccount())
                .body(
                        "{\"packets\": [{\"source\": \"203.0.113.9\", \"destination\": \"172.31.0.4\", \"protocol\": \"47\"}]}")
                .post("/v1/evaluations")
                .then()
                .body("verdicts.allowed", contains(true));
    }

    @Test
    void aWorldOfItsOwnIsJudgedAndStoredNowhere() {
        String world = """
                {"groups": [{"id": "sg-1",
                             "ingress": [{"id": "sgr-1", "protocol": "tcp", "fromPort": 80, "toPort": 80, "peer": {"cidr": "10.9.0.0/8"}}],
                             "egress": [{"id": "sgr-3", "protocol": "all", "peer": {"cidr": "0.0.0.0/0"}}]}],
                 "instances": [{"id": "i-1", "addresses": ["10.0.0.5", "fd00::5"], "groups": ["sg-1"]},
                               {"id": "i-2", "addresses": ["10.0.0.6"], "groups": ["sg-1"]}],
                 "packets": [{"source": "203.0.113.9", "destination": "10.0.0.5", "protocol": "tcp", "destinationPort": 80},
                             {"source": "10.0.0.6", "destination": "10.0.0.5", "protocol": "tcp", "destinationPort": 80},
                             {"source": "fd00::5", "destination": "fd00::6", "protocol": "tcp", "destinationPort": 80}]}""";
        assertThat(as(account)
                        .body(world)
                        .post("/v1/evaluations")
                        .then()
                        .statusCode(200)
                        .extract()
                        .asString())
                .isEqualTo("{\"verdicts\":[{\"allowed\":false,\"blockedBy\":\"ingress\"},"
                        + "{\"allowed\":true,\"egressRule\":\"sgr-3\",\"ingressRule\":\"sgr-1\"},"
                        + "{\"allowed\":false,\"blockedBy\":\"egress\"}]}");
        problem(
                        as(account)
                                .body(world.replace("10.9.0.0/8", "10.9.0.0"))
                                .post("/v1/evaluations")
                                .then(),
                        400,
                        "InvalidPermission.Malformed")
                .body("field", equalTo("groups[0].ingress[0].peer.cidr"));
        problem(as(account).body("").post("/v1/evaluations").then(), 400, "MissingParameter");
        // Small in bytes, large as a tree.
        problem(
                as(account)
                        .body("{\"packets\": [" + "{},".repeat(2_000_000) + "{}]}")
                        .post("/v1/evaluations")
                        .then(),
                400,
                "MalformedRequest");
        problem(as(account).body("[]").post("/v1/evaluations").then(), 400, "MalformedRequest");
        problem(as(account).body("{").post("/v1/evaluations").then(), 400, "MalformedRequest");
    }

    @Test
    void whatNobodyReadsIsRefused() {
        problem(get("/v1/security-groups?colour=red"), 400, "UnknownParameter").body("field", equalTo("colour"));
        problem(get("/v1/security-groups/" + defaultGroup + "?groupName=x"), 400, "UnknownParameter");
        problem(create("{\"name\": \"web\", \"description\": \"x\", \"vpc\": \"y\"}"), 400, "UnknownParameter")
                .body("field", equalTo("vpc"));
        problem(create("{\"name\": \"web\"}"), 400, "MissingParameter").body("field", equalTo("description"));
        problem(create("{\"name\": 1, \"description\": \"x\"}"), 400, "InvalidParameterValue");
        problem(create("{\"name\": \"default\", \"description\": \"x\"}"), 400, "InvalidGroup.Reserved");
        problem(
                        create("{\"name\": \"web\", \"description\": \"x\", \"tags\": {\"aws:a\": \"\"}}"),
                        400,
                        "InvalidParameterValue")
                .body("field", equalTo("tags"));
    }

    @Test
    void everyChangeIsPublishedWholeAndAsItsSchemaSays() throws IOException {
        String id = group("web");
        authorize(id, "ingress", "{\"rules\": [" + HTTP_FROM_ANYWHERE + """
                , {"protocol": "icmpv6", "icmpType": -1, "icmpCode": -1, "peer": {"cidr": "::/0"}, "description": "ping"}
                , {"protocol": "all", "peer": {"group": "%s"}}]}""".formatted(id))
                .statusCode(201);
        String ruleId = get("/v1/security-groups/" + id).extract().path("ingress[0].ruleId");
        delete("/v1/security-groups/" + id + "/ingress-rules/" + ruleId).statusCode(204);
        delete("/v1/security-groups/" + id).statusCode(204);

        List<Published> events = published(id, 4);
        assertThat(events)
                .extracting(Published::type)
                .containsExactly(
                        "security-group.created",
                        "security-group.changed",
                        "security-group.changed",
                        "security-group.deleted");
        assertThat(events).extracting(Published::version).containsExactly(1L, 2L, 3L, 4L);
        for (Published event : events) {
            JsonSchema schema = JsonSchemaFactory.getInstance(SpecVersion.VersionFlag.V202012)
                    .getSchema(new ByteArrayInputStream(
                            Schemas.schema(EventType.ofName(event.type()).orElseThrow())));
            String json = new String(event.body(), StandardCharsets.UTF_8);
            assertThat(schema.validate(json, com.networknt.schema.InputFormat.JSON))
                    .as(json)
                    .isEmpty();
            SecurityGroupSnapshot snapshot = ContractJson.read(event.body(), SecurityGroupSnapshot.class);
            assertThat(snapshot.groupId()).isEqualTo(id);
            assertThat(snapshot.account()).isEqualTo(account);
            assertThat(snapshot.version()).isEqualTo(event.version());
        }
        SecurityGroupSnapshot full = ContractJson.read(events.get(1).body(), SecurityGroupSnapshot.class);
        assertThat(full.ingress()).hasSize(3);
        assertThat(full.ingress().getFirst().toPort()).isEqualTo(80);
    }

    @Test
    void aFloodOfLifecycleEventsIsTakenInQuickly() {
        int instances = 5_000;
        List<ProducerRecord<String, byte[]>> flood = new ArrayList<>();
        for (int i = 0; i < instances; i++) {
            String id = ResourceKind.INSTANCE.newId();
            String address = "172.31." + (i / 250) + "." + (4 + i % 250);
            flood.add(event(EventType.INSTANCE_REQUESTED, id, 1, "pending", address, defaultGroup));
            flood.add(event(EventType.INSTANCE_LAUNCHED, id, 2, "running", address, defaultGroup));
            flood.add(event(EventType.INSTANCE_TERMINATED, id, 3, "terminated", address, defaultGroup));
        }
        long start = System.nanoTime();
        tell(flood);
        long millis = (System.nanoTime() - start) / 1_000_000;
        System.out.printf(
                "%d lifecycle events taken in within %d ms: %d/s%n",
                flood.size(), millis, flood.size() * 1000L / millis);
        assertThat(millis).isLessThan(30_000);
    }

    @Test
    void theApiDescribesItself() {
        given().get("/q/openapi?format=json")
                .then()
                .statusCode(200)
                .body("paths", hasKey("/v1/evaluations"))
                .body("paths", hasKey("/v1/security-groups/{id}/ingress-rules"))
                .body("components.schemas.RuleForm.required", hasItem("peer"))
                .body("components.schemas.SecurityGroupRule.properties", hasKey("ruleId"))
                .body("components.schemas.SecurityGroupRule.properties", hasKey("groupId"));
        given().get("/q/swagger-ui/").then().statusCode(200);
        given().get("/q/health").then().statusCode(200);
    }
}
