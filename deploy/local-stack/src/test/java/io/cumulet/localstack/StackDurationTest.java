package io.cumulet.localstack;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class StackDurationTest {

    @ParameterizedTest
    @CsvSource({"90m,PT90M", "2h,PT2H", "30d,P30D", "1d12h,PT36H", "45s,PT45S", "PT2H,PT2H", "P1D,P1D", "2H,PT2H"})
    void bothFormsAreRead(String text, String iso) {
        assertThat(StackDuration.parse(text)).isEqualTo(Duration.parse(iso));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "90", "2 h", "h", "m2", "a month", "99999999999999999999d"})
    void anythingElseIsRefusedWithExamples(String text) {
        assertThatThrownBy(() -> StackDuration.parse(text))
                .isInstanceOf(StackFailure.class)
                .hasMessageContaining("Write 90m, 2h, 30d");
    }
}
