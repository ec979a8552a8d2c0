package io.cumulet.plumbing.suite;

import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;

/**
 * What the processes of one service answer the clock's barrier.
 *
 * @param statuses at least one
 * @param complete whether each process either answered or is known to be dead
 */
record Processes(List<ServiceStatus> statuses, boolean complete) {

    boolean all(Predicate<ServiceStatus> condition) {
        return complete && statuses.stream().allMatch(condition);
    }

    boolean isQuiet() {
        return all(ServiceStatus::isQuietButForReading) && unread().isEmpty();
    }

    /**
     * The partitions with records that none of the processes has applied. Where a commit of offsets failed, only the process
     * that has applied the records knows that.
     */
    Set<String> unread() {
        Set<String> unread = new TreeSet<>(statuses.getFirst().unread().keySet());
        statuses.forEach(status -> unread.retainAll(status.unread().keySet()));
        return unread;
    }
}
