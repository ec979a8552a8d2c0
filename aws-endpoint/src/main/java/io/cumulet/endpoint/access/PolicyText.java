package io.cumulet.endpoint.access;

import io.cumulet.endpoint.domain.keys.Policy;
import io.cumulet.endpoint.domain.keys.Statement;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;

/**
 * Policies as a session token holds them: {@code P;Allow,ec2:Describe*;Deny,ec2:DescribeVpcs P}. No action has any of the
 * three separators.
 */
final class PolicyText {

    private static final String BEGINNING = "P";

    private PolicyText() {}

    static String write(List<Policy> policies) {
        return policies.stream().map(PolicyText::text).collect(Collectors.joining(" "));
    }

    private static String text(Policy policy) {
        StringBuilder text = new StringBuilder(BEGINNING);
        for (Statement statement : policy.statements()) {
            text.append(';').append(statement.effect().code());
            statement.actions().forEach(action -> text.append(',').append(action));
        }
        return text.toString();
    }

    static List<Policy> read(String text) {
        return text.isEmpty()
                ? List.of()
                : Arrays.stream(text.split(" ", -1)).map(PolicyText::policy).toList();
    }

    private static Policy policy(String text) {
        List<Statement> statements = new ArrayList<>();
        String[] parts = text.split(";", -1);
        for (String part : Arrays.asList(parts).subList(1, parts.length)) {
            List<String> words = Arrays.asList(part.split(",", -1));
            statements.add(new Statement(effect(words.getFirst()), words.subList(1, words.size())));
        }
        return new Policy(statements);
    }

    private static Statement.Effect effect(String code) {
        return Arrays.stream(Statement.Effect.values())
                .filter(effect -> effect.code().equals(code))
                .findFirst()
                .orElseThrow(() -> new IllegalStateException("A session token with an effect that isn't known"));
    }
}
