package io.cumulet.firewall;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.containsInAnyOrder;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasKey;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.not;
import static org.hamcrest.Matchers.nullValue;

import io.cumulet.contract.ContractJson;
import io.cumulet.contract.SecurityGroupSnapshot;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.ValidatableResponse;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Changing rules that are there. */
@QuarkusTest
class GroupRulesTest extends FirewallStack {

    private static final String DNS =
            "{\"protocol\": \"udp\", \"fromPort\": 53, \"toPort\": 53, \"peer\": {\"cidr\": \"10.0.0.0/8\"},"
                    + " \"description\": \"dns\", \"tags\": {\"team\": \"net\"}}";

    private String group;

    @BeforeEach
    void makeGroup() {
        group = group("web");
    }

    private List<String> twoRules() {
        return authorize(group, "ingress", "{\"rules\": [" + HTTP_FROM_ANYWHERE + "," + DNS + "]}")
                .statusCode(201)
                .body("rules[0]", not(hasKey("tags")))
                .body("rules[1].tags.team", equalTo("net"))
                .extract()
                .path("rules.ruleId");
    }

    @Test
    void aRuleIsReplacedAndKeepsItsIdAndTags() {
        List<String> ids = twoRules();
        String path = "/v1/security-groups/" + group + "/ingress-rules/";
        put(
                        path + ids.get(1),
                        "{\"protocol\": \"tcp\", \"fromPort\": 53, \"toPort\": 54, \"peer\": {\"cidr\": \"10.1.0.0/16\"}}")
                .statusCode(200)
                .body("ruleId", equalTo(ids.get(1)))
                .body("protocol", equalTo("tcp"))
                .body("description", nullValue())
                .body("tags.team", equalTo("net"));
        get("/v1/security-groups/" + group)
                .body("version", equalTo(3))
                .body("ingress.ruleId", equalTo(ids))
                .body("ingress[1].toPort", equalTo(54));
        problem(put(path + ids.get(1), HTTP_FROM_ANYWHERE), 409, "InvalidPermission.Duplicate");
        problem(put(path + "sgr-0123456789abcdef0", HTTP_FROM_ANYWHERE), 404, "InvalidSecurityGroupRuleId.NotFound");
        problem(
                put("/v1/security-groups/" + group + "/egress-rules/" + ids.get(1), HTTP_FROM_ANYWHERE),
                404,
                "InvalidSecurityGroupRuleId.NotFound");
        problem(put(path + ids.get(1), DNS), 400, "UnknownParameter").body("field", equalTo("tags"));
        get("/v1/security-groups/" + group).body("version", equalTo(3));
    }

    @Test
    void severalAreReplacedTogetherOrNotAtAll() {
        List<String> ids = twoRules();
        String path = "/v1/security-groups/" + group + "/ingress-rules/modifications";
        String rule =
                "{\"ruleId\": \"%s\", \"protocol\": \"tcp\", \"fromPort\": %d, \"toPort\": %2$d, \"peer\": {\"cidr\": \"0.0.0.0/0\"}}";
        problem(
                        post(
                                path,
                                "{\"rules\": [" + rule.formatted(ids.get(0), 81) + ","
                                        + rule.formatted("sgr-0123456789abcdef0", 82) + "]}"),
                        404,
                        "InvalidSecurityGroupRuleId.NotFound")
                .body("field", equalTo("rules[1].ruleId"));
        get("/v1/security-groups/" + group).body("ingress[0].fromPort", equalTo(80));
        post(path, "{\"rules\": [" + rule.formatted(ids.get(0), 81) + "," + rule.formatted(ids.get(1), 80) + "]}")
                .statusCode(200)
                .body("rules.fromPort", contains(81, 80));
        get("/v1/security-groups/" + group).body("ingress.fromPort", contains(81, 80));
        problem(post(path, "{\"rules\": []}"), 400, "InvalidParameterValue");
    }

    @Test
    void rulesOfBothDirectionsAreReplacedTogetherOrNotAtAll() {
        String in = twoRules().getFirst();
        String out = get("/v1/security-groups/" + group).extract().path("egress[0].ruleId");
        String path = "/v1/security-groups/" + group + "/rules/modifications";
        String rule =
                "{\"ruleId\": \"%s\", \"protocol\": \"tcp\", \"fromPort\": 443, \"toPort\": 443, \"peer\": {\"cidr\": \"%s\"}}";
        problem(
                        post(
                                path,
                                "{\"rules\": [" + rule.formatted(in, "0.0.0.0/0") + "," + rule.formatted(out, "::/0")
                                        + "]}"),
                        400,
                        "InvalidParameterValue")
                .body("field", equalTo("rules[1].peer"));
        get("/v1/security-groups/" + group).body("version", equalTo(2));
        // The same words in the other direction are another rule.
        post(path, "{\"rules\": [" + rule.formatted(in, "0.0.0.0/0") + "," + rule.formatted(out, "0.0.0.0/0") + "]}")
                .statusCode(200)
                .body("rules.ruleId", contains(in, out));
        get("/v1/security-groups/" + group)
                .body("version", equalTo(3))
                .body("ingress.fromPort", contains(443, 53))
                .body("egress.fromPort", contains(443));
    }

    @Test
    void severalAreDescribedByIdOrByWhatTheySayAllOrNone() {
        List<String> ids = twoRules();
        String path = "/v1/security-groups/" + group + "/ingress-rules/descriptions";
        String web = HTTP_FROM_ANYWHERE.replace("}}", "}, \"description\": \"web\"}");
        problem(
                        post(path, "{\"rules\": [" + web + ", {\"ruleId\": \"sgr-0123456789abcdef0\"}]}"),
                        404,
                        "InvalidSecurityGroupRuleId.NotFound")
                .body("field", equalTo("rules[1].ruleId"));
        problem(post(path, "{\"rules\": [" + web.replace("80", "81") + "]}"), 400, "InvalidPermission.NotFound");
        problem(
                        post(path, "{\"rules\": [" + web + ", {\"ruleId\": \"" + ids.getFirst() + "\"}]}"),
                        400,
                        "InvalidParameterValue")
                .body("field", equalTo("rules[1]"));
        get("/v1/security-groups/" + group).body("version", equalTo(2));
        post(path, "{\"rules\": [" + web + ", {\"ruleId\": \"" + ids.get(1) + "\"}]}")
                .statusCode(200)
                .body("rules.ruleId", equalTo(ids));
        get("/v1/security-groups/" + group)
                .body("ingress.description", contains("web", null))
                .body("ingress[1].tags.team", equalTo("net"));
    }

    @Test
    void aRuleIsFoundAndTaggedByItsIdAlone() {
        String id = twoRules().get(1);
        String path = "/v1/security-group-rules/" + id;
        get(path).body("groupId", equalTo(group)).body("direction", equalTo("ingress"));
        as(account)
                .body("{\"tags\": {\"team\": null, \"tier\": \"1\"}}")
                .patch(path)
                .then()
                .statusCode(200)
                .body("tags.tier", equalTo("1"))
                .body("tags", not(hasKey("team")))
                .body("description", equalTo("dns"));
        get("/v1/security-group-rules?tag:tier=1").body("securityGroupRules.ruleId", contains(id));
        problem(as(anAccount()).get(path).then(), 404, "InvalidSecurityGroupRuleId.NotFound");
        problem(as(anAccount()).body("{}").patch(path).then(), 404, "InvalidSecurityGroupRuleId.NotFound");
    }

    @Test
    void rulesAreRevokedByIdOrByWhatTheySayAllOrNone() {
        List<String> ids = twoRules();
        String path = "/v1/security-groups/" + group + "/ingress-rules/revocations";
        String dns = "{\"protocol\": \"udp\", \"fromPort\": 53, \"toPort\": %d, \"peer\": {\"cidr\": \"10.0.0.0/8\"}}";
        problem(
                        post(path, "{\"rules\": [" + HTTP_FROM_ANYWHERE + "," + dns.formatted(54) + "]}"),
                        400,
                        "InvalidPermission.NotFound")
                .body("field", equalTo("rules[1]"));
        problem(
                        post(path, "{\"rules\": [{\"ruleId\": \"" + ids.get(0) + "\"}, {\"ruleId\": \"sgr-1\"}]}"),
                        404,
                        "InvalidSecurityGroupRuleId.NotFound")
                .body("field", equalTo("rules[1].ruleId"));
        problem(
                        post(path, "{\"rules\": [{\"ruleId\": \"sgr-1\", \"protocol\": \"all\"}]}"),
                        400,
                        "InvalidParameterCombination")
                .body("field", equalTo("rules[0].protocol"));
        problem(post(path, "{\"rules\": []}"), 400, "InvalidParameterValue");
        problem(post(path, "{}"), 400, "MissingParameter");
        get("/v1/security-groups/" + group).body("version", equalTo(2));
        post(path, "{\"rules\": [" + dns.formatted(53) + "]}")
                .statusCode(200)
                .body("rules.ruleId", contains(ids.get(1)));
        post(path, "{\"rules\": [{\"ruleId\": \"" + ids.get(0) + "\"}]}").statusCode(200);
        get("/v1/security-groups/" + group).body("ingress", empty()).body("version", equalTo(4));
    }

    @Test
    void descriptionsAndTagsChangeWithoutTheRuleAndAreTold() throws IOException {
        List<String> ids = twoRules();
        String path = "/v1/security-groups/" + group + "/ingress-rules/" + ids.get(1);
        patch(path, "{\"description\": \"names\", \"tags\": {\"team\": null, \"stage\": \"test\"}}")
                .statusCode(200)
                .body("description", equalTo("names"))
                .body("fromPort", equalTo(53))
                .body("tags", equalTo(Map.of("stage", "test")));
        patch(path, "{\"description\": null}").body("description", nullValue()).body("tags.stage", equalTo("test"));
        problem(patch(path, "{\"tags\": {\"aws:x\": \"y\"}}"), 400, "InvalidParameterValue")
                .body("field", equalTo("tags"));
        problem(patch(path, "{\"description\": \"<>\"}"), 400, "InvalidPermission.Malformed");
        SecurityGroupSnapshot told =
                ContractJson.read(published(group, 4).getLast().body(), SecurityGroupSnapshot.class);
        assertThat(told.ingress().get(1).tags()).containsExactly(Map.entry("stage", "test"));
    }

    @Test
    void moreRulesThanAnyGroupHoldsAreRefusedUnread() {
        String many = "{\"rules\": [" + "{},".repeat(1_000) + "{}]}";
        for (String path : List.of("", "/modifications", "/revocations")) {
            problem(post("/v1/security-groups/" + group + "/ingress-rules" + path, many), 400, "InvalidParameterValue")
                    .body("field", equalTo("rules"))
                    .body("detail", containsString("at most 1000"));
        }
    }

    @Test
    void aGroupsTagsChange() {
        patch("/v1/security-groups/" + group, "{\"tags\": {\"a\": \"1\", \"b\": \"2\"}}")
                .statusCode(200)
                .body("tags.a", equalTo("1"))
                .body("version", equalTo(2));
        patch("/v1/security-groups/" + group, "{\"tags\": {\"a\": null}}").body("tags", equalTo(Map.of("b", "2")));
        get("/v1/security-groups?tag:b=2").body("securityGroups.groupId", contains(group));
        problem(patch("/v1/security-groups/" + group, "{\"tags\": {\"a\": 1}}"), 400, "InvalidParameterValue");
        problem(patch("/v1/security-groups/" + group, "{\"name\": \"x\"}"), 400, "UnknownParameter");
        problem(patch("/v1/security-groups/sg-1", "{\"tags\": {}}"), 404, "InvalidGroup.NotFound");
    }

    @Test
    void rulesOfAllGroupsAreListedInPagesAndByFilter() {
        List<String> ids = twoRules();
        get("/v1/security-group-rules?groupId=" + group)
                .statusCode(200)
                .body("securityGroupRules", hasSize(3))
                .body("securityGroupRules.direction", containsInAnyOrder("ingress", "ingress", "egress"));
        get("/v1/security-group-rules?ruleId=" + ids.get(1))
                .body("securityGroupRules.groupId", contains(group))
                .body("securityGroupRules[0].fromPort", equalTo(53))
                .body("securityGroupRules[0].description", equalTo("dns"));
        given().header("Authorization", "Bearer " + account)
                .queryParam("tag:team", "net")
                .get("/v1/security-group-rules")
                .then()
                .body("securityGroupRules.ruleId", contains(ids.get(1)));
        as(anAccount()).get("/v1/security-group-rules?groupId=" + group).then().body("securityGroupRules", empty());

        List<String> read = new ArrayList<>();
        String token = null;
        do {
            ValidatableResponse page =
                    get("/v1/security-group-rules?maxResults=2" + (token == null ? "" : "&nextToken=" + token));
            read.addAll(page.extract().path("securityGroupRules.ruleId"));
            token = page.extract().path("nextToken");
        } while (token != null);
        // Those of the default group too.
        assertThat(read).hasSize(5).isSorted().doesNotHaveDuplicates().containsAll(ids);
    }
}
