package io.cumulet.instances.api;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.cumulet.instances.domain.network.ElasticAddress;
import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** An elastic address as its owner sees it. */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record AddressView(
        String allocationId,
        String account,
        String region,
        String publicIp,
        @Nullable AssociationView association,
        Map<String, String> tags,
        Instant allocationTime,
        long version) {

    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record AssociationView(
            String associationId,
            String networkInterfaceId,
            String privateIpAddress,
            @Nullable String instanceId) {}

    static AddressView of(ElasticAddress address) {
        ElasticAddress.Association association = address.association();
        return new AddressView(
                address.id(),
                address.account().value(),
                address.region().value(),
                address.publicAddress().toString(),
                association == null
                        ? null
                        : new AssociationView(
                                association.id(),
                                association.interfaceId(),
                                association.privateAddress().toString(),
                                association.instanceId()),
                address.tags(),
                address.allocatedAt(),
                address.version());
    }
}
