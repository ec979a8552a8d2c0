package io.cumulet.instances.app;

import io.cumulet.instances.domain.network.RouteTable;
import io.cumulet.kernel.AccountId;
import io.cumulet.kernel.Region;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Where route tables and what they are associated with are kept. Every call is part of the running transaction; whoever
 * changes something has locked the VPC's row, after the subnet's if it is about one ({@link NetworkStore}).
 */
public interface RouteTableStore {

    Optional<RouteTable> find(AccountId account, Region region, String id);

    /** Those of an account in a region, in the order of their ids. */
    List<RouteTable> list(AccountId account, Region region);

    List<RouteTable> ofVpc(String vpcId);

    void insert(RouteTable table);

    /** Keeps its routes and tags as they are now. */
    void update(RouteTable table);

    void delete(String id);

    /** Makes it the main table of its VPC, instead of the one that was. */
    void makeMain(RouteTable table);

    /** @param tableId null: the main one */
    void ofSubnet(String subnetId, @Nullable String tableId);

    /** @param tableId null: none */
    void ofGateway(String gatewayId, @Nullable String tableId);
}
