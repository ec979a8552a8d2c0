package io.cumulet.instances;

import io.cumulet.instances.app.SecurityGroups.Firewall;
import io.cumulet.kernel.AccountId;
import io.cumulet.kernel.ErrorCode;
import io.cumulet.kernel.Refusal;
import io.cumulet.kernel.Region;
import io.quarkus.test.Mock;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/** Stands in for the firewall's REST API. */
@Mock
@ApplicationScoped
public class FirewallFake implements Firewall {

    /** Accounts by group id. */
    static final Map<String, String> groups = new ConcurrentHashMap<>();

    static volatile boolean away;

    /** How often it was asked in vain. */
    static final AtomicInteger askedInVain = new AtomicInteger();

    @Override
    public boolean hasGroup(String groupId, AccountId account, Region region) {
        if (away) {
            askedInVain.incrementAndGet();
            throw Refusal.of(ErrorCode.UNAVAILABLE, "The firewall is away").asException();
        }
        return account.value().equals(groups.get(groupId));
    }
}
