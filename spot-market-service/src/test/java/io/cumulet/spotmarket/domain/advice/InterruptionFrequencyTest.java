package io.cumulet.spotmarket.domain.advice;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class InterruptionFrequencyTest {

    @ParameterizedTest
    @CsvSource({
        "0, 1, <5%",
        "49, 1000, <5%",
        "5, 100, 5-10%",
        "99, 1000, 5-10%",
        "1, 10, 10-15%",
        "15, 100, 15-20%",
        "1, 5, 15-20%",
        "201, 1000, >20%",
        "3, 3, >20%"
    })
    void stepsAreTheAdvisors(long interrupted, long runs, String label) {
        InterruptionFrequency frequency = InterruptionFrequency.of(interrupted, runs);

        assertThat(frequency).isNotNull();
        assertThat(frequency.label()).isEqualTo(label);
    }

    @Test
    void whereNothingRanNothingIsKnown() {
        assertThat(InterruptionFrequency.of(0, 0)).isNull();
    }
}
