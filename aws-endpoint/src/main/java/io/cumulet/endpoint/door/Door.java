package io.cumulet.endpoint.door;

import io.cumulet.endpoint.access.AccessErrors;
import io.cumulet.endpoint.access.Credential;
import io.cumulet.endpoint.access.Identification;
import io.cumulet.endpoint.access.Permissions;
import io.cumulet.endpoint.access.Principal;
import io.cumulet.endpoint.access.SignedRequest;
import io.cumulet.endpoint.access.Throttle;
import io.cumulet.endpoint.actions.Actions;
import io.cumulet.endpoint.actions.Api;
import io.cumulet.endpoint.actions.Call;
import io.cumulet.endpoint.model.Operation;
import io.cumulet.endpoint.protocol.AwsError;
import io.cumulet.endpoint.services.Services;
import io.cumulet.kernel.Region;
import io.cumulet.plumbing.Transience;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.Objects;
import java.util.Optional;
import org.jboss.logging.Logger;

/** One request from the wire to its answer: which API and action, who asks, what it answers. Thread-safe. */
@ApplicationScoped
public class Door {

    private static final Logger LOG = Logger.getLogger(Door.class);

    private final Identification identification;
    private final Throttle throttle;
    private final Permissions permissions;
    private final Actions actions;
    private final Services services;

    public Door(
            Identification identification,
            Throttle throttle,
            Permissions permissions,
            Actions actions,
            Services services) {
        this.identification = identification;
        this.throttle = throttle;
        this.permissions = permissions;
        this.actions = actions;
        this.services = services;
    }

    /** @param requestId what the answer, an error above all, is found by in the logs */
    public Answer answer(SignedRequest request, String requestId) {
        WireForm wire = WireForm.of(request);
        try {
            return wire.answer(answer(request, wire, requestId), requestId);
        } catch (AwsError e) {
            return wire.error(e, requestId);
        } catch (RuntimeException e) {
            return wire.error(refusal(e, requestId), requestId);
        }
    }

    private WireForm.Answered answer(SignedRequest request, WireForm wire, String requestId) {
        Optional<Credential> credential = wire.credential();
        Api api = wire.api(credential);
        AccessErrors errors = AccessErrors.of(api.signingName());
        Principal principal = identification.identify(credential, request, wire.query(), errors);
        String name = wire.operationName(api);
        throttle.admit(principal.account(), name, errors);
        Operation operation = api.model().operation(name);
        if (operation == null) {
            throw wire.unknownOperation(api, name);
        }
        Region region = region(credential);
        permissions.check(principal, api.signingName() + ":" + name, region, request, requestId, errors);
        Actions.Action action = actions.find(api, name);
        if (action == null) {
            throw AwsError.unsupported("The action " + name + " is not supported here");
        }
        Call call = new Call(operation, principal, region, wire.input(api, operation), requestId, services);
        if (call.flag("DryRun", false) && !action.dryRunsItself()) {
            throw new AwsError("DryRunOperation", 412, "Request would have succeeded, but DryRun flag is set.");
        }
        return new WireForm.Answered(
                api, operation, Objects.requireNonNull(action.handler().answer(call)));
    }

    private static AwsError refusal(RuntimeException e, String requestId) {
        if (Transience.isTransient(e)) {
            LOG.warnf("Request %s has to be tried again: %s", requestId, e);
            return AwsError.unavailable();
        }
        LOG.errorf(e, "Request %s failed", requestId);
        return new AwsError("InternalError", 500, "An internal error has occurred");
    }

    private static Region region(Optional<Credential> credential) {
        String named = credential.map(Credential::region).orElse(Region.DEFAULT.value());
        if (!Region.isValid(named)) {
            throw AwsError.of("AuthFailure", "The signature is scoped to a region that doesn't exist: " + named);
        }
        return new Region(named);
    }
}
