package io.cumulet.instances.app;

import io.cumulet.instances.domain.network.AclEntry;
import io.cumulet.instances.domain.network.NetworkAcl;
import io.cumulet.kernel.AccountId;
import io.cumulet.kernel.Region;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Where network ACLs are kept. Every call is part of the running transaction; whoever changes something has locked the VPC's
 * row, after the subnet's if it is about one ({@link NetworkStore}).
 */
public interface NetworkAclStore {

    Optional<NetworkAcl> find(AccountId account, Region region, String id);

    /** Those of an account in a region, in the order of their ids. */
    List<NetworkAcl> list(AccountId account, Region region);

    List<NetworkAcl> ofVpc(String vpcId);

    /** With its entries. */
    void insert(NetworkAcl acl);

    void tag(String id, Map<String, String> tags);

    void delete(String id);

    void insertEntry(String id, AclEntry entry);

    void deleteEntry(String id, boolean egress, int ruleNumber);

    /** @param aclId null: the VPC's default one */
    void ofSubnet(String subnetId, @Nullable String aclId);
}
