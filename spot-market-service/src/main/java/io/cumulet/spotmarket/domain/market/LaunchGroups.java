package io.cumulet.spotmarket.domain.market;

import io.cumulet.kernel.AccountId;
import io.cumulet.kernel.HourlyRate;
import io.cumulet.spotmarket.domain.clearing.Bid;
import io.cumulet.spotmarket.domain.clearing.Clearing;
import io.cumulet.spotmarket.domain.requests.SpotRequest;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Which bids of a pool take part in its clearing, given that those of a launch group are launched only all together and
 * taken back all together.
 *
 * <pre>
 *   of a group   take part if                             else
 *   waiting      with them all that bid in it win         they wait: no bid, no price set by them
 *   running      all of them win                          all of them leave
 * </pre>
 *
 * Groups are left out one after the other, since each that is makes room for the rest: of those that wait in vain the one
 * with the lowest bid first, so that the higher ones get their chance. Only when all that still wait fit is a running group
 * looked at, again the one with the lowest bid first; its rooms may then do for a group that waits. Members that wait never
 * push out members that run: together they would win, or wait.
 *
 * <p>While a member is being taken back the others follow, and none is launched: it would be in a group that leaves. Of a
 * group that has but one member here this asks nothing: it bids like one without.
 *
 * @see <a href="https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/spot-requests.html">Spot Instance requests: launch
 *     group</a>
 */
final class LaunchGroups {

    private final List<Bid> bids;
    private final Map<String, Group> groupOf;
    private final List<SpotRequest> held;
    private final List<SpotRequest> lost;
    private final Set<String> outbid;

    private LaunchGroups(
            List<Bid> bids,
            Map<String, Group> groupOf,
            List<SpotRequest> held,
            List<SpotRequest> lost,
            Set<String> outbid) {
        this.bids = bids;
        this.groupOf = groupOf;
        this.held = held;
        this.lost = lost;
        this.outbid = outbid;
    }

    /**
     * @param entry the least that takes part
     * @param requests all of the pool that bid or hold room
     */
    static LaunchGroups of(int rooms, HourlyRate entry, HourlyRate cap, List<SpotRequest> requests) {
        List<Bid> bids = new ArrayList<>(requests.size());
        Map<Name, Group> groups = new HashMap<>();
        Map<String, Group> groupOf = new HashMap<>();
        for (SpotRequest request : requests) {
            if (request.progress().bid().bids()) {
                bids.add(request.bid());
            }
            String name = request.terms().membership().launchGroup();
            if (name != null) {
                Group group = groups.computeIfAbsent(new Name(request.account(), name), unused -> new Group());
                group.add(request);
                groupOf.put(request.id(), group);
            }
        }
        groups.values().removeIf(group -> group.size < 2);
        groupOf.values().removeIf(group -> group.size < 2);
        if (groups.isEmpty()) {
            return new LaunchGroups(bids, Map.of(), List.of(), List.of(), Set.of());
        }
        // With room for all, the winners are those that take part, as they rank.
        List<Clearing.Won> ranked = Clearing.of(bids.size(), entry, cap, bids).winners();
        Map<String, Integer> ranks = HashMap.newHashMap(ranked.size());
        for (Clearing.Won won : ranked) {
            ranks.put(won.id(), ranks.size());
        }
        groups.values().forEach(group -> group.rank(ranks, ranked.size()));
        settle(groups.values(), rooms, ranked.size());
        return result(bids, groups.values(), groupOf);
    }

    private static LaunchGroups result(List<Bid> bids, Collection<Group> groups, Map<String, Group> groupOf) {
        List<SpotRequest> held = new ArrayList<>();
        List<SpotRequest> lost = new ArrayList<>();
        Set<String> outbid = new HashSet<>();
        Set<String> without = new HashSet<>();
        for (Group group : groups) {
            if (group.isHeld) {
                group.waiting.forEach(member -> held.add(member.request));
            }
            if (group.isLost) {
                group.running.forEach(member -> lost.add(member.request));
                outbid.addAll(group.outbid);
            }
        }
        held.forEach(request -> without.add(request.id()));
        lost.forEach(request -> without.add(request.id()));
        Comparator<SpotRequest> byAge = Comparator.comparing(
                        (SpotRequest request) -> request.terms().createdAt())
                .thenComparing(SpotRequest::id);
        held.sort(byAge);
        lost.sort(byAge);
        List<Bid> taking =
                bids.stream().filter(bid -> !without.contains(bid.id())).toList();
        return new LaunchGroups(taking, groupOf, held, lost, outbid);
    }

    private static void settle(Collection<Group> groups, int rooms, int count) {
        Waiting waiting = new Waiting(
                groups.stream()
                        .filter(group -> !group.waiting.isEmpty())
                        .sorted(Comparator.comparingInt((Group group) -> group.lowest)
                                .reversed())
                        .toList(),
                new Border(rooms, count));
        groups.stream().filter(group -> group.isLost).forEach(waiting::lose);
        List<Group> lowestRunningFirst = groups.stream()
                .filter(group -> !group.running.isEmpty() && !group.isLost)
                .sorted(Comparator.comparingInt((Group group) -> group.lowestRunning)
                        .reversed())
                .toList();
        waiting.settle();
        for (Group group : lowestRunningFirst) {
            if (!waiting.border.isBehind(group.lowestRunning)) {
                // The others rank higher.
                break;
            }
            for (Member member : group.running) {
                if (waiting.border.isBehind(member.rank)) {
                    group.outbid.add(member.request.id());
                }
            }
            group.isLost = true;
            waiting.lose(group);
            waiting.settle();
        }
        groups.forEach(group -> group.isHeld = group.isHeld || group.isLost);
    }

    /**
     * Which groups that wait are held. They are a beginning of those that wait, lowest first: where one fits all higher ones
     * do. Each group that is lost makes room, so the beginning becomes shorter and never longer.
     */
    private static final class Waiting {
        private final List<Group> lowestFirst;
        private final Border border;
        private int held;

        Waiting(List<Group> lowestFirst, Border border) {
            this.lowestFirst = lowestFirst;
            this.border = border;
            this.held = lowestFirst.size();
            lowestFirst.forEach(group -> {
                group.isHeld = true;
                border.leaveOut(group.waiting);
            });
        }

        /** Its members leave; those that wait are held, since the lowest of them all found no room. */
        void lose(Group group) {
            border.leaveOut(group.running);
        }

        /** Lets groups take part again for which there is room with all that are higher. */
        void settle() {
            while (held > 0) {
                Group highest = lowestFirst.get(held - 1);
                if (!highest.isLost) {
                    if (border.isBehindWith(highest.waiting, highest.lowest)) {
                        return;
                    }
                    highest.isHeld = false;
                    border.letIn(highest.waiting);
                }
                held--;
            }
        }
    }

    /** The bids that take part. */
    List<Bid> bids() {
        return bids;
    }

    /** Those that wait and take no part. */
    List<SpotRequest> held() {
        return held;
    }

    /** Those that run and leave with their group. */
    List<SpotRequest> lost() {
        return lost;
    }

    /** Whether one that leaves with its group had lost by itself. */
    boolean isOutbid(SpotRequest request) {
        return outbid.contains(request.id());
    }

    /** All that are given room only together with this one that waits, itself among them. */
    List<SpotRequest> launchedWith(SpotRequest request) {
        Group group = groupOf.get(request.id());
        return group == null
                ? List.of(request)
                : group.waiting.stream().map(member -> member.request).toList();
    }

    /** Other accounts' groups may have the same name. */
    private record Name(AccountId account, String group) {}

    /** Counts the groups of several: whoever is alone in his group bids like one without. */
    static final class Count {
        private final Map<Name, Integer> sizes = new HashMap<>();
        private int shared;

        void add(SpotRequest request) {
            String name = request.terms().membership().launchGroup();
            if (name != null && sizes.merge(new Name(request.account(), name), 1, Integer::sum) == 2) {
                shared++;
            }
        }

        void take(SpotRequest request) {
            String name = request.terms().membership().launchGroup();
            if (name != null) {
                Integer left = sizes.computeIfPresent(
                        new Name(request.account(), name), (unused, size) -> size == 1 ? null : size - 1);
                shared -= left != null && left == 1 ? 1 : 0;
            }
        }

        boolean isAny() {
            return shared > 0;
        }
    }

    private static final class Member {
        private final SpotRequest request;
        private int rank;

        Member(SpotRequest request) {
            this.request = request;
        }
    }

    private static final class Group {
        private final List<Member> waiting = new ArrayList<>();
        private final List<Member> running = new ArrayList<>();
        private final List<Member> allocated = new ArrayList<>();
        private final Set<String> outbid = new HashSet<>();
        /** The lowest rank of those that bid, and of those that run; the best is 0. */
        private int lowest;

        private int lowestRunning;
        private boolean isHeld;
        private boolean isLost;

        private int size;

        void add(SpotRequest request) {
            size++;
            switch (request.progress().bid()) {
                case WAITING -> waiting.add(new Member(request));
                case ALLOCATED -> allocated.add(new Member(request));
                case RUNNING -> running.add(new Member(request));
                case LEAVING ->
                    // One that leaves by its owner's will takes nobody with it.
                    isLost = isLost || request.progress().interruption() != null;
                case NONE -> {
                    // Neither bids nor holds room.
                }
            }
        }

        void rank(Map<String, Integer> ranks, int count) {
            for (List<Member> members : List.of(waiting, allocated, running)) {
                for (Member member : members) {
                    // Below the floor is behind all others.
                    member.rank = ranks.getOrDefault(member.request.id(), count);
                    lowest = Math.max(lowest, member.rank);
                }
            }
            for (Member member : running) {
                lowestRunning = Math.max(lowestRunning, member.rank);
            }
        }
    }

    /** Where the rooms end among the bids in their rank; counts those that take part in a Fenwick tree. */
    private static final class Border {
        private final int[] tree;
        private final int rooms;

        Border(int rooms, int count) {
            this.rooms = rooms;
            this.tree = new int[count + 1];
            for (int i = 1; i <= count; i++) {
                tree[i] = Integer.lowestOneBit(i);
            }
        }

        void leaveOut(List<Member> members) {
            members.forEach(member -> add(member.rank, -1));
        }

        void letIn(List<Member> members) {
            members.forEach(member -> add(member.rank, 1));
        }

        /** Whether one that takes part at this rank finds no room. Below the floor there is none. */
        boolean isBehind(int rank) {
            return isBehindWith(List.of(), rank);
        }

        /** Whether it would find none if these, none of them lower, took part too. */
        boolean isBehindWith(List<Member> members, int rank) {
            return rank >= tree.length - 1 || upTo(rank) + members.size() > rooms;
        }

        private void add(int rank, int count) {
            for (int i = rank + 1; i < tree.length; i += Integer.lowestOneBit(i)) {
                tree[i] += count;
            }
        }

        private int upTo(int rank) {
            int count = 0;
            for (int i = rank + 1; i > 0; i -= Integer.lowestOneBit(i)) {
                count += tree[i];
            }
            return count;
        }
    }
}
