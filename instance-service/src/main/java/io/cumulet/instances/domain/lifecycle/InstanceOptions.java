package io.cumulet.instances.domain.lifecycle;

import org.jspecify.annotations.Nullable;

/**
 * What an owner says of an instance besides what it is and where: null where he says nothing, so that what is usual holds,
 * which depends on the type in part. At a launch all that is said; in a change what is to be said anew.
 *
 * @param monitoring whether it is watched by the minute; recorded
 * @param disableApiStop whether it is protected from being stopped, and with it from being terminated
 * @param shutdownBehavior what a shutdown from within leads to, {@code stop} or {@code terminate}
 * @param cpuCredits {@code standard} or {@code unlimited}, for types with burstable performance; recorded
 * @param autoRecovery {@code default} or {@code disabled}
 * @param hibernation whether it may be hibernated
 * @param clientToken the token it was launched with
 * @see <a href="https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_RunInstances.html">RunInstances</a>
 */
public record InstanceOptions(
        @Nullable Boolean monitoring,
        @Nullable Boolean ebsOptimized,
        @Nullable Boolean enaSupport,
        @Nullable Boolean disableApiStop,
        @Nullable String shutdownBehavior,
        @Nullable String cpuCredits,
        @Nullable String autoRecovery,
        @Nullable Boolean hibernation,
        @Nullable Boolean enclave,
        @Nullable Cpu cpu,
        @Nullable Metadata metadata,
        @Nullable PrivateDnsName privateDnsName,
        @Nullable Profile iamInstanceProfile,
        @Nullable String clientToken) {

    public static final InstanceOptions NONE =
            new InstanceOptions(null, null, null, null, null, null, null, null, null, null, null, null, null, null);

    /** How many cores of the type it has, and threads on each. */
    public record Cpu(@Nullable Integer coreCount, @Nullable Integer threadsPerCore) {}

    /** How it reads its own metadata; {@code enabled} or {@code disabled} but for tokens, {@code optional} or {@code required}. */
    public record Metadata(
            @Nullable String httpTokens,
            @Nullable Integer httpPutResponseHopLimit,
            @Nullable String httpEndpoint,
            @Nullable String httpProtocolIpv6,
            @Nullable String instanceMetadataTags) {

        public static final Metadata NONE = new Metadata(null, null, null, null, null);

        private static final String NO_PREFERENCE = "no-preference";
        private static final int NO_PREFERRED_NUMBER = -1;

        /** These as an account's defaults, changed: {@code no-preference} and -1 take one back, null leaves it. */
        public Metadata changedDefaults(Metadata said) {
            return new Metadata(
                    changed(httpTokens, said.httpTokens),
                    said.httpPutResponseHopLimit == null
                            ? httpPutResponseHopLimit
                            : said.httpPutResponseHopLimit == NO_PREFERRED_NUMBER ? null : said.httpPutResponseHopLimit,
                    changed(httpEndpoint, said.httpEndpoint),
                    httpProtocolIpv6,
                    changed(instanceMetadataTags, said.instanceMetadataTags));
        }

        private static @Nullable String changed(@Nullable String before, @Nullable String said) {
            return said == null ? before : said.equals(NO_PREFERENCE) ? null : said;
        }

        static @Nullable Metadata merged(@Nullable Metadata before, @Nullable Metadata said) {
            if (before == null || said == null) {
                return said == null ? before : said;
            }
            return new Metadata(
                    or(said.httpTokens, before.httpTokens),
                    or(said.httpPutResponseHopLimit, before.httpPutResponseHopLimit),
                    or(said.httpEndpoint, before.httpEndpoint),
                    or(said.httpProtocolIpv6, before.httpProtocolIpv6),
                    or(said.instanceMetadataTags, before.instanceMetadataTags));
        }
    }

    /** @param hostnameType {@code ip-name} or {@code resource-name} */
    public record PrivateDnsName(
            @Nullable String hostnameType,
            @Nullable Boolean enableResourceNameDnsARecord,
            @Nullable Boolean enableResourceNameDnsAAAARecord) {

        static @Nullable PrivateDnsName merged(@Nullable PrivateDnsName before, @Nullable PrivateDnsName said) {
            if (before == null || said == null) {
                return said == null ? before : said;
            }
            return new PrivateDnsName(
                    or(said.hostnameType, before.hostnameType),
                    or(said.enableResourceNameDnsARecord, before.enableResourceNameDnsARecord),
                    or(said.enableResourceNameDnsAAAARecord, before.enableResourceNameDnsAAAARecord));
        }
    }

    /** The one or the other; there is no IAM here that would know it. */
    public record Profile(@Nullable String arn, @Nullable String name) {

        /** Said of an instance, it takes away the one that it has. */
        public static final Profile NONE = new Profile(null, null);

        static @Nullable Profile merged(@Nullable Profile before, @Nullable Profile said) {
            return NONE.equals(said) ? null : or(said, before);
        }
    }

    /** Says of monitoring alone. */
    public static InstanceOptions monitored(boolean on) {
        return new InstanceOptions(on, null, null, null, null, null, null, null, null, null, null, null, null, null);
    }

    public boolean isStopProtected() {
        return Boolean.TRUE.equals(disableApiStop);
    }

    public boolean mayHibernate() {
        return Boolean.TRUE.equals(hibernation);
    }

    /** What is said anew, and else what was said before. */
    public InstanceOptions merged(InstanceOptions said) {
        if (said.equals(NONE)) {
            return this;
        }
        return new InstanceOptions(
                or(said.monitoring, monitoring),
                or(said.ebsOptimized, ebsOptimized),
                or(said.enaSupport, enaSupport),
                or(said.disableApiStop, disableApiStop),
                or(said.shutdownBehavior, shutdownBehavior),
                or(said.cpuCredits, cpuCredits),
                or(said.autoRecovery, autoRecovery),
                or(said.hibernation, hibernation),
                or(said.enclave, enclave),
                or(said.cpu, cpu),
                Metadata.merged(metadata, said.metadata),
                PrivateDnsName.merged(privateDnsName, said.privateDnsName),
                Profile.merged(iamInstanceProfile, said.iamInstanceProfile),
                or(said.clientToken, clientToken));
    }

    /** What holds of it for another type: cores and credits are the type's. */
    InstanceOptions forAnotherType() {
        return new InstanceOptions(
                monitoring,
                ebsOptimized,
                enaSupport,
                disableApiStop,
                shutdownBehavior,
                null,
                autoRecovery,
                hibernation,
                enclave,
                null,
                metadata,
                privateDnsName,
                iamInstanceProfile,
                clientToken);
    }

    /** What is said, and else what is the account's default. */
    public InstanceOptions withDefaults(@Nullable Metadata defaults) {
        return defaults == null
                ? this
                : new InstanceOptions(
                        monitoring,
                        ebsOptimized,
                        enaSupport,
                        disableApiStop,
                        shutdownBehavior,
                        cpuCredits,
                        autoRecovery,
                        hibernation,
                        enclave,
                        cpu,
                        Metadata.merged(defaults, metadata),
                        privateDnsName,
                        iamInstanceProfile,
                        clientToken);
    }

    /** The same, launched with a client token. */
    public InstanceOptions launchedWith(@Nullable String token) {
        return token == null
                ? this
                : merged(new InstanceOptions(
                        null, null, null, null, null, null, null, null, null, null, null, null, null, token));
    }

    /** Whether they can be changed in a stopped instance alone. */
    boolean needStop() {
        return ebsOptimized != null || enaSupport != null || cpu != null;
    }

    private static <T> @Nullable T or(@Nullable T said, @Nullable T before) {
        return said == null ? before : said;
    }
}
