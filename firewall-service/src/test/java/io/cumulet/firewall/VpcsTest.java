package io.cumulet.firewall;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasSize;

import io.cumulet.contract.EventType;
import io.cumulet.contract.VpcSnapshot;
import io.cumulet.firewall.app.MemberStore.Told;
import io.cumulet.firewall.app.Members;
import io.cumulet.firewall.app.Vpc;
import io.cumulet.firewall.app.Vpcs;
import io.cumulet.firewall.domain.groups.Member;
import io.cumulet.kernel.AccountId;
import io.cumulet.kernel.DefaultNetwork;
import io.cumulet.kernel.IpAddress;
import io.cumulet.kernel.Region;
import io.cumulet.kernel.ResourceKind;
import io.quarkus.narayana.jta.QuarkusTransaction;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.ValidatableResponse;
import jakarta.inject.Inject;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import javax.sql.DataSource;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.Test;

/** Groups live in VPCs, which the instance service owns. */
@QuarkusTest
class VpcsTest extends FirewallStack {

    private static final String IPV6 = "fd7e:c2:0:100::/56";

    @Inject
    DataSource database;

    @Inject
    Vpcs all;

    @Inject
    Members members;

    private final String vpc = ResourceKind.VPC.newId();
    private final String groupOfVpc = DefaultNetwork.securityGroupId(new AccountId(account), Region.DEFAULT, vpc);
    private final String defaultVpc = DefaultNetwork.vpcId(new AccountId(account), Region.DEFAULT);

    @Test
    void aVpcThatIsToldOfHasItsDefaultGroupAndTakesOthers() {
        tell(vpc(EventType.VPC_CREATED, vpc, 1, IPV6));
        get("/v1/security-groups/" + groupOfVpc)
                .statusCode(200)
                .body("name", equalTo("default"))
                .body("vpcId", equalTo(vpc))
                .body("ingress.peer.group", contains(groupOfVpc))
                .body("egress.peer.cidr", contains("0.0.0.0/0", "::/0"));
        problem(delete("/v1/security-groups/" + groupOfVpc), 409, "CannotDelete");
        createIn(vpc, "web").statusCode(201).body("vpcId", equalTo(vpc)).body("egress", hasSize(2));
        // A name is taken in one VPC alone, and groups are named in their own.
        String there = createIn(vpc, "lb").statusCode(201).extract().path("groupId");
        String here = group("lb");
        problem(
                        authorize(
                                here,
                                "ingress",
                                "{\"rules\": [{\"protocol\": \"all\", \"peer\": {\"group\": \"" + there + "\"}}]}"),
                        404,
                        "InvalidGroup.NotFound")
                .body("field", equalTo("rules[0].peer.group"));
    }

    @Test
    void afterAResetTheDefaultVpcHasNoIpv6WhateverWasToldOfItBefore() {
        tell(vpc(EventType.VPC_CHANGED, defaultVpc, 2, IPV6));
        get("/v1/security-groups/" + defaultGroup).body("egress.peer.cidr", contains("0.0.0.0/0", "::/0"));
        as("operator").post("/v1/accounts/" + account + "/reset").then().statusCode(204);
        get("/v1/security-groups/" + defaultGroup).body("egress.peer.cidr", contains("0.0.0.0/0"));
    }

    @Test
    void aVpcThatNobodyToldOfYetIsAskedForAndLearned() {
        instances.vpc(account, vpc, 1, null);
        createIn(vpc, "web").statusCode(201).body("egress", hasSize(1));
        get("/v1/security-groups/" + groupOfVpc).statusCode(200);
        instances.noVpc(account, vpc);
        createIn(vpc, "web2").statusCode(201);
        // What was learned so comes again as an event, and changes nothing.
        tell(vpc(EventType.VPC_CREATED, vpc, 1, null));
        assertThat(published(groupOfVpc, 1)).hasSize(1);
    }

    @Test
    void aRepeatIsAnsweredWithoutTheInstanceServiceThoughTheVpcIsGoneSince() {
        tell(vpc(EventType.VPC_CREATED, vpc, 1, null));
        String wish =
                "{\"name\": \"web\", \"description\": \"x\", \"vpcId\": \"" + vpc + "\", \"clientToken\": \"once\"}";
        String id = create(wish).statusCode(201).extract().path("groupId");
        tell(vpc(EventType.VPC_DELETED, vpc, 2, null));
        instances.answersNothingAbout(account, vpc);
        problem(createIn(vpc, "other"), 503, "Unavailable");
        create(wish).statusCode(201).body("groupId", equalTo(id));
    }

    @Test
    void whoeverLooksIntoANewVpcSeesItsDefaultGroup() {
        instances.vpc(account, vpc, 1, null);
        get("/v1/security-groups?vpcId=" + vpc).body("securityGroups.groupId", contains(groupOfVpc));
        get("/v1/security-groups?vpcId=" + ResourceKind.VPC.newId()).body("securityGroups", empty());
    }

    @Test
    void anothersVpcIsLikeOneThatDoesNotExist() {
        String stranger = anAccount();
        instances.vpc(stranger, vpc, 1, null);
        problem(createIn(vpc, "web"), 404, "InvalidVpcID.NotFound").body("field", equalTo("vpcId"));
        problem(createIn("vpc-1", "web"), 404, "InvalidVpcID.NotFound");
    }

    @Test
    void aDeletedVpcTakesItsGroupsWithItAndDoesNotComeBackByAnOldEvent() {
        tell(vpc(EventType.VPC_CREATED, vpc, 1, null));
        String web = createIn(vpc, "web").extract().path("groupId");
        tell(vpc(EventType.VPC_DELETED, vpc, 3, null));
        for (String id : List.of(web, groupOfVpc)) {
            problem(get("/v1/security-groups/" + id), 404, "InvalidGroup.NotFound");
            assertThat(published(id, 2).getLast().type()).isEqualTo("security-group.deleted");
        }
        tell(vpc(EventType.VPC_CHANGED, vpc, 2, null));
        problem(createIn(vpc, "web"), 404, "InvalidVpcID.NotFound");
        problem(get("/v1/security-groups/" + groupOfVpc), 404, "InvalidGroup.NotFound");
    }

    @Test
    void theDefaultVpcIsThereUntilItsDeletionIsToldAndComesBackWithItsGroup() {
        get("/v1/security-groups/" + defaultGroup).statusCode(200);
        tell(vpc(EventType.VPC_DELETED, defaultVpc, 2, null));
        problem(get("/v1/security-groups/" + defaultGroup), 404, "InvalidGroup.NotFound");
        problem(create("{\"name\": \"web\", \"description\": \"x\"}"), 404, "VPCIdNotSpecified");
        tell(vpc(EventType.VPC_CREATED, defaultVpc, 3, IPV6));
        get("/v1/security-groups/" + defaultGroup)
                .statusCode(200)
                .body("version", equalTo(3))
                .body("egress", hasSize(2));
        group("web");
        assertThat(published(defaultGroup, 3)).extracting(Published::version).containsExactly(1L, 2L, 3L);
    }

    @Test
    void groupsOfAVpcThatGetsAnIpv6BlockLetIpv6OutUnlessSomebodyChangedWhatTheyLetOut() {
        tell(vpc(EventType.VPC_CREATED, vpc, 1, null));
        String untouched = createIn(vpc, "untouched").extract().path("groupId");
        String changed = createIn(vpc, "changed").extract().path("groupId");
        authorize(changed, "egress", "{\"rules\": [" + HTTP_FROM_ANYWHERE + "]}")
                .statusCode(201);
        tell(vpc(EventType.VPC_CHANGED, vpc, 2, IPV6));
        get("/v1/security-groups/" + untouched).body("egress.peer.cidr", contains("0.0.0.0/0", "::/0"));
        get("/v1/security-groups/" + groupOfVpc).body("egress.peer.cidr", contains("0.0.0.0/0", "::/0"));
        get("/v1/security-groups/" + changed).body("egress.peer.cidr", contains("0.0.0.0/0", "0.0.0.0/0"));
        // Who takes the rule away again doesn't get it back by the VPC's next event.
        String rule = get("/v1/security-groups/" + untouched).extract().path("egress[1].ruleId");
        delete("/v1/security-groups/" + untouched + "/egress-rules/" + rule).statusCode(204);
        tell(vpc(EventType.VPC_CHANGED, vpc, 3, IPV6));
        get("/v1/security-groups/" + untouched).body("egress", hasSize(1));
    }

    @Test
    void aBatchOfVpcsLocksAllItsHostsInOneOrder() throws Exception {
        String stranger = anAccount();
        List<String> vpcs = Stream.of(ResourceKind.VPC.newId(), ResourceKind.VPC.newId())
                .sorted()
                .toList();
        List<String> hosts = Stream.of(ResourceKind.HOST.newId(), ResourceKind.HOST.newId())
                .sorted()
                .toList();
        // The VPC that is looked at first has its member on the host that is locked last.
        memberOfDefaultGroup(account, vpcs.get(0), hosts.get(1));
        memberOfDefaultGroup(stranger, vpcs.get(1), hosts.get(0));
        try (ExecutorService pool = Executors.newSingleThreadExecutor();
                Connection other = database.getConnection()) {
            other.setAutoCommit(false);
            lock(other, hosts.get(0));
            Future<?> deletion = pool.submit(() -> QuarkusTransaction.requiringNew()
                    .run(() -> all.take(List.of(gone(account, vpcs.get(0)), gone(stranger, vpcs.get(1))))));
            await().atMost(Duration.ofSeconds(20)).until(this::someoneWaits);
            // Would wait for the deletion, which waits for the first host, if that had the second already.
            lock(other, hosts.get(1));
            other.rollback();
            deletion.get();
        }
        problem(
                get("/v1/security-groups/"
                        + DefaultNetwork.securityGroupId(new AccountId(account), Region.DEFAULT, vpcs.get(0))),
                404,
                "InvalidGroup.NotFound");
    }

    private void memberOfDefaultGroup(String owner, String vpcId, String hostId) {
        AccountId holder = new AccountId(owner);
        String instance = ResourceKind.INSTANCE.newId();
        QuarkusTransaction.requiringNew().run(() -> {
            all.take(List.of(new Vpc(vpcId, holder, Region.DEFAULT, 1, false, false)));
            members.take(List.of(new Told(
                    instance,
                    holder,
                    Region.DEFAULT,
                    1,
                    List.of(new Member(
                            DefaultNetwork.primaryInterfaceId(instance),
                            instance,
                            holder,
                            Region.DEFAULT,
                            vpcId,
                            hostId,
                            List.of(IpAddress.parse("10.0.0.4").orElseThrow()),
                            List.of(DefaultNetwork.securityGroupId(holder, Region.DEFAULT, vpcId)))))));
        });
    }

    private static Vpc gone(String owner, String vpcId) {
        return new Vpc(vpcId, new AccountId(owner), Region.DEFAULT, 2, false, true);
    }

    private static void lock(Connection connection, String hostId) throws SQLException {
        try (PreparedStatement select =
                connection.prepareStatement("SELECT 1 FROM host_ruleset WHERE host_id = ? FOR UPDATE")) {
            select.setString(1, hostId);
            assertThat(select.executeQuery().next()).isTrue();
        }
    }

    private boolean someoneWaits() throws SQLException {
        try (Connection connection = database.getConnection();
                PreparedStatement select = connection.prepareStatement("""
                        SELECT 1 FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND query LIKE '%host_ruleset%'""")) {
            return select.executeQuery().next();
        }
    }

    @Test
    void anAccountHasSoManyGroupsInARegionAndNotOneMore() throws SQLException {
        get("/v1/security-groups/" + defaultGroup).statusCode(200);
        try (Connection connection = database.getConnection();
                PreparedStatement insert = connection.prepareStatement("""
                        INSERT INTO security_group
                            (id, account, region, vpc_id, name, description, version, created_at, tags)
                        SELECT 'sg-' || ? || n, ?, 'us-east-1', ?, 'g' || n, '', 1, now(), '{}'
                        FROM generate_series(1, 2498) AS n""")) {
            insert.setString(1, account);
            insert.setString(2, account);
            insert.setString(3, defaultVpc);
            insert.executeUpdate();
        }
        group("last");
        problem(create("{\"name\": \"one more\", \"description\": \"x\"}"), 409, "SecurityGroupLimitExceeded");
    }

    private ValidatableResponse createIn(String vpcId, String name) {
        return create("{\"name\": \"%s\", \"description\": \"x\", \"vpcId\": \"%s\"}".formatted(name, vpcId));
    }

    private ProducerRecord<String, byte[]> vpc(EventType type, String vpcId, long version, String ipv6CidrBlock) {
        VpcSnapshot snapshot = new VpcSnapshot(
                vpcId,
                account,
                Region.DEFAULT.value(),
                version,
                Instant.EPOCH,
                List.of("10.0.0.0/16"),
                ipv6CidrBlock,
                false,
                Map.of());
        return InstanceStories.event(type, vpcId, account, version, snapshot, clock.epoch());
    }
}
