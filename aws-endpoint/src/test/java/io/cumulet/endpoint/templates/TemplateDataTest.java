package io.cumulet.endpoint.templates;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.cumulet.endpoint.actions.Api;
import io.cumulet.endpoint.model.Shape;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;

class TemplateDataTest {

    @Test
    void whatIsSaidAgainWinsAndOfStructuresEachPartForItself() {
        assertThat(merged("""
                        {"ImageId": "ami-1", "InstanceType": "m4.large",
                         "Placement": {"AvailabilityZone": "us-east-1a", "Tenancy": "default"}}""", """
                        {"InstanceType": "c4.large", "MinCount": 1, "Placement": {"AvailabilityZone": "us-east-1b"}}"""))
                .isEqualTo(json("""
                        {"ImageId": "ami-1", "InstanceType": "c4.large", "MinCount": 1,
                         "Placement": {"AvailabilityZone": "us-east-1b", "Tenancy": "default"}}"""));
    }

    @Test
    void listsReplaceListsAndGroupsByIdReplaceGroupsByName() {
        assertThat(merged("""
                        {"TagSpecifications": [{"ResourceType": "instance"}], "SecurityGroups": ["web"]}""", """
                        {"TagSpecifications": [], "SecurityGroupIds": ["sg-1"]}"""))
                .isEqualTo(json("""
                        {"TagSpecifications": [], "SecurityGroupIds": ["sg-1"]}"""));
    }

    @Test
    void mergingChangesNeitherSide() {
        ObjectNode base = json("{\"Placement\": {\"Tenancy\": \"default\"}}");
        ObjectNode over = json("{\"Placement\": {\"GroupName\": \"g\"}}");
        TemplateData.merged(base, over);
        assertThat(base).isEqualTo(json("{\"Placement\": {\"Tenancy\": \"default\"}}"));
        assertThat(over).isEqualTo(json("{\"Placement\": {\"GroupName\": \"g\"}}"));
    }

    @Test
    void everyParameterOfATemplateIsOneOfRunInstances() {
        Set<String> template =
                new HashSet<>(Api.EC2.model().shape("RequestLaunchTemplateData").members().keySet());
        template.remove("InstanceRequirements");
        ObjectNode data = json("{}");
        template.forEach(name -> data.put(name, "x"));
        Shape launch = Api.EC2.model().shape("RunInstancesRequest");
        assertThat(TemplateData.asLaunch(data).properties())
                .allSatisfy(parameter -> assertThat(launch.member(parameter.getKey()))
                        .as(parameter.getKey())
                        .isNotNull());
    }

    @Test
    void aTemplateThatOnlyDescribesTypesLaunchesNothingByItself() {
        assertThatThrownBy(() -> TemplateData.asLaunch(json("{\"InstanceRequirements\": {}}")))
                .hasMessageContaining("InstanceRequirements");
    }

    private static ObjectNode merged(String base, String over) {
        return TemplateData.merged(json(base), json(over));
    }

    private static ObjectNode json(String text) {
        try {
            return (ObjectNode) new ObjectMapper().readTree(text);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException(text, e);
        }
    }
}
