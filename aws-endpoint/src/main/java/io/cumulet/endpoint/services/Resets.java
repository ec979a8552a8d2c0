package io.cumulet.endpoint.services;

import io.cumulet.kernel.AccountId;
import io.cumulet.kernel.ErrorCode;
import io.cumulet.kernel.Refusal;
import io.cumulet.plumbing.calls.ServiceCalls;
import io.cumulet.plumbing.suite.AccountResets;
import jakarta.enterprise.context.ApplicationScoped;
import java.io.IOException;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.List;
import org.jboss.logging.Logger;

/** Empties one account, or everything, in all services. */
@ApplicationScoped
public class Resets {

    private static final Logger LOG = Logger.getLogger(Resets.class);
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    /**
     * Nobody gives the account room any more before its instances end; they end before the groups that they have and before
     * billing, which no longer hears of what was before.
     */
    private static final List<Services.Name> ORDER =
            List.of(Services.Name.SPOT_MARKET, Services.Name.INSTANCES, Services.Name.FIREWALL, Services.Name.BILLING);

    private final Services services;
    private final ServiceCalls calls;
    private final AccountResets own;

    public Resets(Services services, ServiceCalls calls, AccountResets own) {
        this.services = services;
        this.calls = calls;
        this.own = own;
    }

    /**
     * Takes away all that an account has. If a service is away, what comes before it is done, and it can be repeated.
     *
     * @throws io.cumulet.kernel.RefusedException {@code Unavailable} if one of them can't do it now
     */
    public void reset(AccountId account) {
        ORDER.forEach(service -> post(service, "/v1/accounts/" + account + "/reset"));
        own.reset(account);
    }

    /**
     * Empties the whole stack. The keys of callers stay.
     *
     * @throws io.cumulet.kernel.RefusedException {@code Unavailable} if it can't be done now
     */
    public void resetAll() {
        post(Services.Name.INSTANCES, "/v1/reset");
    }

    private void post(Services.Name service, String path) {
        HttpRequest request = calls.asItself(
                        HttpRequest.newBuilder(services.url(service).resolve(path))
                                .timeout(PATIENCE)
                                .POST(BodyPublishers.noBody()))
                .build();
        try {
            HttpResponse<String> response = calls.http().send(request, BodyHandlers.ofString());
            if (response.statusCode() >= 300) {
                LOG.warnf("%s answered %d to %s: %s", service, response.statusCode(), path, response.body());
                throw away(service, "answers " + response.statusCode());
            }
        } catch (IOException e) {
            LOG.warnf("%s can't be asked: %s", service, e);
            throw away(service, "can't be asked");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw away(service, "can't be waited for");
        }
    }

    private static RuntimeException away(Services.Name service, String fault) {
        return Refusal.of(
                        ErrorCode.UNAVAILABLE,
                        "The reset isn't complete, since the service " + service + " " + fault + "; it can be repeated")
                .asException();
    }
}
