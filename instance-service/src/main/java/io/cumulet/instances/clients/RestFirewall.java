package io.cumulet.instances.clients;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.cumulet.instances.app.Copies;
import io.cumulet.instances.app.SecurityGroups.Firewall;
import io.cumulet.kernel.AccountId;
import io.cumulet.kernel.DefaultNetwork;
import io.cumulet.kernel.ErrorCode;
import io.cumulet.kernel.Refusal;
import io.cumulet.kernel.Region;
import io.cumulet.plumbing.calls.ServiceCalls;
import jakarta.enterprise.context.ApplicationScoped;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jboss.logging.Logger;

/** Asks the firewall, as the account whose group it is. */
@ApplicationScoped
public class RestFirewall implements Firewall {

    private static final Logger LOG = Logger.getLogger(RestFirewall.class);
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Duration PATIENCE = Duration.ofSeconds(5);

    /** It doesn't know us (401, 403), we were too slow (408), or it is too busy (429). */
    private static final Set<Integer> ABOUT_THE_CALL = Set.of(401, 403, 408, 429);

    private final URI base;
    private final ServiceCalls calls;

    public RestFirewall(@ConfigProperty(name = "cumulet.firewall.url") URI base, ServiceCalls calls) {
        this.base = base;
        this.calls = calls;
    }

    @Override
    public Optional<Copies.GroupCopy> group(String groupId, AccountId account, Region region) {
        return ask("/v1/security-groups/" + encoded(groupId) + "?region=" + region.value(), account)
                .map(group -> new Copies.GroupCopy(
                        groupId, account, region, text(group, "vpcId"), number(group, "version"), false));
    }

    @Override
    public Optional<String> ownGroupIn(String vpcId, AccountId account, Region region) {
        String defaultGroup = DefaultNetwork.securityGroupId(account, region, vpcId);
        // Two: one of them isn't the default group.
        // A list is answered even if it is empty: no other answer says that there is no group.
        JsonNode groups = ask(
                        "/v1/security-groups?region=" + region.value() + "&vpcId=" + encoded(vpcId) + "&maxResults=2",
                        account)
                .orElseThrow(() -> unavailable("didn't list them"))
                .path("securityGroups");
        if (!groups.isArray()) {
            throw unavailable("gave an answer without securityGroups");
        }
        return groups.valueStream()
                .map(group -> text(group, "groupId"))
                .filter(id -> !id.equals(defaultGroup))
                .findFirst();
    }

    @Override
    public boolean hasPrefixList(String prefixListId, AccountId account, Region region) {
        return ask("/v1/prefix-lists/" + encoded(prefixListId) + "?region=" + region.value(), account)
                .isPresent();
    }

    private static String encoded(String part) {
        return URLEncoder.encode(part, StandardCharsets.UTF_8);
    }

    private static String text(JsonNode from, String field) {
        JsonNode value = from.path(field);
        if (!value.isTextual()) {
            throw unavailable("gave an answer without " + field);
        }
        return value.textValue();
    }

    private static long number(JsonNode from, String field) {
        JsonNode value = from.path(field);
        if (!value.isIntegralNumber()) {
            throw unavailable("gave an answer without " + field);
        }
        return value.longValue();
    }

    /** Empty if there is no such thing. */
    private Optional<JsonNode> ask(String path, AccountId account) {
        HttpRequest request = calls.onBehalfOf(
                        account, HttpRequest.newBuilder(base.resolve(path)).timeout(PATIENCE))
                .build();
        try {
            HttpResponse<byte[]> answer = calls.http().send(request, HttpResponse.BodyHandlers.ofByteArray());
            if (answer.statusCode() == 200) {
                return Optional.of(JSON.readTree(answer.body()));
            }
            if (isFinal(answer.statusCode())) {
                return Optional.empty();
            }
            throw unavailable("answered " + answer.statusCode());
        } catch (JsonProcessingException e) {
            LOG.warnf(e, "The firewall at %s answered something that isn't JSON", base);
            throw unavailable("gave an answer that can't be read");
        } catch (IOException e) {
            LOG.warnf(e, "The firewall at %s can't be reached", base);
            throw unavailable("can't be reached");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw unavailable("was not waited for");
        }
    }

    /**
     * Whether the firewall would say the same again: 404 for a group that isn't there, another 4xx for an id that can't be
     * one. Asking again and again would hold up everything behind it. What is about the call and not the group passes, or an
     * operator mends it.
     */
    private static boolean isFinal(int status) {
        return status >= 400 && status < 500 && !ABOUT_THE_CALL.contains(status);
    }

    private static RuntimeException unavailable(String what) {
        return Refusal.of(
                        ErrorCode.UNAVAILABLE,
                        "Which security groups there are isn't known here yet, and the firewall " + what)
                .asException();
    }
}
