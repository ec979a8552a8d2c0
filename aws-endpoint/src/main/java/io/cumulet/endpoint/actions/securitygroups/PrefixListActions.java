package io.cumulet.endpoint.actions.securitygroups;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.cumulet.endpoint.actions.ActionSet;
import io.cumulet.endpoint.actions.Actions;
import io.cumulet.endpoint.actions.Api;
import io.cumulet.endpoint.actions.Call;
import io.cumulet.endpoint.actions.Filters;
import io.cumulet.endpoint.actions.IdForm;
import io.cumulet.endpoint.actions.Listing;
import io.cumulet.endpoint.actions.Names;
import io.cumulet.endpoint.actions.TagSpecifications;
import io.cumulet.endpoint.model.Shape;
import io.cumulet.endpoint.services.Query;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Prefix lists. */
@ApplicationScoped
public class PrefixListActions implements ActionSet {

    private static final String PATH = "/v1/prefix-lists";
    private static final String LIST = "prefixLists";
    private static final String NOT_FOUND = "InvalidPrefixListID.NotFound";
    private static final String NO_SUCH_LIST = "The prefix list ID '%s' does not exist";
    private static final Shape PREFIX_LIST = Api.EC2.model().shape("ManagedPrefixList");

    @Override
    public void addTo(Actions actions) {
        actions.ec2("CreateManagedPrefixList", PrefixListActions::create);
        actions.ec2("DescribeManagedPrefixLists", PrefixListActions::describe);
        actions.ec2("GetManagedPrefixListEntries", PrefixListActions::entries);
        actions.ec2("ModifyManagedPrefixList", PrefixListActions::modify);
        actions.ec2("RestoreManagedPrefixListVersion", PrefixListActions::restore);
        actions.ec2("DeleteManagedPrefixList", PrefixListActions::delete);
        actions.ec2("GetManagedPrefixListAssociations", PrefixListActions::associations);
        actions.ec2("DescribePrefixLists", PrefixListActions::describeOfAws, "those of S3 and DynamoDB in us-east-1");
    }

    private static ObjectNode create(Call call) {
        ObjectNode body = Call.answer()
                .put("name", call.requiredText("PrefixListName"))
                .put("addressFamily", call.requiredText("AddressFamily"))
                .put("maxEntries", call.number("MaxEntries", 0))
                .put("clientToken", call.text("ClientToken"));
        body.set("entries", Names.toRest(call.get("Entries")));
        body.set("tags", TagSpecifications.of(call, "prefix-list"));
        return one(call, call.firewall().post(PATH, body));
    }

    private static ObjectNode describe(Call call) {
        List<ObjectNode> lists =
                call
                        .firewall()
                        .list(PATH, LIST, Query.none().andEach("prefixListId", call.texts("PrefixListIds")))
                        .stream()
                        .map(view -> list(call, view))
                        .toList();
        return Listing.of(call, "PrefixLists", "PrefixListId")
                .ids(IdForm.PREFIX_LIST, "PrefixListIds", NOT_FOUND, NO_SUCH_LIST)
                .filter("owner-id", Filters.at("OwnerId"))
                .answer(lists);
    }

    private static ObjectNode entries(Call call) {
        Query version = Query.none().and("version", call.has("TargetVersion") ? call.text("TargetVersion") : null);
        List<ObjectNode> entries = new ArrayList<>();
        for (JsonNode entry :
                call.firewall().get(path(call) + "/entries", version).path("entries")) {
            ObjectNode shown = Call.answer().put("Cidr", entry.path("cidr").asText());
            if (entry.hasNonNull("description")) {
                shown.put("Description", entry.path("description").asText());
            }
            entries.add(shown);
        }
        return Listing.of(call, "Entries", "Cidr").answer(entries);
    }

    private static ObjectNode modify(Call call) {
        ObjectNode body = Call.answer();
        boolean ofEntries =
                !call.get("AddEntries").isEmpty() || !call.get("RemoveEntries").isEmpty();
        // Whoever doesn't say which version it is a change of means the one there is.
        if (call.has("CurrentVersion")) {
            body.set("currentVersion", call.get("CurrentVersion"));
        } else if (ofEntries) {
            body.put("anyVersion", true);
        }
        body.set("name", call.get("PrefixListName"));
        body.set("maxEntries", call.get("MaxEntries"));
        body.set("addEntries", Names.toRest(call.get("AddEntries")));
        if (call.has("RemoveEntries")) {
            ArrayNode removed = body.putArray("removeEntries");
            call.get("RemoveEntries")
                    .forEach(entry -> removed.add(entry.path("Cidr").asText()));
        }
        return one(call, call.firewall().patch(path(call), body));
    }

    private static ObjectNode restore(Call call) {
        ObjectNode body = Call.answer();
        body.set("previousVersion", call.get("PreviousVersion"));
        body.set("currentVersion", call.get("CurrentVersion"));
        return one(call, call.firewall().post(path(call) + "/restorations", body));
    }

    private static ObjectNode delete(Call call) {
        JsonNode last = call.firewall().get(path(call));
        call.firewall().delete(path(call));
        ObjectNode answer = one(call, last);
        answer.withObject("PrefixList").put("State", "delete-complete");
        return answer;
    }

    private static ObjectNode associations(Call call) {
        List<ObjectNode> associations = new ArrayList<>();
        for (JsonNode association :
                call.firewall().get(path(call) + "/associations").path("associations")) {
            associations.add(Call.answer()
                    .put("ResourceId", association.path("resourceId").asText())
                    .put("ResourceOwner", association.path("resourceOwner").asText()));
        }
        return Listing.of(call, "PrefixListAssociations", "ResourceId").answer(associations);
    }

    private static ObjectNode describeOfAws(Call call) {
        List<ObjectNode> lists = new ArrayList<>();
        for (JsonNode view : call.firewall().list(PATH, LIST)) {
            if (isOfAws(view)) {
                String id = view.path("prefixListId").asText();
                ObjectNode list = Call.answer()
                        .put("PrefixListId", id)
                        .put("PrefixListName", view.path("name").asText());
                ArrayNode blocks = list.putArray("Cidrs");
                call.firewall().get(PATH + "/" + id).path("entries").forEach(entry -> blocks.add(entry.path("cidr")));
                lists.add(list);
            }
        }
        return Listing.of(call, "PrefixLists", "PrefixListId")
                .ids(IdForm.PREFIX_LIST, "PrefixListIds", NOT_FOUND, NO_SUCH_LIST)
                .answer(lists);
    }

    private static boolean isOfAws(JsonNode view) {
        return view.path("account").asText().equals("AWS");
    }

    private static ObjectNode one(Call call, JsonNode view) {
        ObjectNode answer = Call.answer();
        answer.set("PrefixList", list(call, view));
        return answer;
    }

    private static ObjectNode list(Call call, JsonNode view) {
        ObjectNode list = Names.toAws(view, PREFIX_LIST);
        String id = view.path("prefixListId").asText();
        if (isOfAws(view)) {
            // Only of an account's own lists EC2 tells these.
            list.remove(List.of("MaxEntries", "Version"));
        }
        return list.put("PrefixListName", view.path("name").asText())
                .put("OwnerId", view.path("account").asText())
                .put(
                        "PrefixListArn",
                        "arn:aws:ec2:" + call.region() + ":"
                                + view.path("account").asText().toLowerCase(Locale.ROOT) + ":prefix-list/" + id);
    }

    private static String path(Call call) {
        return PATH + "/" + IdForm.PREFIX_LIST.segment(call, "PrefixListId");
    }
}
