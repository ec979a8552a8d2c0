package io.cumulet.billing.api;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.cumulet.billing.api.Portfolios.PortfolioRequest;
import io.cumulet.billing.api.rating.ScenarioReader;
import io.cumulet.billing.api.upload.UsageFile;
import io.cumulet.billing.app.Offerings;
import io.cumulet.billing.app.WhatIfs;
import io.cumulet.billing.app.WhatIfs.Portfolio;
import io.cumulet.billing.app.WhatIfs.Result;
import io.cumulet.billing.domain.metering.UsageRun;
import io.cumulet.billing.domain.rating.Category;
import io.cumulet.billing.domain.rating.Costs;
import io.cumulet.billing.domain.rating.Scenario;
import io.cumulet.kernel.AccountId;
import io.cumulet.kernel.ErrorCode;
import io.cumulet.kernel.Interval;
import io.cumulet.kernel.Outcome;
import io.cumulet.kernel.Refusal;
import io.cumulet.plumbing.api.Caller;
import jakarta.validation.constraints.NotNull;
import jakarta.ws.rs.BadRequestException;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.io.IOException;
import java.io.InputStream;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.nio.file.Files;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.enums.SchemaType;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jboss.resteasy.reactive.RestForm;
import org.jboss.resteasy.reactive.multipart.FileUpload;
import org.jspecify.annotations.Nullable;

/** Which purchasing option is right for what an account uses. */
@Path("/v1")
@Produces(MediaType.APPLICATION_JSON)
@Consumes(MediaType.APPLICATION_JSON)
@Tag(name = "Purchasing options")
public class PurchasingOptionsResource {

    private static final Duration LONGEST = Duration.ofDays(366);

    private final WhatIfs whatIfs;
    private final Offerings offerings;
    private final Caller caller;
    private final InstantSource clock;
    private final ObjectMapper json;

    public PurchasingOptionsResource(
            WhatIfs whatIfs, Offerings offerings, Caller caller, InstantSource clock, ObjectMapper json) {
        this.whatIfs = whatIfs;
        this.offerings = offerings;
        this.caller = caller;
        this.clock = clock;
        this.json = json;
    }

    @Schema(name = "WhatIfRequest")
    public record WhatIf(
            @Schema(description = "On the hour; with until, for recorded usage") @Nullable
            Instant from,

            @Schema(description = "On the hour, not behind the present, at most 366 days behind from") @Nullable
            Instant until,

            @Schema(
                    implementation = Object.class,
                    type = SchemaType.OBJECT,
                    description = "Instead of recorded usage: a scenario in the form of /v1/ratings, rated at its own"
                            + " prices")
            @Nullable
            JsonNode scenario,

            @Schema(description = "Who buys what portfolios have, if the scenario has several accounts") @Nullable
            String account,

            @Schema(required = true) @Nullable List<PortfolioRequest> portfolios) {}

    public record WhatIfAnswer(
            Instant from,
            Instant until,
            String currency,

            @Schema(description = "In the order asked for") List<PortfolioView> portfolios,

            @Schema(description = "What was read of an uploaded file; left out without one") @Nullable
            UploadView upload) {}

    public record UploadView(
            @Schema(description = "Rows that are instance-hours")
            long usedRows,

            @Schema(description = "How many other rows there are, by why they were ignored")
            Map<String, Long> ignoredRows) {}

    @Schema(description = "What a portfolio would have cost the account for what it used itself")
    public record PortfolioView(
            String name,
            CostsView totals,
            Map<String, CostsView> byCategory,

            @Schema(description = "Effective cost by the hour of the period, to ten places")
            String effectiveCostHourly,

            @Schema(description = "List cost less effective cost")
            String savingsAgainstOnDemand,

            @Schema(description = "Usage that the portfolio has no price or no room for; it is in no cost")
            List<BillView.UnratedView> unrated) {

        static PortfolioView of(Result result, Interval period) {
            Map<String, CostsView> byCategory = new TreeMap<>();
            for (Map.Entry<Category, Costs> one : result.byCategory().entrySet()) {
                byCategory.put(one.getKey().code(), CostsView.of(one.getValue()));
            }
            BigDecimal hours = BigDecimal.valueOf(period.length().toHours());
            return new PortfolioView(
                    result.name(),
                    CostsView.of(result.totals()),
                    byCategory,
                    result.totals()
                            .effective()
                            .usd()
                            .divide(hours, 10, RoundingMode.HALF_EVEN)
                            .toPlainString(),
                    result.totals().list().minus(result.totals().effective()).toString(),
                    result.unrated().stream().map(BillView.UnratedView::of).toList());
        }
    }

    @POST
    @Path("what-ifs")
    @Operation(
            summary = "Rates usage as if something else had been bought for it",
            description =
                    "Portfolios side by side, for what the caller used itself, for a scenario, or for an uploaded file: a"
                            + " Cost and Usage Report of AWS or FOCUS 1.x, as CSV. Nothing is stored. Instances put on"
                            + " the spot market are never interrupted: they pay each hour's price from the recorded history.")
    public WhatIfAnswer whatIf(@NotNull WhatIf body) {
        if (body.scenario() != null) {
            return ofScenario(body, body.scenario());
        }
        if (body.account() != null) {
            throw Query.refused("account", "Recorded usage is the caller's");
        }
        Interval period = period(Query.required("from", body.from()), Query.required("until", body.until()));
        if (period.until().isAfter(clock.instant())) {
            throw Query.refused("until", "What will be used isn't recorded yet");
        }
        List<Portfolio> portfolios = portfolios(body.portfolios(), period.from());
        return answer(period, whatIfs.compare(caller.account(), period, portfolios), null);
    }

    private List<Portfolio> portfolios(@Nullable List<PortfolioRequest> requests, Instant at) {
        return new Portfolios(offerings, caller.region(), at).read(Query.required("portfolios", requests));
    }

    private WhatIfAnswer ofScenario(WhatIf body, JsonNode json) {
        if (body.from() != null || body.until() != null) {
            throw Refusal.of(
                            ErrorCode.INVALID_PARAMETER_COMBINATION,
                            body.from() == null ? "until" : "from",
                            "A scenario has a period of its own")
                    .asException();
        }
        Scenario scenario = switch (ScenarioReader.read(json)) {
            case Outcome.Done<Scenario>(Scenario read) -> read;
            case Outcome.Refused<Scenario>(Refusal refusal) ->
                throw Refusal.of(
                                refusal.code(),
                                "/scenario" + Objects.requireNonNullElse(refusal.field(), ""),
                                refusal.message())
                        .asException();
        };
        List<Portfolio> portfolios =
                portfolios(body.portfolios(), scenario.period().from());
        return answer(scenario.period(), whatIfs.compare(scenario, buyer(body.account(), scenario), portfolios), null);
    }

    private static AccountId buyer(@Nullable String account, Scenario scenario) {
        Set<AccountId> accounts = new TreeSet<>();
        scenario.usage().instances().forEach(instance -> accounts.add(instance.account()));
        if (account == null) {
            if (accounts.size() != 1) {
                throw Refusal.of(
                                ErrorCode.MISSING_PARAMETER,
                                "account",
                                "The scenario has usage of " + accounts.size() + " accounts: which one buys?")
                        .asException();
            }
            return accounts.iterator().next();
        }
        return Query.requiredNamed(
                "account",
                account,
                id -> Optional.of(id)
                        .filter(AccountId::isValid)
                        .map(AccountId::new)
                        .filter(accounts::contains));
    }

    @POST
    @Path("what-ifs")
    @Consumes(MediaType.MULTIPART_FORM_DATA)
    @Operation(
            summary = "Rates uploaded usage as if something else had been bought for it",
            description = "The file is a Cost and Usage Report of AWS (legacy or 2.0) or FOCUS 1.x, as CSV, compressed"
                    + " with gzip or not. Its instance-hours count as the caller's.")
    public WhatIfAnswer whatIfOfFile(
            @RestForm("usage") @Nullable FileUpload usage,
            @Schema(description = "A JSON list, as in the body without a file") @RestForm("portfolios") @Nullable
                    String portfolios,
            @Schema(description = "On the hour; if not said, the first hour in which the file has instances")
                    @RestForm("from")
                    @Nullable
                    String from,
            @Schema(description = "On the hour; if not said, behind the last hour in which the file has instances")
                    @RestForm("until")
                    @Nullable
                    String until)
            throws IOException {
        List<PortfolioRequest> requests = portfolioList(Query.required("portfolios", portfolios));
        UsageFile file;
        try (InputStream in =
                Files.newInputStream(Query.required("usage", usage).uploadedFile())) {
            file = UsageFile.read(in, "usage", caller.account());
        }
        Interval covered = file.hours()
                .period()
                .orElseThrow(() ->
                        Query.refused("usage", "It has no rows with instance-hours; ignored: " + file.ignoredRows()));
        Interval period = period(
                Query.orElse(Query.instant("from", from), covered.from()),
                Query.orElse(Query.instant("until", until), covered.until()));
        List<UsageRun> runs = file.hours()
                .runs()
                .orElseThrow(() -> Query.refused("usage", "Its instances start and stop too often to be rated"));
        return answer(
                period,
                whatIfs.compare(caller.account(), period, runs, portfolios(requests, period.from())),
                new UploadView(file.usedRows(), file.ignoredRows()));
    }

    /** As in a body, so that what is wrong has the same names. */
    private record PortfolioList(@Nullable List<PortfolioRequest> portfolios) {}

    private List<PortfolioRequest> portfolioList(String text) {
        try {
            PortfolioList list = json.readValue("{\"portfolios\":" + text + "}", PortfolioList.class);
            return Query.required("portfolios", list.portfolios());
        } catch (JsonMappingException e) {
            // Knows the place, and is answered like a body's.
            throw new BadRequestException(e);
        } catch (JsonProcessingException e) {
            throw Query.refused("portfolios", "It is not JSON: " + e.getOriginalMessage());
        }
    }

    private static WhatIfAnswer answer(Interval period, List<Result> results, @Nullable UploadView upload) {
        return new WhatIfAnswer(
                period.from(),
                period.until(),
                "USD",
                results.stream().map(result -> PortfolioView.of(result, period)).toList(),
                upload);
    }

    private static Interval period(Instant from, Instant until) {
        for (Map.Entry<String, Instant> end :
                Map.of("from", from, "until", until).entrySet()) {
            if (!end.getValue().equals(end.getValue().truncatedTo(ChronoUnit.HOURS))) {
                throw Query.refused(end.getKey(), "It is on the hour, not " + end.getValue());
            }
            if (!UsageFile.YEARS.contains(end.getValue())) {
                throw Query.refused(end.getKey(), "It lies in the years 2000 to 2100, unlike " + end.getValue());
            }
        }
        if (!from.isBefore(until) || Duration.between(from, until).compareTo(LONGEST) > 0) {
            throw Query.refused("until", "It lies behind from, by " + LONGEST.toDays() + " days at most");
        }
        return new Interval(from, until);
    }
}
