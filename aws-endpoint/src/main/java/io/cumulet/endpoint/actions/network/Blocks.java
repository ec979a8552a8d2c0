package io.cumulet.endpoint.actions.network;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.cumulet.endpoint.actions.Call;

/** Associations of blocks with VPCs and subnets, as EC2 tells of them. */
final class Blocks {

    static final String ASSOCIATED = "associated";
    /** What the answer to a change says; who asks again finds it done. */
    static final String ASSOCIATING = "associating";

    static final String DISASSOCIATING = "disassociating";

    private Blocks() {}

    static boolean isIpv6(JsonNode association) {
        return association.path("cidrBlock").asText().indexOf(':') >= 0;
    }

    /** @param association a service's, with id and block */
    static ObjectNode association(JsonNode association, String state) {
        boolean ipv6 = isIpv6(association);
        ObjectNode told = Call.answer()
                .put("AssociationId", association.path("associationId").asText())
                .put(
                        ipv6 ? "Ipv6CidrBlock" : "CidrBlock",
                        association.path("cidrBlock").asText());
        told.putObject(ipv6 ? "Ipv6CidrBlockState" : "CidrBlockState").put("State", state);
        return told;
    }

    /** The answer to one that was made or ended, with the thing's id. */
    static ObjectNode answer(String idMember, JsonNode id, JsonNode association, String state) {
        ObjectNode answer = Call.answer();
        answer.set(idMember, id);
        answer.set(
                isIpv6(association) ? "Ipv6CidrBlockAssociation" : "CidrBlockAssociation",
                association(association, state));
        return answer;
    }

    /** Of a thing's associations the one with a block or id; a missing node if there is none. */
    static JsonNode find(JsonNode associations, String field, String value) {
        for (JsonNode association : associations) {
            if (association.path(field).asText().equals(value)) {
                return association;
            }
        }
        return Call.answer().path("none");
    }
}
