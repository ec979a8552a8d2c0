package io.cumulet.endpoint.actions;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.cumulet.endpoint.model.Shape;
import io.cumulet.endpoint.protocol.AwsError;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The answer of a describe action: of all items those that the ids and filters name, in pages. A page's token names the last
 * item before it, so items that come and go meanwhile move nothing.
 *
 * <pre>{@code
 * Listing.of(call, "Vpcs", "VpcId")
 *         .ids("VpcIds", "InvalidVpcID.NotFound", "The vpc ID '%s' does not exist")
 *         .filter("cidr", Filters.at("CidrBlock"))
 *         .answer(vpcs);
 * }</pre>
 */
public final class Listing {

    private final Call call;
    private final String results;
    private final Function<JsonNode, String> key;
    private final Shape itemShape;
    private final Map<String, Filters.Values> own = new HashMap<>();
    private final Set<String> more = new HashSet<>();
    private String filterMember;
    private @Nullable String ids;
    private @Nullable IdForm form;
    private String notFoundCode = "";
    private String notFoundMessage = "";
    private String severalNotFoundMessage = "";
    private boolean isInOrder;
    private boolean leavesOutMissing;

    private Listing(Call call, String results, Function<JsonNode, String> key) {
        this.call = call;
        this.results = results;
        this.key = key;
        this.itemShape = Objects.requireNonNull(call.operation().output().member(results), results)
                .shape()
                .element();
        this.filterMember = call.operation().input().member("Filter") != null ? "Filter" : "Filters";
    }

    /**
     * @param results the answer's member with the items
     * @param key the member of an item that identifies and orders it
     */
    public static Listing of(Call call, String results, String key) {
        return of(call, results, item -> item.path(key).asText());
    }

    /** @param key what identifies and orders the items where no one member does */
    public static Listing of(Call call, String results, Function<JsonNode, String> key) {
        return new Listing(call, results, key);
    }

    /**
     * Which parameter names items.
     *
     * @param message of the refusal if one isn't there, with {@code %s} for its id
     */
    public Listing ids(String member, String notFoundCode, String message) {
        this.ids = member;
        this.notFoundCode = notFoundCode;
        this.notFoundMessage = message;
        return this;
    }

    /** @param message of the refusal if several aren't there, with {@code %s} for their ids; else the first is told of */
    public Listing severalNotFound(String message) {
        this.severalNotFoundMessage = message;
        return this;
    }

    /** Likewise, of ids that have a form; one that can't be an id is refused as malformed. */
    public Listing ids(IdForm form, String member, String notFoundCode, String message) {
        this.form = form;
        return ids(member, notFoundCode, message);
    }

    /** Likewise, of a few kinds of which EC2 leaves out what isn't there. */
    public Listing idsIfThere(IdForm form, String member) {
        this.form = form;
        this.ids = member;
        this.leavesOutMissing = true;
        return this;
    }

    /** What a filter looks at whose name doesn't lead there; also one that the documentation forgets. */
    public Listing filter(String name, Filters.Values values) {
        own.put(name, values);
        more.add(name);
        return this;
    }

    /** The items come in their order, as those do that are named by ids: for those that are named otherwise. */
    public Listing inTheirOrder() {
        isInOrder = !call.has("MaxResults");
        return this;
    }

    /** Documented filters that ask for what doesn't exist here, such as a peering: they match nothing. */
    public Listing nothingHas(String... names) {
        for (String name : names) {
            own.put(name, item -> List.of());
        }
        return this;
    }

    /**
     * @param items all there are, by the names of the model's members
     * @throws AwsError for ids that aren't there, filters that don't exist, and bad tokens
     */
    public ObjectNode answer(List<? extends JsonNode> items) {
        Filters filters = Filters.of(call, filterMember, more);
        filters.requireKnown(itemShape, own);
        List<JsonNode> found = new ArrayList<>(named(items));
        found.removeIf(item -> !filters.pass(item, itemShape, own));
        // Those that are named come as they are named: of them there is one page.
        if (!isInOrder && (ids == null || call.texts(ids).isEmpty())) {
            found.sort(Comparator.comparing(this::keyOf));
        }
        ObjectNode answer = Call.answer();
        ArrayNode page = answer.putArray(results);
        if (!call.has("MaxResults") && !call.has("NextToken")) {
            found.forEach(page::add);
            return answer;
        }
        String after = call.has("NextToken") ? decode(call.requiredText("NextToken")) : "";
        int most = call.number("MaxResults", Integer.MAX_VALUE);
        for (JsonNode item : found) {
            if (keyOf(item).compareTo(after) <= 0) {
                continue;
            }
            if (page.size() == most) {
                return answer.put("NextToken", encode(keyOf(page.get(most - 1))));
            }
            page.add(item);
        }
        return answer;
    }

    private List<? extends JsonNode> named(List<? extends JsonNode> items) {
        List<String> wanted = ids == null ? List.of() : call.texts(ids);
        if (wanted.isEmpty()) {
            return items;
        }
        if (call.has("MaxResults")) {
            throw AwsError.combination("The parameter " + Call.lowerCamel(Objects.requireNonNull(ids))
                    + " cannot be used with the parameter maxResults");
        }
        if (form != null) {
            wanted.forEach(form::checked);
        }
        Map<String, JsonNode> byId = new HashMap<>();
        items.forEach(item -> byId.put(keyOf(item), item));
        if (leavesOutMissing) {
            return wanted.stream()
                    .distinct()
                    .filter(byId::containsKey)
                    .map(byId::get)
                    .toList();
        }
        List<String> missing =
                wanted.stream().distinct().filter(id -> !byId.containsKey(id)).toList();
        if (missing.size() > 1 && !severalNotFoundMessage.isEmpty()) {
            throw AwsError.of(notFoundCode, severalNotFoundMessage.formatted(String.join(", ", missing)));
        }
        if (!missing.isEmpty()) {
            throw AwsError.of(notFoundCode, notFoundMessage.formatted(missing.getFirst()));
        }
        return wanted.stream().distinct().map(byId::get).toList();
    }

    private String keyOf(JsonNode item) {
        return key.apply(item);
    }

    /** Tokens say for which action they are, so that none is taken for another's. */
    private String encode(String last) {
        return Base64.getUrlEncoder()
                .withoutPadding()
                .encodeToString((call.operation().name() + ' ' + last).getBytes(StandardCharsets.UTF_8));
    }

    private String decode(String token) {
        try {
            String text = new String(Base64.getUrlDecoder().decode(token), StandardCharsets.UTF_8);
            String prefix = call.operation().name() + ' ';
            if (text.startsWith(prefix)) {
                return text.substring(prefix.length());
            }
        } catch (IllegalArgumentException e) {
            // Said below.
        }
        throw AwsError.of("InvalidNextToken", "The token '" + token + "' is invalid");
    }
}
