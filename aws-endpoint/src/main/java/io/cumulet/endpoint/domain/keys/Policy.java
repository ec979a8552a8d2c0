package io.cumulet.endpoint.domain.keys;

import java.util.List;

/**
 * What a key may do: what a statement allows and none denies. What no statement speaks of is denied.
 *
 * @see <a href="https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic.html">IAM: evaluation</a>
 */
public record Policy(List<Statement> statements) {

    public Policy {
        statements = List.copyOf(statements);
    }

    /** @param action such as {@code ec2:RunInstances} */
    public boolean allows(String action) {
        boolean allowed = false;
        for (Statement statement : statements) {
            if (statement.covers(action)) {
                if (statement.effect() == Statement.Effect.DENY) {
                    return false;
                }
                allowed = true;
            }
        }
        return allowed;
    }
}
