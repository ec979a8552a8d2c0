package io.cumulet.endpoint.actions;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.cumulet.endpoint.access.Principal;
import io.cumulet.endpoint.protocol.AwsError;
import io.cumulet.kernel.AccountId;
import io.cumulet.kernel.Region;
import java.util.List;
import org.junit.jupiter.api.Test;

class ListingTest {

    private static final String THERE = "eigw-0123456789abcdef0";
    private static final String GONE = "eigw-0123456789abcdef1";

    @Test
    void ofSomeKindsWhatIsNotThereIsLeftOut() {
        assertThat(listing(THERE, GONE)
                        .idsIfThere(IdForm.EGRESS_ONLY_INTERNET_GATEWAY, "EgressOnlyInternetGatewayIds")
                        .answer(List.of(gateway()))
                        .path("EgressOnlyInternetGateways"))
                .containsExactly(gateway());
        assertThat(listing(GONE)
                        .idsIfThere(IdForm.EGRESS_ONLY_INTERNET_GATEWAY, "EgressOnlyInternetGatewayIds")
                        .answer(List.of(gateway()))
                        .path("EgressOnlyInternetGateways"))
                .isEmpty();
    }

    @Test
    void ofOthersItIsRefusedAndSoIsWhatCantBeAnId() {
        assertThatThrownBy(() -> listing(GONE)
                        .ids(IdForm.EGRESS_ONLY_INTERNET_GATEWAY, "EgressOnlyInternetGatewayIds", "Gone", "%s is gone")
                        .answer(List.of(gateway())))
                .isInstanceOf(AwsError.class)
                .hasMessage(GONE + " is gone");
        assertThatThrownBy(() -> listing("eigw?")
                        .idsIfThere(IdForm.EGRESS_ONLY_INTERNET_GATEWAY, "EgressOnlyInternetGatewayIds")
                        .answer(List.of(gateway())))
                .isInstanceOf(AwsError.class);
    }

    private static ObjectNode gateway() {
        return Call.answer().put("EgressOnlyInternetGatewayId", THERE);
    }

    private static Listing listing(String... ids) {
        ObjectNode input = Call.answer();
        List.of(ids).forEach(input.putArray("EgressOnlyInternetGatewayIds")::add);
        Call call = new Call(
                Api.EC2.model().operation("DescribeEgressOnlyInternetGateways"),
                Principal.ofAccount(new AccountId("123456789012"), "key"),
                new Region("us-east-1"),
                input,
                "1",
                null);
        return Listing.of(call, "EgressOnlyInternetGateways", "EgressOnlyInternetGatewayId");
    }
}
