package io.cumulet.endpoint.actions.sts;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.cumulet.endpoint.access.Identification;
import io.cumulet.endpoint.access.Principal;
import io.cumulet.endpoint.access.Sessions;
import io.cumulet.endpoint.access.Sessions.Issued;
import io.cumulet.endpoint.actions.ActionSet;
import io.cumulet.endpoint.actions.Actions;
import io.cumulet.endpoint.actions.Api;
import io.cumulet.endpoint.actions.Call;
import io.cumulet.endpoint.actions.Handler;
import io.cumulet.endpoint.domain.keys.AccessKeyIds;
import io.cumulet.endpoint.domain.keys.Policy;
import io.cumulet.endpoint.protocol.AwsError;
import io.cumulet.kernel.AccountId;
import jakarta.enterprise.context.ApplicationScoped;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Who a caller is, and credentials for a while. Roles aren't kept: any name is a role of its account. */
@ApplicationScoped
public class StsActions implements ActionSet {

    private static final Pattern ROLE =
            Pattern.compile("arn:aws[a-z-]*:iam::([0-9]{12}):role/((?:[!-~]{1,512}/)?([\\w+=,.@-]{1,64}))");
    private static final Pattern NAME = Pattern.compile("[\\w+=,.@-]*");
    private static final Pattern KEY_ID = Pattern.compile("\\w{16,128}");

    private static final int SHORTEST_ARN = 20;
    private static final int LONGEST_ARN = 2_048;
    private static final int SHORTEST_NAME = 2;
    private static final int LONGEST_NAME = 64;
    private static final int LONGEST_FEDERATED_NAME = 32;

    private static final int USUAL_ROLE_SECONDS = 3_600;
    private static final int LONGEST_CHAINED_SECONDS = 3_600;
    private static final int USUAL_TOKEN_SECONDS = 43_200;
    private static final int FORBIDDEN = 403;

    private final Sessions sessions;
    private final Identification identification;

    public StsActions(Sessions sessions, Identification identification) {
        this.sessions = sessions;
        this.identification = identification;
    }

    @Override
    public void addTo(Actions actions) {
        add(actions, "GetCallerIdentity", StsActions::callerIdentity, "");
        add(
                actions,
                "AssumeRole",
                this::assumeRole,
                "any name is a role of the account; in local mode also of another; the session has the policy of the key, and"
                        + " its own Policy, if any, of actions on all resources");
        add(
                actions,
                "GetFederationToken",
                this::federationToken,
                "as AssumeRole; without a Policy it may nothing, as in AWS");
        add(actions, "GetSessionToken", this::sessionToken, "");
        add(actions, "GetAccessKeyInfo", this::accessKeyInfo, "");
    }

    private static void add(Actions actions, String name, Handler handler, String note) {
        actions.add(Api.STS, name, handler, false, note);
    }

    private static ObjectNode callerIdentity(Call call) {
        Principal caller = call.principal();
        return Call.answer()
                .put("UserId", caller.userId())
                .put("Account", caller.account().value())
                .put("Arn", caller.arn());
    }

    private ObjectNode assumeRole(Call call) {
        String roleArn = call.requiredText("RoleArn");
        String sessionName = call.requiredText("RoleSessionName");
        checkLength("roleArn", roleArn, SHORTEST_ARN, LONGEST_ARN);
        checkName("roleSessionName", sessionName, LONGEST_NAME);
        Matcher role = ROLE.matcher(roleArn);
        if (!role.matches()) {
            throw AwsError.of("ValidationError", roleArn + " is invalid");
        }
        checkTags(call);
        mustNotNamePolicies(call);
        if (call.principal().isFederated()) {
            throw new AwsError("AccessDenied", FORBIDDEN, "Cannot call AssumeRole with federation token credentials");
        }
        Optional<Policy> limit =
                call.has("Policy") ? Optional.of(SessionPolicy.of(call.requiredText("Policy"))) : Optional.empty();
        AccountId account = new AccountId(role.group(1));
        if (account.equals(AccountId.OPERATOR) || !account.equals(call.account()) && !identification.isLocal()) {
            throw new AwsError(
                    "AccessDenied",
                    FORBIDDEN,
                    "User: " + call.principal().arn() + " is not authorized to perform: sts:AssumeRole on resource: "
                            + roleArn);
        }
        int seconds = call.number("DurationSeconds", USUAL_ROLE_SECONDS);
        if (call.principal().isSession() && seconds > LONGEST_CHAINED_SECONDS) {
            throw AwsError.of(
                    "ValidationError",
                    "The requested DurationSeconds exceeds the 1 hour session limit for roles assumed by role chaining");
        }
        String arn = "arn:aws:sts::" + account + ":assumed-role/" + role.group(3) + "/" + sessionName;
        String roleId = roleId(account, role.group(2)) + ":" + sessionName;
        Issued issued = sessions.issue(call.principal(), account, arn, roleId, limit, Duration.ofSeconds(seconds));
        ObjectNode answer = Call.answer();
        answer.set("Credentials", credentials(issued));
        answer.putObject("AssumedRoleUser").put("AssumedRoleId", roleId).put("Arn", arn);
        if (call.has("SourceIdentity")) {
            answer.set("SourceIdentity", call.get("SourceIdentity"));
        }
        tellSize(call, answer);
        return answer;
    }

    private ObjectNode federationToken(Call call) {
        Principal caller = call.principal();
        if (caller.isSession()) {
            throw new AwsError("AccessDenied", FORBIDDEN, "Cannot call GetFederationToken with session credentials");
        }
        checkTags(call);
        mustNotNamePolicies(call);
        String name = call.requiredText("Name");
        checkName("name", name, LONGEST_FEDERATED_NAME);
        // Who is given no policy may nothing but ask who he is.
        Policy limit = call.has("Policy") ? SessionPolicy.of(call.requiredText("Policy")) : new Policy(List.of());
        String arn = Principal.federatedArn(caller.account(), name);
        String userId = caller.account() + ":" + name;
        Duration duration = Duration.ofSeconds(call.number("DurationSeconds", USUAL_TOKEN_SECONDS));
        ObjectNode answer = Call.answer();
        answer.set(
                "Credentials",
                credentials(sessions.issue(caller, caller.account(), arn, userId, Optional.of(limit), duration)));
        answer.putObject("FederatedUser").put("FederatedUserId", userId).put("Arn", arn);
        tellSize(call, answer);
        if (!answer.has("PackedPolicySize")) {
            answer.put("PackedPolicySize", 0);
        }
        return answer;
    }

    /** It becomes a part of the token and of what the session is called: nothing in it may end one and begin another. */
    private static void checkName(String member, String name, int longest) {
        checkLength(member, name, SHORTEST_NAME, longest);
        if (!NAME.matcher(name).matches()) {
            throw invalid(member, name, "Member must satisfy regular expression pattern: " + NAME);
        }
    }

    private static void checkLength(String member, String value, int least, int most) {
        if (value.length() < least) {
            throw invalid(member, value, "Member must have length greater than or equal to " + least);
        }
        if (value.length() > most) {
            throw invalid(member, value, "Member must have length less than or equal to " + most);
        }
    }

    /** Of a session's tags only that they could be: no policy here looks at them. */
    private static void checkTags(Call call) {
        Set<String> keys = new HashSet<>();
        for (JsonNode tag : call.get("Tags")) {
            if (!keys.add(tag.path("Key").asText().toLowerCase(Locale.ROOT))) {
                throw AwsError.of(
                        "InvalidParameterValue",
                        "Duplicate tag keys found. Please note that Tag keys are case insensitive.");
            }
        }
        for (String transitive : call.texts("TransitiveTagKeys")) {
            if (!keys.contains(transitive.toLowerCase(Locale.ROOT))) {
                throw AwsError.of(
                        "InvalidParameterValue",
                        "The specified transitive tag key must be included in the requested tags.");
            }
        }
    }

    /** There is no IAM that would know managed policies. */
    private static void mustNotNamePolicies(Call call) {
        if (!call.get("PolicyArns").isEmpty()) {
            throw AwsError.unsupported("Managed policies are not supported here; say a Policy: PolicyArns");
        }
    }

    private static void tellSize(Call call, ObjectNode answer) {
        if (call.has("Policy")) {
            answer.put("PackedPolicySize", SessionPolicy.packedPercent(call.requiredText("Policy")));
        }
    }

    private ObjectNode sessionToken(Call call) {
        Principal caller = call.principal();
        if (caller.isSession()) {
            throw new AwsError("AccessDenied", FORBIDDEN, "Cannot call GetSessionToken with session credentials");
        }
        if (call.has("SerialNumber") || call.has("TokenCode")) {
            throw AwsError.unsupported("There are no MFA devices here");
        }
        Duration duration = Duration.ofSeconds(call.number("DurationSeconds", USUAL_TOKEN_SECONDS));
        ObjectNode answer = Call.answer();
        answer.set(
                "Credentials",
                credentials(sessions.issue(
                        caller, caller.account(), caller.arn(), caller.userId(), Optional.empty(), duration)));
        return answer;
    }

    private ObjectNode accessKeyInfo(Call call) {
        if (call.principal().isFederated()) {
            throw new AwsError(
                    "AccessDenied", FORBIDDEN, "Cannot call GetAccessKeyInfo with federation token credentials");
        }
        String keyId = call.requiredText("AccessKeyId");
        AccountId account = identification
                .accountOf(keyId)
                .filter(unused ->
                        AccountId.isValid(keyId) || KEY_ID.matcher(keyId).matches())
                .orElseThrow(() -> invalid("accessKeyId", keyId, "It isn't the id of an access key"));
        return Call.answer().put("Account", account.value());
    }

    private static ObjectNode credentials(Issued issued) {
        return Call.answer()
                .put("AccessKeyId", issued.session().accessKeyId())
                .put("SecretAccessKey", issued.session().secret())
                .put("SessionToken", issued.token())
                .put("Expiration", issued.session().expiresAt().toString());
    }

    private static AwsError invalid(String member, String value, String cause) {
        return AwsError.of(
                "ValidationError",
                "1 validation error detected: Value '" + value + "' at '" + member + "' failed to satisfy constraint: "
                        + cause);
    }

    /** As an id of IAM's looks; the same for the same role. */
    private static String roleId(AccountId account, String role) {
        try {
            ByteBuffer hash = ByteBuffer.wrap(MessageDigest.getInstance("SHA-256")
                    .digest((account + "/" + role).getBytes(StandardCharsets.UTF_8)));
            return "AROA" + AccessKeyIds.digits(hash.getLong(), hash.getLong());
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every Java has SHA-256", e);
        }
    }
}
