package io.cumulet.billing.domain.metering;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

class TagHistoryTest {

    private static final Instant LAUNCH = Instant.parse("2026-01-10T10:20:00Z");
    private static final Map<String, String> A = Map.of("team", "a");
    private static final Map<String, String> B = Map.of("team", "b");
    private static final Map<String, String> NONE = Map.of();

    @Test
    void anHourThatBeganBeforeTheLaunchHasTheTagsOfTheLaunch() {
        TagHistory history = new TagHistory(List.of(change(1, A), change(3, B)));

        assertThat(history.at(LAUNCH.minusSeconds(1_200))).isEqualTo(A);
        assertThat(history.at(at(3).minusSeconds(1))).isEqualTo(A);
        assertThat(history.at(at(3))).isEqualTo(B);
    }

    @Test
    void whatWasLaunchedWithoutTagsHasNoneBeforeItGotSome() {
        TagHistory history = new TagHistory(List.of(change(3, A)));

        assertThat(history.at(LAUNCH.minusSeconds(1_200))).isEmpty();
        assertThat(history.at(at(2))).isEmpty();
        assertThat(history.at(at(4))).isEqualTo(A);
    }

    @Test
    void aVersionThatSaysNothingNewIsNotKept() {
        List<TagChange> told = List.of(change(1, NONE), change(2, NONE), change(3, A), change(4, A), change(5, NONE));

        assertThat(TagHistory.NONE.toKeep(told, Set.of(1L, 2L, 3L, 4L, 5L)))
                .extracting(TagChange::version)
                .containsExactly(3L, 5L);
    }

    @Test
    void whatOvertookItsPredecessorIsKeptWhateverItSays() {
        assertThat(TagHistory.NONE.toKeep(List.of(change(3, NONE)), Set.of(1L, 3L)))
                .extracting(TagChange::version)
                .containsExactly(3L);
    }

    /** Neither order nor redelivery nor batches change what any moment's tags are. */
    @Test
    void theSameFactsGiveTheSameTagsInAnyOrder() {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        for (int round = 0; round < 300; round++) {
            List<TagChange> all = new ArrayList<>();
            for (int version = 1; version <= 8; version++) {
                all.add(change(version, List.of(A, B, NONE, A).get(random.nextInt(4))));
            }
            List<TagChange> told = new ArrayList<>(all);
            all.forEach(one -> {
                if (random.nextInt(3) == 0) {
                    told.add(one);
                }
            });
            Collections.shuffle(told, random);

            TagHistory history = told(told, random);
            for (TagChange one : all) {
                assertThat(history.at(one.at()))
                        .as("seed %d, round %d, version %d of %s", seed, round, one.version(), told)
                        .isEqualTo(one.tags());
            }
            assertThat(history.at(Instant.EPOCH))
                    .as("seed %d, round %d", seed, round)
                    .isEqualTo(all.getFirst().tags());
        }
    }

    private static TagHistory told(List<TagChange> told, Random random) {
        Set<Long> known = new HashSet<>();
        List<TagChange> kept = new ArrayList<>();
        int from = 0;
        while (from < told.size()) {
            int until = Math.min(told.size(), from + 1 + random.nextInt(3));
            List<TagChange> batch = told.subList(from, until);
            batch.forEach(one -> known.add(one.version()));
            kept.addAll(new TagHistory(kept).toKeep(batch, known));
            from = until;
        }
        return new TagHistory(kept);
    }

    private static Instant at(long version) {
        return LAUNCH.plusSeconds((version - 1) * 100);
    }

    private static TagChange change(long version, Map<String, String> tags) {
        return new TagChange("i-1", version, at(version), tags);
    }
}
