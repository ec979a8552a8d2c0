package io.cumulet.instances.app;

import io.cumulet.kernel.AvailabilityZone;
import io.cumulet.kernel.ErrorCode;
import io.cumulet.kernel.Refusal;
import io.cumulet.plumbing.Transience;
import io.cumulet.plumbing.trace.BatchSpan;
import io.cumulet.plumbing.trace.TraceContext;
import jakarta.transaction.UserTransaction;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Does all work on one Availability Zone, one transaction after the other, many pieces of work in each.
 *
 * <pre>
 *   callers ──► queue ──► lock zone, version+1 ──► decide each in memory ──► write all ──► commit ──► tell callers
 *                              │ not mine + 1: another replica wrote
 *                              └──► load fleet again
 * </pre>
 *
 * The row lock on the zone makes replicas take turns, so that two never give away the same capacity or address, and
 * gives each instance's events in the outbox their order. After a failed transaction memory is dropped and the works
 * are tried one by one, so that one that can't be written doesn't fail its neighbours; unless the commit itself failed
 * (it may have happened) or the database is away: then the callers are told that it is unavailable. Where that took long
 * to find out, whoever waits in the queue is told too, instead of sitting out a timeout of each batch before its own.
 *
 * <p>A work may change things of another zone too (an elastic address that moves from one zone to another): then that zone is
 * locked with this one and its version counted up, so that its own committers read it anew. What holds locks always takes them
 * in this order, and so never waits in a circle:
 *
 * <ol>
 *   <li>rows of zones, by name;
 *   <li>client tokens, in {@link TokenUse#CLAIM_ORDER}; then inbox and timers;
 *   <li>retirements of security groups that are to be attached, by account and id, shared;
 *   <li>rows of elastic addresses, by allocation id, all that the batch can come to need in one statement;
 *   <li>what the batch writes, which all belongs to the zones or addresses it has locked.
 * </ol>
 *
 * Where an address is associated changes only under the lock of the zone where it is, of the one where it goes, and of its own
 * row; tags and release take its row alone.
 */
final class ZoneCommitter {

    private static final Logger LOG = Logger.getLogger(ZoneCommitter.class);
    /** The market may take back thousands at once: what a transaction costs by itself is shared by many. */
    private static final int MOST_IN_ONE_TRANSACTION = 512;

    private static final int MOST_WAITING = 20_000;
    /** How often the free capacity of a zone is published at most, in real time. */
    private static final long CAPACITY_PAUSE_MILLIS = 100;

    private static final long PATIENCE_NANOS = TimeUnit.MILLISECONDS.toNanos(3);

    /** A transaction that fails after this long waited in vain, as the next one would. */
    private static final long IN_VAIN_NANOS = TimeUnit.SECONDS.toNanos(3);

    private final AvailabilityZone zone;
    private final CommitterTools tools;
    private final LinkedBlockingQueue<ZoneWork<?>> queue = new LinkedBlockingQueue<>(MOST_WAITING);
    /** Works handed in and not told the result yet. */
    private final AtomicInteger unfinished = new AtomicInteger();

    private final Thread thread;
    private @Nullable ZoneMemory memory;
    private final Set<String> familiesToPublish = new TreeSet<>();
    private volatile boolean publishScheduled;
    private volatile @Nullable Set<String> families;
    private volatile boolean stopping;
    private volatile boolean forget;

    ZoneCommitter(AvailabilityZone zone, CommitterTools tools) {
        this.zone = zone;
        this.tools = tools;
        this.thread = Thread.ofPlatform().name("zone-" + zone).daemon(true).start(this::loop);
    }

    /** Hands in work; its result completes when it is committed, or exceptionally. */
    <T> CompletableFuture<T> submit(ZoneWork<T> work) {
        unfinished.incrementAndGet();
        if (stopping || !queue.offer(work)) {
            unfinished.decrementAndGet();
            work.result()
                    .completeExceptionally(Refusal.of(
                                    ErrorCode.UNAVAILABLE,
                                    (stopping ? "This process is stopping" : "Too much work waits for " + zone)
                                            + "; nothing was changed")
                            .asException());
        }
        return work.result();
    }

    /** Works waiting, under way, or known to follow: capacity that is to be published. */
    int unfinished() {
        return unfinished.get();
    }

    int queued() {
        return queue.size();
    }

    /** The families of the zone's hosts as of the last transaction; null before the first. */
    @Nullable
    Set<String> families() {
        return families;
    }

    /** After a reset: what memory holds is over. */
    void forget() {
        forget = true;
    }

    /** Ends after the transaction under way. */
    void stop() {
        stopping = true;
        queue.offer(new ZoneWork.PublishCapacity(false));
    }

    /** Waits until it has ended, a while. */
    void awaitStopped() {
        try {
            if (!thread.join(Duration.ofSeconds(5))) {
                thread.interrupt();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void loop() {
        try {
            tools.clock().awaitReady();
            List<ZoneWork<?>> works = new ArrayList<>(MOST_IN_ONE_TRANSACTION);
            while (!stopping) {
                gather(works);
                tools.batchSize().record(works.size());
                commitAll(works);
                unfinished.addAndGet(-works.size());
                works.clear();
                schedulePublishing();
            }
        } catch (InterruptedException e) {
            // stop() was called; whoever still waits is told.
            Thread.currentThread().interrupt();
        }
        failQueue();
    }

    /**
     * Takes what waits. Where only reports wait, for which nobody holds a connection open, a little longer: the next
     * command then shares their transaction, and its flush to disk.
     */
    private void gather(List<ZoneWork<?>> works) throws InterruptedException {
        ZoneWork<?> next = queue.take();
        long patienceEnds = System.nanoTime() + PATIENCE_NANOS;
        boolean somebodyWaits = false;
        while (next != null) {
            works.add(next);
            somebodyWaits |= next.hasCaller();
            queue.drainTo(works, MOST_IN_ONE_TRANSACTION - works.size());
            for (int i = 0; !somebodyWaits && i < works.size(); i++) {
                somebodyWaits = works.get(i).hasCaller();
            }
            long patience = patienceEnds - System.nanoTime();
            next = somebodyWaits || patience <= 0 || works.size() >= MOST_IN_ONE_TRANSACTION
                    ? null
                    : queue.poll(patience, TimeUnit.NANOSECONDS);
        }
    }

    private void commitAll(List<ZoneWork<?>> works) {
        long began = System.nanoTime();
        try {
            commit(works);
        } catch (CommitFailed e) {
            LOG.warnf(e, "A commit in %s failed; whether it happened isn't known", zone);
            works.forEach(work -> fail(work, unavailable(e)));
            failQueueAfterWaitingInVain(began);
        } catch (Exception e) {
            if (Transience.isTransient(e)) {
                LOG.warnf("The database could not take %d works of %s: %s", works.size(), zone, e);
                works.forEach(work -> fail(work, unavailable(e)));
                failQueueAfterWaitingInVain(began);
            } else if (works.size() == 1) {
                LOG.errorf(e, "A work in %s failed", zone);
                fail(works.getFirst(), e);
            } else {
                LOG.warnf(e, "%d works in %s failed together and are tried one by one", works.size(), zone);
                works.forEach(work -> commitAll(List.of(work)));
            }
        }
    }

    private void failQueueAfterWaitingInVain(long began) {
        if (System.nanoTime() - began > IN_VAIN_NANOS) {
            failQueue();
        }
    }

    private void failQueue() {
        List<ZoneWork<?>> waiting = new ArrayList<>();
        queue.drainTo(waiting);
        waiting.forEach(work -> fail(work, unavailable(null)));
        unfinished.addAndGet(-waiting.size());
    }

    private void commit(List<ZoneWork<?>> works) throws Exception {
        ZoneBatch batch;
        try (BatchSpan span = span(works)) {
            try {
                batch = transaction(works);
            } catch (Exception | Error e) {
                span.failed(e);
                throw e;
            }
        }
        batch.committed();
    }

    private BatchSpan span(List<ZoneWork<?>> works) {
        if (!tools.traces().areOn()) {
            return BatchSpan.NONE;
        }
        Set<TraceContext> callers = new LinkedHashSet<>();
        works.forEach(work -> work.addTraces(callers));
        return tools.traces().transaction("commit " + zone, callers, works.size());
    }

    /** Decides and writes; answers what is committed now and not told yet. */
    private ZoneBatch transaction(List<ZoneWork<?>> works) throws Exception {
        UserTransaction transaction = tools.transaction();
        transaction.begin();
        ZoneBatch batch;
        Set<String> announced = new HashSet<>();
        boolean decided = false;
        try {
            SortedSet<AvailabilityZone> locked = zonesOf(works);
            ZoneMemory current = current(lock(locked));
            batch = new ZoneBatch(
                    zone,
                    locked,
                    current,
                    tools.store(),
                    tools.demands(),
                    tools.launchPool(),
                    tools.clock().instant());
            batch.prepare(works, tools.timers()::claim);
            boolean publish = false;
            for (ZoneWork<?> work : works) {
                if (work instanceof ZoneWork.PublishCapacity capacity) {
                    publish = true;
                    if (capacity.everything) {
                        announced.addAll(current.fleet.families());
                    }
                }
                batch.decide(work);
            }
            if (publish) {
                announced.addAll(familiesToPublish);
                announced.addAll(batch.touchedFamilies());
                batch.announceCapacity(new TreeSet<>(announced));
            }
            decided = true;
            if (batch.changesNothing()) {
                transaction.rollback();
                current.version--;
            } else {
                tools.store().write(zone, batch.changes());
                tools.driver().send(batch.driverCommands());
                tools.timers().schedule(batch.timers());
                tools.announcer().announce(batch.announcements());
            }
        } catch (Exception | Error e) {
            memory = null;
            rollback(transaction, decided);
            throw e;
        }
        if (!batch.changesNothing()) {
            try {
                transaction.commit();
            } catch (Exception e) {
                memory = null;
                throw new CommitFailed(e);
            }
        }
        ZoneMemory committed = memory;
        if (committed != null) {
            families = committed.fleet.families();
        }
        familiesToPublish.addAll(batch.touchedFamilies());
        familiesToPublish.removeAll(announced);
        return batch;
    }

    private SortedSet<AvailabilityZone> zonesOf(List<ZoneWork<?>> works) {
        SortedSet<AvailabilityZone> zones = new TreeSet<>();
        zones.add(zone);
        works.forEach(work -> zones.addAll(work.otherZones()));
        return zones;
    }

    /** Locks zones in the order of their names; answers the version of this one. */
    private long lock(SortedSet<AvailabilityZone> zones) {
        long version = 0;
        for (AvailabilityZone one : zones) {
            long counted = tools.store().lock(one);
            if (one.equals(zone)) {
                version = counted;
            }
        }
        return version;
    }

    private ZoneMemory current(long version) {
        ZoneMemory known = memory;
        if (forget) {
            forget = false;
            known = null;
        }
        if (known == null || known.version + 1 != version) {
            known = new ZoneMemory(tools.store().fleet(zone), tools.store().demands(zone), version);
            memory = known;
        }
        known.version = version;
        return known;
    }

    private void rollback(UserTransaction transaction, boolean decided) {
        try {
            transaction.rollback();
        } catch (Exception e) {
            LOG.debugf(e, "A rollback in %s failed (decided: %s)", zone, decided);
        }
    }

    private void schedulePublishing() {
        if (publishScheduled || familiesToPublish.isEmpty()) {
            return;
        }
        publishScheduled = true;
        unfinished.incrementAndGet();
        CompletableFuture.delayedExecutor(CAPACITY_PAUSE_MILLIS, TimeUnit.MILLISECONDS, Runnable::run)
                .execute(() -> {
                    submit(new ZoneWork.PublishCapacity(false)).whenComplete((done, failure) -> unschedule());
                });
    }

    private void unschedule() {
        // Runs on the committer's thread, or on the timer's when the queue is full: then the next batch tries again.
        publishScheduled = false;
        unfinished.decrementAndGet();
    }

    private static void fail(ZoneWork<?> work, Throwable failure) {
        work.result().completeExceptionally(failure);
    }

    private Exception unavailable(@Nullable Throwable cause) {
        return Refusal.of(
                        ErrorCode.UNAVAILABLE,
                        "The database of " + zone + " is away"
                                + (cause instanceof CommitFailed
                                        ? "; a client token tells whether this was done"
                                        : "; nothing was changed"))
                .asException();
    }

    /** It may have been committed or not. */
    private static final class CommitFailed extends Exception {
        private static final long serialVersionUID = 1L;

        CommitFailed(Throwable cause) {
            super(cause);
        }
    }
}
