package io.cumulet.plumbing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.cumulet.embedded.StackResource;
import io.cumulet.kernel.AccountId;
import io.cumulet.kernel.Region;
import io.cumulet.plumbing.idempotency.Claim;
import io.cumulet.plumbing.idempotency.ClientTokens;
import io.quarkus.narayana.jta.QuarkusTransaction;
import io.quarkus.test.common.TestResourceScope;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;

@QuarkusTest
@WithTestResource(value = StackResource.class, scope = TestResourceScope.GLOBAL)
class ClientTokensTest {

    private static final AccountId ACCOUNT = new AccountId("123456789012");

    @Inject
    ClientTokens tokens;

    private final String token = UUID.randomUUID().toString();

    @Test
    void theSameTokenAndRequestGiveTheSameResultAndAnotherRequestIsRefused() {
        assertThat(claimAndComplete("r-1", Map.of("count", 1))).isInstanceOf(Claim.Fresh.class);
        assertThat(claimAndComplete("r-2", Map.of("count", 1))).isEqualTo(new Claim.Repeat("r-1"));
        assertThat(claimAndComplete("r-2", Map.of("count", 2))).isInstanceOf(Claim.Mismatch.class);
    }

    @Test
    void aTokenOfARolledBackRequestIsFree() {
        assertThatThrownBy(() -> QuarkusTransaction.requiringNew().run(() -> {
                    tokens.claim(ACCOUNT, Region.DEFAULT, "launch", token, "a");
                    throw new IllegalStateException("rolled back");
                }))
                .hasMessage("rolled back");
        assertThat(claimAndComplete("r-1", "b")).isInstanceOf(Claim.Fresh.class);
    }

    @Test
    void withoutATokenEveryRequestIsNew() {
        Claim claim = QuarkusTransaction.requiringNew()
                .call(() -> tokens.claim(ACCOUNT, Region.DEFAULT, "launch", null, "a"));
        assertThat(claim).isInstanceOf(Claim.Fresh.class);
    }

    private Claim claimAndComplete(String result, Object request) {
        return QuarkusTransaction.requiringNew().call(() -> {
            Claim claim = tokens.claim(ACCOUNT, Region.DEFAULT, "launch", token, request);
            if (claim instanceof Claim.Fresh) {
                tokens.complete(ACCOUNT, Region.DEFAULT, "launch", token, result);
            }
            return claim;
        });
    }
}
