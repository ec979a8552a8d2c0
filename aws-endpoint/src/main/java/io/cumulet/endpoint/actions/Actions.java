package io.cumulet.endpoint.actions;

import io.cumulet.endpoint.model.Operation;
import io.cumulet.endpoint.protocol.AwsError;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Instance;
import java.util.EnumMap;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** All actions that are supported, by API and name. */
@ApplicationScoped
public class Actions {

    /**
     * An action.
     *
     * @param dryRunsItself its handler looks at {@code DryRun}, since a service can try it
     * @param note what a user has to know of it, for the table of supported actions; empty if nothing
     */
    public record Action(Api api, Operation operation, Handler handler, boolean dryRunsItself, String note) {}

    private final Map<Api, Map<String, Action>> all = new EnumMap<>(Api.class);

    public Actions(Instance<ActionSet> sets) {
        for (Api api : Api.values()) {
            all.put(api, new TreeMap<>());
        }
        sets.forEach(set -> set.addTo(this));
    }

    /** An action of EC2. */
    public void ec2(String name, Handler handler) {
        ec2(name, handler, "");
    }

    public void ec2(String name, Handler handler, String note) {
        add(Api.EC2, name, handler, false, note);
    }

    /** An action of EC2 whose handler tries it if {@code DryRun} is set, instead of answering right after the checks. */
    public void ec2WithDryRun(String name, Handler handler) {
        add(Api.EC2, name, handler, true, "");
    }

    /** @throws IllegalStateException if the API has no such operation, or it is there already */
    public void add(Api api, String name, Handler handler, boolean dryRunsItself, String note) {
        Operation operation = api.model().operation(name);
        if (operation == null) {
            throw new IllegalStateException(api + " has no operation " + name);
        }
        if (of(api).put(name, new Action(api, operation, inOwnCodes(api, handler), dryRunsItself, note)) != null) {
            throw new IllegalStateException(name + " is there twice");
        }
    }

    /** An action of an API that has no dry runs. */
    public void add(Api api, String name, Handler handler) {
        add(api, name, handler, false, "");
    }

    private static Handler inOwnCodes(Api api, Handler handler) {
        return call -> {
            try {
                return handler.answer(call);
            } catch (AwsError e) {
                throw api.inOwnCode(e);
            }
        };
    }

    public @Nullable Action find(Api api, String name) {
        return of(api).get(name);
    }

    /** The supported actions of an API by name. */
    public Map<String, Action> of(Api api) {
        return all.getOrDefault(api, Map.of());
    }
}
