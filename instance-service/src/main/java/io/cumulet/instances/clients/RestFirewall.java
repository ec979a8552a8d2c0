package io.cumulet.instances.clients;

import io.cumulet.instances.app.SecurityGroups.Firewall;
import io.cumulet.kernel.AccountId;
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
import java.util.Set;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jboss.logging.Logger;

/** Asks the firewall, as the account whose group it is. */
@ApplicationScoped
public class RestFirewall implements Firewall {

    private static final Logger LOG = Logger.getLogger(RestFirewall.class);
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
    public boolean hasGroup(String groupId, AccountId account, Region region) {
        URI uri = base.resolve("/v1/security-groups/" + URLEncoder.encode(groupId, StandardCharsets.UTF_8) + "?region="
                + region.value());
        HttpRequest request = calls.onBehalfOf(
                        account, HttpRequest.newBuilder(uri).timeout(PATIENCE))
                .build();
        try {
            int status = calls.http()
                    .send(request, HttpResponse.BodyHandlers.discarding())
                    .statusCode();
            if (status == 200) {
                return true;
            }
            if (isFinal(status)) {
                return false;
            }
            throw unavailable("answered " + status);
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
                        "Whether the security group exists isn't known here yet, and the firewall " + what)
                .asException();
    }
}
