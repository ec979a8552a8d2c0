package io.cumulet.firewall.domain.prefixlists;

import io.cumulet.firewall.domain.prefixlists.PrefixList.Entry;
import io.cumulet.firewall.domain.prefixlists.PrefixList.State;
import io.cumulet.kernel.AccountId;
import io.cumulet.kernel.Cidr;
import io.cumulet.kernel.IpFamily;
import io.cumulet.kernel.Region;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The prefix lists of AWS' own services, which everybody sees and nobody changes: those of the gateway endpoints in the one
 * region whose ids and blocks are known from public sources. Rules may name them.
 *
 * @see <a href="https://docs.aws.amazon.com/vpc/latest/userguide/working-with-aws-managed-prefix-lists.html">AWS-managed prefix
 *     lists</a>
 */
public final class ListsOfAws {

    /** What stands for an account where a list's owner is told. */
    public static final String OWNER = "AWS";

    /** No name of an account's list begins so; the dots belong to it, {@code com.amazonaws-office} is a name as any. */
    static final List<String> RESERVED = List.of("com.amazonaws.", "com.amazon.", "com.aws.");

    /** Of the public facts of 2026-08 that the sources agree on. */
    private static final Instant AS_OF = Instant.parse("2026-08-22T00:00:00Z");

    private record Known(Region region, String id, String service, List<String> blocks) {

        /** As an account sees it. */
        PrefixList seenBy(AccountId account) {
            return new PrefixList(
                    id,
                    account,
                    region,
                    "com.amazonaws." + region + "." + service,
                    IpFamily.IPV4,
                    blocks.size(),
                    1,
                    1,
                    State.CREATED,
                    AS_OF,
                    blocks.stream()
                            .map(block -> new Entry(Cidr.parse(block).orElseThrow(), null))
                            .toList(),
                    Map.of());
        }
    }

    /** In the order of ids. */
    private static final List<Known> ALL = List.of(
            new Known(
                    Region.DEFAULT,
                    "pl-02cd2c6b",
                    "dynamodb",
                    List.of("3.218.180.0/23", "3.218.182.0/24", "52.94.0.0/22", "52.119.224.0/20")),
            new Known(Region.DEFAULT, "pl-63a5400a", "s3", List.of("3.5.0.0/19", "52.216.0.0/15", "54.231.0.0/16")));

    private ListsOfAws() {}

    /** Whether a list is one of them. */
    public static boolean has(Region region, String id) {
        return in(region).anyMatch(known -> known.id.equals(id));
    }

    public static Optional<PrefixList> find(AccountId account, Region region, String id) {
        return in(region)
                .filter(known -> known.id.equals(id))
                .map(known -> known.seenBy(account))
                .findFirst();
    }

    /** Those after an id, in the order of ids. */
    public static List<PrefixList> after(AccountId account, Region region, @Nullable String afterId) {
        return in(region)
                .filter(known -> afterId == null || known.id.compareTo(afterId) > 0)
                .map(known -> known.seenBy(account))
                .toList();
    }

    private static Stream<Known> in(Region region) {
        return ALL.stream().filter(known -> known.region.equals(region));
    }
}
