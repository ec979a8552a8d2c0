package io.cumulet.firewall.store;

import io.cumulet.firewall.domain.groups.SecurityGroup;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Groups as this process has changed them last: whoever adds rules one by one needn't read each time those that are there. A
 * group is still so if its row was last written by the same transaction, whoever has written meanwhile.
 *
 * @see <a href="https://www.postgresql.org/docs/current/ddl-system-columns.html">PostgreSQL: System Columns, xmin</a>
 */
@ApplicationScoped
class RecentGroups {

    private static final int MOST = 256;

    /**
     * @param writer the transaction, as {@code xmin} of the group's row tells it
     * @param group as that transaction has left it
     */
    record Written(String writer, SecurityGroup group) {}

    private final Map<String, Written> byId = new LinkedHashMap<>(16, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Written> eldest) {
            return size() > MOST;
        }
    };

    synchronized Optional<Written> find(String groupId) {
        return Optional.ofNullable(byId.get(groupId));
    }

    /** Once it is committed. */
    synchronized void put(String writer, SecurityGroup group) {
        byId.put(group.id(), new Written(writer, group));
    }
}
