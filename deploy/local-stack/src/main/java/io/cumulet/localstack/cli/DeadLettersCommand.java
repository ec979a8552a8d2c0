package io.cumulet.localstack.cli;

import com.fasterxml.jackson.databind.JsonNode;
import io.cumulet.localstack.Service;
import io.cumulet.localstack.StackApi;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Records that services couldn't apply. A dead letter goes by its service and its number there: {@code billing/7}. */
@Command(
        name = "dead-letters",
        description = "Lists, shows, replays and discards the records that services couldn't apply; alone it lists.")
final class DeadLettersCommand implements Runnable {

    @Override
    public void run() {
        list(new Which());
    }

    /** What a list or a replay is narrowed to. */
    static final class Which {

        @Option(names = "--service", description = "instances, billing, firewall or spot-market")
        @Nullable
        String service;

        @Option(names = "--topic", description = "the topic the records came from")
        @Nullable
        String topic;

        @Option(names = "--key", description = "the records' key")
        @Nullable
        String key;

        List<Service> services() {
            return service == null ? List.of(Service.values()) : List.of(CumuletCommand.service(service));
        }
    }

    @Command(name = "list", description = "Lists them, oldest first.")
    void listCommand(@Mixin Which which) {
        list(which);
    }

    @Command(name = "show", description = "Shows one with its headers and payload.")
    void show(@Parameters(paramLabel = "SERVICE/ID") String letter) {
        Address address = Address.parse(letter);
        JsonNode detail = operator().get(address.service(), "/v1/dead-letters/" + address.id());
        detail.path("deadLetter")
                .properties()
                .forEach(field -> System.out.printf(
                        "%-12s %s%n", field.getKey(), field.getValue().asText()));
        detail.path("headers")
                .properties()
                .forEach(header -> System.out.printf(
                        "  %-22s %s%n", header.getKey(), header.getValue().asText()));
        System.out.println(detail.path("payload").asText());
    }

    @Command(
            name = "replay",
            description = "Applies them, once the cause is fixed. The first of a key that still fails stops its key.")
    int replay(@Mixin Which which) {
        Map<String, String> narrowed = new HashMap<>();
        if (which.topic != null) {
            narrowed.put("topic", which.topic);
        }
        if (which.key != null) {
            narrowed.put("key", which.key);
        }
        int failing = 0;
        for (Service service : which.services()) {
            JsonNode replay = operator().post(service, "/v1/dead-letters/replay", narrowed);
            System.out.printf(
                    "%-12s %s replayed%n",
                    service.serviceName(), replay.path("replayed").asText());
            for (JsonNode letter : StackApi.list(replay.path("stillFailing"))) {
                failing++;
                System.out.printf(
                        "  %s/%s still fails (key %s): %s%n",
                        service.serviceName(),
                        letter.path("id").asText(),
                        letter.path("key").asText(),
                        letter.path("reason").asText());
            }
        }
        return failing == 0 ? 0 : 1;
    }

    @Command(
            name = "discard",
            description = "Gives one up that can never be applied; its copy on the dead-letter topic stays.")
    void discard(@Parameters(paramLabel = "SERVICE/ID") String letter) {
        Address address = Address.parse(letter);
        operator().delete(address.service(), "/v1/dead-letters/" + address.id());
        System.out.println(letter + " is discarded. What waited behind it: ./cumulet dead-letters replay");
    }

    private record Address(Service service, String id) {

        static Address parse(String text) {
            int slash = text.indexOf('/');
            return new Address(
                    CumuletCommand.service(slash < 0 ? text : text.substring(0, slash)), text.substring(slash + 1));
        }
    }

    private static StackApi operator() {
        return StackApi.of(CumuletCommand.running(), StackApi.OPERATOR);
    }

    private static void list(Which which) {
        String narrowed =
                Stream.of(query("topic", which.topic), query("key", which.key)).reduce("", String::concat);
        boolean any = false;
        for (Service service : which.services()) {
            String next = "";
            do {
                JsonNode page = operator().get(service, "/v1/dead-letters?maxResults=1000" + narrowed + next);
                for (JsonNode letter : StackApi.list(page.path("deadLetters"))) {
                    any = true;
                    System.out.printf(
                            "%s/%s  %s-%s@%s  key %s  %s%n",
                            service.serviceName(),
                            letter.path("id").asText(),
                            letter.path("topic").asText(),
                            letter.path("partition").asText(),
                            letter.path("offset").asText(),
                            letter.path("key").asText(),
                            letter.path("reason").asText());
                }
                next = query("nextToken", page.path("nextToken").asText(null));
            } while (!next.isEmpty());
        }
        if (!any) {
            System.out.println("There are no dead letters.");
        }
    }

    private static String query(String name, @Nullable String value) {
        return value == null ? "" : "&" + name + "=" + URLEncoder.encode(value, StandardCharsets.UTF_8);
    }
}
