package io.cumulet.endpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasKey;
import static org.hamcrest.Matchers.not;

import io.cumulet.contract.AccessDecision;
import io.cumulet.contract.AccessKeySnapshot;
import io.cumulet.contract.ContractJson;
import io.cumulet.endpoint.access.Signer;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.ValidatableResponse;
import jakarta.inject.Inject;
import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;

/** Keys, signatures, policies and sessions. */
@QuarkusTest
class AccessKeysTest extends EndpointStack {

    private static final String WHO = "Action=GetCallerIdentity&Version=2011-06-15";
    private static final String READER =
            "{\"policy\": [{\"effect\": \"Allow\", \"actions\": [\"sts:GetSessionToken\", \"ec2:Describe*\"]},"
                    + " {\"effect\": \"Deny\", \"actions\": [\"ec2:DescribeVolumes\"]}]}";

    @Inject
    DataSource dataSource;

    @Test
    void aKeyIsMadeShownOnceChangedAndDeletedAndEachChangeIsTold() throws IOException {
        Signer key = key(READER);
        as(account)
                .get("/v1/access-keys/" + key.accessKeyId())
                .then()
                .statusCode(200)
                .body("account", equalTo(account))
                .body("status", equalTo("Active"))
                .body("policy[1].effect", equalTo("Deny"))
                .body("$", not(hasKey("secretAccessKey")));
        modify(key, "{\"status\": \"Inactive\", \"policy\": null}")
                .statusCode(200)
                .body("status", equalTo("Inactive"))
                .body("$", not(hasKey("policy")));
        as("operator")
                .get("/v1/access-keys?account=" + account)
                .then()
                .body("accessKeys.accessKeyId", contains(key.accessKeyId()));
        as("operator")
                .delete("/v1/access-keys/" + key.accessKeyId() + "?account=" + account)
                .then()
                .statusCode(204);
        as(account).get("/v1/access-keys").then().body("accessKeys", empty());

        List<Published> told = audited(3);
        assertThat(told)
                .extracting(Published::type)
                .containsExactly("access-key.created", "access-key.changed", "access-key.deleted");
        assertThat(told).extracting(Published::version).containsExactly(1L, 2L, 3L);
        AccessKeySnapshot made = ContractJson.read(told.get(0).body(), AccessKeySnapshot.class);
        assertThat(made.policy()).hasSize(2);
        assertThat(made.changedBy()).isEqualTo("account");
        AccessKeySnapshot gone = ContractJson.read(told.get(2).body(), AccessKeySnapshot.class);
        assertThat(gone.changedBy()).isEqualTo("operator");
        assertThat(gone.status()).isEqualTo("Inactive");
        assertThat(told)
                .noneSatisfy(event -> assertThat(new String(event.body())).contains(key.secret()));
    }

    @Test
    void anothersKeyLooksLikeOneThatDoesNotExist() {
        Signer key = key("{}");
        String stranger = "999999999901";
        for (String id : List.of(key.accessKeyId(), "AKIARZPUZDIKFJPRZE6X", "x")) {
            as(stranger).get("/v1/access-keys/" + id).then().statusCode(404).body("code", equalTo("NoSuchEntity"));
            as(stranger).delete("/v1/access-keys/" + id).then().statusCode(404);
            as(stranger)
                    .body("{\"status\": \"Inactive\"}")
                    .patch("/v1/access-keys/" + id)
                    .then()
                    .statusCode(404);
        }
        as(stranger)
                .get("/v1/access-keys?account=" + account)
                .then()
                .statusCode(403)
                .body("code", equalTo("UnauthorizedOperation"));
        as("operator").get("/v1/access-keys").then().statusCode(400).body("field", equalTo("account"));
        call(key, "sts", WHO).statusCode(200);
    }

    @Test
    void whatIsWrongInAPolicyIsNamedByItsPlace() {
        for (List<String> wrong : List.of(
                List.of("{\"policy\": []}", "policy"),
                List.of("{\"policy\": {}}", "policy"),
                List.of("{\"policy\": [{\"actions\": [\"*\"]}]}", "policy[0].effect"),
                List.of("{\"policy\": [{\"effect\": \"allow\", \"actions\": [\"*\"]}]}", "policy[0].effect"),
                List.of("{\"policy\": [{\"effect\": \"Allow\", \"actions\": []}]}", "policy[0].actions"),
                List.of(
                        "{\"policy\": [{\"effect\": \"Allow\", \"actions\": [\"*\", \"ec2:RunInstancs\"]}]}",
                        "policy[0].actions[1]"),
                List.of("{\"policy\": [{\"effect\": \"Allow\", \"actions\": [7]}]}", "policy[0].actions[0]"),
                List.of(
                        "{\"policy\": [{\"effect\": \"Allow\", \"actions\": [\"*\"], \"Resource\": \"*\"}]}",
                        "policy[0].Resource"),
                List.of("{\"name\": \"x\"}", "name"))) {
            as(account)
                    .body(wrong.getFirst())
                    .post("/v1/access-keys")
                    .then()
                    .statusCode(400)
                    .body("field", equalTo(wrong.getLast()));
        }
        as(account).get("/v1/access-keys").then().body("accessKeys", empty());
    }

    @Test
    void aKeyThatExistsIsVerifiedAndOneThatDoesNotLetsInLocally() {
        Signer key = key("{}");
        call(key, "sts", WHO)
                .statusCode(200)
                .body(containsString("<Account>" + account + "</Account>"))
                .body(containsString("<Arn>arn:aws:iam::" + account + ":root</Arn>"));
        Signer wrong = new Signer(key.accessKeyId(), key.secret() + "x");
        assertThat(code(call(wrong, "sts", WHO).statusCode(403))).isEqualTo("SignatureDoesNotMatch");
        assertThat(code(call(wrong, "ec2", "Action=DescribeRegions&Version=2016-11-15")
                        .statusCode(401)))
                .isEqualTo("AuthFailure");

        modify(key, "{\"status\": \"Inactive\"}").statusCode(200);
        assertThat(code(call(key, "sts", WHO).statusCode(403))).isEqualTo("InvalidClientTokenId");
        modify(key, "{\"status\": \"Active\"}").statusCode(200);
        call(key, "sts", WHO).statusCode(200);

        call(new Signer("222222222222", "any"), "sts", WHO).body(containsString("<Account>222222222222</Account>"));
        call(new Signer("test", "any"), "sts", WHO).body(containsString("<Account>123456789012</Account>"));
        post(java.util.Map.of(), WHO).body(containsString("<Account>123456789012</Account>"));
    }

    @Test
    void aPolicyDecidesBeforeParametersAreReadAndEachDecisionIsTold() throws IOException {
        Signer key = key(READER);
        assertThat(code(call(key, "ec2", "Action=RunInstances&Version=2016-11-15&Odd=1")
                        .statusCode(403)
                        .body(containsString("You are not authorized to perform this operation."))))
                .isEqualTo("UnauthorizedOperation");
        assertThat(code(call(key, "ec2", "Action=RunInstances&Version=2016-11-15&DryRun=true")))
                .isEqualTo("UnauthorizedOperation");
        assertThat(code(call(key, "ec2", "Action=DescribeVolumes&Version=2016-11-15")))
                .isEqualTo("UnauthorizedOperation");
        assertThat(code(call(key, "ec2", "Action=DescribeVpcs&Version=2016-11-15&DryRun=true")))
                .isEqualTo("DryRunOperation");
        assertThat(code(call(key, "sts", "Action=AssumeRole&Version=2011-06-15")))
                .isEqualTo("AccessDenied");
        // Nobody needs a permission for it.
        call(key, "sts", WHO).statusCode(200);

        List<Published> told = audited(6).subList(1, 6);
        assertThat(told)
                .extracting(Published::type)
                .containsExactly("access.denied", "access.denied", "access.denied", "access.allowed", "access.denied");
        assertThat(told).extracting(Published::version).containsExactly(2L, 3L, 4L, 5L, 6L);
        AccessDecision first = ContractJson.read(told.getFirst().body(), AccessDecision.class);
        assertThat(first.action()).isEqualTo("ec2:RunInstances");
        assertThat(first.accessKeyId()).isEqualTo(key.accessKeyId());
        assertThat(first.principalArn()).isEqualTo("arn:aws:iam::" + account + ":root");
        assertThat(first.sourceAddress()).isEqualTo("127.0.0.1");
        assertThat(first.decision()).isEqualTo("denied");
    }

    @Test
    void callsOfAKeyWithoutAPolicyAreNotTold() {
        Signer key = key("{}");
        call(key, "ec2", "Action=DescribeVpcs&Version=2016-11-15&DryRun=true").statusCode(412);
        modify(key, READER).statusCode(200);
        call(key, "ec2", "Action=DescribeVpcs&Version=2016-11-15&DryRun=true").statusCode(412);
        assertThat(audited(3))
                .extracting(Published::type)
                .containsExactly("access-key.created", "access-key.changed", "access.allowed");
    }

    @Test
    void aSessionMayWhatItsKeyMayAndEndsWithIt() {
        Signer key = key("{\"policy\": [{\"effect\": \"Allow\", \"actions\": [\"sts:*\", \"ec2:DescribeVpcs\"]}]}");
        String role = "arn%3Aaws%3Aiam%3A%3A" + account + "%3Arole%2Fdeploy";
        Signer session = session(call(
                        key,
                        "sts",
                        "Action=AssumeRole&Version=2011-06-15&RoleSessionName=build-7&DurationSeconds=900&RoleArn="
                                + role)
                .statusCode(200));
        assertThat(session.accessKeyId()).startsWith("ASIA");
        call(session, "sts", WHO)
                .statusCode(200)
                .body(containsString("<Arn>arn:aws:sts::" + account + ":assumed-role/deploy/build-7</Arn>"));
        assertThat(code(call(session, "ec2", "Action=DescribeVpcs&Version=2016-11-15&DryRun=true")))
                .isEqualTo("DryRunOperation");
        assertThat(code(call(session, "ec2", "Action=RunInstances&Version=2016-11-15")))
                .isEqualTo("UnauthorizedOperation");
        assertThat(code(call(session, "sts", "Action=GetSessionToken&Version=2011-06-15")))
                .isEqualTo("AccessDenied");
        assertThat(code(call(new Signer(session.accessKeyId(), "wrong", session.token()), "sts", WHO)))
                .isEqualTo("SignatureDoesNotMatch");

        modify(key, "{\"status\": \"Inactive\"}").statusCode(200);
        assertThat(code(call(session, "sts", WHO))).isEqualTo("InvalidClientTokenId");
    }

    @Test
    void aSessionMayWhatItsKeyAndItsOwnPolicyAllowAndTheSessionsThatItLeadsToNoMore() {
        Signer key = key("{\"policy\": [{\"effect\": \"Allow\", \"actions\": [\"sts:*\", \"ec2:Describe*\"]}]}");
        String assume = "Action=AssumeRole&Version=2011-06-15&RoleSessionName=me&RoleArn=arn%3Aaws%3Aiam%3A%3A"
                + account + "%3Arole%2Fdeploy";
        String policy = """
                {"Version": "2012-10-17", "Statement": [
                  {"Effect": "Allow", "Action": ["ec2:*Vpcs", "ec2:RunInstances", "sts:AssumeRole"], "Resource": "*"},
                  {"Effect": "Deny", "Action": "ec2:CreateVpc", "Resource": ["*"]}]}""";
        ValidatableResponse answer = call(key, "sts", assume + "&Policy=" + encoded(policy));
        Signer session = session(answer.statusCode(200).body(containsString("<PackedPolicySize>")));
        Signer chained = session(call(session, "sts", assume).statusCode(200));
        for (Signer limited : List.of(session, chained)) {
            assertThat(code(call(limited, "ec2", "Action=DescribeVpcs&Version=2016-11-15&DryRun=true")))
                    .isEqualTo("DryRunOperation");
            for (String denied : List.of("DescribeSubnets", "RunInstances", "CreateVpc")) {
                assertThat(code(call(limited, "ec2", "Action=" + denied + "&Version=2016-11-15")))
                        .as(denied)
                        .isEqualTo("UnauthorizedOperation");
            }
        }
        assertThat(code(call(key, "ec2", "Action=DescribeSubnets&Version=2016-11-15&DryRun=true")))
                .isEqualTo("DryRunOperation");
    }

    @Test
    void aFederatedUserMayWhatItsPolicySaysAndNothingWithoutOne() {
        Signer key = key("{}");
        String federate = "Action=GetFederationToken&Version=2011-06-15&Name=bob";
        ValidatableResponse answer = call(
                key,
                "sts",
                federate + "&Policy="
                        + encoded("{\"Statement\": {\"Effect\": \"Allow\", \"Action\": \"*\", \"Resource\": \"*\"}}"));
        String arn = "arn:aws:sts::" + account + ":federated-user/bob";
        Signer bob = session(answer.statusCode(200)
                .body(containsString("<FederatedUserId>" + account + ":bob</FederatedUserId>"))
                .body(containsString("<Arn>" + arn + "</Arn>")));
        call(bob, "sts", WHO).statusCode(200).body(containsString("<Arn>" + arn + "</Arn>"));
        assertThat(code(call(bob, "ec2", "Action=DescribeVpcs&Version=2016-11-15&DryRun=true")))
                .isEqualTo("DryRunOperation");
        for (String more : List.of(
                federate,
                "Action=GetSessionToken&Version=2011-06-15",
                "Action=AssumeRole&Version=2011-06-15&RoleSessionName=me&RoleArn=arn%3Aaws%3Aiam%3A%3A" + account
                        + "%3Arole%2Fx")) {
            assertThat(code(call(bob, "sts", more))).as(more).isEqualTo("AccessDenied");
        }

        Signer nobody = session(call(key, "sts", federate).statusCode(200));
        call(nobody, "sts", WHO).statusCode(200);
        assertThat(code(call(nobody, "ec2", "Action=DescribeVpcs&Version=2016-11-15&DryRun=true")))
                .isEqualTo("UnauthorizedOperation");
    }

    @Test
    void aFederatedUserHasAName() {
        Signer key = key("{}");
        String federate = "Action=GetFederationToken&Version=2011-06-15&Name=";
        for (String none : List.of("b", "b b", "a/b", "a:b", "bob\nalice", "b".repeat(33))) {
            assertThat(code(call(key, "sts", federate + encoded(none))))
                    .as(none)
                    .isEqualTo("ValidationError");
        }
        Signer longest = session(call(key, "sts", federate + "b".repeat(32)).statusCode(200));
        call(longest, "sts", WHO).statusCode(200);
    }

    @Test
    void aSessionPolicyThatIsNoneOrSaysMoreThanActionsIsRefused() {
        Signer key = key("{}");
        String federate = "Action=GetFederationToken&Version=2011-06-15&Name=bob&Policy=";
        String some = "{\"Effect\": \"Allow\", \"Action\": \"ec2:*\", \"Resource\": \"*\"";
        for (String malformed : List.of(
                "no",
                "{}",
                "[]",
                "{\"Statement\": []}",
                "{\"Version\": \"2020-01-01\", \"Statement\": " + some + "}}",
                "{\"Statement\": {\"Effect\": \"Allow\", \"Resource\": \"*\"}}",
                "{\"Statement\": {\"Effect\": \"Maybe\", \"Action\": \"ec2:*\", \"Resource\": \"*\"}}",
                "{\"Statement\": {\"Effect\": \"Allow\", \"Action\": \"RunInstances\", \"Resource\": \"*\"}}",
                "{\"Statement\": " + some + ", \"Odd\": 1}}")) {
            assertThat(code(call(key, "sts", federate + encoded(malformed))))
                    .as(malformed)
                    .isEqualTo("MalformedPolicyDocument");
        }
        for (String more : List.of(
                "{\"Statement\": " + some + ", \"Condition\": {}}}",
                "{\"Statement\": {\"Effect\": \"Allow\", \"NotAction\": \"ec2:*\", \"Resource\": \"*\"}}",
                "{\"Statement\": {\"Effect\": \"Allow\", \"Action\": \"ec2:*\", \"Resource\": \"arn:aws:ec2:*:*:vpc/*\"}}")) {
            assertThat(code(call(key, "sts", federate + encoded(more))))
                    .as(more)
                    .isEqualTo("UnsupportedOperation");
        }
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
    }

    @Test
    void aSessionTokenIsForTheSameAccount() {
        Signer session = session(call(key("{}"), "sts", "Action=GetSessionToken&Version=2011-06-15")
                .statusCode(200));
        call(session, "sts", WHO).body(containsString("<Arn>arn:aws:iam::" + account + ":root</Arn>"));
        call(session, "sts", "Action=GetAccessKeyInfo&Version=2011-06-15&AccessKeyId=" + session.accessKeyId())
                .body(containsString("<Account>" + account + "</Account>"));
    }

    @Test
    void rolesSessionsAndTagsThatCantBeAreRefusedInAwsWords() {
        Signer key = key("{}");
        String assume = "Action=AssumeRole&Version=2011-06-15&RoleArn=";
        String role = "arn%3Aaws%3Aiam%3A%3A" + account + "%3Arole%2Fx";
        call(key, "sts", assume + "nothing-valid-in-here&RoleSessionName=me")
                .statusCode(400)
                .body(containsString(
                        "<Code>ValidationError</Code><Message>nothing-valid-in-here is invalid</Message>"));
        call(key, "sts", assume + "short&RoleSessionName=me")
                .body(containsString("Member must have length greater than or equal to 20"));
        call(key, "sts", assume + role + "&RoleSessionName=Session1%3A2")
                .body(containsString("Value 'Session1:2' at 'roleSessionName' failed to satisfy constraint: Member must"
                        + " satisfy regular expression pattern: [\\w+=,.@-]*"));
        call(
                        key,
                        "sts",
                        assume + role + "&RoleSessionName=me&Tags.member.1.Key=a&Tags.member.1.Value=1"
                                + "&Tags.member.2.Key=A&Tags.member.2.Value=2")
                .body(containsString("Duplicate tag keys found. Please note that Tag keys are case insensitive."));
        call(key, "sts", assume + role + "&RoleSessionName=me&TransitiveTagKeys.member.1=a")
                .body(containsString("The specified transitive tag key must be included in the requested tags."));
        call(key, "sts", "Action=GetFederationToken&Version=2011-06-15&Name=me")
                .statusCode(200)
                .body(containsString("<PackedPolicySize>0</PackedPolicySize>"));
    }

    @Test
    void whatIsWrongInARequestOfStsIsAValidationError() {
        Signer key = key("{}");
        String assume = "Action=AssumeRole&Version=2011-06-15&RoleSessionName=me&RoleArn=";
        for (String wrong : List.of(
                assume,
                assume + "arn%3Aaws%3Aiam%3A%3A1%3Arole%2Fx",
                assume + "arn%3Aaws%3Aiam%3A%3A" + account + "%3Arole%2Fx&DurationSeconds=899",
                assume + "arn%3Aaws%3Aiam%3A%3A" + account + "%3Arole%2Fx&DurationSeconds=43201",
                assume + "arn%3Aaws%3Aiam%3A%3A" + account + "%3Arole%2Fx&Odd=1",
                "Action=AssumeRole&Version=2011-06-15&RoleArn=arn%3Aaws%3Aiam%3A%3A" + account + "%3Arole%2Fx")) {
            String code = code(call(key, "sts", wrong));
            assertThat(code).as(wrong).isIn("ValidationError", "MissingParameter");
        }
    }

    @Test
    void secretsAreSealedInTheDatabase() throws SQLException {
        Signer key = key("{}");
        try (Connection connection = dataSource.getConnection();
                PreparedStatement select =
                        connection.prepareStatement("SELECT secret FROM access_key WHERE access_key_id = ?")) {
            select.setString(1, key.accessKeyId());
            try (ResultSet row = select.executeQuery()) {
                assertThat(row.next()).isTrue();
                assertThat(new String(row.getBytes(1), java.nio.charset.StandardCharsets.ISO_8859_1))
                        .doesNotContain(key.secret());
            }
        }
    }

    private static Signer session(ValidatableResponse answer) {
        String body = answer.extract().asString();
        return new Signer(part(body, "AccessKeyId"), part(body, "SecretAccessKey"), part(body, "SessionToken"));
    }

    private static String part(String body, String name) {
        int start = body.indexOf("<" + name + ">") + name.length() + 2;
        return body.substring(start, body.indexOf("</" + name + ">"));
    }

    private ValidatableResponse modify(Signer key, String body) {
        return as(account)
                .body(body)
                .patch("/v1/access-keys/" + key.accessKeyId())
                .then();
    }
}
