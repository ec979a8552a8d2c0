package io.cumulet.firewall;

import static io.cumulet.firewall.InstanceStories.instance;
import static io.cumulet.firewall.InstanceStories.networkInterface;
import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.containsInAnyOrder;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.notNullValue;
import static org.hamcrest.Matchers.nullValue;
import static org.hamcrest.Matchers.startsWith;

import io.cumulet.contract.EventType;
import io.cumulet.contract.InstanceSnapshot;
import io.cumulet.kernel.AccountId;
import io.cumulet.kernel.DefaultNetwork;
import io.cumulet.kernel.Region;
import io.cumulet.kernel.ResourceKind;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.ValidatableResponse;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.zip.GZIPOutputStream;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What the service tells of stored groups and members: a load balancer before two web servers. */
@QuarkusTest
class AdviceTest extends FirewallStack {

    private final String host = ResourceKind.HOST.newId();
    private final String vpc = DefaultNetwork.vpcId(new AccountId(account), Region.DEFAULT);
    private final String balancer = ResourceKind.INSTANCE.newId();
    private final String web = ResourceKind.INSTANCE.newId();
    private final String webInterface = DefaultNetwork.primaryInterfaceId(web);
    private final String stopped = ResourceKind.INSTANCE.newId();
    private String lbGroup;
    private String webGroup;
    private String opsGroup;
    private String fromBalancer;
    private String ssh;
    private String sshAgain;
    private String opsSsh;

    @BeforeEach
    void aBalancerAndItsWebServers() {
        lbGroup = group("lb");
        webGroup = group("web");
        opsGroup = group("ops");
        List<String> rules = authorize(webGroup, "ingress", """
                        {"rules": [
                          {"protocol": "tcp", "fromPort": 8080, "toPort": 8080, "peer": {"group": "%s"}},
                          {"protocol": "tcp", "fromPort": 20, "toPort": 30, "peer": {"cidr": "0.0.0.0/0"}},
                          {"protocol": "tcp", "fromPort": 22, "toPort": 22, "peer": {"cidr": "203.0.113.0/24"}}]}""".formatted(lbGroup))
                .statusCode(201)
                .extract()
                .path("rules.ruleId");
        fromBalancer = rules.get(0);
        ssh = rules.get(1);
        sshAgain = rules.get(2);
        opsSsh = authorize(opsGroup, "ingress", """
                        {"rules": [{"protocol": "tcp", "fromPort": 22, "toPort": 22,
                                    "peer": {"cidr": "203.0.113.0/24"}, "description": "office"}]}""").statusCode(201).extract().path("rules[0].ruleId");
        tell(
                launched(balancer, host, "10.0.0.2", lbGroup),
                launched(web, host, "10.0.0.1", webGroup, opsGroup),
                launched(stopped, null, "10.0.0.3", webGroup));
    }

    private ProducerRecord<String, byte[]> launched(String id, String onHost, String address, String... groups) {
        InstanceSnapshot told = instance(
                id,
                1,
                account,
                onHost == null ? "stopped" : "running",
                vpc,
                onHost,
                networkInterface(DefaultNetwork.primaryInterfaceId(id), 0, List.of(address), List.of(), groups));
        return InstanceStories.event(
                onHost == null ? EventType.INSTANCE_STOPPED : EventType.INSTANCE_REQUESTED, told, clock.epoch());
    }

    @Test
    void whatIsOpenToTheWorldShadowedOrUnusedIsFound() {
        String unused = group("unused");
        get("/v1/security-groups/advice?kind=ssh-open-to-world&kind=shadowed-rule&kind=unused-group")
                .statusCode(200)
                .body("findings.kind", containsInAnyOrder("ssh-open-to-world", "shadowed-rule", "unused-group"))
                .body("findings.find { it.kind == 'ssh-open-to-world' }.groupId", equalTo(webGroup))
                .body("findings.find { it.kind == 'ssh-open-to-world' }.ruleIds", contains(ssh))
                .body("findings.find { it.kind == 'ssh-open-to-world' }.severity", equalTo("high"))
                .body("findings.find { it.kind == 'ssh-open-to-world' }.exposedInterfaces", equalTo(2))
                .body("findings.find { it.kind == 'shadowed-rule' }.ruleIds", contains(sshAgain))
                .body("findings.find { it.kind == 'shadowed-rule' }.shadowedBy", contains(ssh))
                .body("findings.find { it.kind == 'unused-group' }.groupId", equalTo(unused))
                .body("findings.find { it.kind == 'unused-group' }.groupName", equalTo("unused"))
                .body("findings.find { it.kind == 'unused-group' }.direction", nullValue());
        get("/v1/security-groups/advice?groupId=" + webGroup + "&groupId=sg-0dead0dead0dead00")
                .body("findings.groupId", contains(webGroup, webGroup));

        ValidatableResponse first = get("/v1/security-groups/advice?maxResults=2")
                .body("findings", hasSize(2))
                .body("nextToken", notNullValue());
        String token = first.extract().path("nextToken");
        String last = first.extract().path("findings[1].kind");
        get("/v1/security-groups/advice?nextToken=" + token)
                .statusCode(200)
                .body("nextToken", nullValue())
                .body("findings.size()", equalTo(allFindings() - 2))
                .body("findings[0].kind", notNullValue());
        given().header("Authorization", "Bearer " + anAccount())
                .get("/v1/security-groups/advice?groupId=" + webGroup)
                .then()
                .body("findings", empty());
        problem(get("/v1/security-groups/advice?kind=" + last + "s"), 400, "InvalidParameterValue")
                .body("field", equalTo("kind"));
        problem(get("/v1/security-groups/advice?colour=red"), 400, "UnknownParameter");
    }

    private int allFindings() {
        return get("/v1/security-groups/advice").extract().path("findings.size()");
    }

    @Test
    void anInstancesRulesAreMergedOverItsGroups() {
        get("/v1/instances/" + web + "/effective-rules")
                .statusCode(200)
                .body("networkInterfaces.networkInterfaceId", contains(webInterface))
                .body("networkInterfaces[0].securityGroupIds", contains(webGroup, opsGroup))
                .body("networkInterfaces[0].ingress", hasSize(3))
                .body("networkInterfaces[0].ingress[2].peer.cidr", equalTo("203.0.113.0/24"))
                .body("networkInterfaces[0].ingress[2].rules.ruleId", contains(sshAgain, opsSsh))
                .body("networkInterfaces[0].ingress[2].rules[1].description", equalTo("office"))
                .body("networkInterfaces[0].egress", hasSize(1))
                .body("networkInterfaces[0].egress[0].rules.groupId", contains(webGroup, opsGroup));
    }

    @Test
    void reachabilityIsExplainedStepByStep() {
        reach("{\"source\": {\"instanceId\": \"" + balancer + "\"}, \"destination\": {\"instanceId\": \"" + web
                        + "\"}, \"protocol\": \"tcp\", \"destinationPort\": 8080}")
                .statusCode(200)
                .body("reachable", equalTo(true))
                .body("summary", startsWith("connects, or is refused if nothing listens on it: "))
                .body("source.address", equalTo("10.0.0.2"))
                .body("destination.networkInterfaceId", equalTo(webInterface))
                .body(
                        "steps.step",
                        contains(
                                "network",
                                "addresses",
                                "source-state",
                                "source-egress",
                                "destination-ingress",
                                "destination-state"))
                .body("steps[4].groups.groupId", contains(webGroup, opsGroup))
                .body("steps[4].groups.allows", contains(true, false))
                .body("steps[4].groups[0].rules.find { it.allows }.ruleId", equalTo(fromBalancer));
        reach("{\"source\": {\"address\": \"198.51.100.7\"}, \"destination\": {\"address\": \"10.0.0.1\"},"
                        + " \"protocol\": \"tcp\", \"destinationPort\": 443}")
                .body("reachable", equalTo(false))
                .body(
                        "summary",
                        equalTo("times out: no rule of " + webGroup + ", " + opsGroup
                                + " allows tcp/443 from 198.51.100.7"))
                .body("destination.instanceId", equalTo(web))
                .body("source.instanceId", nullValue());
        reach("{\"source\": {\"instanceId\": \"" + balancer + "\"}, \"destination\": {\"instanceId\": \"" + stopped
                        + "\"}, \"protocol\": \"tcp\", \"destinationPort\": 8080}")
                .body("summary", equalTo("times out: " + stopped + " isn't running but stopped"));
        reach("{\"source\": {\"instanceId\": \"" + balancer + "\"}, \"destination\": {\"instanceId\": \"" + web
                        + "\"}, \"protocol\": \"icmpv6\"}")
                .body("summary", containsString("has no IPv6 address"));
    }

    @Test
    void anInstanceIsAskedForBeforeItIsUnknown() {
        String id = ResourceKind.INSTANCE.newId();
        String eni = DefaultNetwork.primaryInterfaceId(id);
        problem(get("/v1/instances/" + id + "/effective-rules"), 404, "InvalidInstanceID.NotFound");
        instances.instance(account, id, """
                {"state": "running", "version": 2, "networkInterfaces": [{"networkInterfaceId": "%s", "vpcId": "%s",
                 "privateIpAddresses": [{"privateIpAddress": "10.0.0.9"}], "ipv6Addresses": [],
                 "securityGroupIds": ["%s"]}]}""".formatted(eni, vpc, opsGroup));
        get("/v1/instances/" + id + "/effective-rules")
                .statusCode(200)
                .body("networkInterfaces[0].ingress.rules.ruleId.flatten()", contains(opsSsh));
        get("/v1/instances/" + id + "/reachable-from?protocol=tcp&port=22")
                .body("networkInterfaces[0].running", equalTo(true));
        // The first event tells better, if it is of an earlier version than what was asked for.
        InstanceSnapshot first = instance(
                id,
                1,
                account,
                "pending",
                vpc,
                host,
                networkInterface(eni, 0, List.of("10.0.0.9"), List.of(), lbGroup));
        tell(InstanceStories.event(EventType.INSTANCE_REQUESTED, first, clock.epoch()));
        get("/v1/instances/" + id + "/effective-rules")
                .body("networkInterfaces[0].securityGroupIds", contains(lbGroup));
        reach("{\"source\": {\"instanceId\": \"" + balancer + "\"}, \"destination\": {\"instanceId\": \"" + id
                        + "\"}, \"protocol\": \"47\"}")
                .body("steps[5].detail", equalTo(id + " isn't running but pending"));
    }

    @Test
    void anElasticAddressLeadsToTheInstanceBehindItWhichSeesAStranger() {
        String elastic = "192.0.2.10";
        String sender = "192.0.2.11";
        tell(elastic(web, "10.0.0.1", elastic, webGroup), elastic(balancer, "10.0.0.2", sender, lbGroup));
        evaluate("198.51.100.7", elastic, 22).body("verdicts[0].ingressRule", equalTo(ssh));
        evaluate("198.51.100.7", elastic, 443).body("verdicts[0].blockedBy", equalTo("ingress"));
        // Inside, the balancer is let in by its group; over the internet it has none.
        evaluate("10.0.0.2", "10.0.0.1", 8080).body("verdicts[0].ingressRule", equalTo(fromBalancer));
        evaluate("10.0.0.2", elastic, 8080).body("verdicts[0].blockedBy", equalTo("ingress"));
        evaluate("10.0.0.2", elastic, 22)
                .body("verdicts[0].ingressRule", equalTo(ssh))
                .body("verdicts[0].egressRule", notNullValue());
        problem(evaluate("10.0.0.3", elastic, 22), 400, "InvalidParameterValue")
                .body("field", equalTo("packets[0].destination"));
        reach("{\"source\": {\"address\": \"198.51.100.7\"}, \"destination\": {\"address\": \"" + elastic
                        + "\"}, \"protocol\": \"tcp\", \"destinationPort\": 443}")
                .body("summary", equalTo("times out: no rule of " + webGroup + " allows tcp/443 from 198.51.100.7"))
                .body("destination.instanceId", equalTo(web));
        reach("{\"source\": {\"instanceId\": \"" + balancer + "\"}, \"destination\": {\"address\": \"" + elastic
                        + "\"}, \"protocol\": \"tcp\", \"destinationPort\": 8080}")
                .body("summary", equalTo("times out: no rule of " + webGroup + " allows tcp/8080 from " + sender));
    }

    private ProducerRecord<String, byte[]> elastic(String id, String address, String elastic, String group) {
        InstanceSnapshot.Interface one = new InstanceSnapshot.Interface(
                DefaultNetwork.primaryInterfaceId(id),
                0,
                "subnet-0123456789abcdef0",
                List.of(address),
                List.of(),
                List.of(elastic),
                List.of(group));
        return InstanceStories.event(
                EventType.INSTANCE_MODIFIED, instance(id, 2, account, "running", vpc, host, one), clock.epoch());
    }

    private ValidatableResponse evaluate(String source, String destination, int port) {
        return as(account)
                .body("""
                        {"packets": [{"source": "%s", "destination": "%s", "protocol": "tcp", "destinationPort": %d}]}""".formatted(source, destination, port))
                .post("/v1/evaluations")
                .then();
    }

    @Test
    void nothingPassesBetweenTwoVpcs() {
        String other = "vpc-0fedcba9876543210";
        String id = ResourceKind.INSTANCE.newId();
        InstanceSnapshot elsewhere = instance(
                id,
                1,
                account,
                "running",
                other,
                host,
                networkInterface("eni-1" + id, 0, List.of("10.1.0.4"), List.of(), webGroup));
        tell(InstanceStories.event(EventType.INSTANCE_REQUESTED, elsewhere, clock.epoch()));
        problem(evaluate("10.0.0.2", "10.1.0.4", 22), 400, "InvalidParameterValue")
                .body("field", equalTo("packets[0].destination"))
                .body("detail", containsString(other));
        for (String source : List.of("{\"instanceId\": \"" + balancer + "\"}", "{\"address\": \"10.0.0.2\"}")) {
            reach("{\"source\": " + source
                            + ", \"destination\": {\"address\": \"10.1.0.4\"}, \"protocol\": \"tcp\","
                            + " \"destinationPort\": 22}")
                    .body("reachable", equalTo(false))
                    .body("summary", startsWith("unreachable: "))
                    .body("destination.instanceId", equalTo(id));
        }
    }

    @Test
    void whoReachesAnInstanceIsListedWithTheMembersOfGroups() {
        get("/v1/instances/" + web + "/reachable-from?protocol=tcp&port=8080")
                .statusCode(200)
                .body("networkInterfaces[0].address", equalTo("10.0.0.1"))
                .body("networkInterfaces[0].running", equalTo(true))
                .body("networkInterfaces[0].sources", hasSize(1))
                .body("networkInterfaces[0].sources[0].peer.group", equalTo(lbGroup))
                .body("networkInterfaces[0].sources[0].rules.ruleId", contains(fromBalancer))
                .body("networkInterfaces[0].sources[0].memberCount", equalTo(1))
                .body("networkInterfaces[0].sources[0].members[0].instanceId", equalTo(balancer))
                .body("networkInterfaces[0].sources[0].members[0].address", equalTo("10.0.0.2"))
                .body("networkInterfaces[0].sources[0].members[0].reaches", equalTo(true));
        get("/v1/instances/" + web + "/reachable-from?protocol=tcp&port=22&networkInterfaceId=" + webInterface)
                .body("networkInterfaces[0].sources.peer.cidr", contains("0.0.0.0/0", "203.0.113.0/24"))
                .body("networkInterfaces[0].sources[1].rules.ruleId", contains(sshAgain, opsSsh));
        get("/v1/instances/" + web + "/reachable-from?protocol=icmp").body("networkInterfaces[0].sources", empty());
        get("/v1/instances/" + web + "/reachable-from?protocol=tcp&port=22&addressFamily=ipv6")
                .body("networkInterfaces", empty());
    }

    @Test
    void aFlowLogTellsWhichRulesItUsed() throws IOException {
        String log = """
                2 %1$s %2$s 10.0.0.2 10.0.0.1 40000 8080 6 10 1000 1418530010 1418530070 ACCEPT OK
                2 %1$s %2$s 10.0.0.1 10.0.0.2 8080 40000 6 10 5000 1418530010 1418530070 ACCEPT OK
                2 %1$s %2$s 198.51.100.7 10.0.0.1 40001 443 6 1 60 1418530010 1418530070 ACCEPT OK
                2 %1$s %2$s 198.51.100.7 10.0.0.1 40002 9 6 1 60 1418530010 1418530070 REJECT OK
                2 %1$s eni-0dead0dead0dead00 10.0.0.2 10.0.0.1 40000 8080 6 10 1000 1418530010 1418530070 ACCEPT OK
                2 %1$s %2$s - - - - - - - 1418530010 1418530070 - NODATA
                """.formatted(account, webInterface);
        ByteArrayOutputStream zipped = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(zipped)) {
            gzip.write(log.getBytes(StandardCharsets.UTF_8));
        }
        for (ValidatableResponse answer :
                List.of(analyse("text/plain", log), analyse("application/gzip", zipped.toByteArray()))) {
            answer.statusCode(200)
                    .body("flows.records", equalTo(5))
                    .body("flows.accepted", equalTo(1))
                    .body("flows.replies", equalTo(1))
                    .body("flows.rejected", equalTo(1))
                    .body("flows.nowBlocked", equalTo(1))
                    .body("flows.unknownInterface", equalTo(1))
                    .body("flows.withoutData", equalTo(1))
                    .body("rules.find { it.rule.ruleId == '" + fromBalancer + "' }.flows", equalTo(1))
                    .body("rules.find { it.rule.ruleId == '" + fromBalancer + "' }.bytes", equalTo(1000))
                    .body("changedFlows", hasSize(1))
                    .body("changedFlows[0].peerAddress", equalTo("198.51.100.7"))
                    .body("changedFlows[0].destinationPort", equalTo(443))
                    .body("changedFlows[0].logAction", equalTo("ACCEPT"))
                    .body("unknownInterfaceIds", contains("eni-0dead0dead0dead00"))
                    .body("groupIdsNotInLog", containsInAnyOrder(lbGroup, defaultGroup));
        }
        analyse("text/plain", log)
                .body("unusedRuleIds.findAll { it == '" + ssh + "' }", hasSize(1))
                .body("unusedRuleIds.findAll { it == '" + fromBalancer + "' }", empty());
        problem(analyse("text/plain", log.replaceFirst("40002 9", "40002 port")), 400, "InvalidParameterValue")
                .body("field", equalTo("line[4].dstport"))
                .body("detail", equalTo("Line 4, field dstport: a whole number from 0 to 65535 is expected, not port"));
        // Another account knows none of these interfaces.
        given().header("Authorization", "Bearer " + anAccount())
                .contentType("text/plain")
                .body(log)
                .post("/v1/flow-log-analyses")
                .then()
                .statusCode(200)
                .body("flows.unknownInterface", equalTo(5))
                .body("rules", empty());
        given().header("Authorization", "Bearer " + account)
                .contentType("application/xml")
                .body(log)
                .post("/v1/flow-log-analyses")
                .then()
                .statusCode(415);
    }

    @Test
    void aHundredThousandFlowRecordsAreAnalysedInSeconds() {
        StringBuilder log = new StringBuilder();
        for (int i = 0; i < 100_000; i++) {
            log.append("2 %s %s 10.%d.%d.%d 10.0.0.1 %d %d 6 1 60 1418530010 1418530070 ACCEPT OK\n"
                    .formatted(
                            account, webInterface, 1 + i % 9, i / 250 % 250, i % 250, 1_024 + i % 60_000, 20 + i % 11));
        }
        long start = System.nanoTime();
        analyse("text/plain", log.toString()).statusCode(200).body("flows.accepted", equalTo(100_000));
        long millis = (System.nanoTime() - start) / 1_000_000;
        System.out.printf("100000 flow records over REST in %d ms%n", millis);
        assertThat(millis).isLessThan(30_000);
    }

    private ValidatableResponse analyse(String type, Object body) {
        var request = given().header("Authorization", "Bearer " + account).contentType(type);
        return (body instanceof byte[] bytes ? request.body(bytes) : request.body((String) body))
                .post("/v1/flow-log-analyses")
                .then();
    }

    @Test
    void anotherAccountsInstanceBehavesLikeAMissingOne() {
        String stranger = anAccount();
        for (String id : List.of(web, "i-0dead0dead0dead00")) {
            for (String path : List.of("/effective-rules", "/reachable-from?protocol=tcp&port=22")) {
                problem(as(stranger).get("/v1/instances/" + id + path).then(), 404, "InvalidInstanceID.NotFound");
            }
            problem(
                            as(stranger)
                                    .body("{\"source\": {\"address\": \"198.51.100.7\"}, \"destination\":"
                                            + " {\"instanceId\": \"" + id + "\"}, \"protocol\": \"47\"}")
                                    .post("/v1/reachability")
                                    .then(),
                            404,
                            "InvalidInstanceID.NotFound")
                    .body("field", equalTo("destination.instanceId"));
        }
        // Its address is one outside, of which nothing is asked.
        as(stranger)
                .body("{\"source\": {\"address\": \"198.51.100.7\"}, \"destination\": {\"address\": \"10.0.0.1\"},"
                        + " \"protocol\": \"47\"}")
                .post("/v1/reachability")
                .then()
                .body("reachable", equalTo(true))
                .body("destination.instanceId", nullValue())
                .body("steps[0].detail", startsWith("Neither address"));
        problem(get("/v1/instances/" + web + "/effective-rules?region=eu-west-1"), 404, "InvalidInstanceID.NotFound");
    }

    @Test
    void whatCannotBeAskedIsRefusedWithItsField() {
        String ends = "\"source\": {\"address\": \"198.51.100.7\"}, \"destination\": {\"instanceId\": \"" + web + "\"";
        refused("{" + ends + "}, \"protocol\": \"tcp\"}", "MissingParameter", "destinationPort");
        refused("{" + ends + "}, \"protocol\": \"all\"}", "InvalidParameterValue", "protocol");
        refused("{" + ends + "}, \"protocol\": \"47\", \"icmpType\": 8}", "InvalidParameterCombination", "icmpType");
        refused("{" + ends + "}, \"protocol\": \"icmpv6\"}", "InvalidParameterCombination", "protocol");
        refused(
                "{" + ends + "}, \"protocol\": \"47\", \"addressFamily\": \"ipv6\"}",
                "InvalidParameterCombination",
                "addressFamily");
        refused(
                "{" + ends + ", \"address\": \"10.0.0.9\"}, \"protocol\": \"47\"}",
                "InvalidParameterValue",
                "destination.address");
        refused(
                "{\"source\": {}, \"destination\": {\"address\": \"10.0.0.1\"}, \"protocol\": \"47\"}",
                "MissingParameter",
                "source");
        refused(
                "{\"source\": {\"address\": \"10.0.0.256\"}, \"destination\": {\"address\": \"10.0.0.1\"},"
                        + " \"protocol\": \"47\"}",
                "InvalidParameterValue",
                "source.address");
        problem(
                        reach("{" + ends
                                + ", \"networkInterfaceId\": \"eni-0dead0dead0dead00\"}, \"protocol\": \"47\"}"),
                        404,
                        "InvalidNetworkInterfaceID.NotFound")
                .body("field", equalTo("destination.networkInterfaceId"));
        problem(get("/v1/instances/" + web + "/reachable-from?protocol=tcp&port=x"), 400, "InvalidParameterValue")
                .body("field", equalTo("port"));
        problem(get("/v1/instances/" + web + "/reachable-from"), 400, "MissingParameter")
                .body("field", equalTo("protocol"));
    }

    private void refused(String body, String code, String field) {
        problem(reach(body), 400, code).body("field", equalTo(field));
    }

    private ValidatableResponse reach(String body) {
        return as(account).body(body).post("/v1/reachability").then();
    }
}
