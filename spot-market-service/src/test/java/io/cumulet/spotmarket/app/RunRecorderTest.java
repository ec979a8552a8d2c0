package io.cumulet.spotmarket.app;

import static org.assertj.core.api.Assertions.assertThat;

import io.cumulet.kernel.AccountId;
import io.cumulet.kernel.HourlyRate;
import io.cumulet.spotmarket.app.RunRecorder.Seen;
import io.cumulet.spotmarket.domain.market.PoolId;
import io.cumulet.spotmarket.domain.requests.InterruptionReason;
import io.cumulet.spotmarket.domain.requests.SpotRequest;
import io.cumulet.spotmarket.domain.requests.Terms;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RunRecorderTest {

    private static final Instant NOON = Instant.parse("2026-03-01T12:00:00Z");
    private static final PoolId POOL = PoolId.parse("us-east-1a/m4.large/linux");
    private static final SpotRequest ALLOCATED = request().allocated().instanceRequested("i-1");
    private static final SpotRequest RUNNING = ALLOCATED.instanceRuns("i-1");

    @Test
    void aRunBeginsWhenTheInstanceRuns() {
        assertThat(seen(null, request())).isEqualTo(new Seen(List.of(), List.of()));
        assertThat(seen(request(), ALLOCATED)).isEqualTo(new Seen(List.of(), List.of()));
        assertThat(seen(ALLOCATED, RUNNING)).isEqualTo(new Seen(List.of(new SpotRuns.Start("sir-1", POOL)), List.of()));
        assertThat(seen(RUNNING, RUNNING.cancelled())).isEqualTo(new Seen(List.of(), List.of()));
    }

    @ParameterizedTest
    @CsvSource({"PRICE, true", "CAPACITY, true", "LAUNCH_GROUP, false", "INJECTED, false"})
    void theMarketsOwnInterruptionsCountAndThoseThatWereOrderedDoNot(InterruptionReason reason, boolean counts) {
        SpotRequest warned = RUNNING.warned(reason, NOON);
        SpotRequest leaving = warned.instanceLeaves();

        assertThat(seen(RUNNING, warned)).as("it runs on until it is taken").isEqualTo(new Seen(List.of(), List.of()));
        assertThat(seen(leaving, leaving.instanceGone(true))).isEqualTo(ended(counts));
        assertThat(seen(leaving, leaving.instanceStopped(true))).isEqualTo(ended(counts));
    }

    @Test
    void anOwnerWhoEndsItHimselfIsNotInterrupted() {
        SpotRequest leaving = RUNNING.instanceLeaves();
        assertThat(seen(leaving, leaving.instanceGone(false))).isEqualTo(ended(false));

        SpotRequest warned = RUNNING.warned(InterruptionReason.PRICE, NOON).instanceLeaves();
        assertThat(seen(warned, warned.instanceGone(false))).isEqualTo(ended(false));
    }

    @Test
    void aRunThatBeginsAndEndsInOneBatchEnds() {
        SpotRequest leaving = RUNNING.instanceLeaves();
        SpotRequest gone = leaving.instanceGone(false);
        SpotRuns.Start start = new SpotRuns.Start("sir-1", POOL);

        assertThat(Seen.in(List.of(
                        new RequestWatch.Change(ALLOCATED, RUNNING),
                        new RequestWatch.Change(RUNNING, leaving),
                        new RequestWatch.Change(leaving, gone))))
                .containsExactly(new Seen(List.of(start), List.of()), ended(false));
        assertThat(Seen.in(List.of(
                        new RequestWatch.Change(leaving, gone),
                        new RequestWatch.Change(ALLOCATED, RUNNING),
                        new RequestWatch.Change(RUNNING, leaving))))
                .as("the run before ends first")
                .containsExactly(new Seen(List.of(start), ended(false).ends()));
    }

    private static Seen ended(boolean interrupted) {
        return new Seen(List.of(), List.of(new SpotRuns.End("sir-1", interrupted)));
    }

    private static Seen seen(@Nullable SpotRequest before, SpotRequest after) {
        List<Seen> seen = Seen.in(List.of(new RequestWatch.Change(before, after)));
        assertThat(seen).hasSize(1);
        return seen.getFirst();
    }

    private static SpotRequest request() {
        Terms terms = new Terms(
                POOL,
                HourlyRate.of("0.05"),
                Terms.Kind.PERSISTENT,
                Terms.InterruptionBehavior.STOP,
                null,
                null,
                NOON,
                new Terms.Launch("ami-1", null, null, List.of(), Map.of(), false),
                Terms.Membership.NONE);
        return SpotRequest.open("sir-1", new AccountId("123456789012"), terms, NOON);
    }
}
