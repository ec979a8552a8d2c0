package io.cumulet.endpoint.actions.instances;

import com.fasterxml.jackson.databind.JsonNode;
import io.cumulet.endpoint.actions.Call;
import io.cumulet.endpoint.actions.Pauses;
import io.cumulet.endpoint.protocol.AwsError;
import io.cumulet.endpoint.services.Query;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;

/**
 * Instances that are on their way from one state to another. Here that takes a fraction of a second, and calls that name such
 * instances wait for it:
 *
 * <ul>
 *   <li>what looks at them, so that a waiter of an SDK, which asks every 15 seconds, has its answer with the first one;
 *   <li>a command. EC2 refuses a stop while one is pending, and a start while it is stopping; here what was launched can be
 *       stopped in the next line.
 * </ul>
 */
public final class OnTheWay {

    private static final Duration PATIENCE_OF_COMMANDS = Duration.ofSeconds(2);
    private static final String INCORRECT_STATE = "IncorrectInstanceState";
    private static final Set<String> WAYS = Set.of("pending", "stopping", "shutting-down");

    /** Who names more isn't a person or a waiter, and each look would cost much. */
    private static final int MOST_AWAITED = 100;

    private OnTheWay() {}

    /**
     * Gives a command, again if need be.
     *
     * @param command refused as {@code IncorrectInstanceState} where an instance can't have it now
     * @throws AwsError its refusal, once no instance is on its way or patience has run out
     */
    public static <T> T awaited(Call call, List<String> ids, Supplier<T> command) {
        Pauses pauses = new Pauses(PATIENCE_OF_COMMANDS);
        // What was on its way when the command was refused may have arrived when it is looked at.
        boolean again = !ids.isEmpty() && ids.size() <= MOST_AWAITED;
        while (true) {
            try {
                return command.get();
            } catch (AwsError e) {
                boolean mayPass = e.code().equals(INCORRECT_STATE) && again;
                again = mayPass && isAnyOnItsWay(read(call, ids));
                if (!mayPass || !pauses.next()) {
                    throw e;
                }
            }
        }
    }

    /** Those of the instances that there are, as REST shows them: if possible, none of them on its way. */
    static List<JsonNode> arrived(Call call, List<String> ids) {
        Pauses pauses = new Pauses(Pauses.OF_READERS);
        List<JsonNode> found = read(call, ids);
        while (ids.size() <= MOST_AWAITED && isAnyOnItsWay(found) && pauses.next()) {
            found = read(call, ids);
        }
        return found;
    }

    private static List<JsonNode> read(Call call, List<String> ids) {
        return call.instances().list("/v1/instances", "instances", Query.none().andEach("instanceId", Set.copyOf(ids)));
    }

    private static boolean isAnyOnItsWay(List<JsonNode> views) {
        return views.stream().anyMatch(view -> WAYS.contains(view.path("state").asText()));
    }
}
