package io.cumulet.instances.clients;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import io.cumulet.kernel.ErrorCode;
import io.cumulet.kernel.RefusedException;
import io.cumulet.kernel.Region;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What each answer of the spot market means, on a server that gives it. */
class RestSpotMarketTest {

    private static final String REQUEST = "sir-00000000000000001";

    private HttpServer server;
    private volatile int status;
    private volatile String body = "";
    private volatile String asked = "";
    private volatile String caller = "";

    @BeforeEach
    void open() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", exchange -> {
            asked = exchange.getRequestURI().toString();
            caller = exchange.getRequestHeaders().getFirst("Authorization");
            byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(status, bytes.length == 0 ? -1 : bytes.length);
            exchange.getResponseBody().write(bytes);
            exchange.close();
        });
        server.start();
    }

    @AfterEach
    void close() {
        server.stop(0);
    }

    @Test
    void itIsAskedByTheServiceItselfAndNotForAnAccount() {
        status = 200;
        body = "{\"userData\":\"aGVsbG8=\"}";
        assertThat(userData()).contains("aGVsbG8=");
        assertThat(asked).isEqualTo("/v1/spot-requests/" + REQUEST + "/user-data?region=us-east-1");
        assertThat(caller).isEqualTo("Bearer operator");
    }

    @ParameterizedTest
    @ValueSource(ints = {400, 404, 422})
    void whatItWouldSayAgainAndAgainMeansThatThereIsNone(int answer) {
        status = answer;
        assertThat(userData()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(ints = {401, 403, 408, 429, 500, 503})
    void whatPassesIsAskedAgainLater(int answer) {
        status = answer;
        isUnavailable();
    }

    @ParameterizedTest
    @ValueSource(strings = {"not JSON", "{}", "{\"userData\":7}"})
    void anAnswerThatCannotBeUnderstoodIsAskedAgainLater(String answer) {
        status = 200;
        body = answer;
        isUnavailable();
    }

    @Test
    void soIsAMarketThatIsNotThere() {
        server.stop(0);
        isUnavailable();
    }

    private void isUnavailable() {
        assertThatThrownBy(this::userData)
                .isInstanceOfSatisfying(
                        RefusedException.class,
                        e -> assertThat(e.refusal().code()).isEqualTo(ErrorCode.UNAVAILABLE));
    }

    private Optional<String> userData() {
        return new RestSpotMarket(
                        URI.create("http://127.0.0.1:" + server.getAddress().getPort()), RestFirewallTest.localCalls())
                .userData(REQUEST, Region.DEFAULT);
    }
}
