package io.cumulet.endpoint.actions;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.cumulet.endpoint.protocol.AwsError;
import io.cumulet.endpoint.services.Query;
import io.cumulet.endpoint.services.RestService;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Pages of a describe action whose list is too long to be read whole: each is asked of the service, one list after the other.
 * What the service can't filter by is filtered here, so that a page may have less than {@code MaxResults} items, as in EC2,
 * and a token all the same.
 */
public final class Pages {

    /** A page is filled from at most so many of the service's; the token leads on. */
    private static final int MOST_ASKED = 20;

    /** The largest page that services give. */
    private static final int LARGEST = 1_000;

    private Pages() {}

    /**
     * Fills the answer's page.
     *
     * @param results the answer's member with the items
     * @param lists the service's lists, which are shown in turn
     * @param member the field of a service's page that holds its part
     * @param usual how many items a page has if {@code MaxResults} isn't given
     * @param item an item by the names of the model's members; null if it isn't wanted
     * @throws AwsError {@code InvalidNextToken}, and what the service refuses
     */
    public static ObjectNode answer(
            Call call,
            String results,
            RestService service,
            String path,
            List<Query> lists,
            String member,
            int usual,
            Function<JsonNode, @Nullable JsonNode> item) {
        Place place = call.has("NextToken") ? Place.of(call, lists.size()) : new Place(0, null);
        int most = Math.min(LARGEST, call.number("MaxResults", usual));
        ObjectNode answer = Call.answer();
        ArrayNode items = answer.putArray(results);
        for (int asked = 0; place.list < lists.size() && items.size() < most && asked < MOST_ASKED; asked++) {
            Query query = lists.get(place.list)
                    .copy()
                    .and("maxResults", most - items.size())
                    .and("nextToken", place.token);
            JsonNode page = service.get(path, query);
            for (JsonNode view : page.path(member)) {
                JsonNode wanted = item.apply(view);
                if (wanted != null) {
                    items.add(wanted);
                }
            }
            place = page.hasNonNull("nextToken")
                    ? new Place(place.list, page.get("nextToken").asText())
                    : new Place(place.list + 1, null);
        }
        if (place.list < lists.size()) {
            answer.put("NextToken", place.text(call));
        }
        return answer;
    }

    /** Where the next page begins: in which list, and the service's own token. */
    private record Place(int list, @Nullable String token) {

        /** Tokens say for which action they are, so that none is taken for another's. */
        String text(Call call) {
            String text = call.operation().name() + ' ' + list + ' ' + (token == null ? "" : token);
            return Base64.getUrlEncoder().withoutPadding().encodeToString(text.getBytes(StandardCharsets.UTF_8));
        }

        static Place of(Call call, int lists) {
            String given = call.requiredText("NextToken");
            try {
                String[] parts = new String(Base64.getUrlDecoder().decode(given), StandardCharsets.UTF_8).split(" ", 3);
                if (parts.length == 3 && parts[0].equals(call.operation().name())) {
                    int list = Integer.parseInt(parts[1]);
                    if (list >= 0 && list < lists) {
                        return new Place(list, parts[2].isEmpty() ? null : parts[2]);
                    }
                }
            } catch (IllegalArgumentException e) {
                // Said below.
            }
            throw AwsError.of("InvalidNextToken", "The token '" + given + "' is invalid");
        }
    }
}
