package io.cumulet.firewall.app;

import io.cumulet.kernel.AccountId;
import io.cumulet.kernel.Region;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/** The copy of who has which group. Every call is part of the running transaction. */
public interface AttachmentStore {

    /** Takes news, at most one for each instance; older than what is known changes nothing. */
    void take(Collection<Attachment> newest);

    /** An instance that has the group. */
    Optional<String> anyWith(AccountId account, Region region, String groupId);

    /** The instances with one of these addresses. */
    List<Attachment> withAddresses(AccountId account, Region region, Collection<String> addresses);
}
