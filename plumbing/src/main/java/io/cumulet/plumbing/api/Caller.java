package io.cumulet.plumbing.api;

import io.cumulet.kernel.AccountId;
import io.cumulet.kernel.Region;
import jakarta.enterprise.context.RequestScoped;
import org.jspecify.annotations.Nullable;

/** Who calls and for which region; filled in before a resource method runs. */
@RequestScoped
public class Caller {

    private @Nullable AccountId account;
    private @Nullable Region region;
    private boolean regionSaid;
    private boolean operator;
    private boolean service;
    private boolean credentialsSent;
    private String requestId = "";

    /** The account whose resources this call may see; an operator's is {@link AccountId#OPERATOR}. */
    public AccountId account() {
        if (account == null) {
            throw new IllegalStateException("No caller: this is not a REST request under /v1");
        }
        return account;
    }

    /** The region of the call: {@code ?region=}, else {@link Region#DEFAULT}. */
    public Region region() {
        return region == null ? Region.DEFAULT : region;
    }

    /** Whether the call named its region. */
    public boolean regionSaid() {
        return regionSaid;
    }

    public boolean isOperator() {
        return operator;
    }

    /** Whether a service of the suite calls, for itself or on behalf of an account. */
    public boolean isService() {
        return service;
    }

    /** Whether the call brought credentials, good or bad. */
    boolean credentialsSent() {
        return credentialsSent;
    }

    /** Names this request in logs and problems. */
    public String requestId() {
        return requestId;
    }

    void identifyAccount(AccountId account) {
        this.account = account;
    }

    void identifyOperator() {
        this.account = AccountId.OPERATOR;
        this.operator = true;
    }

    /** @param onBehalfOf the account it acts for; {@link AccountId#OPERATOR} if it acts for none */
    void identifyService(AccountId onBehalfOf) {
        this.account = onBehalfOf;
        this.service = true;
    }

    void inRegion(Region region) {
        this.region = region;
        this.regionSaid = true;
    }

    void request(String requestId, boolean credentialsSent) {
        this.requestId = requestId;
        this.credentialsSent = credentialsSent;
    }
}
