package io.cumulet.e2e;

import io.cumulet.embedded.Directories;
import io.cumulet.localstack.LocalStack;
import io.cumulet.localstack.StackSettings;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/**
 * Gives tests one stack on free ports, with empty data at first, stopped after the last test; and the
 * {@link SpanReceiver} that it sends its spans to. Whatever the test before has stopped or killed is up again. With
 * {@code -Dcumulet.it.keep=true} it stays up after the last test, and the next run takes it as it is: services of which there is
 * a newer build are started anew, the others cost nothing. A class with {@link OwnStack} has one for itself, until its end.
 */
public final class RunningStack implements ParameterResolver {

    private static final boolean KEEP = Boolean.getBoolean("cumulet.it.keep");

    private record Running(LocalStack stack, SpanReceiver spans) implements AutoCloseable {

        static Running start(String name) {
            Path home = Path.of("target", name).toAbsolutePath();
            SpanReceiver spans = receiver();
            StackSettings settings = StackSettings.onFreePorts(Path.of(System.getProperty("cumulet.project")), home)
                    .withServiceSettings(spans.serviceSettings());
            if (KEEP) {
                return new Running(LocalStack.find(settings), spans);
            }
            LocalStack stack = new LocalStack(settings);
            // A test run that was killed leaves its stack behind.
            stack.down(System.out::println);
            Directories.delete(home);
            return new Running(stack, spans);
        }

        private static SpanReceiver receiver() {
            try {
                return new SpanReceiver();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        @Override
        public void close() {
            if (!KEEP) {
                stack.down(System.out::println);
            }
            spans.close();
        }
    }

    @Override
    public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
        Class<?> type = parameter.getParameter().getType();
        return type == LocalStack.class || type == SpanReceiver.class;
    }

    @Override
    public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
        boolean own = context.getRequiredTestClass().isAnnotationPresent(OwnStack.class);
        String name = own ? "stack-of-" + context.getRequiredTestClass().getSimpleName() : "stack";
        Running running = (own ? context.getParent().orElseThrow() : context.getRoot())
                .getStore(Namespace.GLOBAL)
                .computeIfAbsent(name, Running::start, Running.class);
        if (parameter.getParameter().getType() == SpanReceiver.class) {
            return running.spans();
        }
        synchronized (running.stack()) {
            running.stack().up(System.out::println);
        }
        return running.stack();
    }
}
