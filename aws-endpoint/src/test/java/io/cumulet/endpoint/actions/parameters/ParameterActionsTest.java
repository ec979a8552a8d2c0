package io.cumulet.endpoint.actions.parameters;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.cumulet.catalog.ImageParameters;
import io.cumulet.endpoint.access.Principal;
import io.cumulet.endpoint.actions.Api;
import io.cumulet.endpoint.actions.Call;
import io.cumulet.endpoint.actions.Handler;
import io.cumulet.endpoint.protocol.AwsError;
import io.cumulet.kernel.AccountId;
import io.cumulet.kernel.Region;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;

class ParameterActionsTest {

    private static final Region REGION = new Region("eu-west-1");
    private static final String FAMILY = "/aws/service/ami-amazon-linux-latest";
    private static final String AL2023 = FAMILY + "/al2023-ami-kernel-default-x86_64";
    private static final String IMAGE =
            Objects.requireNonNull(ImageParameters.of(REGION).get(AL2023)).imageId();

    @Test
    void aParameterIsFoundByNameArnAndVersion() throws Exception {
        String arn = "arn:aws:ssm:eu-west-1::parameter" + AL2023;
        for (String name : List.of(AL2023, arn, AL2023 + ":1")) {
            JsonNode parameter = answer("GetParameter", ParameterActions::get, "{\"Name\": \"" + name + "\"}")
                    .path("Parameter");
            assertThat(parameter.path("Value").asText()).isEqualTo(IMAGE);
            assertThat(parameter.path("ARN").asText()).isEqualTo(arn);
            assertThat(parameter.path("Name").asText()).isEqualTo(AL2023);
        }
    }

    @Test
    void whatIsNotThereIsSaid() {
        assertRefused("{\"Name\": \"/mine\"}", "ParameterNotFound");
        assertRefused("{\"Name\": \"arn:aws:ssm:us-east-1::parameter" + AL2023 + "\"}", "ParameterNotFound");
        assertRefused("{\"Name\": \"" + AL2023 + ":2\"}", "ParameterVersionNotFound");
    }

    @Test
    void ofSeveralThoseThatAreNotThereAreToldBesideTheOthers() throws Exception {
        JsonNode answer =
                answer("GetParameters", ParameterActions::getSeveral, "{\"Names\": [\"/mine\", \"" + AL2023 + "\"]}");
        assertThat(answer.path("Parameters").get(0).path("Value").asText()).isEqualTo(IMAGE);
        assertThat(answer.path("InvalidParameters"))
                .extracting(JsonNode::asText)
                .containsExactly("/mine");
    }

    @Test
    void aPathIsReadInPagesOfTen() throws Exception {
        List<String> names = new ArrayList<>();
        String token = "";
        do {
            JsonNode page = answer(
                    "GetParametersByPath", ParameterActions::getByPath, "{\"Path\": \"" + FAMILY + "\"" + token + "}");
            assertThat(page.path("Parameters")).hasSizeLessThanOrEqualTo(10);
            page.path("Parameters")
                    .forEach(parameter -> names.add(parameter.path("Name").asText()));
            token = page.hasNonNull("NextToken")
                    ? ", \"NextToken\": \"" + page.path("NextToken").asText() + "\""
                    : "";
        } while (!token.isEmpty());
        assertThat(names)
                .isEqualTo(ImageParameters.of(REGION).keySet().stream()
                        .filter(name -> name.startsWith(FAMILY + "/"))
                        .toList());
    }

    @Test
    void whatIsDeeperIsReadIfAskedFor() throws Exception {
        String path = "{\"Path\": \"/aws/service/canonical\"";
        assertThat(answer("GetParametersByPath", ParameterActions::getByPath, path + "}")
                        .path("Parameters"))
                .isEmpty();
        assertThat(answer("GetParametersByPath", ParameterActions::getByPath, path + ", \"Recursive\": true}")
                        .path("Parameters"))
                .isNotEmpty();
    }

    private static void assertRefused(String input, String code) {
        assertThatThrownBy(() -> answer("GetParameter", ParameterActions::get, input))
                .isInstanceOfSatisfying(
                        AwsError.class, refused -> assertThat(refused.code()).isEqualTo(code));
    }

    private static ObjectNode answer(String operation, Handler handler, String input) throws Exception {
        AccountId account = new AccountId("123456789012");
        return handler.answer(new Call(
                Objects.requireNonNull(Api.SYSTEMS_MANAGER.model().operation(operation)),
                Principal.ofAccount(account, account.value()),
                REGION,
                (ObjectNode) new ObjectMapper().readTree(input),
                "request",
                // Parameters are asked of no service.
                null));
    }
}
