package io.cumulet.endpoint.domain.keys;

import static org.assertj.core.api.Assertions.assertThat;

import io.cumulet.kernel.AccountId;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class AccessKeyIdsTest {

    @Test
    void anIdHoldsItsAccount() {
        Random random = new Random(7);
        for (String account : List.of("000000000001", "123456789012", "999999999999", "700000000003")) {
            for (String prefix : List.of(AccessKeyIds.LASTING, AccessKeyIds.PASSING)) {
                String id = AccessKeyIds.newId(prefix, new AccountId(account), random);
                assertThat(id).matches(prefix + "[A-Z2-7]{16}");
                assertThat(AccessKeyIds.isId(prefix, id)).isTrue();
                assertThat(AccessKeyIds.accountOf(id)).contains(new AccountId(account));
            }
        }
    }

    /** The example of the note that the form is from, with its account. */
    @Test
    void anIdOfAwsIsReadTheSame() {
        assertThat(AccessKeyIds.accountOf("ASIAQNZGKIQY56JQ7WML")).contains(new AccountId("029608264753"));
    }

    @Test
    void whatIsNoIdHoldsNone() {
        for (String odd : List.of(
                "", "test", "123456789012", "AKIAIOSFODNN7EXAMPLE", "AKIDRZPUZDIKFJPRZE6X", "AKIARZPUZDIKFJPRZE6")) {
            assertThat(AccessKeyIds.accountOf(odd)).as(odd).isEmpty();
        }
    }
}
