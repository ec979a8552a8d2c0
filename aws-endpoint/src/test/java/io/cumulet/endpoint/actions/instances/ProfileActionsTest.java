package io.cumulet.endpoint.actions.instances;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import org.junit.jupiter.api.Test;

class ProfileActionsTest {

    private static final String WEB = "arn:aws:iam::123456789012:instance-profile/web";

    @Test
    void theAssociationFollowsFromTheInstanceAndItsProfile() throws Exception {
        JsonNode one =
                ProfileActions.association(view("running", WEB), "associated").orElseThrow();
        assertThat(one.path("AssociationId").asText()).matches("iip-assoc-[0-9a-f]{17}");
        assertThat(one.path("InstanceId").asText()).isEqualTo("i-1");
        assertThat(one.path("IamInstanceProfile").path("Arn").asText()).isEqualTo(WEB);
        assertThat(ProfileActions.association(view("stopped", WEB), "associated"))
                .contains(ProfileActions.association(view("running", WEB), "associated")
                        .orElseThrow());
        assertThat(ProfileActions.association(view("running", WEB + "2"), "associated")
                        .orElseThrow()
                        .path("AssociationId"))
                .isNotEqualTo(one.path("AssociationId"));
    }

    @Test
    void whatEndsOrHasNoProfileHasNone() throws Exception {
        assertThat(ProfileActions.association(view("terminated", WEB), "associated"))
                .isEmpty();
        assertThat(ProfileActions.association(
                        new ObjectMapper().readTree("{\"instanceId\": \"i-1\", \"state\": \"running\"}"), "associated"))
                .isEmpty();
    }

    private static JsonNode view(String state, String arn) throws Exception {
        return new ObjectMapper()
                .readTree("{\"instanceId\": \"i-1\", \"state\": \"" + state + "\", \"iamInstanceProfile\": {\"arn\": \""
                        + arn + "\", \"id\": \"AIPA1\"}}");
    }
}
