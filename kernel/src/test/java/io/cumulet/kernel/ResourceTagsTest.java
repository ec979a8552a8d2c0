package io.cumulet.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class ResourceTagsTest {

    @Test
    void aPatchSetsAndRemovesAndLeavesTheRest() {
        Map<String, @Nullable String> patch = new HashMap<>();
        patch.put("gone", null);
        patch.put("set", "");
        assertThat(ResourceTags.patched("tags", Map.of("gone", "1", "stays", "2"), patch)
                        .orThrow())
                .isEqualTo(Map.of("stays", "2", "set", ""));
        assertThat(ResourceTags.patched("tags", Map.of("stays", "2"), null).orThrow())
                .isEqualTo(Map.of("stays", "2"));
    }

    @Test
    void keysAndValuesHaveLimitsAndReservedKeysAreNotForCallers() {
        assertThat(ResourceTags.fault("tags", Map.of("k".repeat(128), "v".repeat(256))))
                .isEmpty();
        assertThat(code(Map.of("k".repeat(129), ""))).isEqualTo("InvalidParameterValue");
        assertThat(code(Map.of("k", "v".repeat(257)))).isEqualTo("InvalidParameterValue");
        assertThat(code(Map.of("", "v"))).isEqualTo("InvalidParameterValue");
        assertThat(code(Map.of("aws:k", "v"))).isEqualTo("InvalidParameterValue");
    }

    @Test
    void thereAreFiftyAtMostBesidesThoseOfTheSuite() {
        Map<String, String> fifty =
                IntStream.range(0, 50).boxed().collect(Collectors.toMap(i -> "k" + i, String::valueOf));
        assertThat(ResourceTags.fault("tags", fifty)).isEmpty();
        Map<String, String> andReserved = new HashMap<>(fifty);
        andReserved.put("aws:ec2:fleet-id", "fleet-1");
        assertThat(ResourceTags.patched("tags", andReserved, Map.of("k0", "other")))
                .isInstanceOf(Outcome.Done.class);
        assertThat(ResourceTags.patched("tags", andReserved, Map.of("one-more", "")))
                .isInstanceOfSatisfying(
                        Outcome.Refused.class,
                        refused -> assertThat(refused.refusal().code()).isEqualTo(ErrorCode.TAG_LIMIT_EXCEEDED));
    }

    private static String code(Map<String, String> tags) {
        return ResourceTags.fault("tags", tags).orElseThrow().code().code();
    }
}
