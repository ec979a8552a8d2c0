package io.cumulet.e2e;

import io.cumulet.embedded.Directories;
import io.cumulet.localstack.LocalStack;
import io.cumulet.localstack.StackSettings;
import java.nio.file.Path;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/** Gives tests one stack on free ports, with empty data at first, started once and stopped after the last test. */
final class RunningStack implements ParameterResolver {

    private record Running(LocalStack stack) implements AutoCloseable {

        static Running start() {
            Path home = Path.of("target", "stack").toAbsolutePath();
            StackSettings settings = StackSettings.onFreePorts(Path.of(System.getProperty("cumulet.project")), home);
            LocalStack stack = new LocalStack(settings);
            // A test run that was killed leaves its stack behind.
            stack.down(System.out::println);
            Directories.delete(home);
            stack.up(System.out::println);
            return new Running(stack);
        }

        @Override
        public void close() {
            stack.down(System.out::println);
        }
    }

    @Override
    public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
        return parameter.getParameter().getType() == LocalStack.class;
    }

    @Override
    public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
        return context.getRoot()
                .getStore(Namespace.GLOBAL)
                .computeIfAbsent(Running.class, key -> Running.start(), Running.class)
                .stack();
    }
}
