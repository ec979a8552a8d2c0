package io.cumulet.firewall.api;

import com.fasterxml.jackson.databind.JsonNode;
import io.cumulet.firewall.api.PrefixListView.AssociationList;
import io.cumulet.firewall.api.PrefixListView.AssociationView;
import io.cumulet.firewall.api.PrefixListView.EntryList;
import io.cumulet.firewall.api.PrefixListView.PrefixListPage;
import io.cumulet.firewall.app.PrefixListStore.ListFilter;
import io.cumulet.firewall.app.PrefixLists;
import io.cumulet.firewall.domain.prefixlists.PrefixList;
import io.cumulet.firewall.domain.prefixlists.PrefixList.Entry;
import io.cumulet.firewall.domain.prefixlists.PrefixListChange;
import io.cumulet.firewall.domain.prefixlists.PrefixListWish;
import io.cumulet.kernel.Cidr;
import io.cumulet.kernel.ErrorCode;
import io.cumulet.kernel.IpFamily;
import io.cumulet.kernel.Refusal;
import io.cumulet.plumbing.api.AllowedQuery;
import io.cumulet.plumbing.api.Caller;
import io.cumulet.plumbing.api.Paging;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.PATCH;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.UriInfo;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.enums.SchemaType;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.parameters.Parameter;
import org.eclipse.microprofile.openapi.annotations.parameters.RequestBody;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jboss.resteasy.reactive.ResponseStatus;
import org.jspecify.annotations.Nullable;

@Path("/v1/prefix-lists")
@Produces(MediaType.APPLICATION_JSON)
@Consumes(MediaType.APPLICATION_JSON)
@Tag(name = "Prefix lists")
public class PrefixListsResource {

    private static final Set<String> CREATE =
            Set.of("name", "addressFamily", "maxEntries", "entries", "tags", "clientToken");
    private static final Set<String> MODIFY =
            Set.of("currentVersion", "anyVersion", "addEntries", "removeEntries", "name", "maxEntries", "tags");
    private static final Set<String> RESTORE = Set.of("previousVersion", "currentVersion");
    private static final Set<String> ENTRY = Set.of("cidr", "description");

    private final PrefixLists lists;
    private final Caller caller;

    public PrefixListsResource(PrefixLists lists, Caller caller) {
        this.lists = lists;
        this.caller = caller;
    }

    @POST
    @ResponseStatus(201)
    @Operation(summary = "Makes a prefix list")
    public PrefixListView create(
            @RequestBody(content = @Content(schema = @Schema(implementation = Requests.CreatePrefixList.class)))
                    @Nullable
                    JsonNode body) {
        JsonPlace json = JsonPlace.body(body, CREATE);
        PrefixListWish wish = new PrefixListWish(
                json.required("name").text(),
                family(json.required("addressFamily")),
                json.required("maxEntries").wholeNumber(Integer.MIN_VALUE, Integer.MAX_VALUE),
                entries(json, "entries"),
                json.optional("tags").map(JsonPlace::texts).orElse(Map.of()));
        return PrefixListView.whole(
                lists.create(caller.account(), caller.region(), wish, json.optionalText("clientToken"))
                        .orThrow());
    }

    @GET
    @AllowedQuery({"prefixListId", "name", "tag:*", "maxResults", "nextToken"})
    @Operation(
            summary = "Lists prefix lists without their entries, in the order of their ids",
            description = "A filter given twice means either. Besides those listed, tag:KEY=VALUE filters by a tag.")
    public PrefixListPage list(
            @QueryParam("prefixListId") List<String> ids,
            @QueryParam("name") List<String> names,
            @Parameter(
                            schema =
                                    @Schema(
                                            type = SchemaType.INTEGER,
                                            minimum = "1",
                                            maximum = "1000",
                                            defaultValue = "100"))
                    @QueryParam("maxResults")
                    @Nullable
                    String maxResults,
            @QueryParam("nextToken") @Nullable String nextToken,
            @Context UriInfo uri) {
        Paging paging = Paging.of(maxResults, nextToken);
        List<PrefixList> found = lists.list(
                caller.account(),
                caller.region(),
                new ListFilter(ids, names, TagFilters.of(uri)),
                paging.afterKey(),
                paging.sizeToAsk());
        return new PrefixListPage(
                paging.page(found).stream().map(PrefixListView::withoutEntries).toList(),
                paging.nextToken(found, PrefixList::id));
    }

    @GET
    @Path("{id}")
    @Operation(summary = "Tells of one prefix list with its entries")
    public PrefixListView get(@PathParam("id") String id) {
        return PrefixListView.whole(
                lists.find(caller.account(), caller.region(), id).orThrow());
    }

    @PATCH
    @Path("{id}")
    @Operation(
            summary = "Changes entries, name, size or tags of a prefix list: all that is asked for, or nothing",
            description =
                    "A change of entries names the version it is of, or says that it is of whatever version there is. A list that rules name can only grow as far as"
                            + " their groups have room.")
    public PrefixListView modify(
            @PathParam("id") String id,
            @RequestBody(content = @Content(schema = @Schema(implementation = Requests.ModifyPrefixList.class)))
                    @Nullable
                    JsonNode body) {
        JsonPlace json = JsonPlace.body(body, MODIFY);
        List<Cidr> remove = new ArrayList<>();
        for (JsonPlace block :
                json.optional("removeEntries").map(JsonPlace::elements).orElse(List.of())) {
            remove.add(cidr(block));
        }
        PrefixListChange change = new PrefixListChange(
                json.optional("currentVersion")
                        .map(version -> (long) version.wholeNumber(0, Integer.MAX_VALUE))
                        .orElse(null),
                json.optional("anyVersion").map(JsonPlace::flag).orElse(false),
                entries(json, "addEntries"),
                remove,
                json.optionalText("name"),
                json.optional("maxEntries")
                        .map(size -> size.wholeNumber(Integer.MIN_VALUE, Integer.MAX_VALUE))
                        .orElse(null),
                json.optional("tags").map(JsonPlace::changes).orElse(Map.of()));
        return PrefixListView.whole(
                lists.modify(caller.account(), caller.region(), id, change).orThrow());
    }

    @GET
    @Path("{id}/entries")
    @AllowedQuery("version")
    @Operation(summary = "Lists the entries of a prefix list, in its version now or one it had before")
    public EntryList entries(
            @PathParam("id") String id,
            @Parameter(schema = @Schema(type = SchemaType.INTEGER, minimum = "1")) @QueryParam("version") @Nullable
                    String version) {
        return EntryList.of(lists.entries(caller.account(), caller.region(), id, version(version))
                .orThrow());
    }

    private static @Nullable Long version(@Nullable String text) {
        try {
            return text == null ? null : Long.valueOf(text);
        } catch (NumberFormatException e) {
            throw Refusal.of(ErrorCode.INVALID_PARAMETER_VALUE, "version", "A version is a whole number from 1")
                    .asException();
        }
    }

    @POST
    @Path("{id}/restorations")
    @Operation(
            summary = "Gives a prefix list the entries that it had in a version before",
            description = "That makes a new version; those between stay too. The last 1,000 are kept.")
    public PrefixListView restore(
            @PathParam("id") String id,
            @RequestBody(content = @Content(schema = @Schema(implementation = Requests.RestorePrefixList.class)))
                    @Nullable
                    JsonNode body) {
        JsonPlace json = JsonPlace.body(body, RESTORE);
        return PrefixListView.whole(lists.restore(
                        caller.account(),
                        caller.region(),
                        id,
                        json.required("previousVersion").wholeNumber(0, Integer.MAX_VALUE),
                        json.required("currentVersion").wholeNumber(0, Integer.MAX_VALUE))
                .orThrow());
    }

    @GET
    @Path("{id}/associations")
    @Operation(summary = "Lists the security groups with a rule that names a prefix list")
    public AssociationList associations(@PathParam("id") String id) {
        return new AssociationList(lists.groupsThatName(caller.account(), caller.region(), id).orThrow().stream()
                .map(group -> new AssociationView(group, caller.account().value()))
                .toList());
    }

    @DELETE
    @Path("{id}")
    @ResponseStatus(204)
    @Operation(summary = "Deletes a prefix list that no rule names")
    public void delete(@PathParam("id") String id) {
        lists.delete(caller.account(), caller.region(), id).orThrow();
    }

    private static IpFamily family(JsonPlace json) {
        return switch (json.text()) {
            case PrefixListView.IPV4 -> IpFamily.IPV4;
            case PrefixListView.IPV6 -> IpFamily.IPV6;
            default -> throw json.invalid("IPv4 or IPv6 is expected here; not '" + json.text() + "'");
        };
    }

    private static List<Entry> entries(JsonPlace json, String field) {
        List<Entry> entries = new ArrayList<>();
        for (JsonPlace entry : json.optional(field).map(JsonPlace::elements).orElse(List.of())) {
            entry.object(ENTRY);
            entries.add(new Entry(cidr(entry.required("cidr")), entry.optionalText("description")));
        }
        return entries;
    }

    private static Cidr cidr(JsonPlace json) {
        return Cidr.parse(json.text())
                .orElseThrow(() -> json.refused(
                        ErrorCode.INVALID_PARAMETER_VALUE,
                        "A block is an address, a slash and a prefix length, such as 10.0.0.0/8; not '" + json.text()
                                + "'"));
    }
}
