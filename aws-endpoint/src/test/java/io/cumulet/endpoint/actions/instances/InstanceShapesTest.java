package io.cumulet.endpoint.actions.instances;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.cumulet.endpoint.access.Principal;
import io.cumulet.endpoint.actions.Api;
import io.cumulet.endpoint.actions.Call;
import io.cumulet.endpoint.actions.Filters;
import io.cumulet.endpoint.actions.securitygroups.GroupNames;
import io.cumulet.endpoint.protocol.AwsError;
import io.cumulet.endpoint.protocol.XmlWriter;
import io.cumulet.kernel.AccountId;
import io.cumulet.kernel.DefaultNetwork;
import io.cumulet.kernel.Region;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class InstanceShapesTest {

    private static final Region REGION = new Region("us-east-1");
    private static final AccountId ACCOUNT = new AccountId("123456789012");
    private static final String VPC = DefaultNetwork.vpcId(ACCOUNT, REGION);
    private static final String GROUP = DefaultNetwork.securityGroupId(ACCOUNT, REGION);

    private static final String VIEW = """
            {"instanceId": "i-0123456789abcdef0", "reservationId": "r-0123456789abcdef0", "launchIndex": 2,
             "account": "123456789012", "availabilityZone": "us-east-1a", "imageId": "ami-1", "instanceType": "t3.micro",
             "os": "windows", "architecture": "x86_64", "state": "stopped", "tenancy": "default",
             "stateReason": {"code": "Client.UserInitiatedShutdown", "message": "User initiated shutdown"},
             "stateEnteredAt": "2026-12-01T08:00:00Z", "launchTime": "2026-12-01T07:00:00Z",
             "market": {"type": "spot", "spotRequestId": "sir-0123456789abcdef0"}, "vpcId": "VPC", "subnetId": "subnet-1",
             "privateIpAddress": "172.31.0.4", "privateDnsName": "ip-172-31-0-4.ec2.internal", "ipv6Addresses": [],
             "publicIpAddress": "203.0.113.5", "publicDnsName": "ec2-203-0-113-5.compute-1.amazonaws.com",
             "networkInterfaces": [{"networkInterfaceId": "eni-1", "attachmentId": "eni-attach-1", "deviceIndex": 0,
               "deleteOnTermination": true, "vpcId": "VPC", "subnetId": "subnet-1", "privateIpAddress": "172.31.0.4",
               "privateIpAddresses": [{"privateIpAddress": "172.31.0.4", "primary": true, "publicIpAddress": "203.0.113.5",
                                       "publicDnsName": "ec2-203-0-113-5.compute-1.amazonaws.com", "elastic": true}],
               "ipv6Addresses": [], "securityGroupIds": ["GROUP"], "description": "", "sourceDestCheck": true,
               "attachTime": "2026-12-01T07:00:00Z"}],
             "securityGroupIds": ["GROUP"], "tags": {"Name": "one"}, "monitoring": {"state": "disabled"},
             "metadataOptions": {"state": "applied", "httpTokens": "required"}}
            """.replace("VPC", VPC).replace("GROUP", GROUP);

    @Test
    void anInstanceHasWhatClientsRead() throws Exception {
        ObjectNode view = (ObjectNode) new ObjectMapper().readTree(VIEW);
        Call call = call(Call.answer());
        ObjectNode instance = InstanceShapes.instance(view, GroupNames.of(call, List.of(view)));
        ObjectNode answer = Call.answer();
        ObjectNode reservation = answer.putArray("Reservations").addObject();
        reservation.putArray("Instances").add(instance);
        assertThat(XmlWriter.answer(Api.EC2.model(), call.operation(), answer, "1"))
                .contains("<instanceState><code>80</code><name>stopped</name></instanceState>")
                .contains("<reason>User initiated (2026-12-01 08:00:00 GMT)</reason>")
                .contains("<groupId>" + GROUP + "</groupId><groupName>default</groupName>")
                .contains("<dnsName>ec2-203-0-113-5.compute-1.amazonaws.com</dnsName>")
                .contains("<ipAddress>203.0.113.5</ipAddress>")
                .contains("<platform>windows</platform>")
                .contains("<usageOperation>RunInstances:0002</usageOperation>")
                .contains("<instanceLifecycle>spot</instanceLifecycle>")
                .contains("<attachTime>2026-12-01T07:00:00.000Z</attachTime>")
                .containsPattern("<availabilityZoneId>use1-az[1-6]</availabilityZoneId>")
                .contains("<operator><managed>false</managed></operator>")
                .contains("<amiLaunchIndex>2</amiLaunchIndex>")
                .contains("<httpTokens>required</httpTokens>");
    }

    @Test
    void everyDocumentedFilterLooksAtSomething() throws Exception {
        ObjectNode view = (ObjectNode) new ObjectMapper().readTree(VIEW);
        ObjectNode instance = InstanceShapes.instance(view, GroupNames.of(call(Call.answer()), List.of(view)));
        for (String name : call(Call.answer()).operation().filterNames()) {
            if (!name.startsWith("tag:")) {
                assertThat(filters(name, "no such value")
                                .pass(instance, InstanceShapes.INSTANCE, InstanceFilters.own()))
                        .as(name)
                        .isFalse();
            }
        }
        Map.of(
                        "instance-state-code", "80",
                        "instance.group-name", "def*",
                        "availability-zone-id", "use1-az*",
                        "network-interface.operator.managed", "false",
                        "network-interface.addresses.association.public-ip", "203.0.113.?",
                        "metadata-options.http-tokens", "required",
                        "dns-name", "ec2-*",
                        "launch-time", "2026-12-01T07*",
                        "tag:Name", "on?")
                .forEach((name, value) -> assertThat(
                                filters(name, value).pass(instance, InstanceShapes.INSTANCE, InstanceFilters.own()))
                        .as(name)
                        .isTrue());
        assertThatThrownBy(() -> filters("colour", "red")).isInstanceOf(AwsError.class);
    }

    private static Filters filters(String name, String value) {
        ObjectNode input = Call.answer();
        input.putArray("Filters")
                .addObject()
                .put("Name", name)
                .putArray("Values")
                .add(value);
        return Filters.of(call(input));
    }

    private static Call call(ObjectNode input) {
        return new Call(
                Api.EC2.model().operation("DescribeInstances"),
                Principal.ofAccount(ACCOUNT, "key"),
                REGION,
                input,
                "1",
                null);
    }
}
