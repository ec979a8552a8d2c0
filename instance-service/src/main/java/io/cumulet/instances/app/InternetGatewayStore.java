package io.cumulet.instances.app;

import io.cumulet.instances.domain.network.InternetGateway;
import io.cumulet.kernel.AccountId;
import io.cumulet.kernel.Region;
import java.util.List;
import java.util.Optional;

/**
 * Where internet gateways of both kinds are kept. Every call is part of the running transaction. A gateway's row is locked
 * after its VPC's.
 */
public interface InternetGatewayStore {

    Optional<InternetGateway> find(AccountId account, Region region, String id);

    /** The same, locked until the transaction ends. */
    Optional<InternetGateway> lock(AccountId account, Region region, String id);

    /** Those of both kinds that an account has in a region, in the order of their ids. */
    List<InternetGateway> list(AccountId account, Region region);

    List<InternetGateway> ofVpc(String vpcId);

    void insert(InternetGateway gateway);

    /** Keeps where it is attached, and its tags. One that is attached to nothing is in no route table's associations. */
    void update(InternetGateway gateway);

    void delete(String id);

    /** Whether an elastic address is associated with an interface of a VPC. */
    boolean hasPublicAddresses(AccountId account, Region region, String vpcId);
}
