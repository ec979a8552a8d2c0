package io.cumulet.endpoint.actions;

import com.fasterxml.jackson.databind.node.ObjectNode;

/** Does what an action says, by calls to the suite's services. May wait: it runs on a virtual thread. */
@FunctionalInterface
public interface Handler {

    /**
     * @return the answer by the names of the model's members; empty where the model has none
     * @throws io.cumulet.endpoint.protocol.AwsError the refusal
     */
    ObjectNode answer(Call call);
}
