package io.cumulet.plumbing;

import io.cumulet.contract.Topic;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.common.config.TopicConfig;
import org.apache.kafka.common.errors.TopicExistsException;
import org.jboss.logging.Logger;

/** Makes the suite's topics where they are missing. Whichever service comes first makes them all. */
@ApplicationScoped
public class Topics {

    private static final Logger LOG = Logger.getLogger(Topics.class);

    private final Admin admin;

    public Topics(Admin admin) {
        this.admin = admin;
    }

    /** @throws ExecutionException if the broker can't be reached */
    public void createMissing() throws ExecutionException, InterruptedException {
        List<NewTopic> wanted = new ArrayList<>();
        for (Topic topic : Topic.values()) {
            wanted.add(new NewTopic(topic.topicName(), topic.partitions(), (short) -1).configs(settings(topic)));
            wanted.add(new NewTopic(topic.deadLetterName(), 1, (short) -1)
                    .configs(Map.of(TopicConfig.RETENTION_MS_CONFIG, "-1")));
        }
        var existing = admin.listTopics().names().get();
        wanted.removeIf(topic -> existing.contains(topic.name()));
        for (Map.Entry<String, org.apache.kafka.common.KafkaFuture<Void>> made :
                admin.createTopics(wanted).values().entrySet()) {
            try {
                made.getValue().get();
                LOG.debugf("Created topic %s", made.getKey());
            } catch (ExecutionException e) {
                if (!(e.getCause() instanceof TopicExistsException)) {
                    throw e;
                }
            }
        }
    }

    private static Map<String, String> settings(Topic topic) {
        String policy = switch (topic.kept()) {
            case FOREVER, A_DAY -> TopicConfig.CLEANUP_POLICY_DELETE;
            case LATEST -> TopicConfig.CLEANUP_POLICY_COMPACT + "," + TopicConfig.CLEANUP_POLICY_DELETE;
        };
        String retention = switch (topic.kept()) {
            case FOREVER, LATEST -> "-1";
            case A_DAY -> Long.toString(Duration.ofDays(1).toMillis());
        };
        return Map.of(TopicConfig.CLEANUP_POLICY_CONFIG, policy, TopicConfig.RETENTION_MS_CONFIG, retention);
    }
}
