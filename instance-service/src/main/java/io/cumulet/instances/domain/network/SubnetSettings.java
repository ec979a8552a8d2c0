package io.cumulet.instances.domain.network;

import io.cumulet.kernel.ErrorCode;
import io.cumulet.kernel.Outcome;
import org.jspecify.annotations.Nullable;

/**
 * What an owner sets of a subnet for what is launched there. Of these a launch looks at {@code mapPublicIp}; the rest is
 * recorded for whoever reads it back.
 *
 * @param mapPublicIp whether instances get public addresses for as long as they run, unless the launch says otherwise
 * @param hostnameType {@code ip-name} or {@code resource-name}
 * @see <a href="https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_ModifySubnetAttribute.html">
 *     ModifySubnetAttribute</a>
 */
public record SubnetSettings(
        boolean mapPublicIp,
        boolean dns64,
        String hostnameType,
        boolean resourceNameARecord,
        boolean resourceNameAaaaRecord) {

    public static final String IP_NAME = "ip-name";
    public static final String RESOURCE_NAME = "resource-name";

    /** Settings that are to change, unchecked; null leaves one as it is. */
    public record Wish(
            @Nullable Boolean mapPublicIpOnLaunch,
            @Nullable Boolean enableDns64,
            @Nullable String hostnameType,
            @Nullable Boolean enableResourceNameDnsARecord,
            @Nullable Boolean enableResourceNameDnsAaaaRecord) {

        public static final Wish NOTHING = new Wish(null, null, null, null, null);

        public Wish withoutMapPublicIp() {
            return new Wish(
                    null, enableDns64, hostnameType, enableResourceNameDnsARecord, enableResourceNameDnsAaaaRecord);
        }
    }

    public Outcome<SubnetSettings> changed(Wish wish) {
        String type = wish.hostnameType() == null ? hostnameType : wish.hostnameType();
        return type.equals(IP_NAME) || type.equals(RESOURCE_NAME)
                ? Outcome.done(new SubnetSettings(
                        or(wish.mapPublicIpOnLaunch(), mapPublicIp),
                        or(wish.enableDns64(), dns64),
                        type,
                        or(wish.enableResourceNameDnsARecord(), resourceNameARecord),
                        or(wish.enableResourceNameDnsAaaaRecord(), resourceNameAaaaRecord)))
                : Outcome.refused(
                        ErrorCode.INVALID_PARAMETER_VALUE,
                        "privateDnsHostnameTypeOnLaunch",
                        "A host name's type is ip-name or resource-name, not '" + type + "'");
    }

    private static boolean or(@Nullable Boolean wish, boolean otherwise) {
        return wish == null ? otherwise : wish;
    }

    /** Of a new subnet. */
    public static final SubnetSettings OF_NEW = new SubnetSettings(false, false, IP_NAME, false, false);

    /** Of a default subnet. */
    public static final SubnetSettings OF_DEFAULT = new SubnetSettings(true, false, IP_NAME, false, false);
}
