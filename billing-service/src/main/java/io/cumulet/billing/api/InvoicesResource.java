package io.cumulet.billing.api;

import io.cumulet.billing.app.InvoiceStore;
import io.cumulet.billing.app.LedgerStore;
import io.cumulet.billing.app.LedgerStore.NumberedEntry;
import io.cumulet.billing.domain.billing.Invoice;
import io.cumulet.billing.domain.ledger.JournalEntry;
import io.cumulet.plumbing.api.AllowedQuery;
import io.cumulet.plumbing.api.Caller;
import io.cumulet.plumbing.api.Paging;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jspecify.annotations.Nullable;

/** What the caller was asked to pay, and how it was booked. */
@Path("/v1")
@Produces(MediaType.APPLICATION_JSON)
@Tag(name = "Bills")
public class InvoicesResource {

    private final InvoiceStore invoices;
    private final LedgerStore ledger;
    private final Caller caller;

    public InvoicesResource(InvoiceStore invoices, LedgerStore ledger, Caller caller) {
        this.invoices = invoices;
        this.ledger = ledger;
        this.caller = caller;
    }

    @Schema(name = "Invoice")
    public record InvoiceView(
            String id,

            @Schema(description = "yyyy-MM; its lines are those of GET /v1/bills/{month}/consolidated")
            String month,

            Instant issuedAt,
            String currency,
            @Schema(description = "In whole cents") String total) {

        static InvoiceView of(Invoice invoice) {
            return new InvoiceView(
                    invoice.id(),
                    invoice.month().toString(),
                    invoice.issuedAt(),
                    "USD",
                    invoice.total().toString());
        }
    }

    public record InvoicePage(
            List<InvoiceView> invoices, @Nullable String nextToken) {}

    @Schema(name = "JournalEntry", description = "What is booked together; its amounts sum up to 0")
    public record EntryView(
            long id,

            @Schema(description = "What happened, such as invoice")
            String kind,

            @Schema(description = "What it happened with, such as the id of the invoice")
            String reference,

            Instant postedAt,

            @Schema(description = "USD by ledger account: above 0 a debit, below 0 a credit")
            Map<String, String> postings) {

        static EntryView of(NumberedEntry numbered) {
            JournalEntry entry = numbered.entry();
            Map<String, String> postings = new TreeMap<>();
            entry.postings().forEach((account, amount) -> postings.put(account, amount.toString()));
            return new EntryView(numbered.id(), entry.kind(), entry.reference(), entry.postedAt(), postings);
        }
    }

    public record EntryPage(
            List<EntryView> entries, @Nullable String nextToken) {}

    @GET
    @Path("invoices")
    @AllowedQuery({"maxResults", "nextToken"})
    @Operation(summary = "Lists the invoices that the caller was sent, by month")
    public InvoicePage invoices(
            @QueryParam("maxResults") @Nullable String maxResults,
            @QueryParam("nextToken") @Nullable String nextToken) {
        Paging paging = Paging.of(maxResults, nextToken);
        List<Invoice> asked = paging.ask(
                invoices.invoices(caller.account()).stream()
                        .sorted(Comparator.comparing(Invoice::month))
                        .toList(),
                invoice -> invoice.month().toString());
        return new InvoicePage(
                paging.page(asked).stream().map(InvoiceView::of).toList(),
                paging.nextToken(asked, invoice -> invoice.month().toString()));
    }

    @GET
    @Path("ledger-entries")
    @AllowedQuery({"maxResults", "nextToken"})
    @Operation(summary = "Lists what was booked for the caller in the double-entry ledger, oldest first")
    public EntryPage entries(
            @QueryParam("maxResults") @Nullable String maxResults,
            @QueryParam("nextToken") @Nullable String nextToken) {
        Paging paging = Paging.of(maxResults, nextToken);
        List<NumberedEntry> asked =
                ledger.entries(caller.account(), Query.number(paging.afterKey()), paging.sizeToAsk());
        return new EntryPage(
                paging.page(asked).stream().map(EntryView::of).toList(),
                paging.nextToken(asked, entry -> Long.toString(entry.id())));
    }
}
