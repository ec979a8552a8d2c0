package io.cumulet.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.DateTimeException;
import java.time.Instant;
import java.util.Random;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TimestampsTest {

    @RepeatedTest(value = 200, name = "seed {currentRepetition}")
    void whatAnInstantWritesIsReadAsTheSameInstant(RepetitionInfo seed) {
        Random random = new Random(seed.getCurrentRepetition());
        int[] precisions = {1_000_000_000, 1_000_000, 1_000, 1};
        int precision = precisions[random.nextInt(4)];
        Instant instant = Instant.ofEpochSecond(
                random.nextLong(-4_000_000_000L, 8_000_000_000L),
                random.nextInt(1_000_000_000) / precision * precision);
        assertThat(Timestamps.parse(instant.toString())).isEqualTo(instant);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "2026-01-01T00:00:00.5Z",
                "2026-01-01T00:00:00.123456789Z",
                "2024-02-29T23:59:59Z",
                "2026-06-30T24:00:00Z"
            })
    void whatInstantReadsIsReadAlike(String text) {
        assertThat(Timestamps.parse(text)).isEqualTo(Instant.parse(text));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "now",
                "2026-02-29T00:00:00Z",
                "2026-13-01T00:00:00Z",
                "2026-01-01T25:00:00Z",
                "2026-01-01T00:00:0xZ",
                "2026-01-01 00:00:00Z"
            })
    void whatIsNoTimeIsRefused(String text) {
        assertThatThrownBy(() -> Timestamps.parse(text)).isInstanceOf(DateTimeException.class);
    }
}
