package io.cumulet.endpoint.actions.spot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.cumulet.endpoint.access.Principal;
import io.cumulet.endpoint.actions.Api;
import io.cumulet.endpoint.actions.Call;
import io.cumulet.endpoint.actions.Zones;
import io.cumulet.endpoint.protocol.AwsError;
import io.cumulet.kernel.AccountId;
import io.cumulet.kernel.Region;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LaunchSpecificationTest {

    private static final ObjectMapper JSON = new ObjectMapper();

    @Test
    void whatTheMarketDoesNotHaveToKnowGoesIntoLaunchOptionsInRestsWords() throws Exception {
        LaunchSpecification specification = of("""
                {"ImageId": "ami-1", "InstanceType": "m4.large", "KeyName": "mine",
                 "Placement": {"AvailabilityZone": "us-east-1a", "Tenancy": "default"},
                 "SecurityGroupIds": ["sg-1"], "Monitoring": {"Enabled": true}, "EbsOptimized": false,
                 "IamInstanceProfile": {"Name": "role"},
                 "BlockDeviceMappings": [{"DeviceName": "/dev/sda1", "Ebs": {"VolumeSize": 20}}]}""");

        assertThat(specification.asSpot()).isEqualTo(json("""
                {"imageId": "ami-1", "instanceType": "m4.large", "keyName": "mine", "availabilityZone": "us-east-1a",
                 "securityGroupIds": ["sg-1"],
                 "launchOptions": {"iamInstanceProfile": {"name": "role"}, "monitoring": {"enabled": true}}}"""));
        assertThat(specification.asLaunch()).isEqualTo(json("""
                {"imageId": "ami-1", "instanceType": "m4.large", "keyName": "mine", "securityGroupIds": ["sg-1"],
                 "placement": {"availabilityZone": "us-east-1a"}, "iamInstanceProfile": {"name": "role"},
                 "monitoring": {"enabled": true}}"""));
    }

    @Test
    void aZoneIsNamedByItsIdToo() throws Exception {
        assertThat(of("{\"ImageId\": \"ami-1\", \"Placement\": {\"AvailabilityZoneId\": \"" + Zones.id("us-east-1b")
                                + "\"}}")
                        .asSpot())
                .isEqualTo(json("{\"imageId\": \"ami-1\", \"availabilityZone\": \"us-east-1b\"}"));
    }

    @Test
    void theOneNetworkInterfaceSaysSubnetAndGroups() throws Exception {
        assertThat(of("""
                {"ImageId": "ami-1", "NetworkInterfaces": [{"DeviceIndex": 0, "SubnetId": "subnet-1", "Groups": ["sg-1", "sg-2"],
                 "DeleteOnTermination": true}]}""").asSpot()).isEqualTo(json("""
                {"imageId": "ami-1", "subnetId": "subnet-1", "securityGroupIds": ["sg-1", "sg-2"]}"""));
        assertThatThrownBy(() -> of("""
                {"SubnetId": "subnet-1", "NetworkInterfaces": [{"DeviceIndex": 0}]}"""))
                .isInstanceOfSatisfying(
                        AwsError.class, e -> assertThat(e.code()).isEqualTo("InvalidParameterCombination"));
    }

    @Test
    void theInterfaceSaysWhetherThereIsAPublicAddress() throws Exception {
        assertThat(of("""
                {"ImageId": "ami-1", "NetworkInterfaces": [{"SubnetId": "subnet-1", "AssociatePublicIpAddress": false}]}""").asSpot()).isEqualTo(json("""
                {"imageId": "ami-1", "subnetId": "subnet-1", "launchOptions": {"associatePublicIpAddress": false}}"""));
    }

    @Test
    void whatIsEmptySaysNothing() throws Exception {
        assertThat(of("""
                {"ImageId": "ami-1", "KeyName": "", "IamInstanceProfile": {"Name": ""}, "SecurityGroupIds": [""],
                 "Placement": {"AvailabilityZone": "", "GroupName": ""}, "UserData": ""}""").asSpot()).isEqualTo(json("""
                {"imageId": "ami-1"}"""));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            {"KernelId": "aki-1"}                                        | KernelId
            {"Placement": {"GroupName": "mine"}}                         | Placement.GroupName
            {"Placement": {"Tenancy": "dedicated"}}                      | Placement.Tenancy
            {"NetworkInterfaces": [{"Ipv6AddressCount": 1}]}             | NetworkInterfaces.Ipv6AddressCount
            {"NetworkInterfaces": [{"DeviceIndex": 1}]}                  | DeviceIndex
            {"NetworkInterfaces": [{}, {}]}                              | NetworkInterfaces
            """)
    void whatCannotBeHadIsRefusedByName(String said, String name) {
        assertThatThrownBy(() -> of(said)).isInstanceOfSatisfying(AwsError.class, e -> {
            assertThat(e.code()).isEqualTo("UnsupportedOperation");
            assertThat(e.getMessage()).contains(name);
        });
    }

    private static LaunchSpecification of(String said) throws Exception {
        AccountId account = new AccountId("123456789012");
        Call call = new Call(
                Objects.requireNonNull(Api.EC2.model().operation("RequestSpotInstances")),
                Principal.ofAccount(account, account.value()),
                Region.DEFAULT,
                Call.answer(),
                "request",
                // Nothing here has a name that would have to be looked up.
                null);
        return LaunchSpecification.of(call, json(said));
    }

    private static JsonNode json(String text) throws Exception {
        return JSON.readTree(text);
    }
}
