package io.cumulet.endpoint.protocol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.cumulet.endpoint.actions.Api;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ParametersTest {

    @Test
    void listsAndStructuresBecomeATreeByTheModelsNames() {
        assertThat(ec2(
                                "RunInstances",
                                "MinCount=1&MaxCount=2&SecurityGroupId.1=sg-1&SecurityGroupId.2=sg-2&Placement.AvailabilityZone=us-east-1a"
                                        + "&TagSpecification.1.ResourceType=instance&TagSpecification.1.Tag.1.Key=Name&TagSpecification.1.Tag.1.Value=a.b"
                                        + "&EbsOptimized=true&InstanceType=t2.micro")
                        .toString())
                .isEqualTo(
                        "{\"InstanceType\":\"t2.micro\",\"MaxCount\":2,\"MinCount\":1,"
                                + "\"Placement\":{\"AvailabilityZone\":\"us-east-1a\"},\"SecurityGroupIds\":[\"sg-1\",\"sg-2\"],\"EbsOptimized\":true,"
                                + "\"TagSpecifications\":[{\"ResourceType\":\"instance\",\"Tags\":[{\"Key\":\"Name\",\"Value\":\"a.b\"}]}]}");
    }

    @Test
    void elementsComeInTheOrderOfTheirNumbersNotOfTheirText() {
        assertThat(ec2("DescribeVpcs", "VpcId.10=c&VpcId.2=b&VpcId.1=a").path("VpcIds"))
                .map(id -> id.asText())
                .containsExactly("a", "b", "c");
    }

    @Test
    void aPartOfAPlacementThatIsEmptyIsLeftOpen() {
        assertThat(ec2(
                                "RunInstances",
                                "MinCount=1&MaxCount=1&Placement.AvailabilityZone=&Placement.Tenancy=default&UserData=")
                        .toString())
                .isEqualTo("{\"MaxCount\":1,\"MinCount\":1,\"Placement\":{\"Tenancy\":\"default\"},\"UserData\":\"\"}");
    }

    @Test
    void whereEc2DoesNotMindTheCaseAValueIsTheModels() {
        assertThat(ec2(
                                "CreateNetworkAclEntry",
                                "NetworkAclId=acl-1&RuleNumber=1&Protocol=-1&Egress=false&RuleAction=ALLOW")
                        .path("RuleAction")
                        .asText())
                .isEqualTo("allow");
        assertThat(ec2("DescribeReservedInstancesOfferings", "OfferingType=no upfront")
                        .path("OfferingType")
                        .asText())
                .isEqualTo("No Upfront");
    }

    @Test
    void theQueryProtocolOfStsHasItsMembersBetween() {
        assertThat(sts(
                                "AssumeRole",
                                "RoleArn=arn:aws:iam::123456789012:role/r&RoleSessionName=se&PolicyArns.member.1.arn=arn:aws:iam::1:policy/p"
                                        + "&DurationSeconds=900")
                        .path("PolicyArns")
                        .path(0)
                        .path("arn")
                        .asText())
                .isEqualTo("arn:aws:iam::1:policy/p");
    }

    @ParameterizedTest(name = "{1}")
    @CsvSource(delimiter = '|', textBlock = """
            DescribeVpcs | Colour=red                          | UnknownParameter      | The parameter Colour is not recognized
            DescribeVpcs | Filter.1.Colour=red                 | UnknownParameter      | The parameter Filter.1.Colour is not recognized
            DescribeVpcs | VpcId.x=vpc-1                       | UnknownParameter      | The parameter VpcId.x is not recognized
            DescribeVpcs | VpcId.1.Id=vpc-1                    | UnknownParameter      | The parameter VpcId.1.Id is not recognized
            DescribeVpcs | MaxResults=many                     | InvalidParameterValue | Value (many) for parameter MaxResults is invalid. It has to be an integer
            DescribeVpcs | MaxResults=1001                     | InvalidParameterValue | Value (1001) for parameter MaxResults is invalid. Expecting a value less than or equal to 1000.
            DescribeVpcs | DryRun=perhaps                      | InvalidParameterValue | Value (perhaps) for parameter DryRun is invalid. It is true or false
            CreateVpc    | CidrBlock=10.0.0.0/16&InstanceTenancy=shared | InvalidParameterValue | Value (shared) for parameter InstanceTenancy is invalid. It is one of default, dedicated, host
            DeleteVpc    | DryRun=true                         | MissingParameter      | The request must contain the parameter VpcId
            """)
    void whatTheModelDoesNotKnowIsRefusedByName(String action, String query, String code, String message) {
        assertThatThrownBy(() -> ec2(action, query))
                .isInstanceOf(AwsError.class)
                .hasMessage(message)
                .extracting(refused -> ((AwsError) refused).code())
                .isEqualTo(code);
    }

    private static ObjectNode ec2(String action, String query) {
        return Parameters.read(
                parameters(query), Api.EC2.model().operations().get(action).input(), true);
    }

    private static ObjectNode sts(String action, String query) {
        return Parameters.read(
                parameters(query), Api.STS.model().operations().get(action).input(), false);
    }

    private static Map<String, String> parameters(String query) {
        Map<String, String> parameters = new LinkedHashMap<>();
        for (String pair : query.split("&")) {
            String[] parts = pair.split("=", 2);
            parameters.put(parts[0], parts[1]);
        }
        return parameters;
    }
}
