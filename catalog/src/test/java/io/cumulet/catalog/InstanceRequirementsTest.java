package io.cumulet.catalog;

import static org.assertj.core.api.Assertions.assertThat;

import io.cumulet.catalog.InstanceRequirements.Inclusion;
import io.cumulet.catalog.InstanceRequirements.Range;
import java.math.BigDecimal;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class InstanceRequirementsTest {

    private static final Range TWO = range(2, 2);

    @Test
    void burstableTypesAreOnlyMeantIfThatIsSaid() {
        assertThat(names(of(TWO, range(8192, 8192), List.of(), Inclusion.EXCLUDED)))
                .contains("m4.large", "m5.large")
                .doesNotContain("t3.large");
        assertThat(names(of(TWO, range(8192, 8192), List.of(), Inclusion.REQUIRED)))
                .contains("t3.large")
                .doesNotContain("m4.large");
    }

    @Test
    void allowedNamesHaveWildcards() {
        assertThat(names(of(range(2, 4), range(0, 1 << 20), List.of("m5.*"), Inclusion.INCLUDED)))
                .containsExactlyInAnyOrder("m5.large", "m5.xlarge");
    }

    private static List<String> names(InstanceRequirements wanted) {
        return InstanceTypes.all().stream()
                .filter(wanted::fits)
                .map(facts -> facts.type().value())
                .toList();
    }

    private static InstanceRequirements of(Range vcpus, Range memoryMib, List<String> allowed, Inclusion burstable) {
        return new InstanceRequirements(
                Set.of(Architecture.X86_64),
                vcpus,
                memoryMib,
                Range.ANY,
                List.of(),
                List.of(),
                allowed,
                List.of(),
                Inclusion.EXCLUDED,
                burstable,
                false,
                Range.ANY,
                Inclusion.INCLUDED,
                List.of(),
                Range.ANY,
                Range.ANY,
                Range.ANY,
                List.of(),
                List.of(),
                Range.ANY);
    }

    private static Range range(int min, int max) {
        return new Range(BigDecimal.valueOf(min), BigDecimal.valueOf(max));
    }
}
