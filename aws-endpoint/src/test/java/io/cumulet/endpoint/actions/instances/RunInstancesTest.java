package io.cumulet.endpoint.actions.instances;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.cumulet.catalog.ImageParameters;
import io.cumulet.endpoint.access.Principal;
import io.cumulet.endpoint.actions.Api;
import io.cumulet.endpoint.actions.Call;
import io.cumulet.endpoint.actions.Zones;
import io.cumulet.endpoint.protocol.AwsError;
import io.cumulet.kernel.AccountId;
import io.cumulet.kernel.Region;
import org.junit.jupiter.api.Test;

class RunInstancesTest {

    private static final String AL2023 = "/aws/service/ami-amazon-linux-latest/al2023-ami-kernel-default-x86_64";

    @Test
    void whatIsSaidOfAnInstanceIsSaidInRestUnderTheSameNames() throws Exception {
        JsonNode body = body("""
                {"Placement": {"AvailabilityZone": "us-east-1a", "GroupName": ""}, "Monitoring": {"Enabled": true},
                 "PrivateDnsNameOptions": {"EnableResourceNameDnsAAAARecord": true},
                 "TagSpecifications": [{"ResourceType": "instance", "Tags": [{"Key": "a", "Value": "b"}]},
                                       {"ResourceType": "network-interface", "Tags": [{"Key": "c", "Value": "d"}]}]}
                """);
        assertThat(body.path("placement").toString()).isEqualTo("{\"availabilityZone\":\"us-east-1a\"}");
        assertThat(body.path("monitoring").path("enabled").asBoolean()).isTrue();
        assertThat(body.path("privateDnsNameOptions")
                        .path("enableResourceNameDnsAAAARecord")
                        .asBoolean())
                .isTrue();
        assertThat(body.path("tags").path("a").asText()).isEqualTo("b");
        assertThat(body.path("networkInterfaceTags").path("c").asText()).isEqualTo("d");
    }

    @Test
    void aZoneIsNamedByItsIdToo() throws Exception {
        JsonNode body = body("{\"Placement\": {\"AvailabilityZoneId\": \"" + Zones.id("us-east-1b") + "\"}}");
        assertThat(body.path("placement").toString()).isEqualTo("{\"availabilityZone\":\"us-east-1b\"}");
    }

    @Test
    void aUsualInterfaceLeavesZoneAndSubnetOpen() throws Exception {
        JsonNode body = body("{\"NetworkInterfaces\": [{\"DeviceIndex\": 0, \"Groups\": [\"sg-1\"]}]}");
        assertThat(body.has("networkInterfaces")).isFalse();
        assertThat(body.path("securityGroupIds").get(0).asText()).isEqualTo("sg-1");
    }

    @Test
    void aPersistentSpotRequestIsSaidWithItsEndAndTheLaunchItselfDescribesItsInterface() throws Exception {
        JsonNode body = body("""
                {"InstanceMarketOptions": {"MarketType": "spot", "SpotOptions": {"SpotInstanceType": "persistent",
                   "ValidUntil": "2030-01-01T00:00:00Z", "MaxPrice": "0.05"}},
                 "NetworkInterfaces": [{"DeviceIndex": 0, "SubnetId": "subnet-1", "Groups": ["sg-1"],
                   "AssociatePublicIpAddress": true}]}
                """);
        assertThat(body.path("market").path("requestType").asText()).isEqualTo("persistent");
        assertThat(body.path("market").path("validUntil").asText()).isEqualTo("2030-01-01T00:00:00Z");
        assertThat(body.has("networkInterfaces")).isFalse();
        assertThat(body.path("subnetId").asText()).isEqualTo("subnet-1");
        assertThat(body.path("associatePublicIpAddress").asBoolean()).isTrue();
    }

    @Test
    void whatIsStoppedKeepsItsInterfacesAndNeedsNoneAnew() throws Exception {
        JsonNode body = body("""
                {"InstanceMarketOptions": {"MarketType": "spot", "SpotOptions": {"SpotInstanceType": "persistent",
                   "InstanceInterruptionBehavior": "stop"}},
                 "NetworkInterfaces": [{"DeviceIndex": 0, "NetworkInterfaceId": "eni-1"}]}
                """);
        assertThat(body.path("networkInterfaces")).hasSize(1);
        assertThat(body.path("market").has("requestType")).isFalse();
    }

    @Test
    void aOneTimeRequestHasNoEndAndItsInstanceIsOnlyTerminated() {
        for (String said :
                new String[] {"\"ValidUntil\": \"2030-01-01T00:00:00Z\"", "\"InstanceInterruptionBehavior\": \"stop\""
                }) {
            assertThatThrownBy(() -> body(
                            "{\"InstanceMarketOptions\": {\"MarketType\": \"spot\", \"SpotOptions\": {" + said + "}}}"))
                    .isInstanceOfSatisfying(
                            AwsError.class,
                            refused -> assertThat(refused.code()).isEqualTo("InvalidParameterCombination"));
        }
    }

    @Test
    void ofAnInterfacesAddressesThePrimaryComesFirst() throws Exception {
        JsonNode body = body("""
                {"NetworkInterfaces": [{"DeviceIndex": 0, "SubnetId": "subnet-1", "PrivateIpAddresses": [
                  {"PrivateIpAddress": "10.0.0.6"}, {"PrivateIpAddress": "10.0.0.5", "Primary": true}]}]}
                """);
        assertThat(body.path("networkInterfaces").get(0).path("privateIpAddresses"))
                .extracting(JsonNode::asText)
                .containsExactly("10.0.0.5", "10.0.0.6");
    }

    @Test
    void whatIsNotHereIsRefusedRatherThanLeftOut() {
        for (String parameter : new String[] {
            "\"KernelId\": \"aki-1\"",
            "\"NetworkInterfaces\": [{\"AssociateCarrierIpAddress\": true}]",
            "\"InstanceMarketOptions\": {\"MarketType\": \"capacity-block\"}",
            "\"TagSpecifications\": [{\"ResourceType\": \"elastic-gpu\", \"Tags\": []}]"
        }) {
            assertThatThrownBy(() -> body("{" + parameter + "}"))
                    .isInstanceOfSatisfying(
                            AwsError.class,
                            refused -> assertThat(refused.code()).isEqualTo("UnsupportedOperation"));
        }
    }

    @Test
    void anImageCanBeNamedByAParameter() throws Exception {
        assertThat(body("{\"ImageId\": \"resolve:ssm:" + AL2023 + "\"}")
                        .path("imageId")
                        .asText())
                .isEqualTo(ImageParameters.of(Region.DEFAULT).get(AL2023).imageId());
        assertThat(body("{\"ImageId\": \"resolve:ssm:" + AL2023 + ":1\"}")
                        .path("imageId")
                        .asText())
                .startsWith("ami-");
        for (String parameter : new String[] {"/mine", AL2023 + ":2"}) {
            assertThatThrownBy(() -> body("{\"ImageId\": \"resolve:ssm:" + parameter + "\"}"))
                    .isInstanceOfSatisfying(
                            AwsError.class,
                            refused -> assertThat(refused.code()).isEqualTo("SsmInvalidParameter"));
        }
    }

    @Test
    void disksAreTakenButNoneOfASnapshot() throws Exception {
        assertThat(body("""
                {"BlockDeviceMappings": [{"DeviceName": "/dev/xvda", "Ebs": {"VolumeSize": 20, "VolumeType": "gp3"}}]}""").has("blockDeviceMappings")).isFalse();
        assertThatThrownBy(() -> body("""
                {"BlockDeviceMappings": [{"DeviceName": "/dev/xvda", "Ebs": {"SnapshotId": "snap-1"}}]}"""))
                .isInstanceOfSatisfying(
                        AwsError.class, refused -> assertThat(refused.code()).isEqualTo("InvalidSnapshot.NotFound"));
    }

    private static JsonNode body(String parameters) throws Exception {
        ObjectNode input = (ObjectNode) new ObjectMapper().readTree(parameters);
        return RunInstances.body(new Call(
                Api.EC2.model().operation("RunInstances"),
                Principal.ofAccount(new AccountId("123456789012"), "key"),
                new Region("us-east-1"),
                input,
                "1",
                null));
    }
}
