package io.cumulet.plumbing.suite;

import io.cumulet.plumbing.intake.Intake;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.eclipse.microprofile.config.Config;

/**
 * How many records this service's consumers have yet to apply: end of each partition less what was committed, or applied
 * by this process since. An offset that couldn't be committed under load is no unread record.
 */
@ApplicationScoped
public class ConsumerLag {

    private static final String INCOMING = "mp.messaging.incoming.";
    private static final String CONNECTOR = ".connector";

    private final Admin admin;
    private final Intake intake;
    /** Topics by consumer group, as the channels are configured. */
    private final Map<String, Set<String>> topicsByGroup = new TreeMap<>();

    public ConsumerLag(Admin admin, Intake intake, Config config) {
        this.admin = admin;
        this.intake = intake;
        String application = config.getValue("quarkus.application.name", String.class);
        for (String name : config.getPropertyNames()) {
            if (name.startsWith(INCOMING) && name.endsWith(CONNECTOR)) {
                String channel = name.substring(INCOMING.length(), name.length() - CONNECTOR.length());
                String topic = config.getOptionalValue(INCOMING + channel + ".topic", String.class)
                        .orElse(channel);
                String group = config.getOptionalValue(INCOMING + channel + ".group.id", String.class)
                        .orElse(application);
                topicsByGroup.computeIfAbsent(group, unused -> new TreeSet<>()).add(topic);
            }
        }
    }

    /** Unread records of all topics this service reads. */
    public long total() throws ExecutionException, InterruptedException {
        return byTopic().values().stream().mapToLong(Long::longValue).sum();
    }

    /** Unread records by topic, for every topic this service reads. */
    public Map<String, Long> byTopic() throws ExecutionException, InterruptedException {
        Map<String, Long> lag = new TreeMap<>();
        byPartition().forEach((partition, records) -> lag.merge(partition.topic(), records, Long::sum));
        return lag;
    }

    /**
     * Behind the last record that is known to have been applied, for each partition of a topic this service reads: as
     * committed, or by this process since. Another replica may be a little further.
     */
    public Map<TopicPartition, Long> applied(String topic) throws ExecutionException, InterruptedException {
        Map<TopicPartition, Long> applied = new HashMap<>();
        partitions(Set.of(topic)).forEach(partition -> applied.put(partition, 0L));
        for (Map.Entry<String, Set<String>> group : topicsByGroup.entrySet()) {
            if (group.getValue().contains(topic)) {
                admin.listConsumerGroupOffsets(group.getKey())
                        .partitionsToOffsetAndMetadata()
                        .get()
                        .forEach((partition, committed) -> {
                            if (committed != null) {
                                applied.computeIfPresent(partition, (unused, was) -> Math.max(was, committed.offset()));
                            }
                        });
            }
        }
        intake.positions()
                .forEach((partition, position) ->
                        applied.computeIfPresent(partition, (unused, was) -> Math.max(was, position)));
        return applied;
    }

    /**
     * Unread records by partition, for every topic this service reads. What was deleted before it was read, as a reset
     * does, is nobody's to read any more.
     */
    public Map<TopicPartition, Long> byPartition() throws ExecutionException, InterruptedException {
        Map<TopicPartition, Long> lag = new HashMap<>();
        Map<TopicPartition, Long> positions = intake.positions();
        for (Map.Entry<String, Set<String>> group : topicsByGroup.entrySet()) {
            Map<TopicPartition, OffsetAndMetadata> committed = admin.listConsumerGroupOffsets(group.getKey())
                    .partitionsToOffsetAndMetadata()
                    .get();
            Map<TopicPartition, Long> unread = new HashMap<>();
            Map<TopicPartition, Long> ends = offsets(partitions(group.getValue()), OffsetSpec.latest());
            ends.forEach((partition, end) -> {
                OffsetAndMetadata commit = committed.get(partition);
                long applied = Math.max(commit == null ? 0 : commit.offset(), positions.getOrDefault(partition, 0L));
                unread.put(partition, Math.max(0, end - applied));
            });
            Set<TopicPartition> behind = new HashSet<>(ends.keySet());
            behind.removeIf(partition -> unread.getOrDefault(partition, 0L) == 0);
            offsets(behind, OffsetSpec.earliest())
                    .forEach((partition, beginning) -> unread.merge(
                            partition,
                            // Both were asked at different moments.
                            Math.max(0, ends.getOrDefault(partition, beginning) - beginning),
                            Math::min));
            unread.forEach((partition, records) -> lag.merge(partition, records, Long::sum));
        }
        return lag;
    }

    private Set<TopicPartition> partitions(Set<String> topics) throws ExecutionException, InterruptedException {
        Set<TopicPartition> partitions = new HashSet<>();
        admin.describeTopics(topics)
                .allTopicNames()
                .get()
                .forEach((topic, description) -> description
                        .partitions()
                        .forEach(partition -> partitions.add(new TopicPartition(topic, partition.partition()))));
        return partitions;
    }

    private Map<TopicPartition, Long> offsets(Set<TopicPartition> partitions, OffsetSpec which)
            throws ExecutionException, InterruptedException {
        Map<TopicPartition, Long> offsets = new HashMap<>();
        if (!partitions.isEmpty()) {
            Map<TopicPartition, OffsetSpec> wanted = new HashMap<>();
            partitions.forEach(partition -> wanted.put(partition, which));
            admin.listOffsets(wanted).all().get().forEach((partition, found) -> offsets.put(partition, found.offset()));
        }
        return offsets;
    }
}
