package io.cumulet.billing.domain.rating;

import io.cumulet.kernel.AccountId;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Which accounts share their commitments. An account is in one organization at most; one that is in none stands alone. */
public final class Organizations {

    public static final Organizations NONE = new Organizations(List.of());

    private final Map<AccountId, Set<AccountId>> byMember = new HashMap<>();

    public Organizations(List<Set<AccountId>> organizations) {
        for (Set<AccountId> members : organizations) {
            Set<AccountId> organization = Set.copyOf(members);
            for (AccountId member : organization) {
                if (byMember.put(member, organization) != null) {
                    throw new IllegalArgumentException("An account is in one organization at most: " + member);
                }
            }
        }
    }

    /** All that share with an account, itself included. */
    public Set<AccountId> sharingWith(AccountId account) {
        return byMember.getOrDefault(account, Set.of(account));
    }

    public List<Set<AccountId>> all() {
        return List.copyOf(new HashSet<>(byMember.values()));
    }
}
