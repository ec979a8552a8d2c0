package io.cumulet.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.source.doctree.DocCommentTree;
import com.sun.source.tree.AnnotationTree;
import com.sun.source.tree.AssignmentTree;
import com.sun.source.tree.ClassTree;
import com.sun.source.tree.CompilationUnitTree;
import com.sun.source.tree.ExpressionTree;
import com.sun.source.tree.LiteralTree;
import com.sun.source.tree.MethodTree;
import com.sun.source.tree.Tree;
import com.sun.source.util.DocTrees;
import com.sun.source.util.JavacTask;
import com.sun.source.util.TreePath;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.tools.JavaCompiler;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;

/** {@code docs/configuration.md} says exactly what the code's {@code @ConfigMapping} interfaces say. */
class ConfigurationReferenceTest {

    private static final Path PROJECT = Path.of(System.getProperty("cumulet.project", "../.."));
    private static final Path DOCUMENT = PROJECT.resolve("docs").resolve("configuration.md");
    private static final List<String> MODULES = List.of(
            "plumbing",
            "instance-service",
            "billing-service",
            "firewall-service",
            "spot-market-service",
            "aws-endpoint");

    /** A setting, as its method says. */
    private record Setting(String name, String type, String usual, String meaning) {}

    @Test
    void theReferenceNamesEverySettingWithItsDefaultAndMeaning() throws IOException {
        StringBuilder text = new StringBuilder("""
                # Configuration

                Made from the code; ConfigurationReferenceTest holds it true and writes it anew with `-Dcontract.write=true`.

                A setting is a line in a service's `application.properties`, a system property (`-Dcumulet.clock.mode=stack`) or
                an environment variable (`CUMULET_CLOCK_MODE=stack`). Ports, database, Kafka and HTTP take Quarkus' own settings
                (`quarkus.http.port`, `quarkus.datasource.jdbc.url`, `kafka.bootstrap.servers`, …). Where the instance service finds the firewall and the spot market: `cumulet.firewall.url`, `cumulet.spot-market.url`; and these two the instance service: `cumulet.instances.url`.
                """);
        for (String module : MODULES) {
            List<Setting> settings = settings(PROJECT.resolve(module).resolve("src/main/java"));
            assertThat(settings).as(module).isNotEmpty();
            text.append("\n## ")
                    .append(module.equals("plumbing") ? "Every service" : module)
                    .append("\n\n| setting | default | meaning |\n|---|---|---|\n");
            for (Setting setting : settings) {
                assertThat(setting.meaning())
                        .as("The Javadoc of " + setting.name())
                        .isNotBlank();
                text.append(String.format(
                        "| `%s` (%s) | %s | %s |%n",
                        setting.name(),
                        setting.type().replace("|", "\\|"),
                        setting.usual().isEmpty() ? "–" : "`" + setting.usual() + "`",
                        setting.meaning().replace("|", "\\|")));
            }
        }
        if (Boolean.getBoolean("contract.write")) {
            Files.writeString(DOCUMENT, text);
        }
        assertThat(Files.readString(DOCUMENT)).isEqualTo(text.toString());
    }

    private static List<Setting> settings(Path sources) throws IOException {
        List<Path> files;
        try (Stream<Path> all = Files.walk(sources)) {
            files = all.filter(file -> file.toString().endsWith("Config.java"))
                    .sorted()
                    .toList();
        }
        if (files.isEmpty()) {
            return List.of();
        }
        Map<String, Setting> settings = new TreeMap<>();
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        try (StandardJavaFileManager manager = compiler.getStandardFileManager(null, Locale.ROOT, null)) {
            JavacTask task = (JavacTask)
                    compiler.getTask(null, manager, null, null, null, manager.getJavaFileObjectsFromPaths(files));
            DocTrees documentation = DocTrees.instance(task);
            for (CompilationUnitTree unit : task.parse()) {
                for (Tree declared : unit.getTypeDecls()) {
                    if (declared instanceof ClassTree type) {
                        annotation(type.getModifiers().getAnnotations(), "ConfigMapping", "prefix")
                                .ifPresent(prefix -> new Mapping(documentation, unit, type)
                                        .add(prefix, type)
                                        .forEach(setting -> settings.put(setting.name(), setting)));
                    }
                }
            }
        }
        return List.copyOf(settings.values());
    }

    /** One interface with the interfaces in it. */
    private record Mapping(DocTrees documentation, CompilationUnitTree unit, ClassTree top) {

        List<Setting> add(String prefix, ClassTree type) {
            Map<String, ClassTree> nested = new HashMap<>();
            for (Tree member : top.getMembers()) {
                if (member instanceof ClassTree inner && inner.getKind() == Tree.Kind.INTERFACE) {
                    nested.put(inner.getSimpleName().toString(), inner);
                }
            }
            List<Setting> settings = new ArrayList<>();
            for (Tree member : type.getMembers()) {
                if (!(member instanceof MethodTree method) || method.getBody() != null) {
                    continue;
                }
                String name = prefix + "." + kebab(method.getName().toString());
                String returned = method.getReturnType().toString();
                if (nested.containsKey(returned)) {
                    settings.addAll(add(name, nested.get(returned)));
                } else if (returned.startsWith("Map<String, ")) {
                    String value = returned.substring("Map<String, ".length(), returned.length() - 1);
                    settings.addAll(
                            nested.containsKey(value)
                                    ? add(name + ".NAME", nested.get(value))
                                    : List.of(setting(name + ".NAME", value, method, type)));
                } else {
                    settings.add(setting(name, returned, method, type));
                }
            }
            return settings;
        }

        private Setting setting(String name, String returned, MethodTree method, ClassTree type) {
            return new Setting(
                    name,
                    returned,
                    annotation(method.getModifiers().getAnnotations(), "WithDefault", "value")
                            .orElse(""),
                    documentation(method, type));
        }

        private String documentation(MethodTree method, ClassTree type) {
            TreePath path = TreePath.getPath(unit, method);
            DocCommentTree comment = documentation.getDocCommentTree(path);
            return comment == null
                    ? ""
                    : comment.getFullBody().stream()
                            .map(Object::toString)
                            .collect(Collectors.joining())
                            .replaceAll("\\{@code ([^}]*)}", "`$1`")
                            .replaceAll("\\{@link #?([^} ]*)( [^}]*)?}", "`$1`")
                            .replaceAll("\\s+", " ")
                            .strip();
        }
    }

    private static Optional<String> annotation(
            List<? extends AnnotationTree> annotations, String name, String attribute) {
        for (AnnotationTree annotation : annotations) {
            if (!annotation.getAnnotationType().toString().endsWith(name)) {
                continue;
            }
            for (ExpressionTree argument : annotation.getArguments()) {
                ExpressionTree value = argument;
                if (argument instanceof AssignmentTree assignment) {
                    if (!assignment.getVariable().toString().equals(attribute)) {
                        continue;
                    }
                    value = assignment.getExpression();
                }
                if (value instanceof LiteralTree literal) {
                    return Optional.of(String.valueOf(literal.getValue()));
                }
            }
        }
        return Optional.empty();
    }

    private static String kebab(String camel) {
        return camel.replaceAll("([a-z0-9])([A-Z])", "$1-$2").toLowerCase(Locale.ROOT);
    }
}
