package io.cumulet.localstack;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/**
 * Waits for processes to become ready.
 *
 * @param isReady whether one is
 * @param startedAgain asked for one that has ended: whether it was started again, or runs after all
 */
record Waiting(
        Duration patience,
        Progress progress,
        Predicate<DetachedProcess> isReady,
        Consumer<DetachedProcess> onReady,
        Predicate<DetachedProcess> startedAgain) {

    private static final Duration REMINDER = Duration.ofSeconds(10);
    private static final int POLL_MILLIS = 100;

    /** @throws StackFailure if one ends for good, or time is up; says which log to read */
    void awaitAll(List<DetachedProcess> processes) {
        List<DetachedProcess> missing = new ArrayList<>(processes);
        long start = System.nanoTime();
        long reminded = start;
        look(missing);
        while (!missing.isEmpty()) {
            long now = System.nanoTime();
            if (now - start > patience.toNanos()) {
                DetachedProcess slow = missing.getFirst();
                throw new StackFailure(slow.name() + " is not ready after " + patience.toSeconds()
                        + " s. Its log says why: " + slow.log()
                        + "\nIf the machine is only slow, ./cumulet up waits on; else ./cumulet down, then up.");
            }
            if (now - reminded > REMINDER.toNanos()) {
                reminded = now;
                progress.say("  still waiting for "
                        + missing.stream().map(DetachedProcess::name).collect(Collectors.joining(", ")) + " ("
                        + TimeUnit.NANOSECONDS.toSeconds(now - start) + " s)");
            }
            pause();
            look(missing);
        }
    }

    private void look(List<DetachedProcess> missing) {
        for (DetachedProcess process : List.copyOf(missing)) {
            if (isReady.test(process)) {
                missing.remove(process);
                onReady.accept(process);
            } else if (process.running().isEmpty() && !startedAgain.test(process)) {
                throw new StackFailure(process.name() + " ended while it was starting. The end of its log:\n\n"
                        + indented(process.lastLines(25)) + "\n\nAll of it: " + process.log()
                        + "\nOnce the cause is gone, ./cumulet up goes on from here.");
            }
        }
    }

    /** How long something took, to be shown. */
    static String seconds(long since) {
        return String.format(Locale.ROOT, " (%.1f s)", (System.nanoTime() - since) / 1e9);
    }

    private static String indented(String text) {
        return "    " + text.replace("\n", "\n    ");
    }

    private static void pause() {
        try {
            Thread.sleep(POLL_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new StackFailure("Interrupted while waiting for the stack", e);
        }
    }
}
