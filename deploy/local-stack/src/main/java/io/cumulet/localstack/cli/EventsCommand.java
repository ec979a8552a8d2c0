package io.cumulet.localstack.cli;

import io.cumulet.contract.Topic;
import io.cumulet.localstack.EventReader;
import io.cumulet.localstack.EventReader.Event;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Events as they stand on Kafka. */
@Command(
        name = "events",
        description =
                "Prints events, one a line: the stack's time, type, key and JSON. The last 20 if nothing else is said.")
final class EventsCommand implements Runnable {

    @Parameters(arity = "0..1", paramLabel = "TOPIC", description = "One topic; all of the stack's if not given.")
    private @Nullable String topic;

    @Option(names = "--from-beginning", description = "All that the topics hold.")
    private boolean fromBeginning;

    @Option(
            names = {"-f", "--follow"},
            description = "Goes on with what comes from now on.")
    private boolean follow;

    @Option(
            names = {"-n"},
            paramLabel = "COUNT",
            description = "How many of the last events.")
    private @Nullable Integer count;

    @Mixin
    private final Target target = new Target();

    @Override
    public void run() {
        List<String> topics = topic == null
                ? Arrays.stream(Topic.values()).map(Topic::topicName).toList()
                : List.of(topic);
        try (EventReader reader = new EventReader(target.settings().bootstrapServers())) {
            if (fromBeginning) {
                reader.fromBeginning(topics);
                reader.readToEnd().forEach(EventsCommand::print);
            } else if (follow && count == null) {
                reader.fromNow(topics);
            } else {
                int last = count == null ? 20 : count;
                reader.fromLast(topics, last);
                List<Event> events = reader.readToEnd();
                events.subList(Math.max(0, events.size() - last), events.size()).forEach(EventsCommand::print);
            }
            if (follow) {
                reader.follow(EventsCommand::print, () -> System.out.checkError());
            }
        }
    }

    private static void print(Event event) {
        System.out.println(event.line());
    }
}
