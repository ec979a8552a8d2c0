package io.cumulet.endpoint.actions;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.cumulet.endpoint.access.Principal;
import io.cumulet.endpoint.model.Operation;
import io.cumulet.endpoint.protocol.AwsError;
import io.cumulet.endpoint.services.RestService;
import io.cumulet.endpoint.services.Services;
import io.cumulet.kernel.AccountId;
import io.cumulet.kernel.Region;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One request of an action: who asks, in which region, and its parameters, checked against the model already.
 *
 * @param input the parameters by the names of the model's members
 */
public record Call(
        Operation operation,
        Principal principal,
        Region region,
        ObjectNode input,
        String requestId,
        Services services) {

    public AccountId account() {
        return principal.account();
    }

    /** The same call with other parameters. */
    public Call with(ObjectNode otherInput) {
        return new Call(operation, principal, region, otherInput, requestId, services);
    }

    /** The same call without what says nothing; see {@link Names#said}. */
    public Call said() {
        return Names.said(input) instanceof ObjectNode said ? with(said) : with(answer());
    }

    public RestService instances() {
        return services.of(Services.Name.INSTANCES, account(), region);
    }

    public RestService billing() {
        return services.of(Services.Name.BILLING, account(), region);
    }

    public RestService firewall() {
        return services.of(Services.Name.FIREWALL, account(), region);
    }

    public RestService spotMarket() {
        return services.of(Services.Name.SPOT_MARKET, account(), region);
    }

    public boolean has(String member) {
        return input.hasNonNull(member);
    }

    /** A parameter; a missing node if it isn't given. */
    public JsonNode get(String member) {
        return input.path(member);
    }

    /** A parameter's text; null if it isn't given. */
    public @Nullable String text(String member) {
        return has(member) ? input.get(member).asText() : null;
    }

    /** @throws AwsError {@code MissingParameter} */
    public String requiredText(String member) {
        String text = text(member);
        if (text == null || text.isEmpty()) {
            throw AwsError.missing(lowerCamel(member));
        }
        return text;
    }

    /** The parts of a list of texts; none if it isn't given. */
    public List<String> texts(String member) {
        List<String> texts = new ArrayList<>();
        input.path(member).forEach(text -> texts.add(text.asText()));
        return texts;
    }

    /** @param usual what holds if it isn't given */
    public boolean flag(String member, boolean usual) {
        return has(member) ? input.get(member).asBoolean() : usual;
    }

    /** @param usual what holds if it isn't given */
    public int number(String member, int usual) {
        return has(member) ? input.get(member).asInt() : usual;
    }

    /** The answer of actions that only say that it was done: {@code return}, for EC2. */
    public ObjectNode done() {
        ObjectNode answer = answer();
        return operation.output().member("Return") == null ? answer : answer.put("Return", true);
    }

    /** An answer to be filled. */
    public static ObjectNode answer() {
        return JsonNodeFactory.instance.objectNode();
    }

    /** As EC2's messages name a parameter: {@code vpcId}. */
    public static String lowerCamel(String member) {
        return Character.toLowerCase(member.charAt(0)) + member.substring(1);
    }
}
