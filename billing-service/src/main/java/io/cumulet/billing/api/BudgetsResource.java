package io.cumulet.billing.api;

import io.cumulet.billing.app.Budgets;
import io.cumulet.billing.app.Budgets.Watched;
import io.cumulet.billing.app.Budgets.Wish;
import io.cumulet.billing.domain.budgets.Budget;
import io.cumulet.billing.domain.budgets.CostFilter;
import io.cumulet.billing.domain.budgets.CostType;
import io.cumulet.billing.domain.budgets.Notification;
import io.cumulet.billing.domain.costs.Dimension;
import io.cumulet.billing.domain.costs.Scope;
import io.cumulet.kernel.Money;
import io.cumulet.plumbing.api.AllowedQuery;
import io.cumulet.plumbing.api.Caller;
import io.cumulet.plumbing.api.Paging;
import jakarta.validation.constraints.NotNull;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.PUT;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jboss.resteasy.reactive.ResponseStatus;
import org.jspecify.annotations.Nullable;

/** Budgets: limits on what a month costs, and who is told when they are passed. */
@Path("/v1/budgets")
@Produces(MediaType.APPLICATION_JSON)
@Tag(name = "Budgets")
public class BudgetsResource {

    private static final int LONGEST_NAME = 100;
    private static final int HIGHEST_PERCENT = 1_000;
    private static final int MOST_VALUES = 100;
    /** As many decimals as money has. */
    private static final Pattern USD = Pattern.compile("[0-9]{1,12}(\\.[0-9]{1,10})?");

    private final Budgets budgets;
    private final Caller caller;

    public BudgetsResource(Budgets budgets, Caller caller) {
        this.budgets = budgets;
        this.caller = caller;
    }

    @Schema(name = "BudgetRequest")
    public record BudgetRequest(
            @Schema(required = true, description = "Unique in the account, at most 100 characters") @Nullable
            String name,

            @Schema(required = true, description = "USD a month, such as \"250\"") @Nullable
            String limit,

            @Schema(description = "billed (if not said) or effective") @Nullable
            String costType,

            @Schema(
                    description = "own (if not said): what the caller uses and buys; consolidated: what it pays for its"
                            + " organization")
            @Nullable
            String scope,

            @Schema(description = "Only this counts; all if not said") @Nullable
            FilterRequest filter,

            @Schema(required = true, description = "1 to 10, each once") @Nullable
            List<NotificationRequest> notifications,

            @Schema(description = "The same token and request create once; when a budget is replaced it isn't read")
            @Nullable
            String clientToken) {

        BudgetRequest withoutToken() {
            return new BudgetRequest(name, limit, costType, scope, filter, notifications, null);
        }
    }

    @Schema(name = "BudgetFilter", description = "Charges that have one of some values in a dimension")
    public record FilterRequest(
            @Schema(required = true, description = "As in groupBy of /v1/costs, such as purchase-option or tag:team")
            @Nullable
            String dimension,

            @Schema(required = true) @Nullable List<String> values) {}

    @Schema(name = "BudgetNotification")
    public record NotificationRequest(
            @Schema(required = true, description = "actual or forecasted") @Nullable
            String type,

            @Schema(required = true, description = "1 to 1000: told when more than this share of the limit is spent")
            @Nullable
            Integer thresholdPercent) {}

    @POST
    @ResponseStatus(201)
    @Consumes(MediaType.APPLICATION_JSON)
    @Operation(
            summary = "Creates a budget",
            description = "Names are those of AWS Budgets. When a threshold is passed, budget.threshold-passed is"
                    + " published on billing.budgets, once for each notification and month.")
    public BudgetView create(@NotNull BudgetRequest body) {
        return BudgetView.of(budgets.create(caller.account(), wish(body), body.clientToken(), body.withoutToken())
                .orThrow());
    }

    @GET
    @AllowedQuery({"maxResults", "nextToken"})
    @Operation(summary = "Lists the account's budgets, by id, with what the running month costs")
    public Page list(
            @QueryParam("maxResults") @Nullable String maxResults,
            @QueryParam("nextToken") @Nullable String nextToken) {
        Paging paging = Paging.of(maxResults, nextToken);
        List<Budget> asked = budgets.list(caller.account(), paging.afterKey(), paging.sizeToAsk());
        return new Page(
                budgets.watched(caller.account(), paging.page(asked)).stream()
                        .map(BudgetView::of)
                        .toList(),
                paging.nextToken(asked, Budget::id));
    }

    public record Page(List<BudgetView> budgets, @Nullable String nextToken) {}

    @GET
    @Path("{id}")
    @Operation(summary = "Shows a budget with what the running month costs and what was told")
    public BudgetView get(@PathParam("id") String id) {
        return BudgetView.of(budgets.show(caller.account(), id).orThrow());
    }

    @PUT
    @Path("{id}")
    @Consumes(MediaType.APPLICATION_JSON)
    @Operation(
            summary = "Replaces a budget",
            description = "A notification that was told this month isn't told again, whatever the limit is now.")
    public BudgetView replace(@PathParam("id") String id, @NotNull BudgetRequest body) {
        return BudgetView.of(budgets.replace(caller.account(), id, wish(body)).orThrow());
    }

    @DELETE
    @Path("{id}")
    @Operation(summary = "Deletes a budget")
    public void delete(@PathParam("id") String id) {
        budgets.delete(caller.account(), id).orThrow();
    }

    private static Wish wish(BudgetRequest body) {
        String name = Query.required("name", body.name()).strip();
        if (name.isEmpty() || name.length() > LONGEST_NAME) {
            throw Query.refused("name", "A name has 1 to " + LONGEST_NAME + " characters");
        }
        String limit = Query.required("limit", body.limit());
        if (!USD.matcher(limit).matches() || Money.of(limit).equals(Money.ZERO)) {
            throw Query.refused("limit", "An amount above 0 is expected, such as \"250.00\", not " + limit);
        }
        return new Wish(
                name,
                Money.of(limit),
                Query.orElse(Query.named("costType", body.costType(), CostType::ofCode), CostType.BILLED),
                Query.orElse(Query.named("scope", body.scope(), Scope::ofCode), Scope.OWN),
                filter(body.filter()),
                notifications(Query.required("notifications", body.notifications())));
    }

    private static @Nullable CostFilter filter(@Nullable FilterRequest filter) {
        if (filter == null) {
            return null;
        }
        Dimension dimension = Query.requiredNamed("filter.dimension", filter.dimension(), Dimension::ofCode);
        List<String> values = Query.required("filter.values", filter.values());
        if (values.isEmpty() || values.size() > MOST_VALUES) {
            throw Query.refused("filter.values", "There are 1 to " + MOST_VALUES + ", not " + values.size());
        }
        Set<String> distinct = new HashSet<>();
        for (int i = 0; i < values.size(); i++) {
            distinct.add(Query.required("filter.values[" + i + "]", values.get(i)));
        }
        return new CostFilter(dimension, distinct);
    }

    private static List<Notification> notifications(List<NotificationRequest> requests) {
        if (requests.isEmpty() || requests.size() > Budget.MOST_NOTIFICATIONS) {
            throw Query.refused(
                    "notifications", "There are 1 to " + Budget.MOST_NOTIFICATIONS + ", not " + requests.size());
        }
        List<Notification> notifications = new ArrayList<>();
        for (int i = 0; i < requests.size(); i++) {
            String place = "notifications[" + i + "]";
            NotificationRequest request = Query.required(place, requests.get(i));
            int percent = Query.required(place + ".thresholdPercent", request.thresholdPercent());
            if (percent < 1 || percent > HIGHEST_PERCENT) {
                throw Query.refused(place + ".thresholdPercent", "It is 1 to " + HIGHEST_PERCENT + ", not " + percent);
            }
            Notification notification = new Notification(
                    Query.requiredNamed(place + ".type", request.type(), Notification.Type::ofCode), percent);
            if (notifications.contains(notification)) {
                throw Query.refused(place, "It stands twice");
            }
            notifications.add(notification);
        }
        return notifications;
    }

    @Schema(name = "Budget")
    public record BudgetView(
            String id,
            String name,
            @Schema(description = "USD a month") String limit,
            String currency,
            String costType,
            String scope,
            @Nullable FilterView filter,
            List<NotificationView> notifications,

            @Schema(description = "The running month") SpendView calculatedSpend,

            Instant createdAt) {

        static BudgetView of(Watched watched) {
            Budget budget = watched.budget();
            CostFilter filter = budget.filter();
            return new BudgetView(
                    budget.id(),
                    budget.name(),
                    budget.limit().toString(),
                    "USD",
                    budget.costType().code(),
                    budget.scope().code(),
                    filter == null
                            ? null
                            : new FilterView(
                                    filter.dimension().code(),
                                    filter.values().stream().sorted().toList()),
                    budget.notifications().stream()
                            .map(one -> NotificationView.of(one, watched))
                            .toList(),
                    new SpendView(
                            watched.month().toString(),
                            watched.course().actual().toString(),
                            watched.course().forecast().total().toString(),
                            watched.course().completeUntil()),
                    budget.createdAt());
        }
    }

    public record FilterView(String dimension, List<String> values) {}

    public record NotificationView(
            String type,
            int thresholdPercent,

            @Schema(description = "ok, or alarm once it was told this month")
            String state,

            @Schema(description = "When the threshold was found to be passed; left out while it is ok") @Nullable
            Instant toldAt) {

        static NotificationView of(Notification notification, Watched watched) {
            return watched.alerts().stream()
                    .filter(alert -> alert.notification().equals(notification))
                    .findFirst()
                    .map(alert -> of(notification, "alarm", alert.at()))
                    .orElseGet(() -> of(notification, "ok", null));
        }

        private static NotificationView of(Notification notification, String state, @Nullable Instant toldAt) {
            return new NotificationView(notification.type().code(), notification.thresholdPercent(), state, toldAt);
        }
    }

    @Schema(name = "CalculatedSpend")
    public record SpendView(
            @Schema(description = "yyyy-MM, UTC") String month,

            @Schema(description = "So far, as on the draft of the bill")
            String actualSpend,

            @Schema(description = "The month if what runs goes on to its end, and what is queued begins")
            String forecastedSpend,

            @Schema(description = "All usage up to then is in the actual spend")
            Instant completeUntil) {}
}
