package io.cumulet.instances.domain.network;

import io.cumulet.kernel.AccountId;
import io.cumulet.kernel.ErrorCode;
import io.cumulet.kernel.Outcome;
import io.cumulet.kernel.Region;
import org.jspecify.annotations.Nullable;

/**
 * What an owner sets of a VPC besides its blocks. Recorded for whoever reads it back.
 *
 * @param instanceTenancy {@code default} or {@code dedicated}
 * @param dhcpOptionsId null if it has none, which EC2 calls {@code default}
 * @see <a href="https://docs.aws.amazon.com/vpc/latest/userguide/AmazonDNS-concepts.html">DNS attributes of a VPC</a>
 */
public record VpcSettings(
        String instanceTenancy,
        boolean enableDnsSupport,
        boolean enableDnsHostnames,
        boolean enableNetworkAddressUsageMetrics,
        @Nullable String dhcpOptionsId) {

    public static final String DEFAULT_TENANCY = "default";
    public static final String DEDICATED_TENANCY = "dedicated";

    /** Settings that are to change, unchecked; null leaves one as it is. */
    public record Wish(
            @Nullable String instanceTenancy,
            @Nullable Boolean enableDnsSupport,
            @Nullable Boolean enableDnsHostnames,
            @Nullable Boolean enableNetworkAddressUsageMetrics,
            @Nullable String dhcpOptionsId) {}

    /** The tenancy of a new VPC. */
    public static Outcome<String> tenancy(@Nullable String wish) {
        String tenancy = wish == null ? DEFAULT_TENANCY : wish;
        return tenancy.equals(DEFAULT_TENANCY) || tenancy.equals(DEDICATED_TENANCY)
                ? Outcome.done(tenancy)
                : Outcome.refused(
                        ErrorCode.INVALID_PARAMETER_VALUE,
                        "instanceTenancy",
                        "A VPC's tenancy is default or dedicated, not '" + tenancy + "'");
    }

    /** As wished, but with the same DHCP options. A dedicated VPC can become a default one, not the other way round. */
    public Outcome<VpcSettings> changed(Wish wish) {
        String tenancy = wish.instanceTenancy() == null ? instanceTenancy : wish.instanceTenancy();
        if (!tenancy.equals(instanceTenancy) && !tenancy.equals(DEFAULT_TENANCY)) {
            return Outcome.refused(
                    ErrorCode.UNSUPPORTED_TENANCY,
                    "instanceTenancy",
                    "The tenancy value " + tenancy + " is not supported.");
        }
        return Outcome.done(new VpcSettings(
                tenancy,
                or(wish.enableDnsSupport(), enableDnsSupport),
                or(wish.enableDnsHostnames(), enableDnsHostnames),
                or(wish.enableNetworkAddressUsageMetrics(), enableNetworkAddressUsageMetrics),
                dhcpOptionsId));
    }

    private static boolean or(@Nullable Boolean wish, boolean otherwise) {
        return wish == null ? otherwise : wish;
    }

    /** Of a new VPC. */
    public static VpcSettings of(String instanceTenancy, @Nullable String dhcpOptionsId) {
        return new VpcSettings(instanceTenancy, true, false, false, dhcpOptionsId);
    }

    /** Of the default VPC, whose instances also get public host names. */
    public static VpcSettings ofDefault(AccountId account, Region region) {
        return new VpcSettings(DEFAULT_TENANCY, true, true, false, DhcpOptions.defaultId(account, region));
    }

    public VpcSettings withDhcpOptions(@Nullable String id) {
        return new VpcSettings(
                instanceTenancy, enableDnsSupport, enableDnsHostnames, enableNetworkAddressUsageMetrics, id);
    }
}
