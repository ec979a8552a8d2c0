package io.cumulet.endpoint.actions.keypairs;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.cumulet.endpoint.actions.ActionSet;
import io.cumulet.endpoint.actions.Actions;
import io.cumulet.endpoint.actions.Api;
import io.cumulet.endpoint.actions.Call;
import io.cumulet.endpoint.actions.Filters;
import io.cumulet.endpoint.actions.Listing;
import io.cumulet.endpoint.actions.Names;
import io.cumulet.endpoint.actions.TagSpecifications;
import io.cumulet.endpoint.actions.tags.RestTags;
import io.cumulet.endpoint.actions.tags.TaggedKind;
import io.cumulet.endpoint.protocol.AwsError;
import io.cumulet.endpoint.services.Query;
import io.cumulet.endpoint.services.RestService;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Key pairs. */
@ApplicationScoped
public class KeyPairActions implements ActionSet {

    private static final String PATH = "/v1/key-pairs";
    private static final String LIST = "keyPairs";
    private static final String TYPE = "key-pair";

    @Produces
    @Singleton
    static TaggedKind tags() {
        return new RestTags("key", TYPE, Call::instances, PATH, LIST, "keyPairId");
    }

    @Override
    public void addTo(Actions actions) {
        actions.ec2("CreateKeyPair", call -> make(call, "KeyType", "KeyFormat"));
        actions.ec2("ImportKeyPair", call -> make(call, "PublicKeyMaterial"));
        actions.ec2("DescribeKeyPairs", KeyPairActions::describe);
        actions.ec2("DeleteKeyPair", KeyPairActions::delete);
    }

    private static ObjectNode make(Call call, String... members) {
        ObjectNode body = Call.answer();
        body.put("keyName", call.requiredText("KeyName"));
        for (String member : members) {
            body.put(Call.lowerCamel(member), call.text(member));
        }
        body.set("tags", TagSpecifications.of(call, TYPE));
        ObjectNode made =
                Names.toAws(call.instances().post(PATH, body), call.operation().output());
        if (made.path("Tags").isEmpty()) {
            made.remove("Tags");
        }
        return made;
    }

    private static ObjectNode describe(Call call) {
        boolean withKeys = call.flag("IncludePublicKey", false);
        List<ObjectNode> pairs = call.instances().list(PATH, LIST).stream()
                .map(view -> {
                    ObjectNode pair = Names.toAws(view, Api.EC2.model().shape("KeyPairInfo"));
                    if (!withKeys) {
                        pair.remove("PublicKey");
                    }
                    return pair;
                })
                .toList();
        List<String> names = call.texts("KeyNames");
        for (String name : names) {
            if (pairs.stream().noneMatch(pair -> isCalled(pair, name))) {
                throw notFound(name);
            }
        }
        return Listing.of(call, "KeyPairs", "KeyPairId")
                .ids("KeyPairIds", "InvalidKeyPair.NotFound", "The key pair '%s' does not exist")
                .filter("fingerprint", Filters.at("KeyFingerprint"))
                .answer(pairs.stream()
                        .filter(pair -> names.isEmpty() || names.stream().anyMatch(name -> isCalled(pair, name)))
                        .toList());
    }

    private static boolean isCalled(JsonNode pair, String name) {
        return pair.path("KeyName").asText().equals(name);
    }

    private static AwsError notFound(String name) {
        return new AwsError("InvalidKeyPair.NotFound", 400, "The key pair '" + name + "' does not exist", true);
    }

    /** What isn't there is deleted all the same. */
    private static ObjectNode delete(Call call) {
        if (!call.has("KeyName") && !call.has("KeyPairId")) {
            throw AwsError.missing("keyName");
        }
        ObjectNode answer = call.done();
        String id = idOf(call);
        if (id != null) {
            try {
                call.instances().delete(PATH + "/" + RestService.segment(id));
                answer.put("KeyPairId", id);
            } catch (AwsError e) {
                if (!e.isNotFound()) {
                    throw e;
                }
            }
        }
        return answer;
    }

    private static @Nullable String idOf(Call call) {
        String name = call.text("KeyName");
        String id = call.text("KeyPairId");
        if (name == null) {
            return id;
        }
        String found = call.instances().list(PATH, LIST, Query.none().and("keyName", name)).stream()
                .map(pair -> pair.path("keyPairId").asText())
                .findFirst()
                .orElse(null);
        if (found != null && id != null && !found.equals(id)) {
            throw AwsError.combination("The key pair '" + name + "' has another id than " + id);
        }
        return found;
    }
}
