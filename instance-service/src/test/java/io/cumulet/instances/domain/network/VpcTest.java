package io.cumulet.instances.domain.network;

import static org.assertj.core.api.Assertions.assertThat;

import io.cumulet.kernel.AccountId;
import io.cumulet.kernel.AvailabilityZone;
import io.cumulet.kernel.Cidr;
import io.cumulet.kernel.ErrorCode;
import io.cumulet.kernel.IpAddress;
import io.cumulet.kernel.Outcome;
import io.cumulet.kernel.Refusal;
import io.cumulet.kernel.Region;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class VpcTest {

    private static final AccountId ACCOUNT = new AccountId("123456789012");
    private static final AvailabilityZone ZONE = new AvailabilityZone("us-east-1a");

    private static final Vpc VPC = new Vpc(
            "vpc-1",
            ACCOUNT,
            Region.DEFAULT,
            List.of(cidr("10.0.0.0/16")),
            cidr("fd00:0:0:100::/56"),
            false,
            VpcSettings.of(VpcSettings.DEFAULT_TENANCY, null),
            Map.of(),
            3,
            Instant.EPOCH);

    @ParameterizedTest
    @CsvSource({
        "10.0.0.0/15, InvalidVpc.Range",
        "10.0.0.0/29, InvalidVpc.Range",
        "10.0.0.0, InvalidParameterValue",
        "fd00::/56, InvalidParameterValue",
        "10.0.0.256/24, InvalidParameterValue",
        "'', MissingParameter"
    })
    void aBlockOfIpv4HasTheSizeOfAVpc(String text, String code) {
        assertThat(refusal(Blocks.ipv4("cidrBlock", text, ErrorCode.INVALID_VPC_RANGE)))
                .satisfies(refusal -> assertThat(refusal.code().code()).isEqualTo(code))
                .satisfies(refusal -> assertThat(refusal.field()).isEqualTo("cidrBlock"));
    }

    @Test
    void hostBitsAreCutOff() {
        assertThat(Blocks.ipv4("cidrBlock", "10.1.2.3/16", ErrorCode.INVALID_VPC_RANGE)
                        .orThrow())
                .hasToString("10.1.0.0/16");
    }

    @Test
    void secondaryBlocksOverlapNothingAndAreLimited() {
        assertThat(refusal(VPC.with(cidr("10.0.4.0/24"), 5)).code()).isEqualTo(ErrorCode.VPC_CIDR_CONFLICT);
        Vpc two = VPC.with(cidr("10.1.0.0/16"), 2).orThrow();
        assertThat(two.cidrs()).containsExactly(cidr("10.0.0.0/16"), cidr("10.1.0.0/16"));
        assertThat(two.version()).isEqualTo(4);
        assertThat(refusal(two.with(cidr("10.2.0.0/16"), 2)).code()).isEqualTo(ErrorCode.VPC_CIDR_LIMIT_EXCEEDED);
        assertThat(two.associated(two.associationId(cidr("10.1.0.0/16")))).contains(cidr("10.1.0.0/16"));
    }

    @Test
    void aBlockGoesUnlessItIsThePrimaryOneOrASubnetIsInIt() {
        Vpc two = VPC.with(cidr("10.1.0.0/16"), 5).orThrow();
        Subnet inside = subnet("10.1.4.0/24", "fd00:0:0:101::/64");
        assertThat(refusal(two.without(cidr("10.0.0.0/16"), List.of())).code())
                .isEqualTo(ErrorCode.OPERATION_NOT_PERMITTED);
        assertThat(refusal(two.without(cidr("10.1.0.0/16"), List.of(inside))).code())
                .isEqualTo(ErrorCode.DEPENDENCY_VIOLATION);
        assertThat(refusal(two.without(cidr("fd00:0:0:100::/56"), List.of(inside)))
                        .code())
                .isEqualTo(ErrorCode.DEPENDENCY_VIOLATION);
        assertThat(two.without(cidr("10.1.0.0/16"), List.of()).orThrow().cidrs())
                .containsExactly(cidr("10.0.0.0/16"));
        assertThat(two.without(cidr("fd00:0:0:100::/56"), List.of()).orThrow().ipv6Cidr())
                .isNull();
    }

    @ParameterizedTest(name = "seed {0}")
    @ValueSource(longs = {1, 2, 3, 4, 5})
    void whateverIsAskedForSubnetsNeverOverlapAndLieInTheVpc(long seed) {
        Random random = new Random(seed);
        List<Subnet> subnets = new ArrayList<>();
        int held = 0;
        for (int i = 0; i < 400; i++) {
            int length = 17 + random.nextInt(12);
            IpAddress start = cidr("10.0.0.0/15").address(random.nextInt(1 << 17));
            Cidr block = new Cidr(Cidr.masked(start, length), length);
            Cidr ipv6 = new Cidr(
                    new IpAddress(
                            VPC.ipv6Cidr().family(), VPC.ipv6Cidr().network().high() + random.nextInt(300), 0),
                    64);
            Optional<Refusal> refusal = VPC.cannotHold(block, ipv6, subnets, 1000);
            boolean isFree = cidr("10.0.0.0/16").contains(block)
                    && cidr("fd00:0:0:100::/56").contains(ipv6)
                    && subnets.stream()
                            .noneMatch(other -> other.cidr().overlaps(block) || ipv6.equals(other.ipv6Cidr()));
            assertThat(refusal.isEmpty()).as("step %d: %s %s", i, block, ipv6).isEqualTo(isFree);
            if (refusal.isEmpty()) {
                held++;
                subnets.add(subnet(block.toString(), ipv6.toString()));
            }
        }
        assertThat(held).isPositive();
        assertThat(VPC.cannotHold(cidr("10.0.0.0/28"), null, subnets, subnets.size()))
                .isPresent();
    }

    @Test
    void theFirstFourAndTheLastOfASlash64AreNobodys() {
        Subnet subnet = subnet("10.0.0.0/24", "fd00:0:0:101::/64");
        for (String address : List.of(
                "fd00:0:0:101::",
                "fd00:0:0:101::3",
                "fd00:0:0:101:ffff:ffff:ffff:ffff",
                "fd00:0:0:102::4",
                "10.0.0.9")) {
            assertThat(subnet.isUsable(address(address))).as(address).isFalse();
        }
        for (String address : List.of("fd00:0:0:101::4", "fd00:0:0:101:ffff:ffff:ffff:fffe")) {
            assertThat(subnet.isUsable(address(address))).as(address).isTrue();
        }
        long[] identifiers = {3, -1, 0, 42};
        int[] next = {0};
        assertThat(subnet.randomIpv6Address(() -> identifiers[next[0]++])).hasToString("fd00:0:0:101::2a");
    }

    @Test
    void aDefaultSubnetMadeAnewHasItsUsualBlockOrTheNextFreeOne() {
        assertThat(Subnet.freeDefaultCidr(1, List.of())).contains(cidr("172.31.16.0/20"));
        assertThat(Subnet.freeDefaultCidr(1, List.of(subnet("172.31.20.0/28", "fd00:0:0:101::/64"))))
                .contains(cidr("172.31.32.0/20"));
        assertThat(Subnet.freeDefaultCidr(1, List.of(subnet("172.31.0.0/16", "fd00:0:0:101::/64"))))
                .isEmpty();
    }

    private static Subnet subnet(String block, String ipv6) {
        return new Subnet(
                "subnet-1",
                ACCOUNT,
                ZONE,
                VPC.id(),
                cidr(block),
                cidr(ipv6),
                false,
                false,
                SubnetSettings.OF_NEW,
                Map.of(),
                1,
                Instant.EPOCH);
    }

    private static Cidr cidr(String text) {
        return Cidr.parse(text).orElseThrow();
    }

    private static IpAddress address(String text) {
        return IpAddress.parse(text).orElseThrow();
    }

    private static Refusal refusal(Outcome<?> outcome) {
        return switch (outcome) {
            case Outcome.Refused<?>(Refusal refusal) -> refusal;
            case Outcome.Done<?> done -> throw new AssertionError("Not refused: " + done);
        };
    }
}
