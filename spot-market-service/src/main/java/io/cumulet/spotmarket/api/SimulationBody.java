package io.cumulet.spotmarket.api;

import com.fasterxml.jackson.annotation.JsonAlias;
import com.fasterxml.jackson.annotation.JsonProperty;
import io.cumulet.catalog.Regions;
import io.cumulet.kernel.AvailabilityZone;
import io.cumulet.kernel.ErrorCode;
import io.cumulet.kernel.HourlyRate;
import io.cumulet.kernel.InstanceType;
import io.cumulet.kernel.Interval;
import io.cumulet.kernel.OperatingSystem;
import io.cumulet.kernel.Outcome;
import io.cumulet.kernel.Refusal;
import io.cumulet.kernel.RefusedException;
import io.cumulet.kernel.SpotInterruptionPolicy;
import io.cumulet.spotmarket.app.Simulations;
import io.cumulet.spotmarket.domain.market.PoolId;
import io.cumulet.spotmarket.domain.pricing.SpotPriceRow;
import io.cumulet.spotmarket.domain.requests.Terms;
import io.cumulet.spotmarket.domain.simulation.MarketHistory;
import io.cumulet.spotmarket.domain.simulation.MaxPrice;
import io.cumulet.spotmarket.domain.simulation.SimulatedPool;
import io.cumulet.spotmarket.domain.simulation.Strategy;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Strategies, and the history they are tried on.
 *
 * @param strategies 1 to 20, each by itself, as if it were alone
 * @param maxRuns how many runs of each the answer lists at most, 0 to 1,000; 100 if not said
 */
public record SimulationBody(
        @Nullable HistoryBody history,
        @Nullable List<StrategyBody> strategies,
        @Nullable Integer maxRuns) {

    private static final int MOST_STRATEGIES = 20;
    private static final int USUAL_RUNS = 100;
    private static final int MOST_RUNS = 1000;
    private static final BigDecimal SECONDS_PER_HOUR = BigDecimal.valueOf(3600);
    private static final BigDecimal MOST_PERCENT = BigDecimal.valueOf(1000);
    /** Ten years: no history is longer. */
    private static final long MOST_HOURS = 87_672;

    private static final long MOST_MINUTES = MOST_HOURS * 60;

    /**
     * Prices: a trace's if one is named, those that are given if there are, else the ones this market's own pools had.
     *
     * @param pools which; all that prices are given for, if not said then
     * @param from begin; if not said 30 days ago, or the first price of a trace or of given prices
     * @param until end; if not said now, or the last change of a trace, or the time of the last given price
     * @param spotPriceHistory what {@code aws ec2 describe-spot-price-history} prints, under its name or EC2's
     */
    public record HistoryBody(
            @Nullable List<PoolBody> pools,
            @Nullable Instant from,
            @Nullable Instant until,
            @Nullable String traceId,
            @Nullable @JsonAlias("SpotPriceHistory") List<RowBody> spotPriceHistory) {}

    /** @param onDemandPrice USD per hour to compare with and take shares of; the one in force here if not said */
    public record PoolBody(
            @Nullable String availabilityZone,
            @Nullable String instanceType,
            @Nullable String os,
            @Nullable String onDemandPrice) {}

    /** A price, with EC2's names. */
    public record RowBody(
            @JsonProperty("AvailabilityZone") @Nullable String availabilityZone,
            @JsonProperty("AvailabilityZoneId") @Nullable String availabilityZoneId,
            @JsonProperty("InstanceType") @Nullable String instanceType,
            @JsonProperty("ProductDescription") @Nullable String productDescription,
            @JsonProperty("SpotPrice") @Nullable String spotPrice,
            @JsonProperty("Timestamp") @Nullable String timestamp) {}

    /**
     * A strategy. Its max is one of {@code maxPrice}, {@code percentOfOnDemand} and {@code onDemand}; without any it is
     * On-Demand's price, as in a spot request.
     *
     * @param maxPrice USD per hour, a decimal text
     * @param percentOfOnDemand above 0, at most 1,000
     * @param onDemand {@code true}: On-Demand's price
     * @param type {@code one-time} (if not said) or {@code persistent}
     * @param interruptionBehavior {@code terminate} (if not said), {@code stop} or {@code hibernate}; the latter two need a
     *     persistent request and a fixed pool, and what hibernates loses no work
     * @param poolChoice {@code fixed} (if not said): it stays in the pool it began in; {@code cheapest}: after each interruption
     *     it takes the one that is cheapest then
     * @param pools those it may run in, as {@code us-east-1a/m4.large/linux}; all of the history if not said
     * @param start from when on it bids; from the history's begin if not said
     * @param hoursNeeded hours of work after which it is done, in whole seconds; without it, it runs until the history ends
     * @param checkpointMinutes after each such stretch of work the work is safe; without it, nothing is ever lost
     * @param restartSeconds how long it takes until work goes on after an interruption; 0 if not said
     * @param interruptionPolicy {@code interrupted-hour-free} (if not said) or {@code first-hour-free}
     */
    public record StrategyBody(
            @Nullable String name,
            @Nullable String maxPrice,
            @Nullable BigDecimal percentOfOnDemand,
            @Nullable Boolean onDemand,
            @Nullable String type,
            @Nullable String interruptionBehavior,
            @Nullable String poolChoice,
            @Nullable List<String> pools,
            @Nullable Instant start,
            @Nullable BigDecimal hoursNeeded,
            @Nullable Integer checkpointMinutes,
            @Nullable Integer restartSeconds,
            @Nullable String interruptionPolicy) {}

    int runsToList() {
        if (maxRuns == null) {
            return USUAL_RUNS;
        }
        if (maxRuns < 0 || maxRuns > MOST_RUNS) {
            throw invalid("maxRuns", "It is 0 to " + MOST_RUNS + ", not " + maxRuns);
        }
        return maxRuns;
    }

    /** Asks for the history. */
    MarketHistory history(Simulations simulations) {
        HistoryBody asked = required("history", history);
        return simulations
                .history(
                        source(asked),
                        wanted(asked),
                        Times.near("history.from", asked.from),
                        Times.near("history.until", asked.until))
                .orThrow();
    }

    private static Simulations.Source source(HistoryBody asked) {
        if (asked.traceId != null && asked.spotPriceHistory != null) {
            throw refuse(
                    ErrorCode.INVALID_PARAMETER_COMBINATION,
                    "history.spotPriceHistory",
                    "Name a trace or give prices, not both");
        }
        if (asked.traceId != null) {
            return new Simulations.Source.Trace(asked.traceId);
        }
        List<RowBody> given = asked.spotPriceHistory;
        if (given == null) {
            return new Simulations.Source.Recorded();
        }
        List<SpotPriceRow> rows = new ArrayList<>(given.size());
        for (int i = 0; i < given.size(); i++) {
            RowBody row = present("history.spotPriceHistory[" + i + "]", given.get(i));
            switch (SpotPriceRow.read(new SpotPriceRow.Text(
                    row.availabilityZone, row.instanceType, row.productDescription, row.spotPrice, row.timestamp))) {
                case Outcome.Done<SpotPriceRow>(SpotPriceRow read) -> rows.add(read);
                case Outcome.Refused<SpotPriceRow>(Refusal refusal) ->
                    throw refuse(
                            refusal.code(),
                            "history.spotPriceHistory[" + i + "]." + refusal.field(),
                            refusal.message());
            }
        }
        Instant last = rows.stream()
                .map(row -> row.change().at())
                .max(Instant::compareTo)
                .orElseThrow(() -> invalid("history.spotPriceHistory", "It is empty"));
        return new Simulations.Source.Given(SpotPriceRow.series(rows), last);
    }

    private static List<Simulations.WantedPool> wanted(HistoryBody asked) {
        List<Simulations.WantedPool> wanted = new ArrayList<>();
        Set<PoolId> seen = new HashSet<>();
        List<PoolBody> pools = asked.pools == null ? List.of() : asked.pools;
        for (int i = 0; i < pools.size(); i++) {
            String place = "history.pools[" + i + "]";
            PoolBody pool = present(place, pools.get(i));
            PoolId id = pool(pool, place + ".");
            if (!seen.add(id)) {
                throw invalid(place, "It is in the list twice: " + id);
            }
            String onDemand = pool.onDemandPrice;
            wanted.add(new Simulations.WantedPool(
                    id, onDemand == null ? null : price(place + ".onDemandPrice", onDemand)));
        }
        return wanted;
    }

    /** Its type needn't be on offer: old histories have types that are gone. */
    private static PoolId pool(PoolBody pool, String place) {
        String zone = required(place + "availabilityZone", pool.availabilityZone);
        if (!AvailabilityZone.isValid(zone) || !Regions.exists(new AvailabilityZone(zone))) {
            throw refuse(
                    ErrorCode.INVALID_AVAILABILITY_ZONE,
                    place + "availabilityZone",
                    "There is no Availability Zone " + zone);
        }
        String type = required(place + "instanceType", pool.instanceType);
        if (!InstanceType.isValid(type)) {
            throw refuse(
                    ErrorCode.INVALID_INSTANCE_TYPE,
                    place + "instanceType",
                    "It is the name of a type such as m4.large, not " + type);
        }
        String os = required(place + "os", pool.os);
        return new PoolId(
                new AvailabilityZone(zone),
                new InstanceType(type),
                OperatingSystem.ofCode(os)
                        .orElseThrow(() -> invalid(place + "os", "There is no operating system " + os)));
    }

    /** Checks the strategies against the history. */
    List<Strategy> strategies(MarketHistory on) {
        List<StrategyBody> asked = required("strategies", strategies);
        if (asked.isEmpty() || asked.size() > MOST_STRATEGIES) {
            throw invalid("strategies", "They are 1 to " + MOST_STRATEGIES + ", not " + asked.size());
        }
        List<Strategy> read = new ArrayList<>();
        Set<String> names = new HashSet<>();
        for (int i = 0; i < asked.size(); i++) {
            String place = "strategies[" + i + "]";
            Strategy strategy = strategy(present(place, asked.get(i)), i, on, place + ".");
            if (!names.add(strategy.name())) {
                throw invalid(place + ".name", "There is another strategy called " + strategy.name());
            }
            read.add(strategy);
        }
        return read;
    }

    private static Strategy strategy(StrategyBody body, int number, MarketHistory on, String place) {
        Terms.Kind kind = oneOf(place + "type", body.type, Terms.Kind.values(), Terms.Kind::code, Terms.Kind.ONE_TIME);
        Terms.InterruptionBehavior behavior = oneOf(
                place + "interruptionBehavior",
                body.interruptionBehavior,
                Terms.InterruptionBehavior.values(),
                Terms.InterruptionBehavior::code,
                Terms.InterruptionBehavior.TERMINATE);
        Strategy.PoolChoice choice = oneOf(
                place + "poolChoice",
                body.poolChoice,
                Strategy.PoolChoice.values(),
                Strategy.PoolChoice::code,
                Strategy.PoolChoice.FIXED);
        if (behavior != Terms.InterruptionBehavior.TERMINATE && kind != Terms.Kind.PERSISTENT) {
            throw refuse(
                    ErrorCode.INVALID_PARAMETER_COMBINATION,
                    place + "interruptionBehavior",
                    behavior.code() + " needs a persistent request");
        }
        if (behavior != Terms.InterruptionBehavior.TERMINATE && choice == Strategy.PoolChoice.CHEAPEST) {
            throw refuse(
                    ErrorCode.INVALID_PARAMETER_COMBINATION,
                    place + "poolChoice",
                    "An instance that is kept by " + behavior.code() + " starts again in its own pool alone");
        }
        return new Strategy(
                body.name == null ? "strategy-" + (number + 1) : name(place + "name", body.name),
                max(body, place),
                kind,
                behavior,
                choice,
                pools(body, on, place + "pools"),
                start(body, on.period(), place + "start"),
                work(body, place),
                oneOf(
                        place + "interruptionPolicy",
                        body.interruptionPolicy,
                        SpotInterruptionPolicy.values(),
                        SpotInterruptionPolicy::code,
                        SpotInterruptionPolicy.INTERRUPTED_HOUR_FREE));
    }

    private static String name(String place, String name) {
        if (name.isBlank() || name.length() > 100) {
            throw invalid(place, "A name has 1 to 100 characters");
        }
        return name;
    }

    private static MaxPrice max(StrategyBody body, String place) {
        boolean onDemand = Boolean.TRUE.equals(body.onDemand);
        if ((body.maxPrice == null ? 0 : 1) + (body.percentOfOnDemand == null ? 0 : 1) + (onDemand ? 1 : 0) > 1) {
            throw refuse(
                    ErrorCode.INVALID_PARAMETER_COMBINATION,
                    place + "maxPrice",
                    "One of maxPrice, percentOfOnDemand and onDemand, not several");
        }
        if (body.maxPrice != null) {
            return new MaxPrice.Fixed(price(place + "maxPrice", body.maxPrice));
        }
        BigDecimal percent = body.percentOfOnDemand;
        if (percent == null) {
            return MaxPrice.ON_DEMAND;
        }
        if (percent.signum() <= 0 || percent.compareTo(MOST_PERCENT) > 0 || percent.scale() > 4) {
            throw invalid(
                    place + "percentOfOnDemand",
                    "It is above 0, at most " + MOST_PERCENT + ", with at most 4 decimals; not " + percent);
        }
        return new MaxPrice.ShareOfOnDemand(percent);
    }

    private static Set<PoolId> pools(StrategyBody body, MarketHistory on, String place) {
        if (body.pools == null) {
            return Set.of();
        }
        Set<String> known = new TreeSet<>();
        on.pools().stream().map(SimulatedPool::id).map(PoolId::toString).forEach(known::add);
        Set<PoolId> chosen = new HashSet<>();
        for (int i = 0; i < body.pools.size(); i++) {
            String pool = present(place + "[" + i + "]", body.pools.get(i));
            if (!known.contains(pool)) {
                throw invalid(place + "[" + i + "]", "It is one of the history's pools " + known + ", not " + pool);
            }
            chosen.add(PoolId.parse(pool));
        }
        if (chosen.isEmpty()) {
            throw invalid(place, "Name a pool, or leave the list out");
        }
        return chosen;
    }

    private static Instant start(StrategyBody body, Interval period, String place) {
        Instant start = body.start == null ? period.from() : body.start;
        if (!start.equals(start.truncatedTo(ChronoUnit.SECONDS))) {
            throw invalid(place, "It is in whole seconds, not " + start);
        }
        if (!period.contains(start)) {
            throw invalid(
                    place,
                    "It lies in the history, from " + period.from() + " to " + period.until() + ", not " + start);
        }
        return start;
    }

    private static Strategy.Work work(StrategyBody body, String place) {
        Integer minutes = body.checkpointMinutes;
        if (minutes != null && (minutes < 1 || minutes > MOST_MINUTES)) {
            throw invalid(place + "checkpointMinutes", "It is 1 to " + MOST_MINUTES + ", not " + minutes);
        }
        int restart = body.restartSeconds == null ? 0 : body.restartSeconds;
        if (restart < 0 || restart > SECONDS_PER_HOUR.intValue() * 24) {
            throw invalid(place + "restartSeconds", "It is 0 to a day's 86400, not " + restart);
        }
        return new Strategy.Work(
                body.hoursNeeded == null ? null : hours(place + "hoursNeeded", body.hoursNeeded),
                minutes == null ? null : Duration.ofMinutes(minutes),
                Duration.ofSeconds(restart));
    }

    private static Duration hours(String place, BigDecimal hours) {
        if (hours.signum() <= 0 || hours.compareTo(BigDecimal.valueOf(MOST_HOURS)) > 0 || hours.scale() > 10) {
            throw invalid(place, "It is above 0 and at most " + MOST_HOURS + ", not " + hours);
        }
        BigDecimal seconds = hours.multiply(SECONDS_PER_HOUR).stripTrailingZeros();
        if (seconds.scale() > 0) {
            throw invalid(place, "It is a whole number of seconds, not " + seconds.toPlainString());
        }
        return Duration.ofSeconds(seconds.longValueExact());
    }

    private static HourlyRate price(String place, String text) {
        if (!HourlyRate.isValid(text) || HourlyRate.of(text).isZero()) {
            throw invalid(place, "It is USD per hour as a decimal text above 0, such as 0.0500, not " + text);
        }
        return HourlyRate.of(text);
    }

    private static <T> T oneOf(String place, @Nullable String text, T[] values, Function<T, String> code, T otherwise) {
        if (text == null) {
            return otherwise;
        }
        for (T value : values) {
            if (code.apply(value).equals(text)) {
                return value;
            }
        }
        throw invalid(place, "It is one of " + Arrays.stream(values).map(code).toList() + ", not " + text);
    }

    private static <T> T required(String place, @Nullable T value) {
        if (value == null) {
            throw refuse(ErrorCode.MISSING_PARAMETER, place, "Missing: " + place);
        }
        return value;
    }

    /** An element of a list, where JSON may have null. */
    private static <T> T present(String place, @Nullable T element) {
        if (element == null) {
            throw invalid(place, "It is null");
        }
        return element;
    }

    private static RefusedException invalid(String place, String message) {
        return refuse(ErrorCode.INVALID_PARAMETER_VALUE, place, message);
    }

    private static RefusedException refuse(ErrorCode code, String place, String message) {
        return Refusal.of(code, place, message).asException();
    }
}
