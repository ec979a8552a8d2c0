package io.cumulet.billing.domain.organizations;

import io.cumulet.kernel.AccountId;
import java.time.Duration;
import java.time.Instant;

/**
 * An organization's offer to an account to join it. Nobody becomes a member without having accepted one.
 *
 * @param state as it was last set; see {@link #stateAt}
 * @see <a href="https://docs.aws.amazon.com/organizations/latest/APIReference/API_Handshake.html">Handshakes of AWS
 *     Organizations</a>
 */
public record Invitation(
        String id, Organization organization, AccountId account, State state, Instant invitedAt, Instant expiresAt) {

    /** How long it can be accepted. */
    public static final Duration OPEN_FOR = Duration.ofDays(15);

    /** Where it is in its life. */
    public enum State {
        OPEN("open"),
        ACCEPTED("accepted"),
        DECLINED("declined"),
        CANCELED("canceled"),
        EXPIRED("expired");

        private final String code;

        State(String code) {
            this.code = code;
        }

        public String code() {
            return code;
        }
    }

    public State stateAt(Instant now) {
        return state == State.OPEN && !now.isBefore(expiresAt) ? State.EXPIRED : state;
    }

    public Invitation in(State next) {
        return new Invitation(id, organization, account, next, invitedAt, expiresAt);
    }
}
