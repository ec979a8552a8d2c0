package io.cumulet.plumbing.suite;

import io.cumulet.plumbing.intake.Intake;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListOffsetsResult.ListOffsetsResultInfo;
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
        admin.describeTopics(Set.of(topic))
                .allTopicNames()
                .get()
                .forEach((name, description) -> description
                        .partitions()
                        .forEach(partition -> applied.put(new TopicPartition(name, partition.partition()), 0L)));
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

    /** Unread records by partition, for every topic this service reads. */
    public Map<TopicPartition, Long> byPartition() throws ExecutionException, InterruptedException {
        Map<TopicPartition, Long> lag = new HashMap<>();
        Map<TopicPartition, Long> positions = intake.positions();
        for (Map.Entry<String, Set<String>> group : topicsByGroup.entrySet()) {
            Map<TopicPartition, OffsetAndMetadata> committed = admin.listConsumerGroupOffsets(group.getKey())
                    .partitionsToOffsetAndMetadata()
                    .get();
            Map<TopicPartition, OffsetSpec> wanted = new HashMap<>();
            admin.describeTopics(group.getValue())
                    .allTopicNames()
                    .get()
                    .forEach((topic, description) -> description
                            .partitions()
                            .forEach(partition ->
                                    wanted.put(new TopicPartition(topic, partition.partition()), OffsetSpec.latest())));
            Map<TopicPartition, ListOffsetsResultInfo> ends =
                    admin.listOffsets(wanted).all().get();
            Map<TopicPartition, OffsetSpec> starts = new HashMap<>();
            wanted.keySet().stream()
                    .filter(partition -> committed.get(partition) == null)
                    .forEach(partition -> starts.put(partition, OffsetSpec.earliest()));
            Map<TopicPartition, ListOffsetsResultInfo> beginnings = starts.isEmpty()
                    ? Map.of()
                    : admin.listOffsets(starts).all().get();
            ends.forEach((partition, end) -> {
                OffsetAndMetadata position = committed.get(partition);
                ListOffsetsResultInfo beginning = beginnings.get(partition);
                long from = position != null ? position.offset() : beginning == null ? 0 : beginning.offset();
                long applied = Math.max(from, positions.getOrDefault(partition, 0L));
                lag.merge(partition, Math.max(0, end.offset() - applied), Long::sum);
            });
        }
        return lag;
    }
}
