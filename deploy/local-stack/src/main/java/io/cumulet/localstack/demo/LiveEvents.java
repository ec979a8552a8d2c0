package io.cumulet.localstack.demo;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.cumulet.contract.Topic;
import io.cumulet.localstack.EventReader;
import io.cumulet.localstack.EventReader.Event;
import io.cumulet.localstack.StackFailure;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Predicate;

/**
 * Reads the topics while the demo runs, on a thread of its own, and prints what concerns the demo the moment it comes.
 * Thread-safe.
 */
final class LiveEvents implements AutoCloseable {

    private static final List<String> TOPICS = List.of(
            Topic.HOSTS_LIFECYCLE.topicName(),
            Topic.INSTANCES_LIFECYCLE.topicName(),
            Topic.SPOT_PRICES.topicName(),
            Topic.SPOT_REQUESTS.topicName(),
            Topic.SPOT_ALLOCATIONS.topicName(),
            Topic.SPOT_INTERRUPTIONS.topicName(),
            Topic.BILLING_USAGE.topicName());
    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final ObjectMapper JSON = new ObjectMapper();

    private final EventReader reader;
    private final Predicate<Event> ours;
    private final List<Event> seen = new ArrayList<>();
    private final Thread thread;
    private volatile boolean over;

    /** @param ours which events concern the demo */
    LiveEvents(String bootstrapServers, Predicate<Event> ours) {
        this.ours = ours;
        this.reader = new EventReader(bootstrapServers);
        reader.fromNow(TOPICS);
        this.thread = Thread.ofPlatform().daemon().name("live-events").start(this::read);
    }

    private void read() {
        try (reader) {
            while (!over) {
                for (Event event : reader.next()) {
                    if (ours.test(event)) {
                        System.out.println("      kafka │ " + line(event));
                        add(event);
                    }
                }
            }
        }
    }

    private synchronized void add(Event event) {
        seen.add(event);
        notifyAll();
    }

    /** The types of an instance's events so far, in order. */
    synchronized List<String> typesOf(String key, Topic topic) {
        return seen.stream()
                .filter(event -> event.key().equals(key) && event.topic().equals(topic.topicName()))
                .map(Event::type)
                .toList();
    }

    /**
     * Waits until an event has come.
     *
     * @throws StackFailure if it doesn't within 20 s
     */
    synchronized JsonNode await(String type, Predicate<JsonNode> which) {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (true) {
            for (Event event : seen) {
                JsonNode body = json(event);
                if (event.type().equals(type) && which.test(body)) {
                    return body;
                }
            }
            long left = (deadline - System.nanoTime()) / 1_000_000;
            if (left <= 0) {
                throw new StackFailure("No event " + type + " came on Kafka within " + PATIENCE.toSeconds()
                        + " s. ./cumulet events shows what did; ./cumulet logs says why.");
            }
            try {
                wait(left);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new StackFailure("Interrupted while waiting for " + type, e);
            }
        }
    }

    private static String line(Event event) {
        String time = event.time().replaceAll("^.*T|Z$", "");
        return String.format(Locale.ROOT, "%-8s  %-29s %s", time, event.type(), summary(event));
    }

    private static String summary(Event event) {
        JsonNode body = json(event);
        if (event.topic().equals(Topic.INSTANCES_LIFECYCLE.topicName())) {
            return event.key() + "  " + text(body, "instanceType") + " " + text(body, "market") + "  "
                    + text(body, "state") + reason(body);
        }
        if (event.topic().equals(Topic.SPOT_PRICES.topicName())) {
            return event.key() + "  " + text(body, "price") + " USD an hour";
        }
        if (event.topic().equals(Topic.SPOT_REQUESTS.topicName())) {
            return event.key() + "  max " + text(body, "maxPrice") + "  " + text(body, "state") + ", "
                    + text(body, "statusCode");
        }
        if (event.topic().equals(Topic.SPOT_INTERRUPTIONS.topicName())) {
            return event.key() + "  for " + text(body, "reason") + ", at "
                    + text(body, "actionAt").replaceAll("^.*T|Z$", "");
        }
        if (event.topic().equals(Topic.BILLING_USAGE.topicName())) {
            return event.key() + "  " + text(body, "seconds") + " s, ended by " + text(body, "endedBy");
        }
        if (event.topic().equals(Topic.HOSTS_LIFECYCLE.topicName())) {
            return event.key() + "  " + text(body, "availabilityZone") + " " + text(body, "vcpus") + " vCPUs, "
                    + text(body, "memoryMib") + " MiB  " + text(body, "state");
        }
        return event.key();
    }

    private static String reason(JsonNode body) {
        JsonNode reason = body.path("stateReason").path("code");
        return reason.isMissingNode() ? "" : "  " + reason.asText();
    }

    private static String text(JsonNode body, String field) {
        return body.path(field).asText();
    }

    private static JsonNode json(Event event) {
        try {
            return JSON.readTree(event.json());
        } catch (JsonProcessingException e) {
            return JSON.missingNode();
        }
    }

    @Override
    public void close() {
        over = true;
        try {
            thread.join(Duration.ofSeconds(5));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
