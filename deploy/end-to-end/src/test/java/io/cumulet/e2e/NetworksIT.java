package io.cumulet.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.cumulet.localstack.EventReader;
import io.cumulet.localstack.LocalStack;
import io.cumulet.localstack.Service;
import io.cumulet.localstack.StackApi;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Networks of the instance service and groups of the firewall, together. */
@ExtendWith(RunningStack.class)
class NetworksIT {

    private static final String GROUPS = "/v1/security-groups";

    /** An account with hosts, a VPC and a subnet in it. */
    private record Place(World world, String vpcId, String subnetId) {

        static Place make(LocalStack stack) {
            World world = new World(stack.settings());
            world.addHosts(1, 64);
            String vpcId = world.account()
                    .post(Service.INSTANCES, "/v1/vpcs", Map.of("cidrBlock", "10.20.0.0/16"))
                    .path("vpcId")
                    .asText();
            String subnetId = world.account()
                    .post(
                            Service.INSTANCES,
                            "/v1/subnets",
                            Map.of("vpcId", vpcId, "cidrBlock", "10.20.0.0/24", "availabilityZone", "us-east-1a"))
                    .path("subnetId")
                    .asText();
            return new Place(world, vpcId, subnetId);
        }

        String group(String name) {
            return world.account()
                    .post(Service.FIREWALL, GROUPS, Map.of("name", name, "description", name, "vpcId", vpcId))
                    .path("groupId")
                    .asText();
        }

        Map<String, Object> launch(String groupId) {
            Map<String, Object> launch = new HashMap<>(World.launch("in-" + groupId, 1));
            launch.remove("clientToken");
            launch.put("subnetId", subnetId);
            launch.put("securityGroupIds", List.of(groupId));
            return launch;
        }

        StackApi.Answer delete(String groupId) {
            return world.account().call(Service.FIREWALL, "DELETE", GROUPS + "/" + groupId, null);
        }
    }

    @Test
    void whatWasMadeAMomentAgoCanBeUsed(LocalStack stack) {
        Place place = Place.make(stack);
        for (int round = 0; round < 5; round++) {
            String group = place.group("web-" + round);
            JsonNode launched = place.world().account().post(Service.INSTANCES, "/v1/instances", place.launch(group));
            JsonNode instance = launched.path("instances").get(0);
            assertThat(instance.path("vpcId").asText()).isEqualTo(place.vpcId());
            assertThat(instance.path("privateIpAddress").asText()).startsWith("10.20.0.");
            assertThat(instance.path("securityGroupIds")).hasSize(1);
        }
    }

    @Test
    void whatTheGroupsOfTwoInstancesSayIsWhatPassesBetweenThem(LocalStack stack) {
        Place place = Place.make(stack);
        StackApi account = place.world().account();
        String web = place.group("web");
        String app = place.group("app");
        account.post(
                Service.FIREWALL,
                GROUPS + "/" + app + "/ingress-rules",
                Map.of(
                        "rules",
                        List.of(Map.of(
                                "protocol", "tcp", "fromPort", 8443, "toPort", 8443, "peer", Map.of("group", web)))));
        String from = address(account.post(Service.INSTANCES, "/v1/instances", place.launch(web)));
        String to = address(account.post(Service.INSTANCES, "/v1/instances", place.launch(app)));

        await().untilAsserted(() -> {
            JsonNode verdicts = account.post(
                            Service.FIREWALL,
                            "/v1/evaluations",
                            Map.of(
                                    "packets",
                                    List.of(packet(from, to, 8443), packet(from, to, 22), packet(to, from, 8443))))
                    .path("verdicts");
            assertThat(verdicts.get(0).path("allowed").asBoolean()).isTrue();
            assertThat(verdicts.get(1).path("blockedBy").asText()).isEqualTo("ingress");
            assertThat(verdicts.get(2).path("blockedBy").asText()).isEqualTo("ingress");
        });
    }

    @Test
    void aGroupGoesOnlyOnceNobodyHasIt(LocalStack stack) {
        Place place = Place.make(stack);
        StackApi account = place.world().account();
        String group = place.group("kept");
        String instance = World.instanceIds(account.post(Service.INSTANCES, "/v1/instances", place.launch(group)))
                .getFirst();
        // At once: the firewall may not have heard of the instance yet.
        StackApi.Answer refused = place.delete(group);
        assertThat(refused.status()).isEqualTo(409);
        assertThat(refused.body().path("code").asText()).isEqualTo("DependencyViolation");

        // The refusal has changed nothing.
        account.post(Service.INSTANCES, "/v1/instances", place.launch(group));
        account.call(Service.INSTANCES, "DELETE", "/v1/instances/" + instance, null);
        place.world()
                .instances()
                .forEach(one -> account.delete(
                        Service.INSTANCES,
                        "/v1/instances/" + one.path("instanceId").asText()));
        await().until(() -> place.delete(group).status() == 204);

        StackApi.Answer late = account.call(Service.INSTANCES, "POST", "/v1/instances", place.launch(group));
        assertThat(late.body().path("code").asText()).isEqualTo("InvalidGroup.NotFound");
    }

    @Test
    void launchesAndADeletionAtOnceNeverLeaveAnInstanceInAGroupThatIsGone(LocalStack stack) {
        Place place = Place.make(stack);
        StackApi account = place.world().account();
        for (int round = 0; round < 10; round++) {
            String group = place.group("race-" + round);
            List<CompletableFuture<StackApi.Answer>> launches = new ArrayList<>();
            for (int i = 0; i < 4; i++) {
                launches.add(CompletableFuture.supplyAsync(
                        () -> account.call(Service.INSTANCES, "POST", "/v1/instances", place.launch(group))));
            }
            int deleted = place.delete(group).status();
            List<StackApi.Answer> answers =
                    launches.stream().map(CompletableFuture::join).toList();
            if (deleted == 204) {
                assertThat(answers).noneMatch(StackApi.Answer::isOk);
            } else {
                assertThat(deleted).isEqualTo(409);
                assertThat(answers).anyMatch(StackApi.Answer::isOk);
            }
        }
    }

    @Test
    void theHostOfAnInstanceIsToldWhatItsGroupLetsThrough(LocalStack stack) {
        Place place = Place.make(stack);
        StackApi account = place.world().account();
        String group = place.group("told");
        account.post(
                Service.FIREWALL,
                GROUPS + "/" + group + "/ingress-rules",
                Map.of(
                        "rules",
                        List.of(Map.of(
                                "protocol",
                                "tcp",
                                "fromPort",
                                443,
                                "toPort",
                                443,
                                "peer",
                                Map.of("cidr", "0.0.0.0/0")))));
        String address = address(account.post(Service.INSTANCES, "/v1/instances", place.launch(group)));

        StringBuilder told = new StringBuilder();
        try (EventReader topic = new EventReader(stack.settings().bootstrapServers())) {
            topic.fromBeginning(List.of("firewall.rulesets"));
            await().atMost(Duration.ofSeconds(20)).untilAsserted(() -> {
                topic.readToEnd().forEach(event -> told.append(event.json()).append('\n'));
                assertThat(told)
                        .contains("in-" + group + " ip saddr 0.0.0.0/0 tcp dport 443 accept")
                        .containsPattern(" \\. " + Pattern.quote(address) + " : goto in-eni-");
            });
        }
    }

    @Test
    void aVpcGoesWithItsDefaultGroupOnceItIsEmpty(LocalStack stack) {
        Place place = Place.make(stack);
        StackApi account = place.world().account();
        String group = place.group("left");
        String vpc = "/v1/vpcs/" + place.vpcId();
        assertThat(account.call(Service.INSTANCES, "DELETE", vpc, null).status())
                .isEqualTo(409);
        account.delete(Service.INSTANCES, "/v1/subnets/" + place.subnetId());
        assertThat(account.call(Service.INSTANCES, "DELETE", vpc, null)
                        .body()
                        .path("code")
                        .asText())
                .isEqualTo("DependencyViolation");
        await().until(() -> place.delete(group).status() == 204);
        account.delete(Service.INSTANCES, vpc);
        await().untilAsserted(() -> assertThat(
                        StackApi.list(account.get(Service.FIREWALL, GROUPS + "?vpcId=" + place.vpcId())
                                .path("securityGroups")))
                .isEmpty());
    }

    private static String address(JsonNode launched) {
        return launched.path("instances").get(0).path("privateIpAddress").asText();
    }

    private static Map<String, Object> packet(String from, String to, int port) {
        return Map.of("source", from, "destination", to, "protocol", "tcp", "destinationPort", port);
    }
}
