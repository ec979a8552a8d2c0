package io.cumulet.endpoint.actions.instances;

import io.cumulet.endpoint.actions.Call;
import io.cumulet.endpoint.protocol.AwsError;
import io.cumulet.kernel.ResourceKind;
import java.util.Collection;
import java.util.List;

/** Ids of instances as actions name them. */
final class InstanceIds {

    private InstanceIds() {}

    /** The ids of an action that needs some, each of the form of an id. */
    static List<String> required(Call call) {
        List<String> ids = checked(call.texts("InstanceIds"));
        if (ids.isEmpty()) {
            throw AwsError.of("InvalidParameterCombination", "No instances specified");
        }
        return ids;
    }

    static String one(Call call) {
        return checked(List.of(call.requiredText("InstanceId"))).getFirst();
    }

    /** @throws AwsError {@code InvalidInstanceID.Malformed} */
    static List<String> checked(List<String> ids) {
        for (String id : ids) {
            if (!ResourceKind.INSTANCE.isId(id)) {
                throw AwsError.of("InvalidInstanceID.Malformed", "Invalid id: \"" + id + "\"");
            }
        }
        return ids;
    }

    static AwsError notFound(Collection<String> ids) {
        String which = ids.size() == 1
                ? "The instance ID '" + ids.iterator().next() + "' does not exist"
                : "The instance IDs '" + String.join(", ", ids) + "' do not exist";
        return new AwsError("InvalidInstanceID.NotFound", 400, which, true);
    }
}
