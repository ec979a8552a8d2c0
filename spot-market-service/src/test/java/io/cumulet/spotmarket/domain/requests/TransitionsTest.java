package io.cumulet.spotmarket.domain.requests;

import static org.assertj.core.api.Assertions.assertThat;

import io.cumulet.kernel.AccountId;
import io.cumulet.kernel.HourlyRate;
import io.cumulet.spotmarket.domain.clearing.Clearing;
import io.cumulet.spotmarket.domain.market.PoolId;
import io.cumulet.spotmarket.domain.requests.Terms.InterruptionBehavior;
import io.cumulet.spotmarket.domain.requests.Terms.Kind;
import java.time.Instant;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What becomes of a request in each of its states, as its owner sees it and as it bids. */
class TransitionsTest {

    private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");
    private static final String I = "i-1";

    private static final Map<String, UnaryOperator<SpotRequest>> STEPS = Map.ofEntries(
            Map.entry("its time comes", SpotRequest::scheduled),
            Map.entry("its time is over", SpotRequest::expired),
            Map.entry("its zone is free", request -> request.zoneGroupAllows(NOW)),
            Map.entry("loses for the price", request -> request.waits(Clearing.Reason.PRICE)),
            Map.entry("loses below the floor", request -> request.waits(Clearing.Reason.BELOW_FLOOR)),
            Map.entry("finds no room", request -> request.waits(Clearing.Reason.CAPACITY)),
            Map.entry("its group doesn't fit", SpotRequest::waitsForItsGroup),
            Map.entry("wins", SpotRequest::allocated),
            Map.entry("is made", request -> request.instanceRequested(I)),
            Map.entry("runs", request -> request.instanceRuns(I)),
            Map.entry("finds no room at the launch", request -> request.launchFailed(SpotRequest.Failure.NO_ROOM, 1)),
            Map.entry("can't be launched", request -> request.launchFailed(SpotRequest.Failure.REFUSED, 1)),
            Map.entry("doesn't boot", request -> request.launchFailed(SpotRequest.Failure.NO_BOOT, 1)),
            Map.entry("is outbid", request -> request.warned(Clearing.Reason.PRICE, NOW)),
            Map.entry("loses its room", request -> request.warned(Clearing.Reason.CAPACITY, NOW)),
            Map.entry("its group goes", request -> request.warned(InterruptionReason.LAUNCH_GROUP, NOW)),
            Map.entry("is interrupted for a test", request -> request.warned(InterruptionReason.INJECTED, NOW)),
            Map.entry("is at risk", SpotRequest::rebalanceRecommended),
            Map.entry("leaves", SpotRequest::instanceLeaves),
            Map.entry("is taken", request -> request.instanceGone(true)),
            Map.entry("is ended", request -> request.instanceGone(false)),
            Map.entry("is stopped by the market", request -> request.instanceStopped(true)),
            Map.entry("is stopped by its owner", request -> request.instanceStopped(false)),
            Map.entry("can't be started", request -> request.startFailed(1)),
            Map.entry("is cancelled", SpotRequest::cancelled));

    private static SpotRequest request(String kind) {
        boolean later = kind.equals("later");
        Terms terms = new Terms(
                PoolId.parse("us-east-1a/m4.large/linux"),
                HourlyRate.of("0.05"),
                kind.startsWith("persistent") ? Kind.PERSISTENT : Kind.ONE_TIME,
                kind.endsWith("stop") ? InterruptionBehavior.STOP : InterruptionBehavior.TERMINATE,
                later ? NOW.plusSeconds(60) : null,
                null,
                NOW,
                new Terms.Launch("ami-1", null, null, List.of(), Map.of(), false),
                Terms.Membership.NONE);
        AccountId account = new AccountId("123456789012");
        return kind.equals("elsewhere")
                ? SpotRequest.openOutsideItsZoneGroup("sir-1", account, terms)
                : SpotRequest.open("sir-1", account, terms, NOW);
    }

    private static final String TABLE = """
            later      |                                          | open/not-scheduled-yet/NONE
            later      | its time comes                           | open/pending-evaluation/WAITING
            later      | its time is over                         | closed/schedule-expired/NONE
            later      | is cancelled                             | cancelled/canceled-before-fulfillment/NONE
            elsewhere  |                                          | open/az-group-constraint/NONE
            elsewhere  | its time comes                           | open/az-group-constraint/NONE
            elsewhere  | its zone is free                         | open/pending-evaluation/WAITING
            elsewhere  | its time is over                         | closed/schedule-expired/NONE
            elsewhere  | is cancelled, its zone is free           | cancelled/canceled-before-fulfillment/NONE
            once       |                                          | open/pending-evaluation/WAITING
            once       | its zone is free                         | open/pending-evaluation/WAITING
            once       | loses for the price                      | open/price-too-low/WAITING
            once       | loses below the floor                    | open/price-too-low/WAITING
            once       | finds no room                            | open/capacity-not-available/WAITING
            once       | its group doesn't fit                    | open/launch-group-constraint/WAITING
            once       | its time is over                         | closed/schedule-expired/NONE
            once       | is cancelled                             | cancelled/canceled-before-fulfillment/NONE
            once       | wins                                     | open/pending-fulfillment/ALLOCATED
            once       | wins, its time is over                   | open/pending-fulfillment/ALLOCATED
            once       | wins, finds no room at the launch        | open/capacity-not-available/WAITING
            once       | wins, can't be launched                  | failed/bad-parameters/NONE
            once       | wins, doesn't boot                       | failed/system-error/NONE
            once       | wins, is cancelled                       | cancelled/request-canceled-and-instance-running/ALLOCATED
            once       | wins, is cancelled, finds no room at the launch | cancelled/capacity-not-available/NONE
            once       | wins, is made, runs                      | active/fulfilled/RUNNING
            once       | wins, runs, is cancelled                 | cancelled/request-canceled-and-instance-running/RUNNING
            once       | wins, runs, its time is over             | active/fulfilled/RUNNING
            once       | wins, runs, is ended                     | closed/instance-terminated-by-user/NONE
            once       | wins, runs, is outbid                    | active/marked-for-termination/LEAVING
            once       | wins, runs, is outbid, runs              | active/marked-for-termination/LEAVING
            once       | wins, runs, is outbid, leaves, is taken  | closed/instance-terminated-by-price/NONE
            once       | wins, runs, is outbid, is ended          | closed/instance-terminated-by-user/NONE
            once       | wins, runs, loses its room, is taken     | closed/instance-terminated-no-capacity/NONE
            once       | wins, runs, its group goes, is taken     | closed/instance-terminated-launch-group-constraint/NONE
            once       | wins, runs, is interrupted for a test, is taken | closed/instance-terminated-no-capacity/NONE
            once       | wins, runs, is cancelled, is outbid, is taken | cancelled/instance-terminated-by-price/NONE
            persistent | wins, runs, is outbid, is taken          | open/instance-terminated-by-price/WAITING
            persistent | wins, runs, is ended                     | open/instance-terminated-by-user/WAITING
            persistent | wins, runs, its time is over, is ended   | closed/instance-terminated-by-user/NONE
            persistent-stop | wins, runs, is outbid               | active/marked-for-stop/LEAVING
            persistent-stop | wins, runs, is outbid, leaves, is stopped by the market | disabled/instance-stopped-by-price/WAITING
            persistent-stop | wins, runs, loses its room, is stopped by the market | disabled/instance-stopped-no-capacity/WAITING
            persistent-stop | wins, runs, is outbid, is stopped by the market, finds no room | disabled/instance-stopped-by-price/WAITING
            persistent-stop | wins, runs, is outbid, is stopped by the market, wins | disabled/pending-fulfillment/ALLOCATED
            persistent-stop | wins, runs, is outbid, is stopped by the market, wins, can't be started | disabled/instance-stopped-no-capacity/WAITING
            persistent-stop | wins, runs, is outbid, is stopped by the market, wins, runs | active/fulfilled/RUNNING
            persistent-stop | wins, runs, is outbid, is stopped by the market, is cancelled | cancelled/instance-stopped-by-price/NONE
            persistent-stop | wins, runs, is outbid, is stopped by the market, is cancelled, is ended | cancelled/instance-terminated-by-service/NONE
            persistent-stop | wins, runs, is outbid, is stopped by the market, its time is over | closed/schedule-expired/NONE
            persistent-stop | wins, runs, is outbid, is stopped by the market, its time is over, is ended | closed/instance-terminated-by-service/NONE
            persistent-stop | wins, runs, is outbid, is cancelled, is stopped by the market | cancelled/instance-stopped-by-price/NONE
            persistent-stop | wins, runs, is outbid, its time is over, is stopped by the market | closed/instance-stopped-by-price/NONE
            persistent-stop | wins, runs, its time is over, is outbid, is stopped by the market, is ended | closed/instance-terminated-by-service/NONE
            persistent-stop | wins, runs, its time is over, leaves, is stopped by its owner | disabled/instance-stopped-by-user/NONE
            persistent-stop | wins, runs, leaves, is stopped by its owner | disabled/instance-stopped-by-user/NONE
            persistent-stop | wins, runs, leaves, is stopped by its owner, is made | active/pending-fulfillment/ALLOCATED
            persistent-stop | wins, runs, leaves, is stopped by its owner, is ended | open/instance-terminated-by-user/WAITING
            """;

    @ParameterizedTest(name = "{0}: {1}")
    @CsvSource(delimiter = '|', textBlock = TABLE, quoteCharacter = '"')
    void becomes(String kind, String steps, String expected) {
        assertThat(describe(after(kind, steps))).isEqualTo(expected);
    }

    @Test
    void theTableReachesEveryStatus() {
        Set<StatusCode> reached = EnumSet.noneOf(StatusCode.class);
        for (String row : TABLE.lines().toList()) {
            String[] cells = row.split("\\|", -1);
            reached.add(after(cells[0].strip(), cells[1].strip()).progress().status());
        }
        assertThat(reached).containsExactlyInAnyOrder(StatusCode.values());
        assertThat(Arrays.stream(StatusCode.values()).map(StatusCode::message)).doesNotHaveDuplicates();
    }

    @ParameterizedTest
    @ValueSource(strings = {"is made, runs", "is cancelled, is made, runs", "runs"})
    void whatTheMarketStartsAgainWasNeverWarned(String startedAgain) {
        SpotRequest runs = after(
                "persistent-stop",
                "wins, is made, runs, is at risk, is outbid, is stopped by the market, wins, " + startedAgain);

        assertThat(runs.progress().bid()).isEqualTo(BidState.RUNNING);
        assertThat(runs.progress().interruption()).isNull();
        assertThat(runs.progress().rebalanceRecommended()).isFalse();
        assertThat(runs.rebalanceRecommended().instanceRuns(I).progress().rebalanceRecommended())
                .as("the news that it runs comes twice")
                .isTrue();
    }

    private static SpotRequest after(String kind, String steps) {
        SpotRequest request = request(kind);
        if (steps != null && !steps.isEmpty()) {
            for (String step : steps.split(", ")) {
                request = STEPS.get(step).apply(request);
            }
        }
        return request;
    }

    private static String describe(SpotRequest request) {
        return request.progress().state().code() + "/"
                + request.progress().status().code() + "/" + request.progress().bid();
    }
}
