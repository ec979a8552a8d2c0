package io.cumulet.billing.domain.rating;

import io.cumulet.kernel.HourlyRate;
import io.cumulet.kernel.Money;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.commons.numbers.fraction.BigFraction;
import org.jspecify.annotations.Nullable;

/**
 * All usage of one class in usage order, and who pays for it in the hour under way. Whatever the rule, usage of one class
 * is paid for from the front, so that an hour is told by a few shares, however many runs there are:
 *
 * <pre>
 *   runs     | 1 | 2 | 3 | 4 | 5 | 6 | 7 | 8 |
 *   shares   |--free--|---ri-1---|sp|-on-demand|
 * </pre>
 *
 * <p>From one stretch of hours to the next only those runs are looked at whose share has changed.
 */
final class UsageQueue {

    private static final BigFraction WHOLE_HOUR = BigFraction.of(RatedSegment.STEP_SECONDS);

    /** Takes what was rated alike in consecutive hours. */
    interface Sink {
        void rated(UsageQueue queue, UsageOwner owner, Payer payer, BigFraction seconds, long fromHour, long untilHour);
    }

    /**
     * What one payer takes: from where the share before ends to the end of the runs in front of {@code end}, and the
     * first seconds of that one.
     */
    private record Share(Payer payer, int end, BigFraction secondsOfEnd) {
        boolean endsInside() {
            return secondsOfEnd.signum() > 0;
        }
    }

    /** What a payer has taken of one run in every hour since. */
    private record Open(Payer payer, BigFraction seconds, long sinceHour) {
        boolean isSame(Payer other, BigFraction otherSeconds) {
            return payer.equals(other) && seconds.equals(otherSeconds);
        }
    }

    private final UsageClass usageClass;
    private final UsageClass.Kind kind;
    private final @Nullable HourlyRate listRate;
    private final @Nullable BigFraction listPricePerSecond;
    private final Payer rest;

    private final List<UsageOwner> owners;
    private final int[] ranks;
    private final long[] seconds;
    private final BitSet active = new BitSet();
    /** The costs of whole hours by payer: most rows are one, and share their costs. */
    private final Map<Payer, Costs> costsOfWholeHour = new HashMap<>();

    private final List<List<Open>> open;
    private long totalSeconds;

    private BitSet changed = new BitSet();
    private List<Share> sharesBefore = List.of();

    private List<Share> shares = new ArrayList<>();
    private int front;
    private BigFraction takenOfFront = BigFraction.ZERO;
    private long leftFromFront;

    /**
     * @param owners in usage order
     * @param ranks the place of each owner in the usage order over all queues, ascending
     */
    UsageQueue(UsageClass usageClass, @Nullable HourlyRate listRate, List<UsageOwner> owners, int[] ranks) {
        this.usageClass = usageClass;
        this.kind = usageClass.kind();
        this.listRate = listRate;
        this.listPricePerSecond = listRate == null ? null : listRate.exact().divide(WHOLE_HOUR);
        this.rest = Payer.ofTheRest(usageClass);
        this.owners = owners;
        this.ranks = ranks;
        this.seconds = new long[owners.size()];
        this.open = new ArrayList<>(owners.size());
        owners.forEach(owner -> open.add(List.of()));
    }

    UsageClass usageClass() {
        return usageClass;
    }

    UsageClass.Kind kind() {
        return kind;
    }

    /** The price without any discount; null if no list has it. */
    @Nullable
    HourlyRate listRate() {
        return listRate;
    }

    /** What seconds cost without any discount; nothing if no price is known. */
    Money listCost(BigFraction ofSeconds) {
        return listPricePerSecond == null ? Money.ZERO : Money.rounded(listPricePerSecond, ofSeconds);
    }

    /**
     * How many seconds an owner uses in each hour from now on.
     *
     * @return how many more than before
     */
    long use(int owner, long secondsEachHour) {
        long change = secondsEachHour - seconds[owner];
        if (change != 0) {
            totalSeconds += change;
            seconds[owner] = secondsEachHour;
            active.set(owner, secondsEachHour > 0);
            changed.set(owner);
        }
        return change;
    }

    /** What seconds cost if a payer takes them. */
    Costs costs(Payer payer, BigFraction ofSeconds) {
        return ofSeconds.equals(WHOLE_HOUR)
                ? costsOfWholeHour.computeIfAbsent(payer, who -> who.costs(this, WHOLE_HOUR))
                : payer.costs(this, ofSeconds);
    }

    long totalSeconds() {
        return totalSeconds;
    }

    /** Begins an hour: nothing is paid for. */
    void begin() {
        shares = new ArrayList<>();
        front = first(0);
        takenOfFront = BigFraction.ZERO;
        leftFromFront = totalSeconds;
    }

    boolean isUsedUp() {
        return leftFromFront == 0;
    }

    /** The seconds of the first run that isn't paid for and of all behind it. */
    long secondsFromFront() {
        return leftFromFront;
    }

    /** How many seconds of the first run that isn't paid for are. */
    BigFraction takenOfFront() {
        return takenOfFront;
    }

    /** The place of the first that isn't paid for in the usage order over all queues. */
    int rankOfFront() {
        return ranks[front];
    }

    /** Takes all that is left. */
    void takeAll(Payer payer) {
        if (leftFromFront > 0) {
            front = owners.size();
            takenOfFront = BigFraction.ZERO;
            leftFromFront = 0;
            endShare(payer);
        }
    }

    /** Takes the first that isn't paid for if it is affordable, otherwise what is of it; ends no share. */
    void takeFront(Affordable affordable) {
        BigFraction part = affordable.pay(seconds[front], takenOfFront);
        if (part == null) {
            leftFromFront -= seconds[front];
            front = first(front + 1);
            takenOfFront = BigFraction.ZERO;
        } else {
            takenOfFront = takenOfFront.add(part);
        }
    }

    /** What was taken since the last share ended belongs to a payer. */
    void endShare(Payer payer) {
        shares.add(new Share(payer, front, takenOfFront));
    }

    /** Ends the hour: hands on what other payers, or none, pay for from this hour on. */
    void settle(long hour, Sink sink) {
        takeAll(rest);
        if (changed.isEmpty() && shares.equals(sharesBefore)) {
            return;
        }
        BitSet affected = changed;
        markWherePayersDiffer(affected);
        Walk walk = new Walk();
        for (int owner = affected.nextSetBit(0); owner >= 0; owner = affected.nextSetBit(owner + 1)) {
            settle(owner, walk.sharesOf(owner), hour, sink);
        }
        changed = new BitSet();
        sharesBefore = shares;
    }

    private int first(int from) {
        int next = active.nextSetBit(from);
        return next < 0 ? owners.size() : next;
    }

    private void markWherePayersDiffer(BitSet marked) {
        int before = 0;
        int now = 0;
        int owner = 0;
        while (owner < owners.size()) {
            before = markShared(sharesBefore, before, owner, marked);
            now = markShared(shares, now, owner, marked);
            Share shareBefore = before < sharesBefore.size() ? sharesBefore.get(before) : null;
            Share shareNow = now < shares.size() ? shares.get(now) : null;
            int until = Math.min(
                    shareBefore == null ? owners.size() : shareBefore.end(),
                    shareNow == null ? owners.size() : shareNow.end());
            boolean differ = shareBefore == null
                    || shareNow == null
                    || !shareBefore.payer().equals(shareNow.payer());
            if (differ) {
                for (int i = first(owner); i < until; i = first(i + 1)) {
                    marked.set(i);
                }
            }
            owner = until;
        }
    }

    /** Skips the shares that end in front of an owner or in it; marks those that several share. */
    private static int markShared(List<Share> shares, int from, int owner, BitSet marked) {
        int next = from;
        while (next < shares.size() && shares.get(next).end() <= owner) {
            if (shares.get(next).endsInside()) {
                marked.set(shares.get(next).end());
            }
            next++;
        }
        return next;
    }

    /** Finds who pays for an owner, asked in ascending order. */
    private final class Walk {

        private int next;

        List<Open> sharesOf(int owner) {
            if (seconds[owner] == 0) {
                return List.of();
            }
            while (!reaches(shares.get(next), owner)) {
                next++;
            }
            if (shares.get(next).end() > owner) {
                return List.of(new Open(shares.get(next).payer(), whole(owner), 0));
            }
            List<Open> found = new ArrayList<>();
            BigFraction taken = BigFraction.ZERO;
            while (shares.get(next).end() == owner) {
                Share share = shares.get(next);
                found.add(new Open(share.payer(), share.secondsOfEnd().subtract(taken), 0));
                taken = share.secondsOfEnd();
                next++;
            }
            found.add(new Open(shares.get(next).payer(), whole(owner).subtract(taken), 0));
            return found;
        }

        private static boolean reaches(Share share, int owner) {
            return share.end() > owner || share.end() == owner && share.endsInside();
        }

        private BigFraction whole(int owner) {
            return seconds[owner] == RatedSegment.STEP_SECONDS ? WHOLE_HOUR : BigFraction.of(seconds[owner]);
        }
    }

    private void settle(int owner, List<Open> now, long hour, Sink sink) {
        List<Open> before = open.get(owner);
        List<Open> after = new ArrayList<>(now.size());
        for (Open share : now) {
            Open same = find(before, share);
            after.add(same == null ? new Open(share.payer(), share.seconds(), hour) : same);
        }
        for (Open share : before) {
            if (find(now, share) == null) {
                sink.rated(this, owners.get(owner), share.payer(), share.seconds(), share.sinceHour(), hour);
            }
        }
        open.set(owner, after);
    }

    private static @Nullable Open find(List<Open> shares, Open wanted) {
        for (Open share : shares) {
            if (share.isSame(wanted.payer(), wanted.seconds())) {
                return share;
            }
        }
        return null;
    }
}
