package io.cumulet.endpoint.templates;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.cumulet.endpoint.actions.Call;
import io.cumulet.endpoint.actions.Handler;
import io.cumulet.endpoint.protocol.AwsError;
import io.cumulet.kernel.AccountId;
import io.cumulet.kernel.Refusal;
import io.cumulet.kernel.Region;
import io.cumulet.kernel.ResourceKind;
import io.cumulet.plumbing.Transactions;
import io.cumulet.plumbing.clock.StackClock;
import io.cumulet.plumbing.idempotency.Claim;
import io.cumulet.plumbing.idempotency.ClientTokens;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** An account's launch templates in a region. Refusals are thrown as {@link AwsError}; they change nothing. */
@ApplicationScoped
public class LaunchTemplates {

    /** The member of a merged launch that says of which template it is, in REST's words. */
    public static final String LAUNCHED_BY = "launchedBy";

    private static final String SPECIFICATION = "LaunchTemplate";
    /** EC2's words for whoever asks for versions and doesn't say of which template. */
    public static final String WHICH_VERSIONS =
            "To describe the launch template data for all your launch templates, for \u2018--versions\u2019 specify"
                    + " \u2018$Latest\u2019, \u2018$Default\u2019, or both, and omit \u2018--launch-template-id\u2019,"
                    + " \u2018--launch-template-name\u2019, and version numbers. To describe the launch template data for a"
                    + " specific launch template, specify \u2018--launch-template-id\u2019 or"
                    + " \u2018--launch-template-name\u2019, and for \u2018--versions\u2019 specify one or more of the"
                    + " following values: \u2018$Latest\u2019, \u2018$Default\u2019, or one or more version numbers.";

    private static final String LATEST = "$Latest";
    private static final String DEFAULT = "$Default";
    private static final int LONGEST_DESCRIPTION = 255;
    private static final int MOST_TAGS = 50;
    private static final int LONGEST_TAG_KEY = 128;
    private static final int LONGEST_TAG_VALUE = 256;
    private static final Pattern NAME = Pattern.compile("[a-zA-Z0-9().\\-/_]{3,128}");
    private static final Pattern NUMBER = Pattern.compile("[1-9][0-9]{0,17}");

    private final TemplateStore store;
    private final ClientTokens tokens;
    private final StackClock clock;

    public LaunchTemplates(TemplateStore store, ClientTokens tokens, StackClock clock) {
        this.store = store;
        this.tokens = tokens;
        this.clock = clock;
    }

    /** A handler whose input may name a {@code LaunchTemplate}; the given one gets the input merged with it. */
    public Handler merging(Handler handler) {
        return call -> handler.answer(call.has(SPECIFICATION) ? call.with(merge(call)) : call);
    }

    /**
     * The parameters of a launch without the {@code LaunchTemplate} that they name, but with what it says, and {@link
     * #LAUNCHED_BY}: each parameter of the call's own wins, lists replace lists.
     *
     * @return the call's input as it is if it names none
     */
    public ObjectNode merge(Call call) {
        if (!call.has(SPECIFICATION)) {
            return call.input();
        }
        ObjectNode said = call.input().deepCopy();
        said.remove(SPECIFICATION);
        TemplateVersion version = version(call.account(), call.region(), call.get(SPECIFICATION));
        ObjectNode merged = TemplateData.merged(TemplateData.asLaunch(version.data()), said);
        merged.putObject(LAUNCHED_BY)
                .put("launchTemplateId", version.template().id())
                .put("launchTemplateVersion", version.number());
        return merged;
    }

    /**
     * What a template says, for fleets and spot requests.
     *
     * @param specification with {@code LaunchTemplateId} or {@code LaunchTemplateName}, and {@code Version}: a number,
     *     {@code $Latest} or {@code $Default}, which it is if it isn't said
     * @return by the names of {@code RequestLaunchTemplateData}
     */
    public ObjectNode data(AccountId account, Region region, JsonNode specification) {
        return version(account, region, specification).data();
    }

    /** The version that a specification names, as in {@link #data}. */
    public TemplateVersion version(AccountId account, Region region, JsonNode specification) {
        TemplateName named = TemplateName.of(specification);
        String version = specification.path("Version").asText(DEFAULT);
        return Transactions.read(() -> {
            LaunchTemplate template = store.find(account, region, named).orElseThrow(named::notFound);
            return version(template, version.isEmpty() ? DEFAULT : version);
        });
    }

    /** All of an account's. */
    public List<LaunchTemplate> list(AccountId account, Region region) {
        return Transactions.read(() -> store.list(account, region));
    }

    public LaunchTemplate get(AccountId account, Region region, TemplateName named) {
        return Transactions.read(() -> store.find(account, region, named).orElseThrow(named::notFound));
    }

    /** A template's versions, the newest first. */
    public List<TemplateVersion> versions(AccountId account, Region region, TemplateName named) {
        return Transactions.read(
                () -> store.versions(store.find(account, region, named).orElseThrow(named::notFound)));
    }

    /** Those versions of a template that are named: by number, {@code $Latest} or {@code $Default}. */
    public List<TemplateVersion> versions(AccountId account, Region region, TemplateName named, List<String> versions) {
        return Transactions.read(() -> {
            LaunchTemplate template = store.find(account, region, named).orElseThrow(named::notFound);
            return versions.stream()
                    .map(version -> version(template, version))
                    .distinct()
                    .toList();
        });
    }

    /** Of every template the version that is its latest or its default. */
    public List<TemplateVersion> versionsOfAll(AccountId account, Region region, List<String> aliases) {
        if (!List.of(LATEST, DEFAULT).containsAll(aliases)) {
            throw AwsError.of("InvalidParameterValue", WHICH_VERSIONS);
        }
        return Transactions.read(() -> store.list(account, region).stream()
                .flatMap(template ->
                        aliases.stream().map(alias -> version(template, alias)).distinct())
                .toList());
    }

    /** A new template with its version 1. */
    public LaunchTemplate create(
            Call call, String name, @Nullable String description, ObjectNode data, Map<String, String> tags) {
        if (!NAME.matcher(name).matches()) {
            throw AwsError.of(
                    "InvalidLaunchTemplateName.MalformedException",
                    "A launch template name has 3 to 128 letters, digits and ( ) . - / _; not '" + name + "'");
        }
        mustNotBeTooLong(description);
        mustBeTags(tags);
        Instant now = clock.instant();
        LaunchTemplate template = new LaunchTemplate(
                ResourceKind.LAUNCH_TEMPLATE.newId(),
                name,
                now,
                call.principal().arn(),
                1,
                1,
                Map.copyOf(tags));
        return once(
                call,
                () -> {
                    if (!store.insert(template, call.account(), call.region())) {
                        throw AwsError.of(
                                "InvalidLaunchTemplateName.AlreadyExistsException",
                                "Launch template name already in use.");
                    }
                    store.insertVersion(new TemplateVersion(template, 1, description, now, template.createdBy(), data));
                    return template;
                },
                LaunchTemplate::id,
                id -> locked(call, TemplateName.ofId(id)));
    }

    /** @param source the version that the new one is based on; null: it stands for itself */
    public TemplateVersion addVersion(
            Call call, TemplateName named, @Nullable String source, @Nullable String description, ObjectNode data) {
        mustNotBeTooLong(description);
        return once(
                call,
                () -> {
                    LaunchTemplate template = locked(call, named);
                    ObjectNode whole = source == null
                            ? data
                            : TemplateData.merged(version(template, source).data(), data);
                    TemplateVersion version = new TemplateVersion(
                            template,
                            store.takeNumber(template),
                            description,
                            clock.instant(),
                            call.principal().arn(),
                            whole);
                    store.insertVersion(version);
                    return version;
                },
                version -> version.template().id() + " " + version.number(),
                kept -> {
                    String[] parts = kept.split(" ", 2);
                    return version(locked(call, TemplateName.ofId(parts[0])), parts[1]);
                });
    }

    public LaunchTemplate setDefault(Call call, TemplateName named, String version) {
        return once(
                call,
                () -> {
                    LaunchTemplate template = locked(call, named);
                    store.setDefault(template, numberToMakeDefault(template, version));
                    return locked(call, named);
                },
                LaunchTemplate::id,
                id -> locked(call, TemplateName.ofId(id)));
    }

    /** EC2 has other words here than where a version is asked for. */
    private long numberToMakeDefault(LaunchTemplate template, String version) {
        try {
            return version(template, version).number();
        } catch (AwsError e) {
            throw e.isNotFound()
                    ? AwsError.of(
                            e.code(),
                            "The launch template version " + version
                                    + " is not found for the specified launch template.")
                    : e;
        }
    }

    /** @param change of the tags it has to those that it is to have */
    public LaunchTemplate tag(
            AccountId account, Region region, TemplateName named, UnaryOperator<Map<String, String>> change) {
        return Transactions.write(() -> {
            LaunchTemplate template = store.lock(account, region, named).orElseThrow(named::notFound);
            Map<String, String> after = change.apply(template.tags());
            mustBeTags(after);
            store.setTags(template, after);
            return store.find(account, region, named).orElseThrow(named::notFound);
        });
    }

    /** Deletes a template with all versions. */
    public LaunchTemplate delete(Call call, TemplateName named) {
        return Transactions.write(() -> {
            LaunchTemplate template = locked(call, named);
            store.delete(template);
            return template;
        });
    }

    /**
     * What became of a version that was to be deleted.
     *
     * @param code why it stays, as {@code LaunchTemplateErrorCode}; null if it is gone
     */
    public record Deletion(
            LaunchTemplate template,
            String version,
            @Nullable String code,
            String message) {}

    /** Deletes versions; those that aren't there and the default one are told, and keep no other from being deleted. */
    public List<Deletion> deleteVersions(Call call, TemplateName named, List<String> versions) {
        for (String version : versions) {
            if (!NUMBER.matcher(version).matches()) {
                throw AwsError.of(
                        "InvalidParameterValue", "Versions are deleted by their number; not '" + version + "'");
            }
        }
        return Transactions.write(() -> {
            LaunchTemplate template = locked(call, named);
            return versions.stream()
                    .map(version -> deleteVersion(template, version))
                    .toList();
        });
    }

    private Deletion deleteVersion(LaunchTemplate template, String version) {
        long number = Long.parseLong(version);
        if (number == template.defaultVersion()) {
            return new Deletion(
                    template,
                    version,
                    "unexpectedError",
                    "The default version of a launch template can't be deleted; make another one the default first");
        }
        if (store.version(template, number).isEmpty()) {
            return new Deletion(
                    template,
                    version,
                    "launchTemplateVersionDoesNotExist",
                    noVersion(template, version).getMessage());
        }
        store.deleteVersion(template, number);
        return new Deletion(template, version, null, "");
    }

    private static void mustNotBeTooLong(@Nullable String description) {
        if (description != null && description.length() > LONGEST_DESCRIPTION) {
            throw AwsError.of(
                    "InvalidParameterValue",
                    "A version's description has at most " + LONGEST_DESCRIPTION + " characters");
        }
    }

    /** @see <a href="https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/Using_Tags.html#tag-restrictions">Tag restrictions</a> */
    private static void mustBeTags(Map<String, String> tags) {
        if (tags.size() > MOST_TAGS) {
            throw AwsError.of("TagLimitExceeded", "A launch template has at most " + MOST_TAGS + " tags");
        }
        tags.forEach((key, value) -> {
            if (key.isEmpty() || key.length() > LONGEST_TAG_KEY || key.startsWith("aws:")) {
                throw AwsError.of(
                        "InvalidParameterValue",
                        "A tag key has 1 to " + LONGEST_TAG_KEY + " characters and doesn't begin with 'aws:'; not '"
                                + key + "'");
            }
            if (value.length() > LONGEST_TAG_VALUE) {
                throw AwsError.of(
                        "InvalidParameterValue",
                        "The value of tag '" + key + "' is longer than " + LONGEST_TAG_VALUE + " characters");
            }
        });
    }

    private LaunchTemplate locked(Call call, TemplateName named) {
        return store.lock(call.account(), call.region(), named).orElseThrow(named::notFound);
    }

    private TemplateVersion version(LaunchTemplate template, String version) {
        long number = switch (version) {
            case LATEST -> template.latestVersion();
            case DEFAULT -> template.defaultVersion();
            default -> {
                if (!NUMBER.matcher(version).matches()) {
                    throw AwsError.of(
                            "InvalidParameterValue",
                            "Invalid launch template version: either '$Default', '$Latest', or a numeric version are"
                                    + " allowed; not '" + version + "'");
                }
                yield Long.parseLong(version);
            }
        };
        return store.version(template, number).orElseThrow(() -> noVersion(template, version));
    }

    private static AwsError noVersion(LaunchTemplate template, String version) {
        return new AwsError(
                "InvalidLaunchTemplateId.VersionNotFound",
                400,
                "Could not find the specified version " + version + " for the launch template with ID " + template.id()
                        + ".",
                true);
    }

    /** Does what a call asks for, or answers what it led to if its token was used before. One transaction. */
    private <T> T once(Call call, Supplier<T> change, Function<T, String> result, Function<String, T> again) {
        String token = call.text("ClientToken");
        ObjectNode asked = call.input().deepCopy();
        asked.remove("ClientToken");
        String operation = call.operation().name();
        return Transactions.write(() -> switch (tokens.claim(call.account(), call.region(), operation, token, asked)) {
            case Claim.Mismatch(Refusal refusal) ->
                throw AwsError.of(refusal.code().code(), refusal.message());
            case Claim.Repeat(String before) -> again.apply(before);
            case Claim.Fresh() -> {
                T done = change.get();
                tokens.complete(call.account(), call.region(), operation, token, result.apply(done));
                yield done;
            }
        });
    }
}
