package io.cumulet.instances;

import io.cumulet.instances.app.SecurityGroups.Firewall;
import io.cumulet.kernel.AccountId;
import io.cumulet.kernel.Region;
import io.quarkus.test.Mock;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** Stands in for the firewall's REST API. */
@Mock
@ApplicationScoped
public class FirewallFake implements Firewall {

    /** Accounts by group id. */
    static final Map<String, String> groups = new ConcurrentHashMap<>();

    @Override
    public boolean hasGroup(String groupId, AccountId account, Region region) {
        return account.value().equals(groups.get(groupId));
    }
}
