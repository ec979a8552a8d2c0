package io.cumulet.e2e.aws;

import static io.cumulet.e2e.aws.AwsClients.codeOf;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.cumulet.e2e.RunningStack;
import io.cumulet.localstack.LocalStack;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import software.amazon.awssdk.services.ec2.Ec2Client;
import software.amazon.awssdk.services.ec2.model.Filter;
import software.amazon.awssdk.services.ec2.model.IpPermission;
import software.amazon.awssdk.services.ec2.model.IpRange;
import software.amazon.awssdk.services.ec2.model.Ipv6Range;
import software.amazon.awssdk.services.ec2.model.PrefixListId;
import software.amazon.awssdk.services.ec2.model.ResourceType;
import software.amazon.awssdk.services.ec2.model.SecurityGroup;
import software.amazon.awssdk.services.ec2.model.SecurityGroupRule;
import software.amazon.awssdk.services.ec2.model.SecurityGroupRuleDescription;
import software.amazon.awssdk.services.ec2.model.SecurityGroupRuleRequest;
import software.amazon.awssdk.services.ec2.model.SecurityGroupRuleUpdate;
import software.amazon.awssdk.services.ec2.model.Tag;
import software.amazon.awssdk.services.ec2.model.UserIdGroupPair;

/** Security groups, their rules, prefix lists and tags through the AWS SDK. */
@ExtendWith(RunningStack.class)
class SecurityGroupsIT {

    private static final IpPermission WEB = IpPermission.builder()
            .ipProtocol("tcp")
            .fromPort(443)
            .toPort(443)
            .ipRanges(
                    IpRange.builder().cidrIp("10.0.0.0/8").description("office").build(),
                    IpRange.builder().cidrIp("192.0.2.9/24").build())
            .ipv6Ranges(Ipv6Range.builder().cidrIpv6("2001:db8::/32").build())
            .build();

    @Test
    void aGroupsRulesComeBackAsPermissionsAndOneByOne(LocalStack stack) {
        AwsClients account = AwsClients.ofNewAccount(stack);
        try (Ec2Client ec2 = account.ec2()) {
            String id = ec2.createSecurityGroup(wish -> wish.groupName("web")
                            .description("web servers")
                            .tagSpecifications(tags -> tags.resourceType(ResourceType.SECURITY_GROUP)
                                    .tags(tag("team", "web"))))
                    .groupId();
            String db = ec2.createSecurityGroup(wish -> wish.groupName("db").description("databases"))
                    .groupId();
            List<SecurityGroupRule> made = ec2.authorizeSecurityGroupIngress(wish -> wish.groupId(id)
                            .ipPermissions(
                                    WEB,
                                    IpPermission.builder()
                                            .ipProtocol("-1")
                                            .userIdGroupPairs(UserIdGroupPair.builder()
                                                    .groupName("db")
                                                    .build())
                                            .build())
                            .tagSpecifications(tags -> tags.resourceType(ResourceType.SECURITY_GROUP_RULE)
                                    .tags(tag("why", "demo"))))
                    .securityGroupRules();
            assertThat(made).hasSize(4).allSatisfy(rule -> {
                assertThat(rule.groupId()).isEqualTo(id);
                assertThat(rule.isEgress()).isFalse();
                assertThat(rule.tags()).containsExactly(tag("why", "demo"));
            });
            assertThat(made.get(3).referencedGroupInfo().groupId()).isEqualTo(db);
            assertThat(made.get(3).fromPort()).isEqualTo(-1);

            SecurityGroup group = ec2.describeSecurityGroups(which -> which.groupIds(id))
                    .securityGroups()
                    .getFirst();
            assertThat(group.ownerId()).isEqualTo(account.accountId());
            assertThat(group.tags()).containsExactly(tag("team", "web"));
            assertThat(group.ipPermissions()).hasSize(2);
            IpPermission web = group.ipPermissions().getFirst();
            assertThat(web.ipRanges())
                    .extracting(IpRange::cidrIp, IpRange::description)
                    .containsExactly(tuple("10.0.0.0/8", "office"), tuple("192.0.2.0/24", null));
            assertThat(web.ipv6Ranges()).extracting(Ipv6Range::cidrIpv6).containsExactly("2001:db8::/32");
            assertThat(group.ipPermissions().get(1).fromPort()).isNull();
            assertThat(group.ipPermissionsEgress())
                    .singleElement()
                    .satisfies(all -> assertThat(all.ipProtocol()).isEqualTo("-1"));

            assertThat(names(ec2, filter("ip-permission.cidr", "10.*"), filter("ip-permission.to-port", "443")))
                    .containsExactly("web");
            assertThat(names(ec2, filter("ip-permission.group-name", "db"))).containsExactly("web");
            assertThat(names(ec2, filter("egress.ip-permission.cidr", "0.0.0.0/0")))
                    .containsExactlyInAnyOrder("default", "web", "db");
            assertThat(names(ec2, filter("group-name", "default"), filter("vpc-id", group.vpcId())))
                    .containsExactly("default");
            assertThat(ec2.describeSecurityGroupRules(which -> which.filters(filter("group-id", id)))
                            .securityGroupRules())
                    .hasSize(5);
            assertThat(ec2.getSecurityGroupsForVpc(which -> which.vpcId(group.vpcId()))
                            .securityGroupForVpcs())
                    .hasSize(3);

            assertThat(codeOf(() -> ec2.deleteSecurityGroup(gone -> gone.groupId(db))))
                    .isEqualTo("DependencyViolation");
            ec2.revokeSecurityGroupIngress(gone ->
                    gone.groupName("web").ipPermissions(group.ipPermissions().get(1)));
            ec2.deleteSecurityGroup(gone -> gone.groupName("db"));
            ec2.deleteSecurityGroup(gone -> gone.groupId(id));
            assertThat(codeOf(() -> ec2.describeSecurityGroups(which -> which.groupIds(id))))
                    .isEqualTo("InvalidGroup.NotFound");
            assertThat(codeOf(() -> ec2.describeSecurityGroups(which -> which.groupIds("web"))))
                    .isEqualTo("InvalidGroupId.Malformed");
            assertThat(codeOf(() -> ec2.describeSecurityGroupRules(which -> which.filters(filter("group-id", "web")))))
                    .isEqualTo("InvalidGroupId.Malformed");
        }
    }

    @Test
    void rulesAreModifiedDescribedAndRevokedByIdAndByWhatTheySay(LocalStack stack) {
        try (Ec2Client ec2 = AwsClients.ofNewAccount(stack).ec2()) {
            String id = ec2.createSecurityGroup(wish -> wish.groupName("web").description("web servers"))
                    .groupId();
            ec2.authorizeSecurityGroupIngress(old -> old.groupName("web")
                    .ipProtocol("tcp")
                    .fromPort(22)
                    .toPort(22)
                    .cidrIp("198.51.100.0/24"));
            SecurityGroupRule ssh = rules(ec2, id, false).getFirst();
            SecurityGroupRule all = rules(ec2, id, true).getFirst();
            assertThat(ec2.modifySecurityGroupRules(change -> change.groupId(id)
                                    .securityGroupRules(
                                            update(ssh, 2222, "198.51.100.0/25"), update(all, 443, "0.0.0.0/0")))
                            .returnValue())
                    .isTrue();
            assertThat(rules(ec2, id, false))
                    .extracting(SecurityGroupRule::securityGroupRuleId, SecurityGroupRule::fromPort)
                    .containsExactly(tuple(ssh.securityGroupRuleId(), 2222));
            assertThat(rules(ec2, id, true).getFirst().toPort()).isEqualTo(443);

            ec2.updateSecurityGroupRuleDescriptionsIngress(words -> words.groupId(id)
                    .securityGroupRuleDescriptions(SecurityGroupRuleDescription.builder()
                            .securityGroupRuleId(ssh.securityGroupRuleId())
                            .description("operators")
                            .build()));
            assertThat(rules(ec2, id, false).getFirst().description()).isEqualTo("operators");

            ec2.authorizeSecurityGroupIngress(more -> more.groupId(id).ipPermissions(WEB));
            assertThat(codeOf(() -> ec2.authorizeSecurityGroupIngress(
                            more -> more.groupId(id).ipPermissions(WEB))))
                    .isEqualTo("InvalidPermission.Duplicate");
            assertThat(codeOf(() -> ec2.revokeSecurityGroupEgress(
                            gone -> gone.groupId(id).ipPermissions(WEB))))
                    .isEqualTo("InvalidPermission.NotFound");
            ec2.revokeSecurityGroupIngress(gone -> gone.groupId(id).ipPermissions(WEB));
            assertThat(ec2.revokeSecurityGroupIngress(
                                    gone -> gone.groupId(id).securityGroupRuleIds(ssh.securityGroupRuleId()))
                            .revokedSecurityGroupRules())
                    .singleElement()
                    .satisfies(
                            revoked -> assertThat(revoked.securityGroupRuleId()).isEqualTo(ssh.securityGroupRuleId()));
            assertThat(rules(ec2, id, false)).isEmpty();
        }
    }

    @Test
    void rulesMayNameAwsOwnLists(LocalStack stack) {
        try (Ec2Client ec2 = AwsClients.ofNewAccount(stack).ec2()) {
            assertThat(ec2.describePrefixLists(
                                    which -> which.filters(filter("prefix-list-name", "com.amazonaws.us-east-1.s3")))
                            .prefixLists())
                    .singleElement()
                    .satisfies(list -> assertThat(list.cidrs()).contains("52.216.0.0/15"));
            String s3 = ec2.describeManagedPrefixLists(which -> which.filters(filter("owner-id", "AWS")))
                    .prefixLists()
                    .getLast()
                    .prefixListId();
            assertThat(s3).isEqualTo("pl-63a5400a");
            String group = ec2.createSecurityGroup(wish -> wish.groupName("web").description("web servers"))
                    .groupId();
            ec2.authorizeSecurityGroupEgress(more -> more.groupId(group)
                    .ipPermissions(IpPermission.builder()
                            .ipProtocol("tcp")
                            .fromPort(443)
                            .toPort(443)
                            .prefixListIds(
                                    PrefixListId.builder().prefixListId(s3).build())
                            .build()));
            assertThat(codeOf(() -> ec2.modifyManagedPrefixList(
                            change -> change.prefixListId(s3).prefixListName("mine"))))
                    .isEqualTo("UnsupportedOperation");
        }
    }

    @Test
    void prefixListsHaveVersionsAndRulesNameThem(LocalStack stack) {
        try (Ec2Client ec2 = AwsClients.ofNewAccount(stack).ec2()) {
            String id = ec2.createManagedPrefixList(wish -> wish.prefixListName("offices")
                            .addressFamily("IPv4")
                            .maxEntries(2)
                            .entries(entry -> entry.cidr("192.0.2.0/24").description("north"))
                            .tagSpecifications(tags ->
                                    tags.resourceType(ResourceType.PREFIX_LIST).tags(tag("team", "net"))))
                    .prefixList()
                    .prefixListId();
            assertThat(ec2.describeManagedPrefixLists(which -> which.filters(filter("prefix-list-name", "off*")))
                            .prefixLists())
                    .singleElement()
                    .satisfies(list -> {
                        assertThat(list.stateAsString()).isEqualTo("create-complete");
                        assertThat(list.version()).isEqualTo(1);
                        assertThat(list.prefixListArn()).endsWith(":prefix-list/" + id);
                        assertThat(list.tags()).containsExactly(tag("team", "net"));
                    });
            assertThat(codeOf(() -> ec2.modifyManagedPrefixList(change -> change.prefixListId(id)
                            .currentVersion(9L)
                            .addEntries(entry -> entry.cidr("203.0.113.0/24")))))
                    .isEqualTo("PrefixListVersionMismatch");
            ec2.modifyManagedPrefixList(change ->
                    change.prefixListId(id).currentVersion(1L).addEntries(entry -> entry.cidr("203.0.113.0/24")));
            assertThat(ec2.getManagedPrefixListEntries(of -> of.prefixListId(id))
                            .entries())
                    .hasSize(2);
            assertThat(ec2.getManagedPrefixListEntries(of -> of.prefixListId(id).targetVersion(1L))
                            .entries())
                    .singleElement()
                    .satisfies(entry -> assertThat(entry.description()).isEqualTo("north"));
            assertThat(ec2.restoreManagedPrefixListVersion(back ->
                                    back.prefixListId(id).previousVersion(1L).currentVersion(2L))
                            .prefixList()
                            .version())
                    .isEqualTo(3);

            assertThat(ec2.modifyManagedPrefixList(change ->
                                    change.prefixListId(id).addEntries(entry -> entry.cidr("198.51.100.0/24")))
                            .prefixList()
                            .version())
                    .as("a change that names no version is of the one there is")
                    .isEqualTo(4);

            String group = ec2.createSecurityGroup(wish -> wish.groupName("web").description("web servers"))
                    .groupId();
            ec2.authorizeSecurityGroupIngress(more -> more.groupId(group)
                    .ipPermissions(IpPermission.builder()
                            .ipProtocol("tcp")
                            .fromPort(22)
                            .toPort(22)
                            .prefixListIds(
                                    PrefixListId.builder().prefixListId(id).build())
                            .build()));
            assertThat(ec2.getManagedPrefixListAssociations(of -> of.prefixListId(id))
                            .prefixListAssociations())
                    .singleElement()
                    .satisfies(
                            association -> assertThat(association.resourceId()).isEqualTo(group));
            assertThat(codeOf(() -> ec2.deleteManagedPrefixList(gone -> gone.prefixListId(id))))
                    .isEqualTo("PrefixListInUse");
            ec2.deleteSecurityGroup(gone -> gone.groupId(group));
            assertThat(ec2.deleteManagedPrefixList(gone -> gone.prefixListId(id))
                            .prefixList()
                            .stateAsString())
                    .isEqualTo("delete-complete");
            assertThat(codeOf(() -> ec2.describeManagedPrefixLists(which -> which.prefixListIds(id))))
                    .isEqualTo("InvalidPrefixListID.NotFound");
        }
    }

    @Test
    void tagsAreSetAndTakenAwayOnAllNamedOrOnNone(LocalStack stack) {
        try (Ec2Client ec2 = AwsClients.ofNewAccount(stack).ec2()) {
            String group = ec2.createSecurityGroup(wish -> wish.groupName("web").description("web servers"))
                    .groupId();
            String rule = rules(ec2, group, true).getFirst().securityGroupRuleId();
            String vpc =
                    ec2.createVpc(wish -> wish.cidrBlock("10.0.0.0/16")).vpc().vpcId();
            ec2.createTags(wish -> wish.resources(group, rule, vpc).tags(tag("team", "web"), tag("empty", "")));
            assertThat(codeOf(() -> ec2.createTags(wish ->
                            wish.resources(group, "vpc-0dead0dead0dead00").tags(tag("more", "1")))))
                    .isEqualTo("InvalidVpcID.NotFound");
            assertThat(codeOf(() -> ec2.createTags(
                            wish -> wish.resources(group, "nothing").tags(tag("more", "1")))))
                    .isEqualTo("InvalidID");
            assertThat(codeOf(() -> ec2.createTags(wish -> wish.resources(group).tags(tag("aws:more", "1")))))
                    .isEqualTo("InvalidParameterValue");
            assertThat(tags(ec2, filter("resource-id", group))).containsExactly("empty=", "team=web");
            assertThat(tags(ec2, filter("resource-type", "security-group-rule"), filter("key", "te*")))
                    .containsExactly("team=web");
            assertThat(ec2.describeTags(which -> which.filters(filter("tag:team", "web")))
                            .tags())
                    .extracting(found -> found.resourceTypeAsString())
                    .containsExactlyInAnyOrder("security-group", "security-group-rule", "vpc");
            assertThat(ec2.describeTags(which ->
                                    which.filters(filter("value", "web")).maxResults(2))
                            .nextToken())
                    .isNotNull();

            ec2.deleteTags(gone -> gone.resources(group, vpc).tags(tag("team", "other"), tag("empty", "")));
            assertThat(tags(ec2, filter("resource-id", group))).containsExactly("team=web");
            ec2.deleteTags(
                    gone -> gone.resources(group).tags(Tag.builder().key("team").build()));
            ec2.deleteTags(gone -> gone.resources(rule));
            assertThat(tags(ec2, filter("resource-id", group, rule, vpc))).containsExactly("team=web");
        }
    }

    private static List<String> tags(Ec2Client ec2, Filter... filters) {
        return ec2.describeTags(which -> which.filters(filters)).tags().stream()
                .map(found -> found.key() + "=" + found.value())
                .toList();
    }

    private static List<String> names(Ec2Client ec2, Filter... filters) {
        return ec2.describeSecurityGroups(which -> which.filters(filters)).securityGroups().stream()
                .map(SecurityGroup::groupName)
                .toList();
    }

    private static List<SecurityGroupRule> rules(Ec2Client ec2, String groupId, boolean isEgress) {
        return ec2
                .describeSecurityGroupRules(which -> which.filters(filter("group-id", groupId)))
                .securityGroupRules()
                .stream()
                .filter(rule -> rule.isEgress() == isEgress)
                .toList();
    }

    private static SecurityGroupRuleUpdate update(SecurityGroupRule rule, int port, String block) {
        return SecurityGroupRuleUpdate.builder()
                .securityGroupRuleId(rule.securityGroupRuleId())
                .securityGroupRule(SecurityGroupRuleRequest.builder()
                        .ipProtocol("tcp")
                        .fromPort(port)
                        .toPort(port)
                        .cidrIpv4(block)
                        .build())
                .build();
    }

    private static Filter filter(String name, String... values) {
        return Filter.builder().name(name).values(values).build();
    }

    private static Tag tag(String key, String value) {
        return Tag.builder().key(key).value(value).build();
    }
}
