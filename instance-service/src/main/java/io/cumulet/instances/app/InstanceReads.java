package io.cumulet.instances.app;

import io.cumulet.instances.domain.lifecycle.Instance;
import io.cumulet.kernel.AccountId;
import io.cumulet.kernel.Region;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Reading what is there; changes nothing, waits for no committer. */
public interface InstanceReads {

    /**
     * An instance of an account in a region.
     *
     * @param forgottenBefore instances terminated at that time or earlier are no more to be seen
     */
    Optional<Instance> find(String id, AccountId account, Region region, Instant forgottenBefore);

    /** A page, ordered by id. */
    List<Instance> list(InstanceFilter filter, Instant forgottenBefore, @Nullable String afterId, int limit);

    /** Base64 as it came; empty if there is none. */
    Optional<String> userData(String instanceId);

    /** Base64 that a persistent spot request came with, by a launch; empty if there is none, or it came to the market. */
    Optional<String> userDataOfRequest(String spotRequestId, AccountId account);

    /** How many addresses are taken in each subnet; those with none are left out. */
    Map<String, Integer> takenAddresses(List<String> subnetIds);

    /**
     * What to look for: an instance matches if each field has one of its values. An empty list asks for nothing.
     *
     * @param tags values by key; {@code tagKeys} must be there with any value
     */
    record InstanceFilter(
            AccountId account,
            Region region,
            Map<Field, List<String>> fields,
            Map<String, List<String>> tags,
            List<String> tagKeys) {}

    /** What instances can be looked for by. */
    enum Field {
        INSTANCE_ID,
        STATE,
        INSTANCE_TYPE,
        AVAILABILITY_ZONE,
        IMAGE_ID,
        OS,
        RESERVATION_ID,
        SUBNET_ID,
        VPC_ID,
        PRIVATE_IP_ADDRESS,
        KEY_NAME,
        SPOT_REQUEST_ID,
        MARKET,
        SECURITY_GROUP_ID
    }
}
