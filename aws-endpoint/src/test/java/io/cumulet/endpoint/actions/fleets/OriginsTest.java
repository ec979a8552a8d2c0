package io.cumulet.endpoint.actions.fleets;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.Set;
import org.junit.jupiter.api.Test;

class OriginsTest {

    private static final String TWO_OF_ATTRIBUTES = """
            {"Configs": [{"LaunchTemplateSpecification": {"Version": "$Latest"}, "Overrides": [
               {"InstanceRequirements": {"VCpuCount": {"Min": 2, "Max": 2}}, "Priority": 1},
               {"InstanceRequirements": {"VCpuCount": {"Min": 4, "Max": 4}}, "Priority": 2},
               {"InstanceType": "t3.large", "Priority": 3}]}],
             "Meant": [{"Version": "7"}]}""";

    private static final String ONE_OF_ATTRIBUTES = """
            {"Configs": [{"Overrides": [{"InstanceRequirements": {"VCpuCount": {"Min": 4}}, "Priority": 2}]}]}""";

    @Test
    void anInstanceIsOfTheFirstOverrideWhoseAttributesItsTypeHas() throws Exception {
        Origins origins = origins(TWO_OF_ATTRIBUTES);
        assertThat(priority(origins, "m5.large")).isEqualTo(1);
        assertThat(priority(origins, "m5.xlarge")).isEqualTo(2);
        assertThat(priority(origins, "t3.large")).isEqualTo(3);
        JsonNode origin = origins.of("m5.xlarge", "us-east-1a");
        assertThat(origin.path("LaunchTemplateSpecification").path("Version").asText())
                .as("the version that was meant")
                .isEqualTo("7");
        assertThat(origin.path("Overrides").has("InstanceRequirements")).isFalse();
        assertThat(origin.path("Overrides").path("InstanceType").asText()).isEqualTo("m5.xlarge");
        assertThat(origin.path("Overrides").path("AvailabilityZone").asText()).isEqualTo("us-east-1a");
    }

    @Test
    void nobodyIsAskedAboutTheOnlyOverrideOfAttributes() throws Exception {
        Origins origins = new Origins(fleet(ONE_OF_ATTRIBUTES), "Configs", "Meant", override -> {
            throw new AssertionError("asked");
        });
        assertThat(priority(origins, "c5.xlarge")).isEqualTo(2);
    }

    @Test
    void aNamedTypeIsOfTheOverrideThatNamesItAlsoBesideAttributes() throws Exception {
        Origins origins = origins("""
                {"Configs": [{"Overrides": [
                   {"InstanceRequirements": {"VCpuCount": {"Min": 4, "Max": 4}}, "Priority": 1},
                   {"InstanceType": "t3.large", "Priority": 2},
                   {"InstanceType": "m5.xlarge", "AvailabilityZone": "us-east-1b", "Priority": 3}]}]}""");
        assertThat(priority(origins, "m5.xlarge")).isEqualTo(1);
        assertThat(priority(origins, "t3.large")).isEqualTo(2);
        assertThat(origins.of("m5.xlarge", "us-east-1b")
                        .path("Overrides")
                        .path("Priority")
                        .asInt())
                .isEqualTo(3);
    }

    @Test
    void whereOverridesNameSubnetsAnInstanceIsOfTheOneWhoseSubnetItIsIn() throws Exception {
        JsonNode fleet = new ObjectMapper().readTree("""
                {"requestedAs": {"Configs": [{"Overrides": [
                   {"InstanceType": "m5.large", "SubnetId": "subnet-a", "Priority": 1},
                   {"InstanceType": "m5.large", "SubnetId": "subnet-b, subnet-c", "Priority": 2}]}]},
                 "overrides": [
                   {"instanceType": "m5.large", "availabilityZone": "us-east-1a", "subnetId": "subnet-a"},
                   {"instanceType": "m5.large", "availabilityZone": "us-east-1b", "subnetId": "subnet-b"},
                   {"instanceType": "m5.large", "availabilityZone": "us-east-1c", "subnetId": "subnet-c"}]}""");
        Origins origins = new Origins(fleet, "Configs", "Meant", override -> Set.of());
        JsonNode first = origins.of("m5.large", "us-east-1a").path("Overrides");
        assertThat(first.path("Priority").asInt()).isEqualTo(1);
        assertThat(first.path("SubnetId").asText()).isEqualTo("subnet-a");
        JsonNode third = origins.of("m5.large", "us-east-1c").path("Overrides");
        assertThat(third.path("Priority").asInt()).isEqualTo(2);
        assertThat(third.path("SubnetId").asText()).isEqualTo("subnet-c");
        assertThat(third.path("AvailabilityZone").asText()).isEqualTo("us-east-1c");
        assertThat(origins.of("m5.large", "").path("Overrides").path("Priority").asInt())
                .as("an error of no zone")
                .isEqualTo(1);
    }

    @Test
    void aTemplateWithoutOverridesIsThatOfItsOwnType() throws Exception {
        Origins origins = origins("""
                {"Configs": [{}, {}, {"Overrides": [{"Priority": 3}]}],
                 "Meant": [{"Version": "1"}, {"Version": "2"}, {"Version": "3"}],
                 "TemplateKinds": [{"InstanceType": "t3.micro"}, {"InstanceType": "m5.large"},
                                   {"InstanceRequirements": {"VCpuCount": {"Min": 4}}}]}""");
        assertThat(version(origins, "t3.micro")).isEqualTo("1");
        assertThat(version(origins, "m5.large")).isEqualTo("2");
        assertThat(version(origins, "m5.xlarge")).isEqualTo("3");
        assertThat(priority(origins, "m5.xlarge")).isEqualTo(3);
    }

    private static String version(Origins origins, String type) {
        return origins.of(type, "us-east-1a")
                .path("LaunchTemplateSpecification")
                .path("Version")
                .asText();
    }

    private static int priority(Origins origins, String type) {
        return origins.of(type, "us-east-1a").path("Overrides").path("Priority").asInt();
    }

    private static Origins origins(String recorded) throws Exception {
        return new Origins(
                fleet(recorded),
                "Configs",
                "Meant",
                override -> override.path("InstanceRequirements")
                                        .path("VCpuCount")
                                        .path("Min")
                                        .asInt()
                                == 2
                        ? Set.of("m5.large")
                        : Set.of("m5.xlarge"));
    }

    private static JsonNode fleet(String recorded) throws Exception {
        return new ObjectMapper().createObjectNode().set("requestedAs", new ObjectMapper().readTree(recorded));
    }
}
