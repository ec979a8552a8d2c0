package io.cumulet.instances.clients;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.cumulet.instances.app.SpotIntake.SpotMarket;
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

/** Asks the spot market, as this service itself: no account may read user data there. */
@ApplicationScoped
public class RestSpotMarket implements SpotMarket {

    private static final Logger LOG = Logger.getLogger(RestSpotMarket.class);
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Duration PATIENCE = Duration.ofSeconds(5);

    /** It doesn't know us (401, 403), we were too slow (408), or it is too busy (429). */
    private static final Set<Integer> ABOUT_THE_CALL = Set.of(401, 403, 408, 429);

    private final URI base;
    private final ServiceCalls calls;

    public RestSpotMarket(@ConfigProperty(name = "cumulet.spot-market.url") URI base, ServiceCalls calls) {
        this.base = base;
        this.calls = calls;
    }

    @Override
    public Optional<String> userData(String spotRequestId, Region region) {
        String path = "/v1/spot-requests/" + URLEncoder.encode(spotRequestId, StandardCharsets.UTF_8)
                + "/user-data?region=" + region.value();
        HttpRequest request = calls.asItself(
                        HttpRequest.newBuilder(base.resolve(path)).timeout(PATIENCE))
                .build();
        try {
            HttpResponse<byte[]> answer = calls.http().send(request, HttpResponse.BodyHandlers.ofByteArray());
            int status = answer.statusCode();
            // What it would say again and again must not hold up what comes after this request.
            if (status >= 400 && status < 500 && !ABOUT_THE_CALL.contains(status)) {
                return Optional.empty();
            }
            if (status != 200) {
                throw unavailable("answered " + status);
            }
            JsonNode userData = JSON.readTree(answer.body()).path("userData");
            if (!userData.isTextual()) {
                throw unavailable("gave an answer without userData");
            }
            return Optional.of(userData.textValue());
        } catch (JsonProcessingException e) {
            LOG.warnf(e, "The spot market at %s answered something that isn't JSON", base);
            throw unavailable("gave an answer that can't be read");
        } catch (IOException e) {
            LOG.warnf(e, "The spot market at %s can't be reached", base);
            throw unavailable("can't be reached");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw unavailable("was not waited for");
        }
    }

    private static RuntimeException unavailable(String what) {
        return Refusal.of(
                        ErrorCode.UNAVAILABLE,
                        "The user data of a spot request isn't kept here, and the market " + what)
                .asException();
    }
}
