package io.cumulet.endpoint.access;

import io.cumulet.endpoint.app.AccessAudit.Decision;
import io.cumulet.endpoint.app.DecisionLog;
import io.cumulet.endpoint.protocol.AwsError;
import io.cumulet.kernel.Region;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.InstantSource;

/** What a key may do. Each decision of a policy is kept before anything is done or answered. */
@ApplicationScoped
public class Permissions {

    /**
     * Takes no permission, and none can be taken away.
     *
     * @see <a href="https://docs.aws.amazon.com/STS/latest/APIReference/API_GetCallerIdentity.html">GetCallerIdentity</a>
     */
    private static final String FREE = "sts:GetCallerIdentity";

    private static final int LONGEST_USER_AGENT = 500;

    private final DecisionLog log;
    private final InstantSource clock;

    public Permissions(DecisionLog log, InstantSource clock) {
        this.log = log;
        this.clock = clock;
    }

    /**
     * @param action API and action, such as {@code ec2:RunInstances}
     * @throws AwsError {@code UnauthorizedOperation} or {@code AccessDenied}
     */
    public void check(
            Principal principal,
            String action,
            Region region,
            SignedRequest request,
            String requestId,
            AccessErrors errors) {
        if (!principal.isLimited() || action.equals(FREE)) {
            return;
        }
        boolean allowed = principal.may(action);
        String userAgent = request.header("user-agent");
        log.keep(new Decision(
                principal.account(),
                principal.accessKeyId(),
                principal.arn(),
                action,
                region,
                allowed,
                request.sourceAddress(),
                userAgent == null ? "" : userAgent.substring(0, Math.min(LONGEST_USER_AGENT, userAgent.length())),
                requestId,
                clock.instant()));
        if (!allowed) {
            throw errors.notAllowed(principal, action);
        }
    }
}
