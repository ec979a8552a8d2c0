package io.cumulet.localstack.cli;

import io.cumulet.localstack.EventReader;
import java.util.Locale;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** The topics and how much they hold. */
@Command(name = "topics", description = "Lists the topics.")
final class TopicsCommand implements Runnable {

    @Mixin
    private final Target target = new Target();

    @Override
    public void run() {
        String bootstrapServers = target.settings().bootstrapServers();
        System.out.printf("%-34s %10s %10s%n", "topic", "partitions", "records");
        EventReader.topics(bootstrapServers)
                .forEach((name, size) ->
                        System.out.printf(Locale.ROOT, "%-34s %10d %10d%n", name, size.partitions(), size.records()));
    }
}
